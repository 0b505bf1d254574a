/** Which notes the presenter sees: the talk's present step, or without a talk the first one of the open chapter. */
import type { ChapterId } from '../../chapters.ts';
import { TALK, type TalkStep } from '../talk.ts';

export interface Place {
  /** Null where no step is about the open chapter. */
  step: TalkStep | null;
  /** Its index in the talk; −1 without one. */
  index: number;
  next: TalkStep | null;
}

export function placeOf({ on, at }: { on: boolean; at: number }, chapter: ChapterId, talk: readonly TalkStep[] = TALK): Place {
  const index = on ? Math.min(at, talk.length - 1) : talk.findIndex(({ scene }) => scene.chapter === chapter);
  return { step: talk[index] ?? null, index, next: talk[index + 1] ?? null };
}
