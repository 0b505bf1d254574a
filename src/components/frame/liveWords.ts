/** What is said aloud of what happens on the page, and when. Pure but for the clock that is passed in. */
import { msg } from '../../sim/msg.ts';
import type { RunState } from '../../sim/worker/protocol.ts';
import type { Mark } from '../../sim/marks.ts';
import type { RunStatus } from '../../sim/runStore.ts';

/** What the sentences are made of. */
export interface Happening {
  run: number;
  state: RunState;
  step: number;
  steps: number;
  /** On the way to another update. */
  seeking: boolean;
  chapter: { id: number; title: string };
  /** `chapter`: the one that the step belongs to, which is not always the one that is open. */
  talk: { on: boolean; at: number; chapter: number; title: string; count: number };
  blank: boolean;
  frozen: boolean;
}

/** Of each kind only the newest sentence is said. */
export type Kind = 'page' | 'talk' | 'run' | 'mark' | 'path';

export interface Said {
  kind: Kind;
  sentence: string;
}

/** What changed that is worth a sentence. */
export function happened(before: Happening, now: Happening): Said[] {
  return [...ofPage(before, now), ...ofTalk(before, now), ...ofRun(before, now)];
}

function ofPage(before: Happening, { blank, frozen, chapter, talk }: Happening): Said[] {
  const said = (sentence: string): Said => ({ kind: 'page', sentence });
  if (blank !== before.blank) return [said(blank ? msg`The page is blank. Any key brings it back.` : msg`The page is shown again.`)];
  if (frozen !== before.frozen) return [said(frozen ? msg`The picture stands still. Z lets it go on.` : msg`The picture goes on.`)];
  // In the talk the step says where it is.
  if (chapter.id !== before.chapter.id && !talk.on) return [said(msg`Chapter ${chapter.id}: ${chapter.title}.`)];
  return [];
}

function ofTalk(before: Happening, { talk }: Happening): Said[] {
  if (talk.on && (!before.talk.on || talk.at !== before.talk.at)) return [{ kind: 'talk', sentence: msg`Step ${talk.at + 1} of ${talk.count}, chapter ${talk.chapter}: ${talk.title}` }];
  return before.talk.on && !talk.on ? [{ kind: 'talk', sentence: msg`The talk is over; the page is the lab again.` }] : [];
}

/** Why it stopped says the notice, which is an alert. */
function ofRun(before: Happening, { run, state, step, steps, seeking }: Happening): Said[] {
  const said = (sentence: string): Said[] => [{ kind: 'run', sentence }];
  if (state === 'failed' && before.state !== 'failed') return said(msg`The run stopped at update ${step}.`);
  if (before.seeking && !seeking && run === before.run && state !== 'running') return said(msg`At update ${step} of ${steps}.`);
  if (state === before.state || seeking) return [];
  if (state === 'running') return said(step === 0 ? msg`The run has started.` : msg`The run goes on from update ${step}.`);
  if (state === 'done') return said(msg`The run is done: ${steps} updates.`);
  // A run that has just been prepared is no news.
  return state === 'paused' && before.state === 'running' ? said(msg`Paused at update ${step} of ${steps}.`) : [];
}

/** The first event of its kind in a run that is worth interrupting for, of those up to `step`. @param known  kinds said before */
export function newMark(marks: readonly Mark[], step: number, known: ReadonlySet<string>): Mark | null {
  return marks.find((mark) => mark.step <= step && (mark.kind === 'collapse' || mark.kind === 'catch') && !known.has(mark.kind)) ?? null;
}

type Progress = Pick<RunStatus, 'run' | 'step' | 'furthest' | 'seeking' | 'state' | 'replacing'>;

/** Finds the events of a run that are said, of each kind the first. */
export interface MarkWatch {
  /** To be told of every change: a run that begins anew has had no event yet. */
  note(now: Progress): void;
  /** The event to say now; null where there is none. */
  look(now: Progress, marks: () => readonly Mark[]): Mark | null;
}

export function createMarkWatch(): MarkWatch {
  let known = new Set<string>();
  let [of, reached, lookedAt] = [-1, 0, -1];
  function note({ run, furthest }: Progress): void {
    if (run !== of || furthest < reached) [known, lookedAt] = [new Set(), -1];
    [of, reached] = [run, furthest];
  }
  return {
    note,
    look(now, marks) {
      note(now);
      const { step, furthest, seeking, state, replacing } = now;
      // Until its first frame a run shows what its predecessor recorded.
      if (replacing || seeking || step === lookedAt || step < furthest || (state !== 'running' && state !== 'done')) return null;
      lookedAt = step;
      const mark = newMark(marks(), step, known);
      if (mark) known.add(mark.kind);
      return mark;
    },
  };
}

/** Shortest time between two announcements, ms. */
export const QUIET = 3000;
/** What happens at the same moment is said together, ms. */
const TOGETHER = 250;

export interface Announcer {
  add(said: readonly Said[]): void;
  stop(): void;
}

/**
 * Says sentences, never two within `QUIET`; those that come meanwhile wait, and of a kind only the newest.
 *
 * @param say  shows what is to be read aloud
 * @param now  the time, ms
 */
export function createAnnouncer(say: (text: string) => void, now: () => number): Announcer {
  let waiting: readonly Said[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = -Infinity;
  const flush = () => {
    timer = undefined;
    last = now();
    say(waiting.map(({ sentence }) => sentence).join(' '));
    waiting = [];
  };
  return {
    add(said) {
      for (const one of said) waiting = [...waiting.filter(({ kind }) => kind !== one.kind), one];
      if (waiting.length > 0) timer ??= setTimeout(flush, Math.max(TOGETHER, last + QUIET - now()));
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      waiting = [];
    },
  };
}
