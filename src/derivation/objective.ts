/**
 * What the two objectives and their gradients are for any policy, exactly: for live pictures beside the derivation.
 */
import { klDivergence, expectation } from '../sim/exact/estimators.ts';
import { klTerm, logSigmoid } from '../sim/exact/numerics.ts';
import { sumOverResponses, type Setting } from './setting.ts';

export interface Objective {
  /** J = E[r] − β·KL, reward units. */
  value: number;
  /** E[r], reward units. */
  reward: number;
  /** KL(π‖π_ref), nats. */
  kl: number;
}

/**
 * The RLHF objective of a policy, averaged over prompts with equal weight.
 *
 *   J(π) = mean_x [ Σ_y π(y|x) r(x, y) − β·KL(π(·|x)‖π_ref(·|x)) ]
 *
 * Source: Rafailov et al. 2023, eq. 3. Derivation step: `rlhf-objective`.
 *
 * @param logps  log π(y|x), [Y], nats; normalised for every prompt, −∞ allowed
 */
export function objectiveOf({ world, refLogps, rewards, beta }: Setting, logps: Float64Array): Objective {
  const reward = expectation(world, logps, rewards);
  const kl = klDivergence(world, logps, refLogps);
  return { value: reward - beta * kl, reward, kl };
}

/**
 * The Lagrangian's gradient in every probability, its multiplier chosen so that the π-weighted mean is 0 for every prompt:
 * the direction in which mass gains, 0 for all responses exactly at π*.
 *
 *   ∂L/∂π(y₀|x) = r(x, y₀) − β·[1 + log π(y₀|x)/π_ref(y₀|x)] + λ(x)
 *
 * Source: the Lagrangian of Rafailov et al. 2023, eq. 3. Derivation step: `lagrangian-gradient`.
 *
 * @param logps  log π(y|x), [Y], nats; normalised for every prompt, −∞ allowed
 * @returns      [Y], reward units; +∞ where π is 0
 */
export function lagrangianGradient(setting: Setting, logps: Float64Array): Float64Array {
  const { refLogps, rewards, beta, promptOf } = setting;
  const mean = sumOverResponses(setting, (y) => Math.exp(logps[y]) * (rewards[y] - beta) - beta * klTerm(logps[y], refLogps[y]));
  return rewards.map((reward, y) => reward - beta * (1 + logps[y] - refLogps[y]) - mean[promptOf[y]]);
}

/**
 * How much further the log-ratio of the chosen response is than that of the rejected one.
 *
 *   h = log π(y₊|x)/π_ref(y₊|x) − log π(y₋|x)/π_ref(y₋|x)
 *
 * @param logps  log π(y|x), [Y], nats
 * @returns      nats
 */
export function logRatioGap({ refLogps }: Setting, logps: Float64Array, { chosen, rejected }: { chosen: number; rejected: number }): number {
  return logps[chosen] - refLogps[chosen] - (logps[rejected] - refLogps[rejected]);
}

/** The margin between the implicit rewards of a pair, β·h, reward units (TRL's `rewards/margins`). */
export function marginOf(setting: Setting, logps: Float64Array, pair: { chosen: number; rejected: number }): number {
  return setting.beta * logRatioGap(setting, logps, pair);
}

/**
 * The DPO loss of a policy on the setting's pairs, their weights summing to 1.
 *
 *   L_DPO = −E_(x, y₊, y₋) log σ(β·h)
 *
 * Source: Rafailov et al. 2023, eq. 7. Derivation step: `dpo-objective`.
 *
 * @param logps  log π(y|x), [Y], nats; finite for the responses of pairs
 * @returns      nats
 */
export function dpoLoss(setting: Setting, logps: Float64Array): number {
  return setting.pairs.reduce((loss, pair) => loss - pair.weight * logSigmoid(marginOf(setting, logps, pair)), 0);
}
