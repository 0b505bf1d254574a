import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { THE_THE_THE_FILE } from './the-the-the.ts';

/** A reward model of word counts on the one pair of "the the the". */
export const onePairReward: Preset = {
  id: 'one-pair-reward',
  ask: 'where',
  chapter: 1,
  title: msg`One pair, 156 responses`,
  question: msg`“on the mat” beats “on a mat”: all that the reward model is told. Which of the 156 responses will it reward most?`,
  lookFor: msg`“the the the”, which is in no pair, gets the highest reward in every seed, and the optimum of that reward puts more than 99 % on it. The pair is ranked right all the while.`,
  experiment: presetExperiment({
    ...THE_THE_THE_FILE,
    name: 'one pair, 156 responses',
    rewardModel: { kind: 'linear' },
    algorithm: { kind: 'reward-model', beta: 0.1 },
    optimizer: { kind: 'adam', learningRate: 0.02 },
    steps: 300,
  }),
};
