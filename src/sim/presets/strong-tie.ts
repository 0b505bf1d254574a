import { presetExperiment } from './preset.ts';
import { THE_THE_THE_FILE } from './the-the-the.ts';
import type { Preset } from './index.ts';

/** The same experiment at β 0.5: the tie to the reference holds. */
export const strongTie: Preset = {
  id: 'strong-tie',
  title: 'The same at β = 0.5',
  question: 'Ten times the β: does the probability still leave?',
  lookFor: 'The loss falls here too, and “on the mat” keeps the probability: the loss alone cannot tell the two runs apart.',
  experiment: presetExperiment({
    ...THE_THE_THE_FILE,
    name: 'the same at β 0.5',
    algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.5 },
  }),
};
