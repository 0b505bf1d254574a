/** What moving one logit of a softmax does to all of its probabilities. */

/**
 * The log of the new normaliser relative to the old one after one logit moved by t, nats.
 *
 *   log Σ_y exp z_y  rises by  log(1 + p·(eᵗ − 1)),   p the probability whose logit moved
 *
 * So every other log-probability falls by it, and the moved one rises by t less it.
 *
 * @param logp  log p before, nats
 */
export function normaliserShift(logp: number, t: number): number {
  return Math.log1p(Math.exp(logp) * Math.expm1(t));
}
