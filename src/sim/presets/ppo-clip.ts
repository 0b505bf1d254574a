import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { ANSWERS_FILE } from './sampled-preferences.ts';

/** PPO in steps so long that the clip is at work in most updates: 4 epochs of 4 minibatches, 2.5 times the learning rate. */
export const ppoClip: Preset = {
  id: 'ppo-clip',
  ask: 'earned',
  chapter: 7,
  title: msg`The clip at work`,
  question: msg`Sixteen gradient steps on the same 64 answers, at 2.5 times the learning rate. What keeps PPO from running off with what it has just seen?`,
  lookFor: msg`Open “The clip” below: in every seed more than 5 % of the tokens are clipped, in at least four of five updates. Set the clip range ε to 10, where it hardly ever acts: over the last 20 updates PPO is then farther from π* on average, in every seed.`,
  experiment: presetExperiment({
    ...ANSWERS_FILE,
    name: 'the clip at work',
    algorithm: { kind: 'ppo', beta: 0.3, epochs: 4, minibatches: 4 },
    optimizer: { kind: 'adam', learningRate: 0.05 },
    steps: 60,
  }),
};
