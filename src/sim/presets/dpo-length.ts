import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { ANSWERS_FILE } from './sampled-preferences.ts';

const { rewardModel: _none, ...ANSWERS } = ANSWERS_FILE;

/** Offline DPO on the same annotators' comparisons, without a reward model, at three length biases. */
export const dpoLength: Preset = {
  id: 'dpo-length',
  ask: 'longest',
  chapter: 7,
  title: msg`DPO lengthens too`,
  question: msg`DPO has no reward model that could be hacked: it trains on the comparisons themselves. Do the answers stay short where the annotator likes long ones?`,
  lookFor: msg`In every seed the answers are the longer, the more the annotator likes length: less than two words without a bias, and between two and a half and three and a half at 0.6 per word.`,
  experiment: presetExperiment({
    ...ANSWERS,
    name: 'DPO lengthens too',
    algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.3 },
    steps: 100,
    sweep: { lengthBias: [0, 0.3, 0.6] },
  }),
};
