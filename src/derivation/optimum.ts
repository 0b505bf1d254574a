/** What several lines of the derivation speak of, computed once per setting: π*, log Z, the multiplier, J of a policy. */
import { klTerm, logSumExp } from '../sim/exact/numerics.ts';
import { optimalPolicy, type OptimalPolicy } from '../sim/exact/optimal.ts';
import { sumOverResponses, type Setting } from './setting.ts';

const optima = new WeakMap<Setting, OptimalPolicy>();
const multipliers = new WeakMap<Setting, Float64Array>();
const normalisers = new WeakMap<Setting, Float64Array>();

/** π* and log Z by exact summation. */
export function optimumOf(setting: Setting): OptimalPolicy {
  const known = optima.get(setting);
  if (known) return known;
  const optimum = optimalPolicy(setting.world, setting.refLogps, setting.rewards, setting.beta);
  optima.set(setting, optimum);
  return optimum;
}

/** log Z(x) once more, [X], by another route than the library's: word by word through the tree of prefixes. */
export function treeLogZ(setting: Setting): Float64Array {
  const known = normalisers.get(setting);
  if (known) return known;
  const { refLogps, rewards, beta } = setting;
  const logZ = treeLogSum(setting, refLogps.map((logp, y) => logp + rewards[y] / beta));
  normalisers.set(setting, logZ);
  return logZ;
}

/**
 * log Σ_y exp f(y) of every prompt, [X]: what all continuations of a prefix sum to is known before the prefix is reached.
 *
 *   S(c) = log[ exp f(c) + Σ_w exp S(c, w) ]
 *
 * @param f  [Y]
 */
export function treeLogSum({ world }: Setting, f: Float64Array): Float64Array {
  const { levelStart, maxLength, wordCount, promptCount } = world;
  const sums = f.slice();
  for (let d = maxLength - 1; d >= 0; d--) {
    for (let c = levelStart[d]; c < levelStart[d + 1]; c++) {
      const first = levelStart[d + 1] + (c - levelStart[d]) * wordCount;
      sums[c] = logSumExp([sums[c], logSumExp(sums, first, first + wordCount)]);
    }
  }
  return sums.slice(0, promptCount);
}

/**
 * J_x(π) of every prompt, [X], reward units: Σ_y π(y|x) r(x, y) − β·KL(π(·|x)‖π_ref(·|x)), one sum over responses each.
 *
 * @param logps  log π(y|x), [Y], nats
 */
export function valueOf(setting: Setting, logps: Float64Array): Float64Array {
  const { rewards, refLogps, beta } = setting;
  const reward = sumOverResponses(setting, (y) => Math.exp(logps[y]) * rewards[y]);
  const kl = sumOverResponses(setting, (y) => klTerm(logps[y], refLogps[y]));
  return reward.map((value, x) => value - beta * kl[x]);
}

/** Newton's method is at the last digit long before this. */
const MOST_ITERATIONS = 100;

/**
 * The Lagrangian's multiplier λ(x) at the optimum, [X], reward units, found without the closed form: Newton's method on the
 * constraint that the probabilities the gradient asks for sum to 1.
 *
 *   Σ_y π_ref(y|x)·exp( (r(x, y) + λ(x))/β − 1 ) = 1
 *
 * The left side is convex and rises with λ; from a start where it is at least 1, every step goes down towards the root.
 */
export function multiplierOf(setting: Setting): Float64Array {
  const known = multipliers.get(setting);
  if (known) return known;
  const { world, rewards, refLogps, beta, promptOf } = setting;
  const exponent = refLogps.map((logp, y) => logp + rewards[y] / beta);
  const lambdaBar = new Float64Array(world.promptCount).fill(Infinity);
  exponent.forEach((value, y) => { lambdaBar[promptOf[y]] = Math.min(lambdaBar[promptOf[y]], -value); });
  for (let i = 0; i < MOST_ITERATIONS; i++) {
    const sums = sumOverResponses(setting, (y) => Math.exp(exponent[y] + lambdaBar[promptOf[y]]));
    const steps = sums.map((sum) => 1 - 1 / sum);
    steps.forEach((step, x) => { lambdaBar[x] -= step; });
    if (steps.every((step, x) => Math.abs(step) <= 4 * Number.EPSILON * Math.max(1, Math.abs(lambdaBar[x])))) break;
  }
  const lambda = lambdaBar.map((value) => beta * (value + 1));
  multipliers.set(setting, lambda);
  return lambda;
}
