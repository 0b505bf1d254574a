/**
 * The same DPO loss, another policy: mass moves from the responses of the pairs to y₀, their ratios kept. Pure.
 *
 *   π_s(y) = (1 − s)·π(y)  for y in a pair,   π_s(y₀) = π(y₀) + s·Σ_{y in a pair} π(y),   all others as they are
 *
 * Every margin h = log π(y₊)/π_ref(y₊) − log π(y₋)/π_ref(y₋) is the same, so the loss is, for every s.
 */
import type { Setting } from '../../derivation/setting.ts';
import { logSumExp } from '../../sim/exact/numerics.ts';

/**
 * A log-probability on a grid of 2⁻⁴⁴ nats (6·10⁻¹⁴). Sums and differences of such numbers below 512 are exact in
 * float64, so what cancels on paper cancels to the last bit, and no rounding has to be explained away.
 */
export function onGrid(logp: number): number {
  return Number.isFinite(logp) ? Math.round(logp * GRID) / GRID : logp;
}
const GRID = 2 ** 44;

/** A setting whose log-probabilities are on the grid. */
export function onGridSetting(setting: Setting): Setting {
  return { ...setting, logps: setting.logps.map(onGrid), refLogps: setting.refLogps.map(onGrid) };
}

/** The responses to y₀'s prompt that are in a pair: their mass is moved. */
export function pairedWith({ pairs, promptOf }: Setting, target: number): number[] {
  const all = new Set(pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]));
  return [...all].filter((y) => promptOf[y] === promptOf[target]);
}

/**
 * The policy after a share s of the pairs' mass has moved to y₀.
 *
 * @param setting  on the grid (`onGridSetting`)
 * @param target   y₀, in no pair
 * @param share    s, in [0, 1)
 * @returns        log π_s(y|x), [Y], nats
 * @throws RangeError when y₀ is in a pair, or the share is not in [0, 1)
 */
export function isoLossPolicy(setting: Setting, target: number, share: number): Float64Array {
  if (!(share >= 0 && share < 1)) throw new RangeError(`isoLossPolicy: share must be in [0, 1), got ${share}`);
  const paired = pairedWith(setting, target);
  if (paired.includes(target)) throw new RangeError(`isoLossPolicy: target must be in no pair, got ${target}`);
  const logps = setting.logps.slice();
  if (share === 0) return logps;
  const kept = onGrid(Math.log1p(-share));
  // In logs: where a run has left all of them with less than e⁻⁷⁴⁵, y₀ still has a log-probability.
  const moved = Math.log(-Math.expm1(kept));
  logps[target] = onGrid(logSumExp([logps[target], ...paired.map((y) => logps[y] + moved)]));
  for (const y of paired) logps[y] += kept;
  return logps;
}
