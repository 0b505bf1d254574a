/**
 * What a PPO iteration measured on its own samples, under TRL's names; float64, plain arrays.
 */
import type { PpoAlgorithm } from './experiment.ts';
import type { MetricId } from './metrics.ts';
import type { Rollouts } from './rollouts.ts';

/** What one gradient step found before it moved the parameters, [B·T] each; NaN where there is no token. */
export interface PassReading {
  /** 1 where the step's minibatch has the token. */
  seen: Uint8Array;
  /** log π of the drawn token, nats. */
  newLogps: Float64Array;
  /** Entropy of the next token, nats. */
  entropies: Float64Array;
  /** V, reward units; null without a critic. */
  values: Float64Array | null;
}

/**
 * Metrics of one policy's iteration, formulas as in METRICS; those of the value function only with a critic.
 *
 * @param passes  the gradient steps made, at least one
 */
export function ppoMetrics(rollouts: Rollouts, passes: readonly PassReading[], algorithm: PpoAlgorithm): Partial<Record<MetricId, number>> {
  const { used, oldLogps, refLogps, beta } = rollouts;
  const perRollout = (of: (i: number) => number) => sumOver(used, of) / rollouts.rollouts;
  const kl = perRollout((i) => oldLogps[i] - refLogps[i]);
  const score = rollouts.scores.reduce((a, b) => a + b, 0) / rollouts.rollouts;
  const metrics: Partial<Record<MetricId, number>> = {
    'objective/kl': kl,
    'objective/entropy': perRollout((i) => -oldLogps[i]),
    'objective/scores': score,
    'objective/non_score_reward': -beta * kl,
    'objective/rlhf_reward': score - beta * kl,
  };
  for (const pass of passes) {
    for (const [id, value] of Object.entries(passMetrics(rollouts, pass, algorithm)) as [MetricId, number][]) {
      metrics[id] = (metrics[id] ?? 0) + value / passes.length;
    }
  }
  return metrics;
}

/** The metrics that are means over gradient steps, for one of them: means over the tokens it saw. */
function passMetrics(
  { oldLogps, advantages, values: oldValues, returns }: Rollouts, { seen, newLogps, entropies, values }: PassReading, { clipRange, valueClip }: PpoAlgorithm,
): Partial<Record<MetricId, number>> {
  const count = sumOver(seen, () => 1);
  const mean = (of: (i: number) => number) => sumOver(seen, of) / count;
  const ratio = (i: number) => Math.exp(newLogps[i] - oldLogps[i]);
  const plain = (i: number) => -advantages[i] * ratio(i);
  const clipped = (i: number) => -advantages[i] * clip(ratio(i), 1 - clipRange, 1 + clipRange);
  const metrics: Partial<Record<MetricId, number>> = {
    'policy/approxkl_avg': mean((i) => 0.5 * (newLogps[i] - oldLogps[i]) ** 2),
    'policy/clipfrac_avg': mean((i) => (clipped(i) > plain(i) ? 1 : 0)),
    'policy/entropy_avg': mean((i) => entropies[i]),
    'loss/policy_avg': mean((i) => Math.max(plain(i), clipped(i))),
    'val/ratio': mean(ratio),
  };
  if (values) {
    const free = (i: number) => (values[i] - returns[i]) ** 2;
    const held = (i: number) => (clip(values[i], oldValues[i] - valueClip, oldValues[i] + valueClip) - returns[i]) ** 2;
    metrics['loss/value_avg'] = mean((i) => 0.5 * Math.max(free(i), held(i)));
    metrics['val/clipfrac_avg'] = mean((i) => (held(i) > free(i) ? 1 : 0));
  }
  return metrics;
}

function sumOver(used: Uint8Array, of: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < used.length; i++) if (used[i] !== 0) sum += of(i);
  return sum;
}

/** `value` between `low` and `high`; NaN stays NaN. */
function clip(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
