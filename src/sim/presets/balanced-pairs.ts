import { presetExperiment } from './preset.ts';
import { THE_THE_THE_FILE } from './the-the-the.ts';
import type { Preset } from './index.ts';

export const balancedPairs: Preset = {
  id: 'balanced-pairs',
  title: 'Balanced pairs with coverage',
  question: 'x',
  lookFor: 'x',
  experiment: presetExperiment({ ...THE_THE_THE_FILE, name: 'balanced pairs with coverage' }),
};
