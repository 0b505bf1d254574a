/**
 * What the checks of the path read of the page, and the parts that they are made of. Pure.
 *
 * Where nothing else is said, medians are over all seeds of the run, whichever is shown.
 */
import { differenceWords } from '../../sim/differenceWords.ts';
import type { Experiment } from '../../sim/experiment.ts';
import { same } from '../../sim/experimentPrint.ts';
import { COLLAPSE, metricOf } from '../../sim/focus.ts';
import { historyPoints, quantile, type History } from '../../sim/history.ts';
import type { MetricId } from '../../sim/metrics.ts';
import { msg } from '../../sim/msg.ts';
import { count } from '../../sim/nouns.ts';
import { resamplingPrevents } from '../../sim/presets/resampling-prevents.ts';
import { tabularControl } from '../../sim/presets/tabular-control.ts';
import { theTheThe } from '../../sim/presets/the-the-the.ts';
import type { RunStatus } from '../../sim/runStore.ts';
import { shareWords } from '../../sim/sentences.ts';
import type { PredictStatus } from '../predict/predictStore.ts';

/** What a check reads. */
export interface Looked {
  run: Pick<RunStatus, 'experiment' | 'others' | 'state' | 'step' | 'furthest' | 'seeking' | 'replacing' | 'forking' | 'frame' | 'history' | 'schedule' | 'forkedFrom' | 'branches' | 'judged'>;
  predict: Pick<PredictStatus, 'stage' | 'committed' | 'records'>;
}

/** Numbers that a check found, by name: what is entered is compared with them. */
export type Facts = Readonly<Record<string, number>>;

export type Checked =
  | { ok: true; found: string; facts: Facts }
  | { ok: false; missing: string };

export type Check = (looked: Looked, since: string) => Checked;

export const FEWEST_SEEDS = 4;
/** Most OOD mass in any seed at the end, for a β that holds. */
export const HELD = 0.06;
/** The same for pairs that are drawn anew, and most updates between two draws. */
export const ONLINE_HELD = 0.05;
export const ONLINE_EVERY = 20;
/** Smallest β of the fork. */
export const FORK_BETA = 0.5;
/** Updates that count as "there". */
export const NEAR = 10;
/** The tabular policy may be this much over its reference and be at its level: rounding of float32. */
export const LEVEL = 1e-5;

export const HEADLINE = theTheThe.experiment;
export const CONTROL = tabularControl.experiment;
export const ONLINE = resamplingPrevents.experiment;
export const missing = (sentence: string): Checked => ({ ok: false, missing: sentence });

/** Whether two experiments differ in nothing but their names and seeds. */
export function alike(a: Experiment, b: Experiment): boolean {
  return same({ ...a, name: '', seeds: [] }, { ...b, name: '', seeds: [] });
}

export function withBeta(experiment: Experiment, beta: number): Experiment {
  return { ...experiment, algorithm: { ...experiment.algorithm, beta } };
}

/** Why what runs is not the experiment that is wanted; null where it is. */
export function otherProblem({ experiment, others }: Looked['run'], wanted: Experiment): string | null {
  if (!experiment) return msg`The run is being prepared.`;
  if (others.length > 0) return msg`The page trains several methods side by side; this task is about one.`;
  if (!alike(experiment, wanted)) {
    const { steps } = experiment;
    if (alike({ ...experiment, steps: wanted.steps }, wanted)) return msg`The run on the page makes ${count(steps, 'update')} in all; this task is about ${wanted.steps}.`;
    return msg`The page shows another experiment (${differenceWords(experiment, wanted)}); this task is about ${differenceWords(wanted, experiment)}.`;
  }
  if (experiment.seeds.length < FEWEST_SEEDS) return msg`It trains ${count(experiment.seeds.length, 'seed')}; at least ${FEWEST_SEEDS} are needed to tell chance from rule.`;
  return null;
}

/** Why a run has not trained with the same knobs from the reference on; null where it has. */
export function knobsProblem({ schedule, forkedFrom }: Looked['run']): string | null {
  if (forkedFrom) return msg`The run on the page is a fork; this task is about one that began with the reference.`;
  return schedule.length > 1 ? msg`A knob was changed while the run was going on; start it over without that.` : null;
}

/** Whether the run stands at an update, with its numbers on the page. */
export function stands({ state, step, seeking, replacing, forking, frame }: Looked['run']): boolean {
  return (state === 'paused' || state === 'done') && seeking === null && replacing === null && forking.length === 0 && frame?.step === step;
}

/** Why the run is not at its end; null where it stands there. */
export function endProblem(run: Looked['run']): string | null {
  const { state, step, experiment } = run;
  if (state === 'failed') return msg`The run has stopped; set it up again.`;
  if (!stands(run)) return state === 'running' ? msg`The run is going on.` : msg`The run is being prepared.`;
  if (step < (experiment?.steps ?? 0)) return msg`The run stands at update ${step} of ${experiment?.steps ?? 0}; let it go to its end.`;
  return null;
}

/** One metric of every seed, now or at a recorded point. */
export function seedsOf({ frame, history }: Looked['run'], id: MetricId, metrics = frame?.metrics): number[] {
  const { policyCount } = history;
  return metrics ? metricOf(metrics, policyCount, id, Array.from({ length: policyCount }, (_, r) => r)) : [];
}

/** The most of one metric that each seed has had, at any update on record; NaN where one is. */
export function mostOf(run: Looked['run'], id: MetricId): number[] {
  return historyPoints(run.history).points.map((point) => seedsOf(run, id, point)).reduce((most, now) => most.map((value, r) => Math.max(value, now[r])), seedsOf(run, id));
}

export const median = (values: readonly number[]) => quantile(values, 0.5);

/** Shares as sentences write them, where they are read as numbers too. */
export const medianWords = (values: readonly number[]) => msg`${shareWords(median(values))} (median over ${values.length} seeds)`;

/** A number that is not finite cannot be the ground of anything. */
export function finite(checked: Checked & { ok: true }): Checked {
  return Object.values(checked.facts).every(Number.isFinite) ? checked : missing(msg`Some numbers of the run are not finite; set it up again.`);
}

/** The median OOD mass over the updates recorded, of all policies. */
function oodLine(history: History): { step: number; value: number }[] {
  const { steps, points } = historyPoints(history);
  const all = Array.from({ length: history.policyCount }, (_, r) => r);
  return points.map((point, i) => ({ step: steps[i], value: median(metricOf(point, history.policyCount, 'mass/ood', all)) }));
}

/** The first update on record by which the median OOD mass has passed one half, and the one recorded before it; null where it never does. */
export function crossingOf(history: History): { before: number; step: number } | null {
  const line = oodLine(history);
  const at = line.findIndex(({ value }) => value > COLLAPSE);
  return at < 0 ? null : { before: line[Math.max(0, at - 1)].step, step: line[at].step };
}

/** Whether an update is where the mass passed one half, or at most `NEAR` updates from there. */
export function isThere(step: number, { before, step: crossed }: { before: number; step: number }): boolean {
  return Math.abs(step - crossed) <= NEAR || (step > before && step <= crossed);
}

/** One metric's median at the recorded point nearest to an update. */
export function medianAt({ history }: Looked['run'], id: MetricId, step: number): { step: number; value: number } {
  const { steps, points } = historyPoints(history);
  const nearest = steps.reduce((best, own, i) => (Math.abs(own - step) < Math.abs(steps[best] - step) ? i : best), 0);
  const all = Array.from({ length: history.policyCount }, (_, r) => r);
  return { step: steps[nearest], value: median(metricOf(points[nearest], history.policyCount, id, all)) };
}
