/** Seeks of a session: which one is under way, when it is over, and what the page is told of it. */
import type { Past } from './past.ts';
import type { EngineRun } from './loopParts.ts';
import type { Event } from './protocol.ts';
import type { Wishes } from './wishes.ts';

/** A seek that takes longer says where it is, this often, ms. */
const SEEKING_MS = 100;

export interface Seeks {
  /** Starts the seek that is wanted; ends the one that no longer is, or has arrived. */
  steer(): Promise<void>;
  /** The present has been shown: tells of a seek that is over. */
  shown(): void;
  /** Follows a change of knobs that is on record for here. */
  follow(): Promise<void>;
}

export interface SeekParts {
  engine: EngineRun;
  past: Past;
  wishes: Wishes;
  run: number;
  now: () => number;
  send: (event: Event) => void;
  /** Sends the state of now, as one to go back to. */
  sendSnapshot: () => Promise<void>;
  /** The engine is at a place that the page is to see. */
  arrived: () => void;
  /** The engine went to another place: what was sent of it is not of here. */
  moved: () => void;
}

export function createSeeks({ engine, past, wishes, run, now, send, sendSnapshot, arrived, moved }: SeekParts): Seeks {
  let underWay: { target: number; toldAt: number } | null = null;
  /** A seek that is over and has not been told of. */
  let over: number | null = null;

  function tellKnobs() {
    send({ type: 'knobs', run, step: engine.step, ...past.knobs });
    wishes.focusChanged = true;
  }

  async function follow() {
    if (!past.changes) return;
    // Going back means replaying updates, and those were made with the old knobs.
    await sendSnapshot();
    past.follow();
    tellKnobs();
  }

  async function begin(target: number) {
    underWay = { target, toldAt: now() };
    const knobs = past.knobs;
    if (!(await past.rewind(target))) return;
    moved();
    if (past.knobs !== knobs) {
      await sendSnapshot();
      tellKnobs();
    }
    await follow();
  }

  function end(target: number) {
    const isShown = underWay === null && wishes.ended === null;
    underWay = null;
    wishes.seek = null;
    wishes.ended = null;
    over = target;
    if (!isShown) arrived();
  }

  return {
    follow,
    async steer() {
      const { seek: target } = wishes;
      if (target !== null && underWay?.target !== target) {
        const refusal = past.refusal(target);
        if (refusal === null) await begin(target);
        else {
          send({ type: 'refused', run, message: refusal });
          end(target);
        }
      }
      // A pause came before the seek had begun.
      if (!underWay && wishes.seek === null && wishes.ended !== null) end(wishes.ended);
      if (!underWay) return;
      if (wishes.seek === null || engine.step === underWay.target) end(underWay.target);
      else if (now() - underWay.toldAt > SEEKING_MS) {
        underWay.toldAt = now();
        send({ type: 'seeking', run, step: engine.step, target: underWay.target });
      }
    },
    shown() {
      if (over !== null) send({ type: 'sought', run, step: engine.step, target: over });
      over = null;
    },
  };
}
