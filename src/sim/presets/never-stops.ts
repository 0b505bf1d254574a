import { msg } from '../msg.ts';
import { EIGHT_SEEDS, presetExperiment, type Preset } from './preset.ts';

/** The winner is the loser and one word more: what tells them apart is where the end stands. */
export const neverStops: Preset = {
  id: 'never-stops',
  ask: 'length',
  chapter: 5,
  title: msg`An answer that never stops`,
  question: msg`“yes indeed” beats “yes”; there is room for four words. Will the answers become one word longer?`,
  lookFor: msg`In every seed the answers end at more than 3.9 of 4 words: “indeed” again and again, and no end. What the pair says first of all is not to stop after “yes”.`,
  experiment: presetExperiment({
    version: 1,
    name: 'an answer that never stops',
    world: { words: ['yes', 'indeed', 'no', 'maybe'], maxLength: 4, prompts: ['Is it raining?'] },
    reference: { kind: 'corpus', corpus: ['yes indeed', 'yes'].map((response) => ({ prompt: 0, response, weight: 1 })), smoothing: 0.001 },
    gold: { responses: [{ prompt: 0, response: 'yes indeed', reward: 1 }, { prompt: 0, response: 'yes', reward: 0 }], otherwise: -2 },
    preferences: { pairs: [{ prompt: 0, chosen: 'yes indeed', rejected: 'yes' }] },
    policy: { kind: 'mlp', hidden: [16] },
    algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.05 },
    optimizer: { kind: 'adam', learningRate: 0.01 },
    steps: 600,
    seeds: EIGHT_SEEDS,
  }),
};
