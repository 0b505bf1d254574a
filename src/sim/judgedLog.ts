/** The log of what online DPO drew and had judged: bounded, because a run has no end. */
import type { JudgedBatch } from './worker/protocol.ts';

/** Most pairs kept, of all policies: 25,000 draws of 8 pairs; a pair takes 16 bytes. */
export const JUDGED_PAIRS_KEPT = 200_000;

/** The newest batches of a log: as many whole updates as have at most JUDGED_PAIRS_KEPT pairs, the last one in any case. @param batches  oldest first */
export function newestJudged(batches: readonly JudgedBatch[]): readonly JudgedBatch[] {
  const last = batches.at(-1);
  let pairs = 0;
  let from = batches.length;
  for (let i = batches.length - 1; i >= 0; i--) {
    const { step, nodes } = batches[i];
    pairs += nodes.length / 2;
    if (pairs > JUDGED_PAIRS_KEPT && step !== last?.step) break;
    if (batches[i - 1]?.step !== step) from = i;
  }
  return from === 0 ? batches : batches.slice(from);
}

/** The log with a frame's batches; what lies after them belongs to a future that was undone. @param step  updates made at the frame */
export function withJudged(judged: readonly JudgedBatch[], step: number, fresh: readonly JudgedBatch[]): readonly JudgedBatch[] {
  const limit = fresh.length > 0 ? Math.min(step, fresh[0].step - 1) : step;
  const past = (judged.at(-1)?.step ?? 0) > limit ? judged.filter((batch) => batch.step <= limit) : judged;
  return fresh.length === 0 ? past : newestJudged([...past, ...fresh]);
}

/** The log of a run that may have gone back. */
export interface JudgedLog {
  /** Up to the present. */
  judged: readonly JudgedBatch[];
  /** Recorded beyond it. */
  judgedAhead: readonly JudgedBatch[];
}

/**
 * The log after a frame of a run that may have gone back.
 *
 * @param fresh     the frame's batches, up to `step`; they are all there are from the first of them on
 * @param step      updates made at the frame
 * @param furthest  what was recorded beyond is void
 */
export function judgedAt({ judged, judgedAhead }: JudgedLog, step: number, fresh: readonly JudgedBatch[], furthest: number): JudgedLog {
  if (judgedAhead.length === 0 && (judged.at(-1)?.step ?? 0) <= step) return { judged: withJudged(judged, step, fresh), judgedAhead };
  const all = [...judged, ...judgedAhead];
  return { judged: withJudged(all, step, fresh), judgedAhead: all.filter((batch) => batch.step > step && batch.step <= furthest) };
}

/** Batches on their way to somebody who may not ask for them for a long time. */
export interface JudgedQueue {
  add(batches: readonly JudgedBatch[]): void;
  /** What was added since the last time, oldest first: the newest of it, if it is more than a log keeps. */
  take(): JudgedBatch[];
  clear(): void;
}

export function judgedQueue(): JudgedQueue {
  let waiting: JudgedBatch[] = [];
  let pairs = 0;
  const pairsOf = (batches: readonly JudgedBatch[]) => batches.reduce((sum, { nodes }) => sum + nodes.length / 2, 0);
  const clear = () => {
    waiting = [];
    pairs = 0;
  };
  return {
    add(batches) {
      for (const batch of batches) waiting.push(batch);
      pairs += pairsOf(batches);
      // Only now and then: a look through all of them at every update would cost more than the updates.
      if (pairs <= 2 * JUDGED_PAIRS_KEPT) return;
      waiting = [...newestJudged(waiting)];
      pairs = pairsOf(waiting);
    },
    take() {
      const taken = [...newestJudged(waiting)];
      clear();
      return taken;
    },
    clear,
  };
}
