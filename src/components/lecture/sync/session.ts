/** The session of this window: its name, whether it leads or follows, and the windows that it opens. */
import { msg } from '../../../sim/msg.ts';
import type { LabStatus } from '../../labStore.ts';
import { keepTalk, restoreTalk } from './keptTalk.ts';
import type { Leader } from './leader.ts';
import { isSession, newName } from './names.ts';
import type { Audience, LectureStores } from './stores.ts';

/** Where a window remembers that it leads, over a reload. */
const REMEMBERED = 'dpo-lab/session';

/** Window a page is opened as: the audience's page, or the presenter's. */
export type Role = 'follow' | 'speaker';

/** What a window's address says of how it looks. */
export type AddressLook = Pick<LabStatus, 'theme' | 'lang' | 'projector'>;

interface Session {
  id: string;
  /** Begins to lead, where this window does. */
  begin(): void;
  /** Another window is in step with this one. */
  linked(): boolean;
  /** How windows that are opened from this one look. */
  look(): AddressLook;
  /** Says a sentence where the reader of this window sees it. */
  tell(sentence: string): void;
}

let current: Session | null = null;
let speaker: Window | null = null;

/** The session that an address asks to follow, null where it asks for none. A name that is none is kept, to say so. */
export function followedBy(search: string): { role: Role; session: string } | null {
  const query = new URLSearchParams(search);
  const role = (['speaker', 'follow'] as const).find((key) => query.has(key));
  return role ? { role, session: query.get(role) ?? '' } : null;
}

/** The query string of a window that follows a session. The presenter's page has no projector's type. */
export function searchOf(role: Role, session: string, { theme, lang, projector }: AddressLook): string {
  const query = new URLSearchParams({
    [role]: session, ...(theme === 'auto' ? {} : { theme }), ...(projector && role === 'follow' ? { projector: '1' } : {}), ...(lang === null ? {} : { lang }),
  });
  return `?${query}`;
}

/** @throws Error before the page is mounted */
export function sessionId(): string {
  if (!current) throw new Error('sessionId: the page has no session yet');
  return current.id;
}

/** Whether another window is in step with this one now: it follows a lecture, or is followed. */
export function isLinked(): boolean {
  return current?.linked() ?? false;
}

/** A window that follows another one. */
export function setFollowed(id: string, look: () => AddressLook, tell: (sentence: string) => void): void {
  current = { id, begin: () => undefined, linked: () => true, look, tell };
}

/** This window leads as soon as another one is opened, and at once where it did so before a reload. */
export function leadWhenAsked(stores: LectureStores, audience: Audience): void {
  const remembered = remember();
  let begun = false;
  let leader: Leader | null = null;
  let keeping = false;
  const storage = () => sessionStorage;
  const session: Session = {
    id: remembered ?? newName(),
    begin() {
      if (begun) return;
      begun = true;
      remember(session.id);
      if (!keeping) keepTalk(stores.talk, storage);
      keeping = true;
      import('./leadLecture.ts').then(
        ({ leadLecture }) => {
          leader = leadLecture(session.id, stores, audience, () => {
            // Another window has the name already: this one is its copy.
            session.id = newName();
            begun = false;
            leader = null;
            session.begin();
          });
        },
        () => { begun = false; session.tell(msg`The part of the page that links windows could not be loaded; reload the page.`); },
      );
    },
    linked: () => leader !== null && leader.followers() > 0,
    look: () => stores.lab.getState(),
    tell: (sentence) => stores.lab.getState().notify([sentence]),
  };
  current = session;
  if (!remembered) return;
  restoreTalk(stores.talk, storage);
  session.begin();
}

/** Opens the presenter window, or brings it to the front. Null where the browser does not allow it, which is said. */
export function openSpeaker(): Window | null {
  if (speaker && !speaker.closed) {
    speaker.focus();
    return speaker;
  }
  speaker = openWindow('speaker', 'popup,width=1280,height=800', msg`The browser blocked the presenter window: allow pop-up windows for this page and press S again.`);
  return speaker;
}

/** Opens one more window for the audience. */
export function openAudience(): Window | null {
  return openWindow('follow', 'popup,width=1280,height=720', msg`The browser blocked the audience window: allow pop-up windows for this page and try again.`);
}

function openWindow(role: Role, features: string, blocked: string): Window | null {
  if (!current) return null;
  if (typeof BroadcastChannel === 'undefined') {
    current.tell(msg`This browser cannot keep two windows in step.`);
    return null;
  }
  current.begin();
  const opened = window.open(`${location.pathname}${searchOf(role, current.id, current.look())}`, '', features);
  if (!opened) current.tell(blocked);
  return opened;
}

/** Reads, or first writes, the remembered session. */
function remember(id?: string): string | null {
  try {
    if (id !== undefined) sessionStorage.setItem(REMEMBERED, id);
    const found = sessionStorage.getItem(REMEMBERED);
    return found !== null && isSession(found) ? found : null;
  } catch {
    return null; // storage is blocked: a reload begins a new session
  }
}
