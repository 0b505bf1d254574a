/** The Lagrangian's gradient in one probability, by finite differences. */
import { derivative } from './finiteDifferences.ts';
import type { Setting } from './setting.ts';

/** Step of the finite differences, as a share of the probability. */
const STEP = 0.01;

/**
 * ∂L/∂π(y₀|x) from the Lagrangian's terms in π(y₀|x) alone: the others do not change.
 * In units of the probability itself, π(y₀|x) = s·p, so that one of e^−500 can be varied too.
 *
 *   f(s) = s·[ r + λ − β·(log p/π_ref + log s) ] = (terms in π(y₀|x))/p,   f'(1) = ∂L/∂π(y₀|x)
 *
 * @param logps   log π(y|x), [Y], nats
 * @param lambda  λ(x), [X], reward units
 * @returns       reward units
 */
export function lagrangianDerivative({ rewards, refLogps, beta, promptOf }: Setting, logps: Float64Array, lambda: Float64Array, y: number): number {
  const logRatio = logps[y] - refLogps[y];
  return derivative((s) => s * (rewards[y] + lambda[promptOf[y]] - beta * (logRatio + Math.log(s))), 1, STEP);
}

/** Largest number that is added up in the gradient, reward units. */
export function gradientScale({ rewards, refLogps, beta, promptOf }: Setting, logps: Float64Array, lambda: Float64Array, y: number): number {
  return Math.max(Math.abs(rewards[y]), beta * Math.abs(logps[y] - refLogps[y]), Math.abs(lambda[promptOf[y]]));
}
