import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { THE_THE_THE_FILE } from './the-the-the.ts';

/** One pair, to read the objective's numbers on. */
export const readingTheObjective: Preset = {
  id: 'reading-the-objective',
  ask: 'ratios',
  chapter: 4,
  title: msg`one pair, read closely`,
  question: msg`What does the loss look at? And what does it not see?`,
  lookFor: msg`Both marks may move to the left, y₊ too: the loss falls as long as they move apart.`,
  experiment: presetExperiment({ ...THE_THE_THE_FILE, name: 'one pair, read closely', seeds: [0] }),
};
