import { msg } from '../msg.ts';
import { EIGHT_SEEDS, presetExperiment, type Preset } from './preset.ts';

/** Sentences of the reference's data, with their weight. */
const WRITTEN: readonly (readonly [string, number])[] = [['on the mat', 4], ['on a mat', 4], ['on the cat', 2], ['on a cat', 2], ['the mat', 1], ['a mat', 1]];

/** Two prompts with the same reference and opposite favourites, 156 responses each: J falls apart into one hill per prompt. */
export const twoQuestions: Preset = {
  id: 'two-questions',
  ask: 'half',
  chapter: 2,
  title: msg`Two questions`,
  question: msg`Two prompts with 156 responses each, one reference, and what is right for one is only half right for the other. Will the policy answer them differently?`,
  lookFor: msg`J rises at every update. Each prompt has its own Z and its own π*: “on the mat” wins the first, “on a mat” the second.`,
  experiment: presetExperiment({
    version: 1,
    name: 'two questions',
    world: { words: ['the', 'a', 'cat', 'mat', 'on'], maxLength: 3, prompts: ['Where is the cat?', 'Where can it sleep?'] },
    reference: {
      kind: 'corpus',
      corpus: [0, 1].flatMap((prompt) => WRITTEN.map(([response, weight]) => ({ prompt, response, weight }))),
      smoothing: 0.02,
    },
    gold: {
      responses: [
        { prompt: 0, response: 'on the mat', reward: 1 }, { prompt: 0, response: 'on a mat', reward: 0.5 }, { prompt: 0, response: 'the mat', reward: 0.5 },
        { prompt: 1, response: 'on a mat', reward: 1 }, { prompt: 1, response: 'on the mat', reward: 0.5 }, { prompt: 1, response: 'a mat', reward: 0.5 },
      ],
      otherwise: -1,
    },
    preferences: { pairs: [{ prompt: 0, chosen: 'on the mat', rejected: 'on a mat' }, { prompt: 1, chosen: 'on a mat', rejected: 'on the mat' }] },
    policy: { kind: 'tabular' },
    algorithm: { kind: 'exact', beta: 0.5 },
    optimizer: { kind: 'adam', learningRate: 0.05 },
    steps: 200,
    seeds: EIGHT_SEEDS,
  }),
};
