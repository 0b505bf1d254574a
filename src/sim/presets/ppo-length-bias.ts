import type { ExperimentFile } from '../experimentSchema.ts';
import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { ANSWERS_FILE } from './sampled-preferences.ts';

/** PPO on a reward model that was fitted to an annotator who likes long answers. */
export const BIASED_PPO_FILE: ExperimentFile = {
  ...ANSWERS_FILE,
  name: 'PPO on a reward that likes long answers',
  preferences: { sampled: { count: 1000, labels: 'bradley-terry', lengthBias: 0.6 } },
  algorithm: { kind: 'ppo', beta: 0.3, reward: 'reward-model' },
  steps: 100,
};

export const ppoLengthBias: Preset = {
  id: 'ppo-length-bias',
  ask: 'length',
  chapter: 7,
  title: msg`A reward that likes long answers`,
  question: msg`The truth charges a quarter for every word, the annotator adds 0.6. PPO is given what a reward model made of that. Whose optimum will it find?`,
  lookFor: msg`In every seed PPO ends within 0.2 nats of the optimum of the reward it is given, at nearly four words, and more than 4 nats from the optimum of the truth, which writes about one.`,
  experiment: presetExperiment(BIASED_PPO_FILE),
};
