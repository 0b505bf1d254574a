import { msg } from '../msg.ts';
import { EIGHT_SEEDS, presetExperiment, type Preset } from './preset.ts';

/** Three written answers, one of them padded with a word; a judge that gives 1 for every word. */
export const biasedJudge: Preset = {
  id: 'biased-judge',
  ask: 'length',
  chapter: 6,
  title: msg`A judge that likes length`,
  question: msg`“over there” is worth 1, the padded “right over there” half of that; but the judge adds 1 for every word. What will the policy say?`,
  lookFor: msg`In at least 7 of the 8 seeds the mean length ends above 2.9 of 3 words and the gold reward about where it began; an honest judge doubles it.`,
  experiment: presetExperiment({
    version: 1,
    name: 'a judge that likes length',
    world: { words: ['over', 'there', 'right', 'dunno', 'here'], maxLength: 3, prompts: ['Where is the cat?'] },
    reference: {
      kind: 'corpus',
      corpus: ['over there', 'right over there', 'dunno'].map((response) => ({ prompt: 0, response, weight: 1 })),
      smoothing: 0.001,
    },
    gold: {
      responses: [
        { prompt: 0, response: 'over there', reward: 1 }, { prompt: 0, response: 'right over there', reward: 0.5 }, { prompt: 0, response: 'dunno', reward: 0 },
      ],
      otherwise: -2,
    },
    preferences: { pairs: [{ prompt: 0, chosen: 'over there', rejected: 'dunno' }] },
    policy: { kind: 'mlp', hidden: [16] },
    algorithm: { kind: 'online-dpo', loss: 'sigmoid', beta: 0.05, resampleEvery: 10, pairsPerResample: 8, judge: 'gold', judgeLengthBias: 1 },
    optimizer: { kind: 'sgd', learningRate: 1 },
    steps: 400,
    seeds: EIGHT_SEEDS,
  }),
};
