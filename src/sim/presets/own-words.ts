import type { ExperimentFile } from '../experimentSchema.ts';
import { msg } from '../msg.ts';
import { EIGHT_SEEDS, presetExperiment, type Preset } from './preset.ts';

/** What the sandbox opens with: a pair that differs in one word, to be written over. */
export const OWN_WORDS_FILE: ExperimentFile = {
  version: 1,
  name: 'own words',
  world: { words: ['tea', 'coffee', 'with', 'milk', 'please'], maxLength: 3, prompts: ['What would you like?'] },
  reference: {
    kind: 'corpus',
    corpus: [{ prompt: 0, response: 'tea with milk', weight: 1 }, { prompt: 0, response: 'coffee with milk', weight: 1 }],
    smoothing: 0.001,
  },
  gold: {
    responses: [{ prompt: 0, response: 'tea with milk', reward: 1 }, { prompt: 0, response: 'coffee with milk', reward: 0 }],
    otherwise: -2,
  },
  preferences: { pairs: [{ prompt: 0, chosen: 'tea with milk', rejected: 'coffee with milk' }] },
  policy: { kind: 'mlp', hidden: [16] },
  algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.05 },
  optimizer: { kind: 'sgd', learningRate: 1 },
  steps: 800,
  seeds: EIGHT_SEEDS,
};

export const ownWords: Preset = {
  id: 'own-words',
  ask: 'where',
  chapter: 10,
  title: msg`Own words`,
  question: msg`“tea with milk” beats “coffee with milk”. What will a policy say that was told so, and what will yours?`,
  lookFor: msg`What nobody wrote: the sum over all of it.`,
  experiment: presetExperiment(OWN_WORDS_FILE),
};
