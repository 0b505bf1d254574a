/**
 * The experiment: one JSON-shaped value that says everything about a run.
 *
 * Page, link, worker, command line, files, presets and tests all speak this type.
 * `Experiment` is complete (every default filled in); what people write in files is
 * a partial one and goes through `readExperiment` (experimentSchema.ts).
 */

/** The toy world. A response is at most `maxLength` words; the end token has index `words.length`. */
export interface WorldSpec {
  words: string[];
  maxLength: number;
  prompts: string[];
}

export interface CorpusEntry {
  prompt: number;
  response: string;
  weight: number;
}

/** target(y|x) = (1 − ε)·corpus(y|x) + ε·uniform over all responses of x. */
export interface CorpusReference {
  kind: 'corpus';
  corpus: CorpusEntry[];
  /** ε in [0, 1). */
  smoothing: number;
}

/** Every position: stop with probability `stop`, else a word by weight. */
export interface UnigramReference {
  kind: 'unigram';
  wordWeights: number[];
  stop: number;
}

export type ReferenceSpec = CorpusReference | UnigramReference;

/** The gold reward r(x, y), in reward units; the last three are added to every response. */
export interface GoldSpec {
  responses: { prompt: number; response: string; reward: number }[];
  otherwise: number;
  perWord: Record<string, number>;
  containsWord: Record<string, number>;
  perToken: number;
}

export interface PairSpec {
  prompt: number;
  chosen: string;
  rejected: string;
  weight: number;
}

export interface SampledPreferences {
  count: number;
  from: 'reference';
  labels: 'bradley-terry' | 'argmax';
  temperature: number;
  lengthBias: number;
}

export type PreferencesSpec = { pairs: PairSpec[] } | { sampled: SampledPreferences };

export type PolicySpec =
  | { kind: 'tabular' }
  | { kind: 'mlp'; hidden: number[] }
  | { kind: 'transformer'; width: number; heads: number };

export type DpoLossName =
  | 'sigmoid' | 'ipo' | 'hinge' | 'dpop' | 'robust' | 'sppo_hard'
  | 'nca_pair' | 'exo_pair' | 'apo_zero' | 'apo_down' | 'simpo';

/** The numbers a loss of the DPO family may read; each may differ between the policies of a population. */
export interface DpoKnobs {
  beta: number;
  labelSmoothing: number;
  lengthAlpha: number;
  dpopLambda: number;
  simpoGamma: number;
  nllWeight: number;
  klWeight: number;
}

export interface DpoAlgorithm extends DpoKnobs {
  kind: 'dpo';
  loss: DpoLossName;
  /** Pairs per update, drawn by weight; 0 = all of them (full batch). */
  batch: number;
}

/** Gradient ascent on mean over prompts of E_π[r] − β·KL(π‖π_ref), by enumeration. */
export interface ExactAlgorithm {
  kind: 'exact';
  beta: number;
}

export interface OnlineDpoAlgorithm extends DpoKnobs {
  kind: 'online-dpo';
  loss: DpoLossName;
  batch: number;
  /** Updates between two draws of pairs from the current policy; more than `steps` = never. */
  resampleEvery: number;
  /** Pairs drawn per prompt. */
  pairsPerResample: number;
  judge: 'gold' | 'reward-model';
  judgeTemperature: number;
  /** What the judge adds to a response's score per word: 0 = an honest judge. */
  judgeLengthBias: number;
}

export interface PpoAlgorithm {
  kind: 'ppo';
  beta: number;
  rolloutBatch: number;
  epochs: number;
  minibatches: number;
  clipRange: number;
  gamma: number;
  gaeLambda: number;
  valueCoef: number;
  valueClip: number;
  entropyCoef: number;
  whitenAdvantages: boolean;
  reward: 'gold' | 'reward-model';
}

/**
 * The run is the fit of the reward model itself (chapter 1): the experiment's optimiser and steps train it, and the
 * policy shown is the exact optimum of the learned reward at β, π_ref·exp(r̂/β)/Z. Of `rewardModel`, `kind` and
 * `normalise` are read. The lab's own extension of the format's version 1.
 */
export interface RewardModelAlgorithm {
  kind: 'reward-model';
  beta: number;
}

export type AlgorithmSpec = DpoAlgorithm | ExactAlgorithm | OnlineDpoAlgorithm | PpoAlgorithm | RewardModelAlgorithm;

export interface RewardModelSpec {
  kind: 'mlp' | 'linear' | 'table';
  /** Adam updates of the fit before training, and their learning rate. */
  steps: number;
  learningRate: number;
  /** Mean 0 and standard deviation 1 under π_ref. */
  normalise: boolean;
  /** Keep the parameters with the best held-out log-likelihood (where pairs are sampled), instead of the last ones. */
  earlyStop: boolean;
}

export interface OptimizerSpec {
  kind: 'sgd' | 'adam';
  learningRate: number;
}

/** Swept values; the population is seeds × the product of the swept lists. */
export type SweepKey = keyof DpoKnobs | 'learningRate' | 'resampleEvery' | 'lengthBias';
export type SweepSpec = Partial<Record<SweepKey, number[]>>;

export interface Experiment {
  version: 1;
  name: string;
  world: WorldSpec;
  reference: ReferenceSpec;
  gold?: GoldSpec;
  preferences: PreferencesSpec;
  policy: PolicySpec;
  rewardModel?: RewardModelSpec;
  algorithm: AlgorithmSpec;
  optimizer: OptimizerSpec;
  steps: number;
  seeds: number[];
  sweep?: SweepSpec;
}

/** One policy of the population: its seed and the knobs it trains with (`beta`, `learningRate`, …). */
export interface PolicyMember {
  seed: number;
  swept: SweepSpec extends Partial<Record<infer K extends string, number[]>> ? Partial<Record<K, number>> : never;
}

/**
 * The members of an experiment's population, sweep values outermost, seeds innermost:
 * member index = sweepIndex · seeds.length + seedIndex.
 */
export function populationOf(experiment: Experiment): PolicyMember[] {
  let combinations: PolicyMember['swept'][] = [{}];
  for (const [key, values] of Object.entries(experiment.sweep ?? {})) {
    combinations = combinations.flatMap((base) => values.map((value) => ({ ...base, [key]: value })));
  }
  return combinations.flatMap((swept) => experiment.seeds.map((seed) => ({ seed, swept })));
}
