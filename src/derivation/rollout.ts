/**
 * A response as PPO sees it: token by token, with rewards that carry the KL price and a critic that knows the exact values.
 */
import { logSumExp } from '../sim/exact/numerics.ts';
import { pathOf } from '../sim/world.ts';
import type { Setting } from './setting.ts';

/** Every prefix at once, [C]: contexts are the first C of the Y responses. */
interface Prefixes {
  /** log of the mass of all responses that begin with the prefix, nats. */
  logMass: Float64Array;
  refLogMass: Float64Array;
  /** V(c): what is expected from here on, E[r − β·log π/π_ref of the tokens to come], reward units. */
  value: Float64Array;
}

export interface Rollout {
  /** r_t: −β·log π/π_ref of the token, and r(x, y) on top at the last one; [n], reward units. */
  rewards: number[];
  /** V(s_t) before the token, [n], reward units. */
  values: number[];
}

const known = new WeakMap<Setting, Prefixes>();

/** From the longest prefixes to the prompts, each from its children. */
function prefixesOf(setting: Setting): Prefixes {
  const found = known.get(setting);
  if (found) return found;
  const { world, logps, refLogps, rewards, beta } = setting;
  const { levelStart, maxLength, wordCount, tokenCount, contextCount } = world;
  const logMass = new Float64Array(contextCount), refLogMass = new Float64Array(contextCount), value = new Float64Array(contextCount);
  // Of every token: the mass behind it and what it is worth. The last one ends the response: the prefix itself.
  const own = new Float64Array(tokenCount), ref = new Float64Array(tokenCount), worth = new Float64Array(tokenCount);
  const read = (token: number, masses: ArrayLike<number>, refMasses: ArrayLike<number>, values: ArrayLike<number>, node: number): void => {
    own[token] = masses[node]; ref[token] = refMasses[node]; worth[token] = values[node];
  };
  for (let d = maxLength - 1; d >= 0; d--) {
    for (let c = levelStart[d]; c < levelStart[d + 1]; c++) {
      const firstChild = levelStart[d + 1] + (c - levelStart[d]) * wordCount;
      for (let w = 0; w < wordCount; w++) {
        if (d + 1 < maxLength) read(w, logMass, refLogMass, value, firstChild + w);
        else read(w, logps, refLogps, rewards, firstChild + w);
      }
      read(wordCount, logps, refLogps, rewards, c);
      logMass[c] = logSumExp(own);
      refLogMass[c] = logSumExp(ref);
      for (let token = 0; token < tokenCount; token++) {
        const logp = own[token] - logMass[c];
        value[c] += Math.exp(logp) * (worth[token] - beta * (logp - (ref[token] - refLogMass[c])));
      }
    }
  }
  const prefixes = { logMass, refLogMass, value };
  known.set(setting, prefixes);
  return prefixes;
}

/**
 * A response's rewards and values under π_θ, exact.
 *
 *   r_t = −β·log π_θ(y_t|x, y_<t)/π_ref(y_t|x, y_<t) + [t is last]·r(x, y),   V(s_t) = E_π_θ[Σ_(k ≥ t) r_k | s_t]
 *
 * V of the prompt is J_x(π_θ). Source: TRL's PPOTrainer (KL per token, score at the last).
 */
export function rolloutOf(setting: Setting, y: number): Rollout {
  const { world, logps, refLogps, rewards, beta } = setting;
  const { logMass, refLogMass, value } = prefixesOf(setting);
  const contexts = pathOf(world, y).map(({ context }) => context);
  const after = (logs: ArrayLike<number>, masses: ArrayLike<number>, t: number): number => (t + 1 < contexts.length ? masses[contexts[t + 1]] : logs[y]) - masses[contexts[t]];
  return {
    rewards: contexts.map((_, t) => (t + 1 === contexts.length ? rewards[y] : 0) - beta * (after(logps, logMass, t) - after(refLogps, refLogMass, t))),
    values: contexts.map((context) => value[context]),
  };
}
