/**
 * Bradley–Terry on pairs, float64: how well scores explain who won, and which way each score has to move.
 */
import { logSigmoid } from './numerics.ts';

/** One policy's pairs as positions in a list of scores; pair b is chosen[b] ≻ rejected[b]. */
export interface ScoredPairs {
  /** [B] each. */
  chosen: Int32Array;
  rejected: Int32Array;
  /** [B], sum 1. */
  weights: Float64Array;
}

/** What scores make of pairs. */
export interface PairFit {
  /** Weighted mean of log σ(s₊ − s₋), nats. */
  logLikelihood: number;
  /** Weighted share of pairs with s₊ > s₋. */
  accuracy: number;
  /** Weighted mean of s₊ − s₋, reward units. */
  margin: number;
}

/** The fit of scores s, [n], to pairs. */
export function pairFit(scores: ArrayLike<number>, { chosen, rejected, weights }: ScoredPairs): PairFit {
  const fit: PairFit = { logLikelihood: 0, accuracy: 0, margin: 0 };
  for (let b = 0; b < weights.length; b++) {
    const z = scores[chosen[b]] - scores[rejected[b]];
    fit.logLikelihood += weights[b] * logSigmoid(z);
    fit.margin += weights[b] * z;
    if (z > 0) fit.accuracy += weights[b];
  }
  return fit;
}

/**
 * Gradient of the Bradley–Terry loss in the scores s.
 *
 *   L(s) = −Σ_b w_b·log σ(s₊ − s₋),   ∂L/∂s₊ = −Σ_b w_b·σ(s₋ − s₊) = −∂L/∂s₋
 *
 * Source: Bradley and Terry 1952; Christiano et al. 2017, eq. 1; Rafailov et al. 2023 (DPO), eq. 2.
 *
 * @returns [n]; exactly 0 for scores that are in no pair
 */
export function pairLossGradient(scores: ArrayLike<number>, { chosen, rejected, weights }: ScoredPairs): Float64Array {
  const gradient = new Float64Array(scores.length);
  for (let b = 0; b < weights.length; b++) {
    const push = weights[b] * Math.exp(logSigmoid(scores[rejected[b]] - scores[chosen[b]]));
    gradient[chosen[b]] -= push;
    gradient[rejected[b]] += push;
  }
  return gradient;
}
