/**
 * From rewards and values per token to advantages and returns, float64, plain arrays.
 *
 * Arrays are [B·T] row-major: rollouts × positions. A rollout's tokens come first in its row; `used` is 1 where it has one.
 */

/** What the estimate of advantages may be told. */
export interface AdvantageKnobs {
  /** Discount γ per token, [0, 1]. */
  gamma: number;
  /** λ of GAE, [0, 1]: 0 trusts the values, 1 the rewards that came. */
  gaeLambda: number;
}

/** Added to the variance of advantages before the root is taken, as TRL does. */
const WHITEN_EPSILON = 1e-8;

/**
 * Generalised advantage estimates of every token.
 *
 *   δ_t = r_t + γ·V_{t+1} − V_t,   A_t = Σ_k (γλ)^k·δ_{t+k};   V is 0 after the last token
 *
 * With V = 0 and λ = 1 this is the reward-to-go Σ_k γ^k·r_{t+k}. Returns are A + V.
 * Source: Schulman et al. 2016, eq. 16; TRL's PPOTrainer.
 *
 * @param rewards, values  of every token, [B·T], reward units
 * @param used             [B·T]
 * @param positions        T
 * @returns                [B·T], reward units; 0 where there is no token
 */
export function advantagesOf(
  rewards: ArrayLike<number>, values: ArrayLike<number>, used: ArrayLike<number>, positions: number, { gamma, gaeLambda }: AdvantageKnobs,
): Float64Array {
  const advantages = new Float64Array(used.length);
  for (let row = 0; row < used.length; row += positions) {
    let ahead = 0, valueAhead = 0;
    for (let i = row + positions - 1; i >= row; i--) {
      if (used[i] === 0) continue;
      ahead = rewards[i] + gamma * valueAhead - values[i] + gamma * gaeLambda * ahead;
      valueAhead = values[i];
      advantages[i] = ahead;
    }
  }
  return advantages;
}

/**
 * Advantages with mean 0 and variance 1 over all tokens of the batch.
 *
 *   (A − mean)/√(var + 1e-8), var with n − 1; a single token becomes 0
 *
 * Source: TRL's `masked_whiten`.
 *
 * @param advantages  [B·T]
 * @returns           [B·T], no unit; 0 where there is no token
 */
export function whiten(advantages: Float64Array, used: ArrayLike<number>): Float64Array {
  let count = 0, sum = 0;
  advantages.forEach((value, i) => { if (used[i] !== 0) { count++; sum += value; } });
  const mean = sum / count;
  let squares = 0;
  advantages.forEach((value, i) => { if (used[i] !== 0) squares += (value - mean) ** 2; });
  const scale = 1 / Math.sqrt(squares / Math.max(1, count - 1) + WHITEN_EPSILON);
  return advantages.map((value, i) => (used[i] !== 0 ? (value - mean) * scale : 0));
}
