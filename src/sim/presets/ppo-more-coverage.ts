import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { ONE_PAIR_PPO_FILE } from './ppo-one-pair.ts';

/** Strings nobody wrote, shown to the annotator as well: they lose. */
const SHOWN_AND_BAD = [
  'the the the', 'a a a', 'mat mat mat', 'cat cat cat', 'on on on', 'on mat the', 'the mat on', 'a cat on',
  'cat a on', 'mat on a', 'on on the', 'the on', 'mat', 'cat', '',
];

/** The same reward model and PPO, with pairs that cover bad strings as well. */
export const ppoMoreCoverage: Preset = {
  id: 'ppo-more-coverage',
  ask: 'most',
  chapter: 7,
  title: msg`More coverage`,
  question: msg`“on the mat” now also beats 15 strings nobody wrote; reward model, β and PPO are the same. Does it hold?`,
  lookFor: msg`In every seed “on the mat” ends with more than 99 % of the probability, and the two written sentences together never have less than 98.5 % at any tenth update.`,
  experiment: presetExperiment({
    ...ONE_PAIR_PPO_FILE,
    name: 'PPO with more coverage',
    preferences: { pairs: ['on a mat', ...SHOWN_AND_BAD].map((rejected) => ({ prompt: 0, chosen: 'on the mat', rejected })) },
  }),
};
