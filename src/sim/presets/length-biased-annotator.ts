import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { ANSWERS_FILE } from './sampled-preferences.ts';

/** The same annotator, who also likes long answers. */
export const lengthBiasedAnnotator: Preset = {
  id: 'length-biased-annotator',
  ask: 'word',
  chapter: 1,
  title: msg`An annotator who likes long answers`,
  question: msg`The truth takes a quarter off for every word; the annotator adds 0.6 for it. What will the reward model believe?`,
  lookFor: msg`In every seed a word more is worth 0.5 to 0.7 to the reward model, and its optimum writes nearly four words, where the optimum of the truth writes one.`,
  experiment: presetExperiment({
    ...ANSWERS_FILE,
    name: 'an annotator who likes long answers',
    preferences: { sampled: { count: 1000, labels: 'bradley-terry', lengthBias: 0.6 } },
  }),
};
