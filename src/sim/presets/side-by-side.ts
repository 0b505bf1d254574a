import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { HARMLESSNESS_FILE } from './tasks.ts';
import { THE_THE_THE_FILE } from './the-the-the.ts';

/** "the the the", and what else could be done with the same reference, reward and β. */
export const sideBySide: Preset = {
  id: 'side-by-side',
  ask: 'nearest',
  chapter: 8,
  title: msg`Four ways from one reference`,
  question: msg`The same reference, the same β. One method learns from one pair, two ask about what they say themselves, one computes the gradient exactly. Who ends near π*?`,
  lookFor: msg`Offline DPO has more than half of its probability on strings nobody wrote in at least 5 of 8 seeds; online DPO, PPO and the exact gradient keep at least 98 % on the written sentences in every seed, and end within 0.5 nats of π*.`,
  experiment: presetExperiment({ ...THE_THE_THE_FILE, name: 'four ways from one reference', steps: 300 }),
  methods: ['dpo', 'online-dpo', 'ppo', 'exact'],
};

/** All that needs a judge, with the true one and with one learned from the same 64 pairs. */
export const sixMethods: Preset = {
  id: 'six-methods',
  ask: 'earns',
  chapter: 8,
  title: msg`Six methods, true and learned judge`,
  question: msg`Online DPO and PPO, once with the true reward and once with a reward model fitted to the 64 pairs that offline DPO learns from. What does the learned judge cost?`,
  lookFor: msg`With the true reward, online DPO and PPO end nearer to π* than offline DPO in every seed. PPO with the learned reward earns less gold reward than with the true one in every seed.`,
  experiment: presetExperiment({ ...HARMLESSNESS_FILE, name: 'six methods', steps: 120 }),
  methods: ['dpo', 'online-dpo', 'ppo', 'online-dpo-rm', 'ppo-rm', 'exact'],
};
