/**
 * Exact expectations over the whole response space, float64. All are averaged over prompts
 * with equal weight, and none is sampled.
 */
import type { World } from '../world.ts';
import { forEachResponse } from './forest.ts';
import { klTerm } from './numerics.ts';

/** Mean over prompts of KL(p‖q) = Σ_y p(y|x)·log p(y|x)/q(y|x), nats; from logs, [Y] each. */
export function klDivergence(world: World, logP: Float64Array, logQ: Float64Array): number {
  let sum = 0;
  for (let y = 0; y < logP.length; y++) sum += klTerm(logP[y], logQ[y]);
  return sum / world.promptCount;
}

/** Mean over prompts of E_p[f] = Σ_y p(y|x)·f(x,y). */
export function expectation(world: World, logP: Float64Array, f: ArrayLike<number>): number {
  let sum = 0;
  for (let y = 0; y < logP.length; y++) sum += Math.exp(logP[y]) * f[y];
  return sum / world.promptCount;
}

/** Mean over prompts of the entropy −Σ p log p, nats. */
export function entropy(world: World, logP: Float64Array): number {
  let sum = 0;
  for (let y = 0; y < logP.length; y++) if (logP[y] !== -Infinity) sum -= Math.exp(logP[y]) * logP[y];
  return sum / world.promptCount;
}

/** Mean over prompts of the expected number of words E_p|y|. */
export function meanLength(world: World, logP: Float64Array): number {
  let sum = 0;
  forEachResponse(world, (y, _x, length) => { sum += Math.exp(logP[y]) * length; });
  return sum / world.promptCount;
}

/** Mean over prompts of the mass of each group, [groupCount]; groups[y] is y's group. */
export function groupMasses(world: World, logP: Float64Array, groups: Uint8Array, groupCount = 4): Float64Array {
  const masses = new Float64Array(groupCount);
  for (let y = 0; y < logP.length; y++) masses[groups[y]] += Math.exp(logP[y]);
  return masses.map((mass) => mass / world.promptCount);
}
