import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { RESAMPLING_FILE } from './resampling-prevents.ts';

/** From every update to never, 8 seeds each, as one population. */
export const resamplingSweep: Preset = {
  id: 'resampling-sweep',
  ask: 'rate',
  chapter: 6,
  title: msg`From every update to never`,
  question: msg`Six rates, the same eight seeds at each: how rarely may the policy be asked before the probability leaves?`,
  lookFor: msg`The rarer the draws, the higher the peak (the median over the seeds): at most 1 % up to every 10 updates, more than half without any draw.`,
  experiment: presetExperiment({
    ...RESAMPLING_FILE,
    name: 'from every update to never',
    sweep: { resampleEvery: [1, 10, 50, 100, 200, 1_000_000] },
  }),
};
