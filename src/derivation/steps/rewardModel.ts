/** Chapter 1: the reward model's likelihood. */
import { logSigmoid } from '../../sim/exact/numerics.ts';
import { msg } from '../../sim/msg.ts';
import { nameOf, type Setting } from '../setting.ts';
import type { Step } from '../step.ts';

/**
 * Expected log-likelihood of rewards when both labels of every pair are as frequent as Bradley–Terry says of the true rewards.
 *
 *   Σ_b w_b·[ σ(d_b)·log σ(d̃_b) + σ(−d_b)·log σ(−d̃_b) ],   d = r(x, y₊) − r(x, y₋),   d̃ of the other rewards
 *
 * @param other  rewards whose likelihood it is, [Y]
 * @returns      nats
 */
export function expectedLogLikelihood({ pairs, rewards }: Setting, other: ArrayLike<number>): number {
  return pairs.reduce((sum, { chosen, rejected, weight }) => {
    const d = rewards[chosen] - rewards[rejected];
    const own = other[chosen] - other[rejected];
    return sum + weight * (Math.exp(logSigmoid(d)) * logSigmoid(own) + Math.exp(logSigmoid(-d)) * logSigmoid(-own));
  }, 0);
}

/** Rewards that claim to explain the labels better. */
function rivalRewards(setting: Setting): { name: string; rewards: Float64Array }[] {
  const { rewards, refLogps, logps, beta, pairs } = setting;
  const inPairs = [...new Set(pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]))];
  return [
    { name: msg`the implicit rewards of π_θ`, rewards: logps.map((logp, y) => beta * (logp - refLogps[y])) },
    { name: msg`the same reward for all`, rewards: new Float64Array(rewards.length) },
    ...[0.5, 0.9, 1.1, 2, -1].map((factor) => ({ name: msg`rewards times ${factor}`, rewards: rewards.map((r) => factor * r) })),
    ...inPairs.flatMap((moved) => [-0.1, 0.1].map((by) => ({
      name: msg`r with ${nameOf(setting, moved)} ${by > 0 ? msg`raised` : msg`lowered`} by 0.1`, rewards: rewards.map((r, y) => (y === moved ? r + by : r)),
    }))),
  ];
}

export const REWARD_MODEL_STEPS: readonly Step[] = [
  {
    id: 'reward-model-likelihood', chapter: 1, title: msg`The likelihood of preferences`,
    tex: '\\term{r-star}{r^*}=\\operatorname*{argmax}_{\\term{r}{r}}\\;\\term{E}{\\mathbb{E}}_{(\\term{x}{x},\\term{y-plus}{y_+},\\term{y-minus}{y_-})\\sim\\term{D}{\\mathcal{D}}}\\,\\log\\term{sigma}{\\sigma}\\bigl(\\term{r}{r}(x,\\term{y-plus}{y_+})-\\term{r}{r}(x,\\term{y-minus}{y_-})\\bigr)',
    reason: msg`Bradley and Terry: y₊ wins with probability σ of its lead in reward, so where labels are drawn like that, no other rewards make them more likely than the true ones.`,
    uses: [], source: msg`slides “Policy Gradient/PPO for LLM alignment” and “The non-parametric case”; Rafailov et al. 2023, eq. 1 and 2`,
    check: {
      kind: 'maximum',
      left: msg`expected log-likelihood of other rewards, both labels of each pair as frequent as Bradley–Terry says of r`, right: msg`that of r itself`,
      sides(setting) {
        const rhs = expectedLogLikelihood(setting, setting.rewards);
        return rivalRewards(setting).map(({ name, rewards }) => ({ at: name, lhs: expectedLogLikelihood(setting, rewards), rhs }));
      },
    },
  },
];
