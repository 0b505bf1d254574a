/** The experiment as a file for the reader to keep. */
import { focusBeta } from '../../sim/focus.ts';
import { printExperiment } from '../../sim/experimentSchema.ts';
import type { RunStore } from '../../sim/runStore.ts';
import type { LabStore } from '../labStore.ts';
import { download } from './download.ts';

export function saveExperiment(run: RunStore, lab: LabStore): void {
  const { focus } = run.getState();
  const { base: experiment } = lab.getState();
  const name = experiment.name.trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  // In a sweep the β that is shown is the experiment's own, so that opening the file shows it again.
  const kept = experiment.sweep?.beta ? { ...experiment, algorithm: { ...experiment.algorithm, beta: focusBeta(experiment, focus) } } : experiment;
  download(`${name || 'experiment'}.json`, printExperiment(kept));
}
