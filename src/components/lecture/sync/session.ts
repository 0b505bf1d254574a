/** The session of this window: its name, whether it leads or follows, and the windows that it opens. */
import { msg } from '../../../sim/msg.ts';
import type { Audience, LectureStores } from './stores.ts';
import { isSession, newName } from './names.ts';

/** Where a window remembers that it leads, over a reload. */
const REMEMBERED = 'dpo-lab/session';

/** Window a page is opened as: the audience's page, or the presenter's. */
export type Role = 'follow' | 'speaker';

interface Session {
  id: string;
  /** Begins to lead, where this window does. */
  begin(): void;
  /** Other windows may be in step with this one. */
  linked(): boolean;
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

/** @throws Error before the page is mounted */
export function sessionId(): string {
  if (!current) throw new Error('sessionId: the page has no session yet');
  return current.id;
}

/** Whether other windows may be in step with this one: it follows a lecture, or has opened a window that does. */
export function isLeading(): boolean {
  return current?.linked() ?? false;
}

/** A window that follows another one. */
export function setFollowed(id: string, tell: (sentence: string) => void): void {
  current = { id, begin: () => undefined, linked: () => true, tell };
}

/** This window leads as soon as another one is opened, and at once where it did so before a reload. */
export function leadWhenAsked(stores: LectureStores, audience: Audience): void {
  const remembered = remember();
  let begun = false;
  const session: Session = {
    id: remembered ?? newName(),
    begin() {
      if (begun) return;
      begun = true;
      remember(session.id);
      import('./leadLecture.ts').then(
        ({ leadLecture }) => leadLecture(session.id, stores, audience, () => {
          // Another window has the name already: this one is its copy.
          session.id = newName();
          begun = false;
          remember(session.id);
          session.begin();
        }),
        () => { begun = false; session.tell(msg`The part of the page that links windows could not be loaded; reload the page.`); },
      );
    },
    linked: () => begun,
    tell: (sentence) => stores.lab.getState().notify([sentence]),
  };
  current = session;
  if (remembered) session.begin();
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
  const opened = window.open(`${location.pathname}?${role}=${current.id}`, '', features);
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
