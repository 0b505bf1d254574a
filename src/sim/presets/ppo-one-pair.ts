import type { ExperimentFile } from '../experimentSchema.ts';
import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { THE_THE_THE_FILE } from './the-the-the.ts';

/** PPO on a reward model of word counts that was fitted to the one pair of "the the the". */
export const ONE_PAIR_PPO_FILE: ExperimentFile = {
  ...THE_THE_THE_FILE,
  name: 'PPO on one pair',
  rewardModel: { kind: 'linear' },
  algorithm: { kind: 'ppo', beta: 0.1, reward: 'reward-model', entropyCoef: 0.05 },
  optimizer: { kind: 'adam', learningRate: 0.02 },
  steps: 60,
};

export const ppoOnePair: Preset = {
  id: 'ppo-one-pair',
  ask: 'hacked',
  chapter: 7,
  title: msg`PPO on the same one pair`,
  question: msg`A reward model of word counts is fitted to “on the mat” ≻ “on a mat”, and PPO trains on it. Is PPO safe where DPO was not?`,
  lookFor: msg`In every seed the reward it is given rises and the true one falls: more than 90 % of the probability ends on “the the the”, the optimum of what the reward model learned.`,
  experiment: presetExperiment(ONE_PAIR_PPO_FILE),
};
