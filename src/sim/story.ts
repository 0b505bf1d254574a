/** The facts behind the headline: what a sentence may say about a run at one update, as numbers. */
import type { Experiment } from './experiment.ts';
import { same } from './experimentPrint.ts';
import { collapsedCount, focusedExperiment, focusMembers, focusValue, metricOf, seedMembers } from './focus.ts';
import type { Fork } from './fork.ts';
import type { MetricId } from './metrics.ts';
import { paramOf } from './params.ts';
import type { KnobChange } from './runStore.ts';
import { OOD, responseText, type World } from './world.ts';
import type { Focus, Frame, View } from './worker/protocol.ts';

/** The OOD response with most probability, and its share of all OOD probability. */
export interface TopOod {
  text: string;
  share: number;
  /** Where `share` is of the mean over seeds: a share that it certainly has in every one of them. */
  leastShare: number;
}

/** Updates made with the same knobs, one after another. */
export interface Stretch {
  updates: number;
  beta: number;
  learningRate: number;
  /** The algorithm, or the loss where that has a name of its own; null where all updates were made with the same. */
  method: string | null;
}

/** Collapsed seeds at one swept β. */
export interface SweptCollapse {
  beta: number;
  collapsed: number;
}

export interface Story {
  experiment: Experiment;
  step: number;
  /** What the updates so far were made with, in order; together they are `step` updates. */
  trained: Stretch[];
  /** At the end of a sweep of β, or while it is paused: the collapsed seeds at each, β ascending; else null. */
  swept: SweptCollapse[] | null;
  /** The run has stopped because its numbers did; what is shown is the last finite state. */
  diverged: boolean;
  /** The focused seed; null = median over `total` seeds. */
  seed: number | null;
  /** Metrics now and at update 0: of the seed, or the median. */
  now: Record<StoryMetric, number>;
  atStart: Record<StoryMetric, number>;
  /** Seeds of the focused swept value, collapsed ones, ones with a loss that is not finite. */
  total: number;
  collapsed: number;
  notFinite: number;
  oodCount: number;
  topOod: TopOod | null;
}

const STORY_METRICS = [
  'mass/chosen', 'mass/rejected', 'mass/otherInDistribution', 'mass/ood', 'loss', 'objective', 'objective/optimal',
] as const satisfies readonly MetricId[];
export type StoryMetric = (typeof STORY_METRICS)[number];

/**
 * The OOD response with the largest probability over all prompts; null when there is no OOD response.
 *
 * With the mean p̄ of its probability over n seeds, in a seed p ≥ 1 − n(1 − p̄), and the other OOD
 * responses have at most n times their mean: what `leastShare` follows from.
 *
 * @param seeds  how many policies `logps` is the mean of
 */
export function topOod(world: World, view: View, logps: Float64Array, seeds: number): TopOod | null {
  let total = 0;
  let best = -1;
  for (let y = 0; y < logps.length; y++) {
    if (view.groups[y] !== OOD || !Number.isFinite(logps[y])) continue;
    total += Math.exp(logps[y]);
    if (best < 0 || logps[y] > logps[best]) best = y;
  }
  if (best < 0) return null;
  const p = Math.exp(logps[best]);
  const share = total > 0 ? p / total : 0;
  const least = 1 - seeds * (1 - p);
  const leastShare = least > 0 ? least / (least + seeds * (total - p)) : 0;
  return { text: responseText(world, best), share, leastShare: seeds === 1 ? share : leastShare };
}

/** What the first `step` updates were made with; a change after the last of them has trained nothing. */
export function stretches(schedule: readonly KnobChange[], step: number, methodAt: (from: number) => string | null = () => null): Stretch[] {
  const made = schedule
    .map(({ step: from, beta, learningRate }, i) => ({ updates: Math.min(schedule[i + 1]?.step ?? step, step) - from, beta, learningRate, method: methodAt(from) }))
    .filter(({ updates }) => updates > 0);
  const several = new Set(made.map(({ method }) => method)).size > 1;
  return made.reduce<Stretch[]>((merged, { updates, ...knobs }) => {
    const last = merged.at(-1);
    const own = { ...knobs, method: several ? knobs.method : null };
    if (last && same({ ...own, updates: 0 }, { ...last, updates: 0 })) return [...merged.slice(0, -1), { ...last, updates: last.updates + updates }];
    return [...merged, { updates, ...own }];
  }, []);
}

/** What trained from an update on: the run's own method, or that of the run it was forked from. */
function methodAt(experiment: Experiment, fork: Fork | null, from: number): string {
  return fork && from < fork.step ? methodAt(fork.parent, fork.from, from) : methodName(experiment);
}

/** "PPO", "IPO": the algorithm by its label, and DPO's other losses by theirs. */
export function methodName({ algorithm }: Experiment): string {
  const [id, value] = (algorithm.kind === 'dpo' || algorithm.kind === 'online-dpo') && algorithm.loss !== 'sigmoid' ? ['loss', algorithm.loss] as const : ['algorithm', algorithm.kind] as const;
  const param = paramOf(id);
  const label = param.kind === 'choice' ? param.choices.find((choice) => choice.value === value)?.label : undefined;
  return (label ?? value).replace(/ [(].*$/, '');
}

function sweptCollapse(experiment: Experiment, metrics: Float64Array, policyCount: number): SweptCollapse[] | null {
  const { beta, ...others } = experiment.sweep ?? {};
  if (!beta || Object.values(others).some((values) => values !== undefined)) return null;
  return beta
    .map((value, sweepIndex) => ({ beta: value, collapsed: collapsedCount(metrics, policyCount, seedMembers(experiment, { sweepIndex })) }))
    .sort((a, b) => a.beta - b.beta);
}

/** Collects the facts from what the run store knows. */
export function storyOf(run: {
  experiment: Experiment; world: World; frame: Frame; view: View; focus: Focus; policyCount: number;
  /** [M, R] at update 0, from the history. */
  start: Float64Array;
  /** The knobs the run trained with; the experiment's without. */
  schedule?: readonly KnobChange[];
  /** Where the run came from, if it is a fork. */
  forkedFrom?: Fork | null;
  /** The run stands still: paused or done. */
  still?: boolean;
  diverged?: boolean;
}): Story {
  const { experiment, world, frame, view, focus, policyCount } = run;
  const shown = focusMembers(experiment, focus);
  const all = seedMembers(experiment, focus);
  const read = (metrics: Float64Array) => {
    const entries = STORY_METRICS.map((id) => [id, focusValue(metrics, policyCount, id, shown)] as const);
    return Object.fromEntries(entries) as Record<StoryMetric, number>;
  };
  const { algorithm, optimizer } = focusedExperiment(experiment, focus);
  const own = { step: 0, beta: algorithm.beta, learningRate: optimizer.learningRate };
  // A swept knob cannot be changed while the run goes on.
  const schedule = (run.schedule ?? [own]).map((entry) => ({
    step: entry.step,
    beta: experiment.sweep?.beta ? own.beta : entry.beta,
    learningRate: experiment.sweep?.learningRate ? own.learningRate : entry.learningRate,
  }));
  let oodCount = 0;
  for (const group of view.groups) if (group === OOD) oodCount++;
  return {
    experiment,
    step: frame.step,
    trained: stretches(schedule, frame.step, (from) => methodAt(experiment, run.forkedFrom ?? null, from)),
    swept: run.still ? sweptCollapse(experiment, frame.metrics, policyCount) : null,
    diverged: run.diverged ?? false,
    seed: focus.seedIndex === null ? null : experiment.seeds[focus.seedIndex],
    now: read(frame.metrics),
    atStart: read(run.start),
    total: all.length,
    collapsed: collapsedCount(frame.metrics, policyCount, all),
    notFinite: metricOf(frame.metrics, policyCount, 'loss', all).filter((l) => !Number.isFinite(l)).length,
    oodCount,
    topOod: topOod(world, view, frame.logps, shown.length),
  };
}
