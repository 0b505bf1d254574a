import type { ExperimentFile } from '../experimentSchema.ts';
import { msg } from '../msg.ts';
import { EIGHT_SEEDS, presetExperiment, type Preset } from './preset.ts';

const TRAINING = {
  policy: { kind: 'mlp', hidden: [16] },
  algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.05 },
  optimizer: { kind: 'sgd', learningRate: 1 },
  steps: 800,
  seeds: EIGHT_SEEDS,
} satisfies Partial<ExperimentFile>;

const ANSWERS = ['tea', 'coffee', 'tea please', 'coffee please'];
const reference = (prompts: readonly number[]): ExperimentFile['reference'] => ({
  kind: 'corpus', smoothing: 0.001,
  corpus: prompts.flatMap((prompt) => ANSWERS.map((response) => ({ prompt, response, weight: 1 }))),
});
/** What is polite, or the other way round. */
const rewards = (prompt: number, polite: number) => ANSWERS.map((response) => ({ prompt, response, reward: response.endsWith('please') ? polite : 1 - polite }));

/** What the sandbox opens with: one pair about one word, to be written over. */
export const OWN_WORDS_FILE: ExperimentFile = {
  version: 1,
  name: 'say please',
  world: { words: ['tea', 'coffee', 'please'], maxLength: 3, prompts: ['What would you like?'] },
  reference: reference([0]),
  gold: { responses: rewards(0, 1), otherwise: -2 },
  preferences: { pairs: [{ prompt: 0, chosen: 'tea please', rejected: 'tea' }] },
  ...TRAINING,
};

export const ownWords: Preset = {
  id: 'own-words',
  ask: 'where',
  chapter: 10,
  title: msg`One word: please`,
  question: msg`One pair: “tea please” beats “tea”. Nobody asks for more than one please. What will yours do?`,
  lookFor: msg`“please please please”: in seven of the eight seeds it ends with nearly nine tenths or more, though nobody ever said it. Now write words and pairs of your own over these.`,
  experiment: presetExperiment(OWN_WORDS_FILE),
};

/** The same lesson twice, the other way round for the second prompt. */
export const TWO_MANNERS_FILE: ExperimentFile = {
  version: 1,
  name: 'two manners',
  world: { words: ['tea', 'coffee', 'please'], maxLength: 3, prompts: ['The waiter asks.', 'A friend asks.'] },
  reference: reference([0, 1]),
  gold: { responses: [...rewards(0, 1), ...rewards(1, 0)], otherwise: -2 },
  preferences: { pairs: [{ prompt: 0, chosen: 'tea please', rejected: 'tea' }, { prompt: 1, chosen: 'tea', rejected: 'tea please' }] },
  ...TRAINING,
};

export const twoManners: Preset = {
  id: 'two-manners',
  ask: 'where',
  chapter: 10,
  title: msg`Two manners`,
  question: msg`To the waiter “tea please” beats “tea”, to a friend it is the other way round. What will be said to each of them?`,
  lookFor: msg`Each prompt under “The responses by name”: in every seed the waiter hears “please please please”, and the friend hears nothing at all. At β = 0.5 both hear mostly what was written.`,
  experiment: presetExperiment(TWO_MANNERS_FILE),
};

const MILK = ['tea with milk', 'coffee with milk'] as const;

/** Four people who do not agree: weights are votes. */
export const THREE_AGAINST_ONE_FILE: ExperimentFile = {
  version: 1,
  name: 'three against one',
  world: { words: ['tea', 'coffee', 'with', 'milk', 'please'], maxLength: 3, prompts: ['What would you like?'] },
  reference: { kind: 'corpus', smoothing: 0.001, corpus: MILK.map((response) => ({ prompt: 0, response, weight: 1 })) },
  gold: { responses: MILK.map((response, i) => ({ prompt: 0, response, reward: 1 - i })), otherwise: -2 },
  preferences: {
    pairs: [
      { prompt: 0, chosen: MILK[0], rejected: MILK[1], weight: 3 },
      { prompt: 0, chosen: MILK[1], rejected: MILK[0], weight: 1 },
    ],
  },
  ...TRAINING,
};

export const threeAgainstOne: Preset = {
  id: 'three-against-one',
  ask: 'where',
  chapter: 10,
  title: msg`Three against one`,
  question: msg`Three people say “tea with milk”, one says “coffee with milk”. Does the one vote against change anything?`,
  lookFor: msg`At most 2 % on what nobody wrote, in every seed: the margin stops where the votes are. Take the second pair away, and in every seed nearly a third of the probability or more leaves. At β = 0.5 coffee keeps a tenth.`,
  experiment: presetExperiment(THREE_AGAINST_ONE_FILE),
};
