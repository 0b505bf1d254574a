import type { ExperimentFile } from '../experimentSchema.ts';
import { msg } from '../msg.ts';
import { EIGHT_SEEDS, presetExperiment, type Preset } from './preset.ts';

/** Answers of up to four words: one "good" is worth 1, every "bad" costs 1, and every word costs a quarter. */
export const ANSWERS_FILE: ExperimentFile = {
  version: 1,
  name: 'sampled preferences',
  world: { words: ['good', 'ok', 'bad', 'very'], maxLength: 4, prompts: ['How was it?'] },
  reference: { kind: 'unigram', wordWeights: [0.25, 0.35, 0.25, 0.15], stop: 0.35 },
  gold: { otherwise: 0, containsWord: { good: 1 }, perWord: { bad: -1 }, perToken: -0.25 },
  preferences: { sampled: { count: 1000, labels: 'bradley-terry' } },
  policy: { kind: 'tabular' },
  rewardModel: { kind: 'linear' },
  algorithm: { kind: 'reward-model', beta: 0.3 },
  optimizer: { kind: 'adam', learningRate: 0.02 },
  steps: 150,
  seeds: EIGHT_SEEDS,
};

export const sampledPreferences: Preset = {
  id: 'sampled-preferences',
  ask: 'unseen',
  chapter: 1,
  title: msg`A thousand comparisons`,
  question: msg`One “good” is worth 1, every “bad” costs 1, every word a quarter; the annotator knows it and errs. How much of it do 1,000 comparisons tell?`,
  lookFor: msg`In every seed the learned reward ranks two responses of the reference as the truth does in more than 90 % of the cases where the truth tells them apart, and a word more is worth less than 0.2 either way.`,
  experiment: presetExperiment(ANSWERS_FILE),
};
