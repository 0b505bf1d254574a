/** What of an experiment has no effect, and what of the format this version cannot run yet. */
import {
  DPO_DEFAULTS, ONLINE_DPO_DEFAULTS, PPO_DEFAULTS, readsRewardModel, REWARD_MODEL_DEFAULTS, SAMPLED_DEFAULTS,
} from './experimentDefaults.ts';
import { defaultLabelSmoothing, KNOB_LOSSES, quotedList, SWEEP_KEYS } from './experimentRanges.ts';
import type { Experiment, SweepKey } from './experiment.ts';
import { msg } from './msg.ts';

/** What this version runs; presets, controls and `supportProblem` read it from here. */
export const SUPPORTED_ALGORITHMS = ['dpo', 'online-dpo', 'ppo', 'reward-model', 'exact'] as const satisfies readonly Experiment['algorithm']['kind'][];
export const SUPPORTED_POLICIES = ['tabular', 'mlp', 'transformer'] as const satisfies readonly Experiment['policy']['kind'][];

/** Why this version cannot run a valid experiment, in a sentence; null where it can. */
export function supportProblem({ algorithm, policy }: Pick<Experiment, 'algorithm' | 'policy'>): string | null {
  const sentence = (path: string, kind: string, supported: readonly string[]): string =>
    msg`${path} ${JSON.stringify(kind)} is part of the format but not built yet; this version runs ${quotedList(supported)}.`;
  if (!SUPPORTED_ALGORITHMS.some((kind) => kind === algorithm.kind)) return sentence('algorithm.kind', algorithm.kind, SUPPORTED_ALGORITHMS);
  if (!SUPPORTED_POLICIES.some((kind) => kind === policy.kind)) return sentence('policy.kind', policy.kind, SUPPORTED_POLICIES);
  return null;
}

/** The knobs that some losses of the DPO family do not read. */
type LossKnob = Exclude<SweepKey, 'beta' | 'learningRate' | 'resampleEvery' | 'lengthBias'>;

function isLossKnob(knob: SweepKey): knob is LossKnob {
  return knob !== 'beta' && knob !== 'learningRate' && knob !== 'resampleEvery' && knob !== 'lengthBias';
}

/** Whether the experiment's loss reads a knob of the DPO family; knobs of something else than the loss are read by all. */
export function lossReads({ algorithm }: Pick<Experiment, 'algorithm'>, knob: SweepKey): boolean {
  if (!isLossKnob(knob)) return true;
  if (algorithm.kind !== 'dpo' && algorithm.kind !== 'online-dpo') return false;
  return KNOB_LOSSES[knob]?.includes(algorithm.loss) ?? true;
}

/** Paths of what is set away from its default, or swept, and yet read by nothing in this experiment. */
export function unusedKnobs(experiment: Experiment): string[] {
  return [...unusedOfLoss(experiment), ...unusedOfSampling(experiment), ...unusedOfRewardModel(experiment)];
}

/** The paths of `knobs` that are away from their default in a section. */
function changed<T extends object>(path: string, section: T, defaults: T, knobs: readonly (keyof T & string)[]): string[] {
  return knobs.filter((knob) => section[knob] !== defaults[knob]).map((knob) => `${path}.${knob}`);
}

function unusedOfLoss(experiment: Experiment): string[] {
  const { algorithm, sweep } = experiment;
  const unused: string[] = [];
  for (const knob of SWEEP_KEYS) {
    if (!isLossKnob(knob) || lossReads(experiment, knob)) continue;
    if (algorithm.kind === 'dpo' || algorithm.kind === 'online-dpo') {
      const standard = knob === 'labelSmoothing' ? defaultLabelSmoothing(algorithm.loss) : DPO_DEFAULTS[knob];
      if (algorithm[knob] !== standard) unused.push(`algorithm.${knob}`);
    }
    if (sweep?.[knob] !== undefined) unused.push(`sweep.${knob}`);
  }
  return unused;
}

/** What belongs to drawing responses: online DPO's, PPO's and the annotator's. */
function unusedOfSampling(experiment: Experiment): string[] {
  const { algorithm, preferences, steps, sweep } = experiment;
  const unused: string[] = [];
  if (algorithm.kind === 'online-dpo') {
    const periods = sweep?.resampleEvery ?? [algorithm.resampleEvery];
    if (periods.every((every) => every > steps)) unused.push(...changed('algorithm', algorithm, ONLINE_DPO_DEFAULTS, ['pairsPerResample', 'judge', 'judgeTemperature', 'judgeLengthBias']));
    // Minibatches are of the pairs that are there before the first draw; with a draw before every update there is no such update.
    if (periods.every((every) => every === 1)) unused.push(...changed('algorithm', algorithm, ONLINE_DPO_DEFAULTS, ['batch']));
  }
  if (algorithm.kind === 'ppo' && algorithm.valueCoef === 0) unused.push(...changed('algorithm', algorithm, PPO_DEFAULTS, ['valueClip', 'gaeLambda']));
  if ('sampled' in preferences && preferences.sampled.labels === 'argmax') {
    unused.push(...changed('preferences.sampled', preferences.sampled, SAMPLED_DEFAULTS, ['temperature']));
  }
  return unused;
}

function unusedOfRewardModel(experiment: Experiment): string[] {
  const { algorithm, preferences, rewardModel } = experiment;
  if (rewardModel === undefined) return [];
  if (!readsRewardModel(experiment)) return ['rewardModel'];
  const isTheRun = algorithm.kind === 'reward-model';
  return [
    ...(isTheRun ? changed('rewardModel', rewardModel, REWARD_MODEL_DEFAULTS, ['steps', 'learningRate']) : []),
    ...(isTheRun || 'pairs' in preferences ? changed('rewardModel', rewardModel, REWARD_MODEL_DEFAULTS, ['earlyStop']) : []),
  ];
}
