/** Small worlds with one difficulty each, as the parts of an experiment file. */

const pair = (prompt: number, chosen: string, rejected: string, weight = 1) => ({ prompt, chosen, rejected, weight });

export const WORLDS = {
  /** Several prompts, unequal weights, prefixes of each other, the empty response, responses chosen and rejected. */
  'two prompts with prefixes': {
    world: { words: ['yes', 'no', 'never'], maxLength: 2, prompts: ['May I?', 'Must I?', 'Why?'] },
    reference: {
      kind: 'corpus', smoothing: 0.05,
      corpus: [
        { prompt: 0, response: 'yes', weight: 3 }, { prompt: 0, response: 'no', weight: 2 }, { prompt: 0, response: 'no never', weight: 1 },
        { prompt: 1, response: '', weight: 1 }, { prompt: 1, response: 'no', weight: 5 }, { prompt: 2, response: 'never no', weight: 1 },
      ],
    },
    gold: { otherwise: 0.2, responses: [{ prompt: 1, response: '', reward: -1 }], containsWord: { no: 1 }, perWord: { never: -0.5 }, perToken: 0.1 },
    preferences: {
      pairs: [
        pair(0, 'no', 'yes', 0.3), pair(0, 'no never', 'no', 2), pair(0, 'yes yes', 'no never'),
        pair(1, 'no', '', 0.5), pair(1, '', 'never yes', 1.7), pair(0, 'no', 'yes', 0.4),
      ],
    },
  },
  /** T = 5, one pair that differs in its last word only, one at the first; a unigram reference. */
  'long shared prefixes': {
    world: { words: ['a', 'b'], maxLength: 5, prompts: ['x'] },
    reference: { kind: 'unigram', wordWeights: [2, 1], stop: 0.3 },
    gold: { otherwise: 0, perWord: { a: 0.3, b: -0.2 } },
    preferences: {
      pairs: [
        pair(0, 'a b a b a', 'a b a b b', 2), pair(0, 'a b a b', 'a b a b a'), pair(0, 'a b a', 'b b b b b', 0.5), pair(0, 'b', 'a b a b b', 0.5),
      ],
    },
  },
  /** Smoothing 0: the rejected response and one chosen one are not covered, their conditionals are floored at 1e-12. */
  'no smoothing': {
    world: { words: ['the', 'a', 'cat', 'mat'], maxLength: 2, prompts: ['Where?', 'Who?'] },
    reference: {
      kind: 'corpus', smoothing: 0,
      corpus: [{ prompt: 0, response: 'the mat', weight: 2 }, { prompt: 0, response: 'a mat', weight: 1 }, { prompt: 1, response: 'the cat', weight: 1 }],
    },
    gold: { otherwise: -1, responses: [{ prompt: 0, response: 'the mat', reward: 1 }] },
    preferences: { pairs: [pair(0, 'the mat', 'a mat', 3), pair(0, 'a mat', 'the a'), pair(1, 'a', 'the cat', 0.5)] },
  },
  /** One word. */
  'one word': {
    world: { words: ['ho'], maxLength: 3, prompts: ['Merry?'] },
    reference: { kind: 'corpus', smoothing: 0.2, corpus: [{ prompt: 0, response: 'ho ho', weight: 1 }] },
    gold: { perToken: 0.5 },
    preferences: { pairs: [pair(0, 'ho ho ho', 'ho ho'), pair(0, 'ho ho', '', 0.25)] },
  },
  /** T = 1: every response is one token; a word the reference never says. */
  'one position': {
    world: { words: ['a', 'b', 'c', 'd'], maxLength: 1, prompts: ['1', '2'] },
    reference: { kind: 'unigram', wordWeights: [1, 2, 0, 3], stop: 0.1 },
    gold: { otherwise: 0, responses: [{ prompt: 1, response: 'b', reward: 2 }], perWord: { a: 1, d: -0.5 } },
    preferences: { pairs: [pair(0, 'a', 'b'), pair(0, 'b', 'c', 2), pair(1, '', 'd', 0.7)] },
  },
};
