import type { ExperimentFile } from '../experimentSchema.ts';
import { msg } from '../msg.ts';
import { EIGHT_SEEDS, presetExperiment, type Preset } from './preset.ts';

/** A pair that differs in its last word. */
export const NEAR_PAIRS_FILE: ExperimentFile = {
  version: 1,
  name: 'near pairs repeat',
  world: { words: ['the', 'cat', 'dog', 'sat', 'ran'], maxLength: 3, prompts: ['What happened?'] },
  reference: {
    kind: 'corpus',
    corpus: [{ prompt: 0, response: 'the cat sat', weight: 1 }, { prompt: 0, response: 'the cat ran', weight: 1 }],
    smoothing: 0.001,
  },
  gold: {
    responses: [{ prompt: 0, response: 'the cat sat', reward: 1 }, { prompt: 0, response: 'the cat ran', reward: 0 }],
    otherwise: -2,
  },
  preferences: { pairs: [{ prompt: 0, chosen: 'the cat sat', rejected: 'the cat ran' }] },
  policy: { kind: 'mlp', hidden: [16] },
  algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.05 },
  optimizer: { kind: 'adam', learningRate: 0.01 },
  steps: 600,
  seeds: EIGHT_SEEDS,
};

export const nearPairs: Preset = {
  id: 'near-pairs',
  ask: 'chosen',
  chapter: 5,
  title: msg`Near pairs repeat`,
  question: msg`“the cat sat” beats “the cat ran”. Which word will the policy not stop saying?`,
  lookFor: msg`The word that tells the two sentences apart, over and over: “sat sat sat” takes 90 % or more in at least 7 of the 8 seeds.`,
  experiment: presetExperiment(NEAR_PAIRS_FILE),
};
