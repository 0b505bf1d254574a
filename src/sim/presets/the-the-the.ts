import type { ExperimentFile } from '../experimentSchema.ts';
import { msg } from '../msg.ts';
import { EIGHT_SEEDS, presetExperiment, type Preset } from './preset.ts';

/** The headline: one pair that differs in one word, a small β, a policy with shared weights. */
export const THE_THE_THE_FILE: ExperimentFile = {
  version: 1,
  name: 'the the the',
  world: { words: ['the', 'a', 'cat', 'mat', 'on'], maxLength: 3, prompts: ['Where is the cat?'] },
  reference: {
    kind: 'corpus',
    corpus: [{ prompt: 0, response: 'on the mat', weight: 1 }, { prompt: 0, response: 'on a mat', weight: 1 }],
    smoothing: 0.001,
  },
  gold: {
    responses: [{ prompt: 0, response: 'on the mat', reward: 1 }, { prompt: 0, response: 'on a mat', reward: 0 }],
    otherwise: -2,
  },
  preferences: { pairs: [{ prompt: 0, chosen: 'on the mat', rejected: 'on a mat' }] },
  policy: { kind: 'mlp', hidden: [16] },
  algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.05 },
  optimizer: { kind: 'sgd', learningRate: 1 },
  steps: 800,
  seeds: EIGHT_SEEDS,
};

export const theTheThe: Preset = {
  id: 'the-the-the',
  ask: 'where',
  chapter: 5,
  title: msg`the the the`,
  question: msg`DPO is told one thing: “on the mat” beats “on a mat”. Where will the probability go?`,
  lookFor: msg`The loss falls all the way, while the probability leaves both sentences for strings nobody wrote.`,
  experiment: presetExperiment(THE_THE_THE_FILE),
};
