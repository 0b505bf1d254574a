import { msg } from '../msg.ts';
import { EIGHT_SEEDS, presetExperiment, type Preset } from './preset.ts';

const WAYS = ['turn', 'go'];

/** The reference was fitted to the chosen sentences alone, as after supervised training on them: they can hardly rise. */
export const chosenFalls: Preset = {
  id: 'chosen-falls',
  ask: 'ratios',
  chapter: 5,
  title: msg`The chosen reward falls`,
  question: msg`The reference says the two chosen sentences and hardly anything else. DPO sets each beside its opposite. Will they become more probable still?`,
  lookFor: msg`In every seed the implicit reward of the chosen sentences ends below 0, while every pair is ranked right and the gap grows. They still hold at least 70 %: a falling chosen reward alone is no collapse.`,
  experiment: presetExperiment({
    version: 1,
    name: 'the chosen reward falls',
    world: { words: ['turn', 'go', 'left', 'right', 'here'], maxLength: 3, prompts: ['How do I get there?'] },
    reference: { kind: 'corpus', corpus: WAYS.map((way) => ({ prompt: 0, response: `${way} left here`, weight: 1 })), smoothing: 0.001 },
    gold: {
      responses: WAYS.flatMap((way) => [{ prompt: 0, response: `${way} left here`, reward: 1 }, { prompt: 0, response: `${way} right here`, reward: 0 }]),
      otherwise: -2,
    },
    preferences: { pairs: WAYS.map((way) => ({ prompt: 0, chosen: `${way} left here`, rejected: `${way} right here` })) },
    policy: { kind: 'mlp', hidden: [16] },
    algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.1 },
    optimizer: { kind: 'sgd', learningRate: 1 },
    steps: 600,
    seeds: EIGHT_SEEDS,
  }),
};
