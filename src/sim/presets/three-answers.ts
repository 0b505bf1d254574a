import type { ExperimentFile } from '../experimentSchema.ts';
import { msg } from '../msg.ts';
import { EIGHT_SEEDS, presetExperiment, type Preset } from './preset.ts';

/** Three responses, "", "yes" and "no": small enough for every probability to be a bar that can be dragged. */
export const THREE_ANSWERS_FILE: ExperimentFile = {
  version: 1,
  name: 'three answers',
  world: { words: ['yes', 'no'], maxLength: 1, prompts: ['Is it raining?'] },
  reference: { kind: 'corpus', corpus: [{ prompt: 0, response: 'yes', weight: 2 }, { prompt: 0, response: 'no', weight: 5 }, { prompt: 0, response: '', weight: 3 }], smoothing: 0 },
  gold: { responses: [{ prompt: 0, response: 'yes', reward: 1 }, { prompt: 0, response: 'no', reward: 0 }], otherwise: -1 },
  preferences: { pairs: [{ prompt: 0, chosen: 'yes', rejected: 'no' }] },
  policy: { kind: 'tabular' },
  algorithm: { kind: 'exact', beta: 0.5 },
  // Small enough for J to rise at every β of the slider: at β = 10 the hill is steepest.
  optimizer: { kind: 'sgd', learningRate: 0.4 },
  steps: 300,
  seeds: EIGHT_SEEDS,
};

export const threeAnswers: Preset = {
  id: 'three-answers',
  ask: 'half',
  chapter: 2,
  title: msg`Three answers`,
  question: msg`Three possible answers, a reward for each, and a price β for leaving the reference. Where will gradient ascent stop?`,
  lookFor: msg`J rises at every update and stops at π*, short of giving everything to the best answer: “yes” gets 73 %.`,
  experiment: presetExperiment(THREE_ANSWERS_FILE),
};
