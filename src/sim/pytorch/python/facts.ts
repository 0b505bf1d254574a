/** What of a recording decides how its script reads. Pure. */
import { lossReads } from '../../experimentKnobs.ts';
import { populationOf, type DpoKnobs, type Experiment } from '../../experiment.ts';
import type { Recording } from '../recording.ts';
import { toleranceOf, type Tolerance } from '../tolerance.ts';

/** A part is in the script only where the run needs it. */
export interface Facts {
  recording: Recording;
  experiment: Experiment;
  algorithm: 'dpo' | 'online-dpo' | 'exact';
  /** The knobs that the loss of this run reads. */
  knobs: (keyof DpoKnobs)[];
  gold: boolean;
  sampled: boolean;
  /** Online DPO that does draw within its updates. */
  draws: boolean;
  /** Some responses are drawn: preferences or pairs. */
  samples: boolean;
  learnedJudge: boolean;
  minibatches: boolean;
  schedule: boolean;
  tolerance: Tolerance;
  /** Some policy is compared for a part of its updates only. */
  cut: boolean;
  nll: boolean;
  klTerm: boolean;
}

export function factsOf(recording: Recording): Facts {
  const { experiment, policies, steps } = recording;
  const { algorithm, sweep } = experiment;
  if (algorithm.kind === 'ppo' || algorithm.kind === 'reward-model') throw new RangeError(`factsOf: there is no script for "${algorithm.kind}"`);
  const online = algorithm.kind === 'online-dpo';
  const trainsByLoss = algorithm.kind !== 'exact';
  const weighs = (key: 'nllWeight' | 'klWeight') => trainsByLoss && (algorithm[key] > 0 || sweep?.[key]?.some((weight) => weight > 0) === true);
  const nll = weighs('nllWeight');
  const klTerm = weighs('klWeight');
  const read = (['labelSmoothing', 'lengthAlpha', 'dpopLambda', 'simpoGamma'] as const).filter((key) => trainsByLoss && lossReads(experiment, key));
  const sampled = 'sampled' in experiment.preferences;
  const draws = online && policies.some(({ drawn }) => drawn.length > 0);
  const last = steps.at(-1) ?? 0;
  const tolerance = toleranceOf(recording);
  const periods = populationOf(experiment).map(({ swept }) => swept.resampleEvery ?? (online ? algorithm.resampleEvery : Infinity));
  return {
    recording, experiment,
    algorithm: algorithm.kind,
    knobs: ['beta', ...read, ...(nll ? ['nllWeight' as const] : []), ...(klTerm ? ['klWeight' as const] : [])],
    gold: experiment.gold !== undefined,
    sampled, draws,
    samples: sampled || draws,
    learnedJudge: online && algorithm.judge === 'reward-model',
    minibatches: trainsByLoss && algorithm.batch > 0 && last > 0 && periods.some((every) => every > 1),
    schedule: recording.changes.length > 0,
    nll, klTerm, tolerance,
    cut: tolerance.until.some((update) => update < last),
  };
}

/** Keys as the items of a Python tuple. */
export function knobsText(keys: readonly string[]): string {
  return keys.map((key) => `"${key}"`).join(', ');
}
