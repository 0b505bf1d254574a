import type { ExperimentFile } from '../experimentSchema.ts';
import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { THE_THE_THE_FILE } from './the-the-the.ts';

/** "the the the", with pairs drawn from the policy itself every 10 updates and judged by the gold reward. */
export const RESAMPLING_FILE: ExperimentFile = {
  ...THE_THE_THE_FILE,
  name: 'fresh pairs every 10 updates',
  algorithm: { kind: 'online-dpo', loss: 'sigmoid', beta: 0.05, resampleEvery: 10, pairsPerResample: 8, judge: 'gold' },
};

export const resamplingPrevents: Preset = {
  id: 'resampling-prevents',
  ask: 'drift',
  chapter: 6,
  title: msg`Every 10 updates`,
  question: msg`The same pair and the same β as in “the the the”; but every 10 updates the policy answers anew, and its answers are judged. Will the probability still leave?`,
  lookFor: msg`Responses nobody wrote never hold more than 1 % in any seed. The judge has little to catch: most of what is drawn in the end is one sentence twice, and that teaches nothing.`,
  experiment: presetExperiment(RESAMPLING_FILE),
};
