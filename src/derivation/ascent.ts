/** Exact gradient ascent of the RLHF objective, float64: no sampling, no optimiser's memory. */
import { klTerm } from '../sim/exact/numerics.ts';
import { logSumOverResponses, sumOverResponses, type Setting } from './setting.ts';

/**
 * The path of gradient ascent in the logits of a softmax over the responses of every prompt.
 *
 *   ∂J_x/∂θ_y = π(y|x)·[ q(y) − Σ_y' π(y'|x) q(y') ],   q(y) = r(x, y) − β·log π(y|x)/π_ref(y|x)
 *
 * Every prompt climbs its own J_x, so its path does not depend on how many prompts there are. It ends at π*, where
 * all q are equal; a response of probability 0 stays there, because its logit has no gradient.
 *
 * Source: Williams 1992, in expectation. Derivation steps: `rlhf-objective`, `optimal-value`.
 *
 * @param from   log-probabilities of the start, [Y], nats; −∞ allowed, not for all of a prompt; normalised again
 * @param options.rate   step length of one update, > 0; above about 2/(largest |r| + β) it may overshoot
 * @param options.steps  updates, a whole number ≥ 0
 * @returns  log-probabilities of the start and after every update, `steps + 1` arrays [Y], nats
 * @throws RangeError when rate or steps is out of range, or `from` does not have one entry per response
 */
export function ascentPath(setting: Setting, from: Float64Array, { rate, steps }: { rate: number; steps: number }): Float64Array[] {
  const { world, promptOf, rewards, refLogps, beta } = setting;
  if (!(rate > 0 && Number.isFinite(rate))) throw new RangeError(`ascentPath: rate must be a finite number > 0, got ${rate}`);
  if (!(Number.isInteger(steps) && steps >= 0)) throw new RangeError(`ascentPath: steps must be a whole number ≥ 0, got ${steps}`);
  if (from.length !== world.responseCount) throw new RangeError(`ascentPath: from must have ${world.responseCount} entries, one per response, got ${from.length}`);
  const softmax = (logits: Float64Array): Float64Array => {
    const totals = logSumOverResponses(setting, (y) => logits[y]);
    return logits.map((logit, y) => logit - totals[promptOf[y]]);
  };
  const path = [softmax(from)];
  for (let step = 0; step < steps; step++) {
    const logps = path[step];
    const value = sumOverResponses(setting, (y) => Math.exp(logps[y]) * rewards[y] - beta * klTerm(logps[y], refLogps[y]));
    path.push(softmax(logps.map((logp, y) => (
      logp + rate * (Math.exp(logp) * (rewards[y] - value[promptOf[y]]) - beta * klTerm(logp, refLogps[y]))
    ))));
  }
  return path;
}
