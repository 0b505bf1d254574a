/** Python of the experiment, and of how exactly its run must be met. */
import { minimalExperiment } from '../../experimentPrint.ts';
import type { Sensitivity } from '../recording.ts';
import { LEAST, SAFETY, worstUntil } from '../tolerance.ts';
import type { Facts } from './facts.ts';
import { BACKENDS } from './header.ts';
import { pythonLiteral } from './literal.ts';

export function experimentPart(facts: Facts): string {
  const { recording, samples, schedule, tolerance: { probability, relative, logp, until }, cut } = facts;
  const worst = (kind: keyof Sensitivity) => worstUntil(recording, until, kind).toExponential(1);
  return `
# ----------------------------------------------------------------------------------------------- the experiment

# As the lab's files have it: what is left out has its default there, or no effect here.
EXPERIMENT = ${pythonLiteral(readableExperiment(facts))}
${schedule ? `
# Knobs that were changed while the run went on.
CHANGES = ${pythonLiteral(recording.changes.map(({ step, ...knobs }) => ({ after: step, ...knobs })))}
` : ''}
# The updates after which the lab recorded its metrics.
RECORDED_STEPS = ${pythonLiteral(recording.steps)}
RECORDED_AT = {update: place for place, update in enumerate(RECORDED_STEPS)}

# How far each policy may be from the lab's: probabilities in absolute terms, everything else relative to the larger of 1 and
# the recorded number, log-probabilities of single responses at the end by a measure of their own.${samples ? '\n# A uniform number as close to a boundary as probabilities may be off may have been on its other side in the lab.' : ''}
# The lab trains in float32, this script in float64. The least that is allowed is ${LEAST[recording.experiment.optimizer.kind]} for ${recording.experiment.optimizer.kind === 'adam' ? 'Adam, which divides a gradient\n# by its size, so that one that is nearly 0 is all rounding' : 'plain gradient descent'}.
# What rounding does in this very run was measured: ${recording.twinBackends.length} more runs in other arithmetic (${[...new Set(recording.twinBackends)].map((name) => BACKENDS[name]).join(' and ')}; every
# number of the start moved by up to one unit in its last place) were off by up to ${worst('probability')} in probabilities, ${worst('logp')} in
# log-probabilities and ${worst('relative')} in the rest${cut ? ', as far as the policies are compared' : ''}.
# Allowed are ${SAFETY} times what the runs of the same policy were off, where that is more.
PROBABILITY = ${pythonLiteral(probability)}
LOG_PROBABILITY = ${pythonLiteral(logp)}
RELATIVE = ${pythonLiteral(relative)}
${cut ? `
# Some policies went elsewhere in those runs: there rounding alone decides, and no other arithmetic follows the lab's. So each
# policy is trained and compared up to the update given here.
COMPARED_UNTIL = ${pythonLiteral(until)}
` : ''}`;
}

/** The experiment without what equals a default or has no effect, but with all that the script reads. */
function readableExperiment({ experiment, knobs, minibatches }: Facts): unknown {
  const { algorithm, optimizer, policy, seeds, steps, preferences, name } = experiment;
  const { world, reference, gold, rewardModel, preferences: given } = minimalExperiment(experiment);
  const own = { kind: algorithm.kind, ...('loss' in algorithm ? { loss: algorithm.loss } : {}) };
  const read = Object.fromEntries(knobs.map((key) => [key, algorithm[key as keyof typeof algorithm]]));
  const online = algorithm.kind !== 'online-dpo' ? {} : {
    resampleEvery: algorithm.resampleEvery, pairsPerResample: algorithm.pairsPerResample, judge: algorithm.judge,
    judgeTemperature: algorithm.judgeTemperature, judgeLengthBias: algorithm.judgeLengthBias,
  };
  // A key that is undefined is not written.
  return {
    version: 1, name, world, reference, gold,
    preferences: 'sampled' in preferences ? { sampled: preferences.sampled } : given,
    policy, rewardModel,
    algorithm: { ...own, ...read, ...(minibatches && 'batch' in algorithm ? { batch: algorithm.batch } : {}), ...online },
    optimizer, steps, seeds,
    sweep: experiment.sweep,
  };
}
