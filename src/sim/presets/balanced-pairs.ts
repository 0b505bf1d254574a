import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { THE_THE_THE_FILE } from './the-the-the.ts';

/** Four written sentences: each of "the" and "a" wins once and loses once. */
const WRITTEN = ['on the mat', 'on a mat', 'on a cat', 'on the cat'];
const WINNERS = ['on the mat', 'on a cat'];
/** Strings nobody wrote, shown to the annotator as well: they lose. */
const SHOWN_AND_BAD = [
  'the the the', 'a a a', 'mat mat mat', 'cat cat cat', 'on on on', 'on mat the', 'the mat on', 'a cat on',
  'cat a on', 'mat on a', 'on on the', 'the on', 'mat', 'cat', '',
];

/** No new loss: the written pairs do not favour “the” or “a”, and some bad strings are covered by further pairs. */
export const balancedPairs: Preset = {
  id: 'balanced-pairs',
  ask: 'most',
  chapter: 5,
  title: msg`Balanced pairs with coverage`,
  question: msg`Among the written sentences “the” and “a” win as often as they lose, and some bad strings are in the data. Same β, same network: does it hold?`,
  lookFor: msg`The two winners share nearly all of the probability at the end, and responses nobody wrote never hold more than 1 % in any seed.`,
  experiment: presetExperiment({
    ...THE_THE_THE_FILE,
    name: 'balanced pairs with coverage',
    reference: { kind: 'corpus', corpus: WRITTEN.map((response) => ({ prompt: 0, response, weight: 1 })), smoothing: 0.001 },
    gold: {
      responses: WRITTEN.map((response) => ({ prompt: 0, response, reward: WINNERS.includes(response) ? 1 : 0 })),
      otherwise: -2,
    },
    preferences: {
      pairs: [
        { prompt: 0, chosen: 'on the mat', rejected: 'on a mat' },
        { prompt: 0, chosen: 'on a cat', rejected: 'on the cat' },
        ...WINNERS.flatMap((chosen) => SHOWN_AND_BAD.map((rejected) => ({ prompt: 0, chosen, rejected }))),
      ],
    },
  }),
};
