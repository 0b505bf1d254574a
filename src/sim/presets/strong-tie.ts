import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { THE_THE_THE_FILE } from './the-the-the.ts';

/** The same experiment at β 0.5: the probability stays on the written sentences. */
export const strongTie: Preset = {
  id: 'strong-tie',
  ask: 'where',
  chapter: 5,
  title: msg`The same at β = 0.5`,
  question: msg`Ten times the β: does the probability still leave?`,
  lookFor: msg`The loss falls here too, and “on the mat” gets nearly all of the probability: that the loss falls does not tell the two runs apart.`,
  experiment: presetExperiment({
    ...THE_THE_THE_FILE,
    name: 'the same at β 0.5',
    algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.5 },
  }),
};
