import { msg } from '../msg.ts';
import { EVERY_PAIR_FILE, everyPairOf, TEA_REWARDS } from './every-pair.ts';
import { presetExperiment, type Preset } from './preset.ts';

/** What every response to the second prompt is worth more than to the first. */
export const GENEROSITY = 2;

const GENEROUS = Object.fromEntries(Object.entries(TEA_REWARDS).map(([response, reward]) => [response, reward + GENEROSITY]));
const WRITTEN = { yes: 4, no: 3, 'yes thanks': 1, 'no thanks': 1 };

/** Two prompts whose rewards differ by a constant: no comparison within a prompt can tell. */
export const generousPrompt: Preset = {
  id: 'generous-prompt',
  ask: 'optimum',
  chapter: 3,
  title: msg`A prompt where all is worth 2 more`,
  question: msg`Which reward does a policy imply? To the second question every answer is worth 2 more than to the first. Answers are compared to the same question only. Will the policy notice?`,
  lookFor: msg`It does not. In every seed the two questions end on two lines 2 apart, to within 0.05, with the same implicit rewards: only β log Z differs, and it is in no pair.`,
  experiment: presetExperiment({
    ...EVERY_PAIR_FILE,
    name: 'a prompt where all is worth 2 more',
    world: { words: ['yes', 'no', 'thanks'], maxLength: 2, prompts: ['Would you like some tea?', 'Would you like some cake?'] },
    reference: {
      kind: 'corpus',
      corpus: [0, 1].flatMap((prompt) => Object.entries(WRITTEN).map(([response, weight]) => ({ prompt, response, weight }))),
      smoothing: 0.1,
    },
    gold: {
      responses: [TEA_REWARDS, GENEROUS].flatMap((rewards, prompt) => Object.entries(rewards).map(([response, reward]) => ({ prompt, response, reward }))),
      otherwise: 0,
    },
    preferences: { pairs: [...everyPairOf(TEA_REWARDS), ...everyPairOf(GENEROUS, 1)] },
    policy: { kind: 'mlp', hidden: [16] },
    optimizer: { kind: 'adam', learningRate: 0.01 },
    steps: 500,
  }),
};
