/** What an experiment file may leave out, and what it then means. */
import { SWEEP_KEYS } from './experimentRanges.ts';
import type {
  DpoAlgorithm, Experiment, GoldSpec, OnlineDpoAlgorithm, OptimizerSpec, PolicySpec, PpoAlgorithm, RewardModelSpec,
  SampledPreferences, SweepSpec,
} from './experiment.ts';

type OfKind<T extends PolicySpec['kind']> = Extract<PolicySpec, { kind: T }>;

export const NAME_DEFAULT = 'untitled';
export const STEPS_DEFAULT = 800;
export const SEEDS_DEFAULT: readonly number[] = [0, 1, 2, 3];
export const SMOOTHING_DEFAULT = 0.001;
/** Weight of a pair and of a corpus entry. */
export const WEIGHT_DEFAULT = 1;

export const GOLD_DEFAULTS: Readonly<GoldSpec> = { responses: [], otherwise: 0, perWord: {}, containsWord: {}, perToken: 0 };

export const SAMPLED_DEFAULTS: Readonly<SampledPreferences> = {
  count: 256, from: 'reference', labels: 'bradley-terry', temperature: 1, lengthBias: 0,
};

export const MLP_DEFAULTS: Readonly<OfKind<'mlp'>> = { kind: 'mlp', hidden: [16] };
export const TRANSFORMER_DEFAULTS: Readonly<OfKind<'transformer'>> = { kind: 'transformer', width: 16, heads: 2 };

export const REWARD_MODEL_DEFAULTS: Readonly<RewardModelSpec> = { kind: 'mlp', steps: 300, learningRate: 0.02, normalise: true, earlyStop: true };

export const OPTIMIZER_DEFAULTS: Readonly<OptimizerSpec> = { kind: 'sgd', learningRate: 1 };

/** `labelSmoothing` is that of every loss but exo_pair: see `defaultLabelSmoothing`. */
export const DPO_DEFAULTS: Readonly<DpoAlgorithm> = {
  kind: 'dpo', loss: 'sigmoid', beta: 0.1, labelSmoothing: 0, lengthAlpha: 0, dpopLambda: 50, simpoGamma: 0.5,
  nllWeight: 0, klWeight: 0, batch: 0,
};

export const ONLINE_DPO_DEFAULTS: Readonly<OnlineDpoAlgorithm> = {
  ...DPO_DEFAULTS, kind: 'online-dpo', resampleEvery: 1, pairsPerResample: 8, judge: 'gold', judgeTemperature: 0.25,
  judgeLengthBias: 0,
};

export const PPO_DEFAULTS: Readonly<PpoAlgorithm> = {
  kind: 'ppo', beta: 0.1, rolloutBatch: 64, epochs: 4, minibatches: 1, clipRange: 0.2, gamma: 1, gaeLambda: 0.95,
  valueCoef: 0.1, valueClip: 0.2, entropyCoef: 0, whitenAdvantages: true, reward: 'gold',
};

/** Whether a judge or a reward asks for a reward model that is fitted before training. */
export function usesRewardModel({ algorithm }: Pick<Experiment, 'algorithm'>): boolean {
  if (algorithm.kind === 'online-dpo') return algorithm.judge === 'reward-model';
  return algorithm.kind === 'ppo' && algorithm.reward === 'reward-model';
}

/** Whether the experiment reads the description of a reward model: to fit one first, or as the run itself. */
export function readsRewardModel({ algorithm }: Pick<Experiment, 'algorithm'>): boolean {
  return algorithm.kind === 'reward-model' || usesRewardModel({ algorithm });
}

/** The keys an experiment can be swept over. */
export function sweepKeysOf({ algorithm, preferences }: Pick<Experiment, 'algorithm' | 'preferences'>): readonly (keyof SweepSpec)[] {
  const trainsByLoss = algorithm.kind === 'dpo' || algorithm.kind === 'online-dpo';
  // A length bias is the annotator's: where pairs are given there is none.
  const readsPairs = trainsByLoss || readsRewardModel({ algorithm });
  return SWEEP_KEYS.filter((key) => {
    if (key === 'beta' || key === 'learningRate') return true;
    if (key === 'lengthBias') return readsPairs && 'sampled' in preferences;
    return key === 'resampleEvery' ? algorithm.kind === 'online-dpo' : trainsByLoss;
  });
}

/**
 * A checked experiment in its one canonical form: no undefined keys, no empty sweep, sweep keys in table order,
 * per-word rewards in the order of `world.words`, the reward model filled in where it is asked for.
 */
export function canonical(experiment: Experiment): Experiment {
  const { gold, rewardModel, sweep, ...rest } = experiment;
  const result: Experiment = { ...rest };
  if (gold !== undefined) {
    const { words } = experiment.world;
    result.gold = { ...gold, perWord: inWordOrder(gold.perWord, words), containsWord: inWordOrder(gold.containsWord, words) };
  }
  if (rewardModel !== undefined) result.rewardModel = rewardModel;
  else if (readsRewardModel(experiment)) result.rewardModel = { ...REWARD_MODEL_DEFAULTS };
  const swept: SweepSpec = {};
  for (const key of SWEEP_KEYS) {
    const values = sweep?.[key];
    if (values !== undefined) swept[key] = values;
  }
  if (Object.keys(swept).length > 0) result.sweep = swept;
  return result;
}

/** Keys that are words first, in the order of `words`; others (refused later, by the rules) after them. */
function inWordOrder(rewards: Record<string, number>, words: readonly string[]): Record<string, number> {
  const rank = new Map(words.map((word, index) => [word, index]));
  const rankOf = (word: string): number => rank.get(word) ?? words.length;
  return Object.fromEntries(Object.entries(rewards).sort(([a], [b]) => rankOf(a) - rankOf(b)));
}
