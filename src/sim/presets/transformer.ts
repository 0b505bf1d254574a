import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { THE_THE_THE_FILE } from './the-the-the.ts';

/** The top of the policy ladder: one attention block drifts too, at a smaller β and later. */
export const transformer: Preset = {
  id: 'transformer',
  ask: 'collapsed',
  chapter: 5,
  title: msg`A tiny transformer`,
  question: msg`One attention block instead of the small network, and a fifth of the β. Does it keep to the sentences?`,
  lookFor: msg`It does not: at least 6 of the 8 seeds end with 90 % or more on responses nobody wrote, and one of these is on top; which one differs from seed to seed.`,
  experiment: presetExperiment({
    ...THE_THE_THE_FILE,
    name: 'a tiny transformer',
    policy: { kind: 'transformer' },
    algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.01 },
    steps: 1600,
  }),
};
