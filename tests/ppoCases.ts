/** Small PPO experiments, and what their tests read of a run. */
import type { Experiment } from '../src/sim/experiment.ts';
import { metricIndex, type MetricId } from '../src/sim/metrics.ts';
import type { Measurement } from '../src/sim/run.ts';
import type { PpoIteration } from '../src/sim/worker/protocol.ts';
import { experimentOf } from './experimentOf.ts';

export const TABULAR = { kind: 'tabular' };
export const MLP = { kind: 'mlp', hidden: [6] };
export const ADAM = { kind: 'adam', learningRate: 0.01 };

/** Two prompts, two words, T = 2: 6 contexts, 3 tokens each. */
const SMALL = {
  world: { words: ['good', 'bad'], maxLength: 2, prompts: ['x', 'y'] },
  reference: { kind: 'unigram', wordWeights: [0.4, 0.6], stop: 0.3 },
  gold: { otherwise: 0, containsWord: { good: 1 }, perWord: { bad: -1 }, perToken: 0.1 },
  preferences: { pairs: [{ prompt: 0, chosen: 'good', rejected: 'bad' }] },
  seeds: [0, 1],
};

/** The small experiment with these PPO fields. */
export function small(algorithm: Record<string, unknown>, overrides: Record<string, unknown> = {}): Experiment {
  return experimentOf({
    ...SMALL, policy: TABULAR, optimizer: ADAM, ...overrides,
    algorithm: { kind: 'ppo', beta: 0.2, rolloutBatch: 16, ...algorithm },
  });
}

/** Whether PPO reaches π*: the unigram world of T = 4, gold reward, β 0.3. */
export function optimumCase(policy: Record<string, unknown>, valueCoef: number): Experiment {
  return experimentOf({
    world: { words: ['good', 'ok', 'bad', 'very'], maxLength: 4, prompts: ['How was it?'] },
    reference: { kind: 'unigram', wordWeights: [0.25, 0.35, 0.25, 0.15], stop: 0.35 },
    gold: { otherwise: 0, containsWord: { good: 1 }, perWord: { bad: -1 } },
    preferences: { pairs: [{ prompt: 0, chosen: 'good', rejected: 'bad' }] },
    policy, optimizer: ADAM, algorithm: { kind: 'ppo', beta: 0.3, rolloutBatch: 64, valueCoef }, steps: 300, seeds: [0, 1, 2, 3],
  });
}

/** A metric of every policy, [R]. */
export function metricOf({ metrics, logps }: Measurement, id: MetricId): number[] {
  const policies = logps.length;
  return Array.from(metrics.subarray(metricIndex(id) * policies, (metricIndex(id) + 1) * policies));
}

/** The last iteration of every policy of a PPO run that has made one, [R]. */
export function iterationsOf({ iterations }: Measurement): PpoIteration[] {
  return iterations.map((iteration) => {
    if (!iteration) throw new Error('no iteration');
    return iteration;
  });
}
