import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { THE_THE_THE_FILE } from './the-the-the.ts';

/** The control: the same pair and β, a policy that shares nothing between contexts. */
export const tabularControl: Preset = {
  id: 'tabular-control',
  ask: 'where',
  chapter: 5,
  title: msg`Tabular control`,
  question: msg`Same pair, same β, but every context has its own logits. Will anything leave?`,
  lookFor: msg`In every seed the total of the responses nobody wrote never rises above its level in the reference (some that begin like the written ones gain a little), and “on the mat” takes what “on a mat” loses.`,
  experiment: presetExperiment({ ...THE_THE_THE_FILE, name: 'tabular control', policy: { kind: 'tabular' } }),
};
