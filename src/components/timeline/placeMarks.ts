/** Where the marks of a run stand on the timeline. Pure. */
import type { Mark, MarkKind } from '../../sim/marks.ts';

/** Above the line what happened, below it what was done to the run, on it what comes again and again. */
export type Lane = 'above' | 'on' | 'below';

const LANES: Readonly<Record<MarkKind, Lane>> = {
  collapse: 'above', recovery: 'above', 'chosen-falls': 'above', catch: 'above', divergence: 'above',
  knobs: 'below', fork: 'below', draw: 'on',
};

/** One shape on the timeline: a mark, or several that would cover each other. */
export interface PlacedMark {
  step: number;
  kind: MarkKind;
  lane: Lane;
  /** Of the line's length, 0 to 1. */
  share: number;
  /** Of all its marks, in order. */
  sentences: string[];
}

/** Shapes of a lane stand at least this far apart, as a share of the line. */
export const APART = 0.015;

/**
 * The shapes to draw, ascending by update.
 *
 * @param marks  ascending by update
 * @param steps  the update at the line's end, at least 1
 */
export function placeMarks(marks: readonly Mark[], steps: number): PlacedMark[] {
  const placed: PlacedMark[] = [];
  for (const { step, kind, sentence } of marks) {
    const lane = LANES[kind];
    const share = Math.min(1, step / steps);
    const before = placed.findLast((mark) => mark.lane === lane);
    if (lane !== 'on' && before && share - before.share < APART) before.sentences.push(sentence);
    else placed.push({ step, kind, lane, share, sentences: [sentence] });
  }
  return placed;
}
