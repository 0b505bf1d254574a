/** Chapter 7: the policy gradient of the RLHF objective, and PPO. */
import { msg } from '../../sim/msg.ts';
import { derivative } from '../finiteDifferences.ts';
import { valueOf } from '../optimum.ts';
import { rolloutOf } from '../rollout.ts';
import { nameOf, sumOverResponses, type Setting } from '../setting.ts';
import { eachResponse } from '../sides.ts';
import { normaliserShift } from '../softmax.ts';
import type { Sides, Step } from '../step.ts';

/** Step of the finite differences in a logit: four of them leave every ratio inside the clip. */
const STEP = 0.04;
/** ε of the clip, PPO’s usual one. */
const CLIP = 0.2;
/** Ratios inside and outside the clip, and a step that crosses none of its edges. */
const RATIOS = [0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5];
const RATIO_STEP = 0.005;
/** γ and λ of the general case: the usual ones with language models, and of PPO before. */
const DISCOUNTS = [{ gamma: 1, gaeLambda: 0.95 }, { gamma: 0.99, gaeLambda: 0.95 }];

/** q(y) = r(x, y) − β·log π_θ(y|x)/π_ref(y|x), what a response earns, reward units. */
const earned = ({ rewards, beta, logps, refLogps }: Setting, y: number): number => rewards[y] - beta * (logps[y] - refLogps[y]);

/** The numbers that add up to J_x, without their signs, and β, of which a moved logit takes its share; [X], reward units. */
const sizesOf = (setting: Setting): Float64Array => sumOverResponses(setting, (y) => {
  const { rewards, beta, logps, refLogps } = setting;
  return Math.exp(logps[y]) * (Math.abs(rewards[y]) + beta * (1 + Math.abs(logps[y] - refLogps[y])));
});

/** J_x after the logit of one response moved: all others keep their proportions. */
function objectiveAfter(setting: Setting, value: number, y: number, t: number): number {
  const { logps, beta } = setting;
  const p = Math.exp(logps[y]), own = earned(setting, y), shift = normaliserShift(logps[y], t);
  const others = Math.exp(-shift) * (value - p * own + (1 - p) * beta * shift);
  return others + p * Math.exp(t - shift) * (own - beta * (t - shift));
}

/** ρ·A, cut off where the clip holds. */
const clipped = (ratio: number, advantage: number): number => Math.min(ratio * advantage, Math.min(1 + CLIP, Math.max(1 - CLIP, ratio)) * advantage);

/** Σ_y π_old(y)·min(ρA, clip(ρ)A) at π_θ = π_old, and after the logit of one response moved. */
function surrogateSides(setting: Setting): Sides[] {
  const { logps, promptOf } = setting;
  const value = valueOf(setting, logps), sizes = sizesOf(setting);
  const advantage = (y: number): number => earned(setting, y) - value[promptOf[y]];
  const gains = sumOverResponses(setting, (y) => Math.exp(logps[y]) * Math.max(0, advantage(y)));
  const losses = sumOverResponses(setting, (y) => Math.exp(logps[y]) * Math.min(0, advantage(y)));
  return eachResponse(setting, (y, x) => {
    const p = Math.exp(logps[y]), own = advantage(y);
    const surrogate = (t: number): number => {
      const shift = normaliserShift(logps[y], t);
      const others = clipped(Math.exp(-shift), gains[x] - p * Math.max(0, own)) + clipped(Math.exp(-shift), losses[x] - p * Math.min(0, own));
      return others + p * clipped(Math.exp(t - shift), own);
    };
    return { lhs: derivative(surrogate, 0, STEP), rhs: policyGradient(setting, value[x], y), scale: sizes[x] };
  }).map((sides) => ({ ...sides, at: msg`${sides.at}, at ρ = 1` }));
}

/** ∂J_x/∂(logit of y) = E[∇log π·q], the expectation written out: Σ_y′ π(y′)·(1[y′ = y] − π(y))·q(y′). */
function policyGradient(setting: Setting, value: number, y: number): number {
  const p = Math.exp(setting.logps[y]);
  return p * earned(setting, y) - p * value;
}

/** One drawn token whose advantage is ±A: the slope in log ρ is ρA, or 0 where the clip cuts it off. */
function clipSides(setting: Setting): Sides[] {
  const { shown, promptOf, logps } = setting;
  const size = Math.abs(earned(setting, shown) - valueOf(setting, logps)[promptOf[shown]]) || 1;
  return [size, -size].flatMap((advantage) => RATIOS.map((ratio) => {
    const cut = advantage > 0 ? ratio > 1 + CLIP : ratio < 1 - CLIP;
    return {
      at: msg`one draw, A = ${advantage.toPrecision(3)}, ρ = ${ratio}`,
      lhs: derivative((t) => clipped(ratio * Math.exp(t), advantage), 0, RATIO_STEP), rhs: cut ? 0 : ratio * advantage, scale: size,
    };
  }));
}

/** The responses that are followed token by token: the shown one, and those of the first pairs. */
function followed({ shown, pairs }: Setting): number[] {
  return [...new Set([shown, ...pairs.slice(0, 3).flatMap(({ chosen, rejected }) => [chosen, rejected])])];
}

/** A by the recursion from the last token back, and as a sum of what is to come; `value` is J of the prompt. */
function gaeSides(setting: Setting, value: number, y: number): Sides[] {
  const { rewards, values } = rolloutOf(setting, y);
  const size = Math.max(...rewards.map(Math.abs), ...values.map(Math.abs));
  const deltas = (gamma: number): number[] => rewards.map((reward, t) => reward + gamma * (values[t + 1] ?? 0) - values[t]);
  const recursion = (gamma: number, gaeLambda: number): number[] => {
    const advantages = deltas(gamma);
    for (let t = advantages.length - 2; t >= 0; t--) advantages[t] += gamma * gaeLambda * advantages[t + 1];
    return advantages;
  };
  const sumFrom = (numbers: readonly number[], t: number, factor: number): number => numbers.slice(t).reduce((sum, number, k) => sum + factor ** k * number, 0);
  const at = (t: number, what: string): string => msg`${nameOf(setting, y)}, token ${t + 1}, ${what}`;
  return rewards.flatMap((_, t) => [
    ...DISCOUNTS.map(({ gamma, gaeLambda }, i) => ({
      at: at(t, `γ = ${gamma}, λ = ${gaeLambda}`), ...(t === 0 && i === 0 ? { y } : {}), scale: size,
      lhs: sumFrom(deltas(gamma), t, gamma * gaeLambda), rhs: recursion(gamma, gaeLambda)[t],
    })),
    { at: at(t, msg`λ = 1: return less value`), lhs: recursion(1, 1)[t], rhs: sumFrom(rewards, t, 1) - values[t], scale: size },
    { at: at(t, 'λ = 0: δ alone'), lhs: recursion(1, 0)[t], rhs: deltas(1)[t], scale: size },
    ...(t === 0 ? [{ at: at(t, msg`λ = 1: the advantage of the whole answer`), lhs: recursion(1, 1)[t], rhs: earned(setting, y) - value, scale: size }] : []),
  ]);
}

export const PPO_STEPS: readonly Step[] = [
  {
    id: 'policy-gradient', chapter: 7, title: msg`The policy gradient`,
    tex: '\\nabla_\\theta\\,\\term{J}{J}(\\term{pi-theta}{\\pi_\\theta})=\\term{E}{\\mathbb{E}}_{y\\sim\\term{pi-theta}{\\pi_\\theta}}\\Bigl[\\nabla_\\theta\\log\\term{pi-theta}{\\pi_\\theta}(y|x)\\Bigl(\\term{r}{r}(x,y)-\\term{beta}{\\beta}\\log\\frac{\\term{pi-theta}{\\pi_\\theta}(y|x)}{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(y|x)}\\Bigr)\\Bigr]',
    reason: msg`A probability changes by itself times the change of its logarithm; what the KL’s own logarithm adds has expectation zero.`,
    uses: ['rlhf-objective'], source: msg`slide “Policy Gradient/PPO for LLM alignment”; Williams 1992`,
    check: {
      kind: 'stationary', left: msg`∂/∂(logit) of J, by finite differences`, right: msg`the expectation, summed over all responses`,
      sides(setting) {
        const value = valueOf(setting, setting.logps), sizes = sizesOf(setting);
        return eachResponse(setting, (y, x) => ({
          lhs: derivative((t) => objectiveAfter(setting, value[x], y, t), 0, STEP), rhs: policyGradient(setting, value[x], y), scale: sizes[x],
        }));
      },
    },
  },
  {
    id: 'ppo-surrogate', chapter: 7, title: msg`PPO’s clipped surrogate`,
    tex: '\\term{E}{\\mathbb{E}}_{y\\sim\\term{pi-old}{\\pi_{\\mathrm{old}}}}\\bigl[\\min\\bigl(\\term{rho}{\\rho}\\,\\term{advantage}{A},\\;\\term{clip}{\\mathrm{clip}}(\\term{rho}{\\rho},1-\\term{epsilon}{\\varepsilon},1+\\term{epsilon}{\\varepsilon})\\,\\term{advantage}{A}\\bigr)\\bigr],\\qquad\\term{rho}{\\rho}=\\frac{\\term{pi-theta}{\\pi_\\theta}(y|x)}{\\term{pi-old}{\\pi_{\\mathrm{old}}}(y|x)}',
    reason: msg`At ρ = 1 its gradient is the policy gradient; it is zero only where a draw has already moved past the clip in the direction its advantage asks for.`,
    uses: ['policy-gradient'], source: msg`Schulman et al. 2017, eq. 7 (the slide’s title says PPO, its formula is the RLHF objective)`,
    check: {
      kind: 'stationary', left: msg`the surrogate, differentiated by finite differences`, right: msg`the policy gradient at ρ = 1; for one draw ρA, or 0 where A > 0 and ρ > 1 + ε, or A < 0 and ρ < 1 − ε`,
      sides: (setting) => [...surrogateSides(setting), ...clipSides(setting)],
    },
  },
  {
    id: 'gae', chapter: 7, title: msg`Generalised advantage estimation`,
    tex: '\\term{advantage}{A}_t=\\sum_{k\\ge0}(\\term{gamma}{\\gamma}\\term{gae-lambda}{\\lambda})^k\\,\\term{delta}{\\delta}_{t+k},\\qquad\\term{delta}{\\delta}_t=\\term{token-reward}{r}_t+\\term{gamma}{\\gamma}\\,\\term{value}{V}(s_{t+1})-\\term{value}{V}(s_t)',
    reason: msg`λ mixes two estimates of one advantage: 1 trusts the rewards that came (return less value), 0 trusts the critic’s next value (δ alone).`,
    uses: ['policy-gradient'], source: msg`Schulman et al. 2016, eq. 16`,
    check: {
      kind: 'identity', left: msg`the sum over what is to come`, right: msg`the recursion A_t = δ_t + γλ·A_(t+1); at λ = 1 return less value, at λ = 0 δ alone`,
      sides(setting) {
        const value = valueOf(setting, setting.logps);
        return followed(setting).flatMap((y) => gaeSides(setting, value[setting.promptOf[y]], y));
      },
    },
  },
];
