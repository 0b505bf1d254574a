/**
 * The KL-regularised optimum in closed form, float64.
 */
import type { World } from '../world.ts';
import { forEachResponse } from './forest.ts';

export interface OptimalPolicy {
  /** log π*(y|x), [Y]. */
  logps: Float64Array;
  /** log Z(x), [X]. */
  logZ: Float64Array;
}

/**
 * The policy that maximises E_π[r] − β·KL(π‖π_ref) for every prompt.
 *
 *   π*(y|x) = π_ref(y|x)·exp(r(x,y)/β) / Z(x),   Z(x) = Σ_y π_ref(y|x)·exp(r(x,y)/β),   J(π*) = β·log Z(x)
 *
 * Source: Rafailov et al. 2023 (DPO), eq. 4.
 *
 * @param refLogps  log π_ref(y|x), [Y], nats; −∞ allowed (π* is 0 there)
 * @param rewards   r(x, y), [Y], reward units, finite
 * @param beta      > 0, reward units per nat
 * @throws RangeError when beta is not a positive finite number
 */
export function optimalPolicy(world: World, refLogps: Float64Array, rewards: Float64Array, beta: number): OptimalPolicy {
  if (!(beta > 0 && Number.isFinite(beta))) throw new RangeError(`optimalPolicy: beta must be a finite number > 0, got ${beta}`);
  const logps = refLogps.map((logp, y) => logp + rewards[y] / beta);
  const max = new Float64Array(world.promptCount).fill(-Infinity);
  forEachResponse(world, (y, x) => { if (logps[y] > max[x]) max[x] = logps[y]; });
  const sum = new Float64Array(world.promptCount);
  forEachResponse(world, (y, x) => { sum[x] += Math.exp(logps[y] - max[x]); });
  const logZ = max.map((m, x) => m + Math.log(sum[x]));
  forEachResponse(world, (y, x) => { logps[y] -= logZ[x]; });
  return { logps, logZ };
}
