/** Writing an experiment: complete, or without what equals a default. */
import {
  DPO_DEFAULTS, GOLD_DEFAULTS, MLP_DEFAULTS, NAME_DEFAULT, ONLINE_DPO_DEFAULTS, OPTIMIZER_DEFAULTS, PPO_DEFAULTS,
  readsRewardModel, REWARD_MODEL_DEFAULTS, SAMPLED_DEFAULTS, SEEDS_DEFAULT, SMOOTHING_DEFAULT, STEPS_DEFAULT, TRANSFORMER_DEFAULTS, WEIGHT_DEFAULT,
} from './experimentDefaults.ts';
import { defaultLabelSmoothing, SWEEP_KEYS } from './experimentRanges.ts';
import type { Experiment, WorldSpec } from './experiment.ts';

type Loose<T> = T extends readonly (infer Item)[] ? Loose<Item>[] : T extends object ? { [K in keyof T]?: Loose<T[K]> } : T;

/** What people write in files: all but `world`, `reference` and `preferences` may be left out. */
export type ExperimentFile = { world: WorldSpec } & Loose<Omit<Experiment, 'world'>>;

/** Order of the keys in print; keys that are not listed (words of `perWord`) follow as they come. */
const KEY_ORDER: readonly string[] = [
  'version', 'name', 'world', 'words', 'maxLength', 'prompts',
  'reference', 'kind', 'corpus', 'smoothing', 'wordWeights', 'stop',
  'gold', 'responses', 'otherwise', 'perWord', 'containsWord', 'perToken',
  'preferences', 'pairs', 'sampled', 'count', 'from', 'labels', 'temperature', 'lengthBias',
  'prompt', 'response', 'chosen', 'rejected', 'reward',
  'policy', 'hidden', 'width', 'heads', 'rewardModel', 'normalise', 'earlyStop',
  'algorithm', 'loss', ...SWEEP_KEYS.filter((key) => key !== 'learningRate'), 'batch', 'resampleEvery', 'pairsPerResample',
  'judge', 'judgeTemperature', 'judgeLengthBias', 'rolloutBatch', 'epochs', 'minibatches', 'clipRange', 'gamma', 'gaeLambda', 'valueCoef',
  'valueClip', 'entropyCoef', 'whitenAdvantages', 'weight',
  'optimizer', 'steps', 'learningRate', 'seeds', 'sweep',
];
const RANK = new Map(KEY_ORDER.map((key, index) => [key, index]));

/** The complete experiment as JSON with two spaces and stable key order; reading it back gives an equal experiment. */
export function printExperiment(experiment: Experiment): string {
  return `${JSON.stringify(ordered(experiment), null, 2)}\n`;
}

/** The experiment without what equals a default; reading it gives the complete one back. */
export function minimalExperiment(experiment: Experiment): ExperimentFile {
  const { name, world, reference, gold, preferences, policy, rewardModel, algorithm, optimizer, steps, seeds, sweep } = experiment;
  const whole = (section: object): boolean => Object.keys(section).length > 1;
  const policyPart = without(policy, policyDefaults(policy));
  const algorithmPart = without(algorithm, algorithmDefaults(algorithm));
  const optimizerPart = without(optimizer, OPTIMIZER_DEFAULTS);
  const modelDefault = rewardModel !== undefined && same(rewardModel, REWARD_MODEL_DEFAULTS) && readsRewardModel(experiment);
  return {
    version: 1,
    ...(name === NAME_DEFAULT ? {} : { name }),
    world,
    reference: reference.kind === 'unigram' ? reference : {
      ...without(reference, { smoothing: SMOOTHING_DEFAULT }),
      corpus: reference.corpus.map((entry) => without(entry, { weight: WEIGHT_DEFAULT })),
    },
    ...(gold === undefined ? {} : { gold: without(gold, GOLD_DEFAULTS) }),
    preferences: 'pairs' in preferences
      ? { pairs: preferences.pairs.map((pair) => without(pair, { weight: WEIGHT_DEFAULT })) }
      : { sampled: without(preferences.sampled, SAMPLED_DEFAULTS) },
    ...(policy.kind === 'mlp' && !whole(policyPart) ? {} : { policy: policyPart }),
    ...(rewardModel === undefined || modelDefault ? {} : { rewardModel: { kind: rewardModel.kind, ...without(rewardModel, REWARD_MODEL_DEFAULTS) } }),
    ...(algorithm.kind === 'dpo' && !whole(algorithmPart) ? {} : { algorithm: algorithmPart }),
    ...(Object.keys(optimizerPart).length === 0 ? {} : { optimizer: { kind: optimizer.kind, ...optimizerPart } }),
    ...(steps === STEPS_DEFAULT ? {} : { steps }),
    ...(same(seeds, SEEDS_DEFAULT) ? {} : { seeds }),
    ...(sweep === undefined ? {} : { sweep }),
  };
}

/** Whether two JSON-shaped values are equal, whatever the order of their keys. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(ordered(a, true)) === JSON.stringify(ordered(b, true));
}

/** Defaults of a policy, its `kind` left out (a kind is always written). */
function policyDefaults(policy: Experiment['policy']): Record<string, unknown> {
  if (policy.kind === 'mlp') return { hidden: MLP_DEFAULTS.hidden };
  if (policy.kind === 'tabular') return {};
  return { width: TRANSFORMER_DEFAULTS.width, heads: TRANSFORMER_DEFAULTS.heads };
}

function algorithmDefaults(algorithm: Experiment['algorithm']): Record<string, unknown> {
  if (algorithm.kind === 'ppo') return { ...PPO_DEFAULTS, kind: undefined };
  if (algorithm.kind === 'exact' || algorithm.kind === 'reward-model') return { beta: DPO_DEFAULTS.beta };
  const standard = algorithm.kind === 'dpo' ? DPO_DEFAULTS : ONLINE_DPO_DEFAULTS;
  return { ...standard, kind: undefined, labelSmoothing: defaultLabelSmoothing(algorithm.loss) };
}

/** `section` without the fields that equal their default. */
function without<T extends object>(section: T, defaults: object): Loose<T> {
  const standard = new Map<string, unknown>(Object.entries(defaults));
  const kept = Object.entries(section).filter(([key, value]) => !standard.has(key) || !same(value, standard.get(key)));
  return Object.fromEntries(kept) as Loose<T>;
}

function ordered(value: unknown, alphabetical = false): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => ordered(item, alphabetical));
  if (typeof value !== 'object' || value === null) return value;
  const rank = (key: string): number => (alphabetical ? 0 : RANK.get(key) ?? KEY_ORDER.length);
  const entries = Object.entries(value).sort(([a], [b]) => rank(a) - rank(b) || (alphabetical ? (a < b ? -1 : 1) : 0));
  return Object.fromEntries(entries.map(([key, item]: [string, unknown]) => [key, ordered(item, alphabetical)]));
}
