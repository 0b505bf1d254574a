/** What is recorded of a run so that a script can make it again by itself: plain data. */
import type { Experiment, PolicyMember } from '../experiment.ts';
import type { MetricId } from '../metrics.ts';
import type { BackendName, KnobsAt } from '../worker/protocol.ts';
import { FINAL_RESPONSES } from './refusal.ts';

/** Metrics that a script computes itself, in the order in which it prints them. */
export const CHECKED_METRICS = [
  'mass/chosen', 'mass/rejected', 'mass/otherInDistribution', 'mass/ood', 'loss',
  'rewards/chosen', 'rewards/rejected', 'rewards/margins', 'rewards/accuracies', 'logps/chosen', 'logps/rejected',
  'kl', 'klToOptimal', 'objective', 'goldReward', 'proxyReward', 'klToProxyOptimal', 'meanLength', 'entropy',
] as const satisfies readonly MetricId[];
export type CheckedMetric = (typeof CHECKED_METRICS)[number];

/** A parameter of π_ref as the lab fitted it, of all seeds. */
export interface ReferenceParameter {
  name: string;
  /** [S, …]; S = 1 where all seeds have the same. */
  shape: number[];
  data: Float32Array;
}

export interface RecordedPolicy {
  member: PolicyMember;
  /** One value per recorded update, of every metric that was finite throughout. */
  metrics: Partial<Record<CheckedMetric, number[]>>;
  /** log π(y|x) after the last recorded update, nats: of all responses, or of the most probable ones. */
  final: { response: number; logp: number }[];
  /** Responses of the pairs that online DPO drew, winner and loser alternating, draw after draw. */
  drawn: Int32Array;
  /** The reward model's score of every response, [Y]; null where the truth judges or nobody does. */
  scores: Float64Array | null;
}

/** Preferences as one annotator gave them, in the order of the draw. */
export interface RecordedPreferences {
  seed: number;
  lengthBias: number;
  /** Winner and loser of every pair, alternating, [2·count] responses. */
  nodes: Int32Array;
}

/** How far twins of one policy have been from it by every recorded update (sensitivity.ts). */
export interface Sensitivity {
  /** Largest difference of a probability so far, absolute. */
  probability: number[];
  /** Largest difference of any other metric so far, relative to the larger of 1 and its size. */
  relative: number[];
  /** Largest difference of log π(y|x) of a listed response so far, relative to the larger of 1 and its size. */
  logp: number[];
}

export interface Recording {
  experiment: Experiment;
  /** β and learning rate as they were changed while it ran, ascending. */
  changes: KnobsAt[];
  backend: BackendName;
  reference: ReferenceParameter[];
  /** KL(target‖π_ref) per seed, nats. */
  referenceKl: number[];
  /** Updates at which metrics were recorded, ascending from 0. */
  steps: number[];
  policies: RecordedPolicy[];
  /** Per policy, [R]. */
  sensitivity: Sensitivity[];
  /** Where the twins ran. */
  twinBackends: BackendName[];
  preferences: RecordedPreferences[];
  /** Update at which the run's numbers stopped being finite; null where they never did. */
  brokeAt: number | null;
}

/** The responses whose log-probability at the end is in a script: all of them in their order, or the most probable ones. */
export function listedResponses(logps: ArrayLike<number>): number[] {
  const all = Array.from({ length: logps.length }, (_, y) => y);
  return all.length <= FINAL_RESPONSES ? all : all.sort((a, b) => logps[b] - logps[a] || a - b).slice(0, FINAL_RESPONSES);
}

/** Updates recorded, at most: update 0 and so many more. */
export const RECORDS = 40;

/** The updates at which a run of so many is recorded: equally far apart, the last one among them. */
export function recordedSteps(steps: number): number[] {
  const every = Math.max(1, Math.ceil(steps / RECORDS));
  const recorded = Array.from({ length: Math.floor(steps / every) + 1 }, (_, i) => i * every);
  return recorded.at(-1) === steps ? recorded : [...recorded, steps];
}
