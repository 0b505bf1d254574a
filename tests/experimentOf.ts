import type { Experiment } from '../src/sim/experiment.ts';
import { readExperiment } from '../src/sim/experimentSchema.ts';

/** An experiment file with its defaults filled in; a wrong one fails the test. */
export function experimentOf(file: Record<string, unknown>): Experiment {
  const read = readExperiment(file);
  if (!read.ok) throw new Error(read.problems.map((problem) => problem.message).join('\n'));
  return read.experiment;
}
