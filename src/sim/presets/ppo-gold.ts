import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { ANSWERS_FILE } from './sampled-preferences.ts';

/** PPO on the gold reward: it knows of the reward what its own samples tell. */
export const ppoGold: Preset = {
  id: 'ppo-gold',
  ask: 'optimum',
  chapter: 7,
  title: msg`PPO on the true reward`,
  question: msg`PPO sees the reward of 64 answers of its own at a time. How near does it come to π*?`,
  lookFor: msg`In every seed PPO ends within 0.1 nats of π*, with a true reward at most 0.05 below the best.`,
  experiment: presetExperiment({ ...ANSWERS_FILE, name: 'PPO on the true reward', algorithm: { kind: 'ppo', beta: 0.3 }, steps: 100 }),
};
