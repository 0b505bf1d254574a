import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { THE_THE_THE_FILE } from './the-the-the.ts';

/** The run of "the the the", read as a reward: one pair says little about 156 responses. */
export const implicitReward: Preset = {
  id: 'implicit-reward',
  ask: 'gap',
  chapter: 3,
  title: msg`One pair compared`,
  question: msg`Which reward does a policy imply? “on the mat” is worth 1 more than “on a mat”, and DPO is told only that it is better. How much better will its policy hold it to be, and what of the 154 others?`,
  lookFor: msg`In every seed the implicit gap of the pair ends at more than four times the true one, and “the the the”, which nobody compared, gets the highest implicit reward of all.`,
  experiment: presetExperiment({ ...THE_THE_THE_FILE, name: 'one pair compared' }),
};
