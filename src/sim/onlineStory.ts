/** The facts behind chapter 6: what online DPO drew, how it was judged, and how far the drift went meanwhile. Pure. */
import type { Experiment } from './experiment.ts';
import { focusedExperiment, focusValue, metricOf, seedMembers, sweepCount } from './focus.ts';
import { historyPoints, quantile, type History } from './history.ts';
import { storyOf, type Story } from './story.ts';
import { OOD, type World } from './world.ts';
import type { Focus, Frame, JudgedBatch, View } from './worker/protocol.ts';
import type { KnobChange } from './runStore.ts';

/** How the responses that nobody wrote fared among the pairs drawn. Two equal responses are no contest. */
export interface DrawnCounts {
  pairs: number;
  /** Pairs of one that nobody wrote and one that somebody did: those it lost, and those it won. */
  lost: number;
  won: number;
}

export interface OnlineStory extends Story {
  /** Updates between two draws of the focused policies; null = more than the run has: never. */
  every: number | null;
  drawn: DrawnCounts;
  /** The log of what was drawn begins later than the first draw: it keeps the newest pairs only (judgedLog.ts). */
  drawnSince: boolean;
  /** Largest OOD mass so far at the updates measured: of the seed, or the median over seeds of theirs. */
  peak: number;
  /** Mean length in words and mean gold reward, at update 0 and now: of the seed, or the median; NaN without gold. */
  length: Change;
  gold: Change;
}

export interface Change {
  start: number;
  now: number;
}

/** Updates between two draws; null where the run ends before the first. */
export function everyOf({ algorithm, steps }: Experiment): number | null {
  return algorithm.kind === 'online-dpo' && algorithm.resampleEvery <= steps ? algorithm.resampleEvery : null;
}

/** The fates of what nobody wrote, in the batches of some policies. @param groups  of every response, [Y] */
export function drawnCounts(judged: readonly JudgedBatch[], groups: Uint8Array, policies: readonly number[]): DrawnCounts {
  const counts: DrawnCounts = { pairs: 0, lost: 0, won: 0 };
  for (const { policy, nodes } of judged) {
    if (!policies.includes(policy)) continue;
    for (let i = 0; i < nodes.length; i += 2) {
      counts.pairs++;
      const winner = groups[nodes[i]] === OOD;
      const loser = groups[nodes[i + 1]] === OOD;
      if (loser && !winner) counts.lost++;
      if (winner && !loser) counts.won++;
    }
  }
  return counts;
}

const PEAKS = new WeakMap<History, Float64Array>();

/** Largest OOD mass of every policy at the updates kept, [R]. */
export function peakOod(history: History): Float64Array {
  const known = PEAKS.get(history);
  if (known) return known;
  const peaks = new Float64Array(history.policyCount);
  const all = Array.from(peaks, (_, r) => r);
  for (const point of historyPoints(history).points) {
    metricOf(point, history.policyCount, 'mass/ood', all).forEach((mass, r) => { if (mass > peaks[r]) peaks[r] = mass; });
  }
  PEAKS.set(history, peaks);
  return peaks;
}

/** The peaks of every seed at one value of a sweep over the resampling rate. */
export interface RatePeaks {
  /** Updates between two draws; null = never. */
  every: number | null;
  sweepIndex: number;
  /** One per seed. */
  peaks: number[];
  median: number;
}

/** By how often pairs are drawn, from most to least often; without a sweep the one rate there is. */
export function ratePeaks(experiment: Experiment, history: History): RatePeaks[] {
  const peaks = peakOod(history);
  return Array.from({ length: sweepCount(experiment) }, (_, sweepIndex): RatePeaks => {
    const own = seedMembers(experiment, { sweepIndex }).map((r) => peaks[r]);
    return { every: everyOf(focusedExperiment(experiment, { sweepIndex })), sweepIndex, peaks: own, median: quantile(own, 0.5) };
  }).sort((a, b) => (a.every ?? Infinity) - (b.every ?? Infinity));
}

/** Collects the facts from what the run store knows. @param run  as `storyOf`, with the log of judged pairs */
export function onlineStoryOf(run: {
  experiment: Experiment; world: World; frame: Frame; view: View; focus: Focus; shown: readonly number[]; policyCount: number;
  start: Float64Array; schedule: readonly KnobChange[]; still: boolean; diverged: boolean; history: History; judged: readonly JudgedBatch[];
}): OnlineStory {
  const peaks = peakOod(run.history);
  const change = (id: 'meanLength' | 'goldReward'): Change => ({
    start: focusValue(run.start, run.policyCount, id, run.shown), now: focusValue(run.frame.metrics, run.policyCount, id, run.shown),
  });
  const every = everyOf(focusedExperiment(run.experiment, run.focus));
  const first = run.judged.find(({ policy }) => run.shown.includes(policy));
  return {
    ...storyOf(run),
    every, drawnSince: first !== undefined && every !== null && first.step > every,
    drawn: drawnCounts(run.judged, run.view.groups, run.shown),
    peak: quantile(run.shown.map((r) => peaks[r]), 0.5),
    length: change('meanLength'),
    gold: change('goldReward'),
  };
}
