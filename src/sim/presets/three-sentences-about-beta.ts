import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { THE_THE_THE_FILE } from './the-the-the.ts';

/**
 * The β bench: five β, each without noise and with a tenth of the comparisons the other way round. Plain SGD, because
 * the first update is to be proportional to β; β² · learning rate is small enough for the largest β and large enough
 * for the smallest to be at rest after 3,000 updates. A tabular reference is in closed form, and the batch is all of
 * the data, so every seed would be the same.
 */
export const threeSentencesAboutBeta: Preset = {
  id: 'three-sentences-about-beta',
  ask: 'widest',
  chapter: 4,
  title: msg`three true sentences about β`,
  question: msg`Five β, with and without noise in the comparisons: which β opens the widest gap?`,
  lookFor: msg`The first update opens the gap in proportion to β; with noise the reward gap ends at the same value at every β; without noise the smallest β goes furthest.`,
  experiment: presetExperiment({
    ...THE_THE_THE_FILE,
    name: 'three true sentences about β',
    policy: { kind: 'tabular' },
    algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.05 },
    optimizer: { kind: 'sgd', learningRate: 8 },
    steps: 3000,
    seeds: [0],
    sweep: { beta: [0.05, 0.1, 0.2, 0.5, 1], labelSmoothing: [0, 0.1] },
  }),
};
