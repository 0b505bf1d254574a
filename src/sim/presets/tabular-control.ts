import { presetExperiment } from './preset.ts';
import { THE_THE_THE_FILE } from './the-the-the.ts';
import type { Preset } from './index.ts';

/** The control: the same pair and β, a policy that shares nothing between contexts. */
export const tabularControl: Preset = {
  id: 'tabular-control',
  title: 'Tabular control',
  question: 'Same pair, same β, but every context has its own logits. Will anything leave?',
  lookFor: 'Responses nobody wrote never rise above their level in the reference: without shared weights there is no drift.',
  experiment: presetExperiment({ ...THE_THE_THE_FILE, name: 'tabular control', policy: { kind: 'tabular' } }),
};
