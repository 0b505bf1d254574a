/**
 * Less and less support: the reference's probability of y₀ is another one, all other responses to its prompt are
 * rescaled, their ratios kept. Pure.
 */
import type { Setting } from '../../derivation/setting.ts';
import { klDivergence } from '../../sim/exact/estimators.ts';
import { optimalPolicy } from '../../sim/exact/optimal.ts';
import { dpoLoss } from '../../derivation/objective.ts';
import { onGrid } from './isoLoss.ts';

/**
 * A setting whose reference gives y₀ the probability q.
 *
 *   π_ref(y₀) = q,   π_ref(y) = π_ref(y)·(1 − q)/(1 − π_ref(y₀))  for all other responses to the prompt
 *
 * @param setting  on the grid (`onGridSetting`)
 * @param q        in [0, 1); 0 makes log π_ref(y₀) −∞
 * @throws RangeError when q is not in [0, 1), or y₀ has all the reference's probability
 */
export function withSupport(setting: Setting, target: number, q: number): Setting {
  if (!(q >= 0 && q < 1)) throw new RangeError(`withSupport: q must be in [0, 1), got ${q}`);
  const rest = -Math.expm1(setting.refLogps[target]);
  if (!(rest > 0)) throw new RangeError(`withSupport: target must leave some probability to the others, got ${Math.exp(setting.refLogps[target])}`);
  const factor = onGrid(Math.log1p(-q) - Math.log(rest));
  const { promptOf } = setting;
  const refLogps = setting.refLogps.map((logp, y) => (promptOf[y] === promptOf[target] ? logp + factor : logp));
  refLogps[target] = Math.log(q);
  return { ...setting, refLogps };
}

export interface SupportReading {
  /** log π*(y₀), nats; −∞ at q = 0. */
  optimalLogp: number;
  /** log π(y₀)/π_ref(y₀), nats; null at q = 0, where there is none. */
  logRatio: number | null;
  /** KL(π‖π_ref), nats; null at q = 0. */
  kl: number | null;
  /** The DPO loss of the pairs, nats. */
  loss: number;
}

/**
 * What is read at q for a fixed policy.
 *
 * @param logps  log π(y|x), [Y], nats, with π(y₀) > 0
 */
export function readSupport(setting: Setting, logps: Float64Array, target: number, q: number): SupportReading {
  const thin = withSupport(setting, target, q);
  const { world, refLogps, rewards, beta } = thin;
  return {
    optimalLogp: optimalPolicy(world, refLogps, rewards, beta).logps[target],
    logRatio: q > 0 ? logps[target] - refLogps[target] : null,
    kl: q > 0 ? klDivergence(world, logps, refLogps) : null,
    loss: dpoLoss(thin, logps),
  };
}
