/**
 * Which value of a hyperparameter each policy of the population has.
 */
import type { Experiment, PolicyMember, SweepKey } from '../../experiment.ts';

/** [R] values of one knob: the swept value where it is swept, else the experiment's. */
export function knobValues(experiment: Experiment, members: readonly PolicyMember[], key: SweepKey): number[] {
  const common = commonValue(experiment, key);
  return members.map((member) => member.swept[key] ?? common);
}

function commonValue(experiment: Experiment, key: SweepKey): number {
  if (key === 'learningRate') return experiment.optimizer.learningRate;
  const { algorithm } = experiment;
  if (key === 'beta') return algorithm.beta;
  if (key === 'resampleEvery') return algorithm.kind === 'online-dpo' ? algorithm.resampleEvery : 0;
  if (key === 'lengthBias') return 'sampled' in experiment.preferences ? experiment.preferences.sampled.lengthBias : 0;
  return algorithm.kind === 'dpo' || algorithm.kind === 'online-dpo' ? algorithm[key] : 0;
}
