/** Chapter 3: from the policy back to the reward, and to the DPO objective. */
import { pairFit } from '../../sim/exact/bradleyTerry.ts';
import { optimalPolicy } from '../../sim/exact/optimal.ts';
import { msg } from '../../sim/msg.ts';
import { dpoLoss } from '../objective.ts';
import { optimumOf, treeLogSum, treeLogZ } from '../optimum.ts';
import type { Setting } from '../setting.ts';
import { eachPair, eachPrompt, eachResponse } from '../sides.ts';
import type { Step } from '../step.ts';

/** Some c(x), reward units: another one for every prompt. */
const constantOf = (x: number): number => 2 + 3 * x;

/** r̂(x, y) = β·log π(y|x)/π_ref(y|x), [Y], reward units. */
function implicitRewards({ refLogps, beta }: Setting, logps: Float64Array): Float64Array {
  return logps.map((logp, y) => beta * (logp - refLogps[y]));
}

/** −Σ w·log σ(r(x, y₊) − r(x, y₋)) of rewards [Y], by the reward model's own code; nats. */
function rewardModelLoss({ pairs }: Setting, rewards: Float64Array): number {
  return -pairFit(rewards, {
    chosen: Int32Array.from(pairs, ({ chosen }) => chosen), rejected: Int32Array.from(pairs, ({ rejected }) => rejected),
    weights: Float64Array.from(pairs, ({ weight }) => weight),
  }).logLikelihood;
}

/** Largest number that is added up in the implicit rewards of some responses, reward units. */
function pairScale({ refLogps, beta }: Setting, logps: Float64Array, ys: readonly number[]): number {
  return beta * ys.reduce((largest, y) => Math.max(largest, Math.abs(refLogps[y]), Math.abs(logps[y])), 0);
}

export const POLICY_TO_REWARD_STEPS: readonly Step[] = [
  {
    id: 'inverted-reward', chapter: 3, title: msg`The reward that a policy is optimal for`,
    tex: '\\term{r}{r}(x,\\term{y0}{y_0})=\\term{beta}{\\beta}\\log\\frac{\\term{pi-star}{\\pi^*}(\\term{y0}{y_0}|x)}{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\term{y0}{y_0}|x)}+\\term{beta}{\\beta}\\log\\term{Z}{Z}(x)',
    reason: msg`Take the logarithm of the optimal policy, multiply by β and solve for r: log Z comes over with a plus.`,
    uses: ['optimal-policy'], source: msg`slide “The optimal policy & reward”, fourth; Rafailov et al. 2023, eq. 5`,
    check: {
      kind: 'identity', left: msg`the reward of the world`, right: msg`β·log π*/π_ref + β·log Z, π* by exact summation, Z summed word by word`,
      sides(setting) {
        const { rewards, refLogps, beta } = setting;
        const { logps } = optimumOf(setting);
        const logZ = treeLogZ(setting);
        return eachResponse(setting, (y, x) => ({
          lhs: rewards[y], rhs: beta * (logps[y] - refLogps[y]) + beta * logZ[x], scale: beta * Math.max(Math.abs(logps[y]), Math.abs(refLogps[y]), Math.abs(logZ[x])),
        }));
      },
    },
  },
  {
    id: 'reward-up-to-constant', chapter: 3, title: msg`Known only up to a constant per prompt`,
    tex: '\\term{r}{r}\'(x,y)=\\term{r}{r}(x,y)+\\term{c}{c}(x)\\;\\Rightarrow\\;\\term{Z}{Z}\'(x)=\\term{Z}{Z}(x)\\,e^{\\term{c}{c}(x)/\\term{beta}{\\beta}}\\;\\Rightarrow\\;\\term{pi-star}{\\pi^*}{}\'(y|x)=\\term{pi-star}{\\pi^*}(y|x)',
    reason: msg`What all responses to a prompt gain alike moves Z and nothing else: neither the optimal policy nor any preference tells c(x).`,
    uses: ['inverted-reward'], source: msg`Rafailov et al. 2023, section 5.1, lemmas 1 and 2`,
    check: {
      kind: 'identity', left: msg`log π* of the world’s rewards, by exact summation`, right: msg`log π_ref + r′/β − log Z′ with c(x) = 2, 5, 8 … reward units, Z′ summed word by word`,
      sides(setting) {
        const { rewards, refLogps, beta, promptOf } = setting;
        const { logps } = optimumOf(setting);
        const exponent = refLogps.map((logp, y) => logp + (rewards[y] + constantOf(promptOf[y])) / beta);
        const logZ = treeLogSum(setting, exponent);
        return eachResponse(setting, (y, x) => ({ lhs: logps[y], rhs: exponent[y] - logZ[x], scale: Math.abs(logZ[x]) }));
      },
    },
  },
  {
    id: 'implicit-reward', chapter: 3, title: msg`The implicit reward`,
    tex: '\\term{r-hat}{\\hat r_\\theta}(x,y)=\\term{beta}{\\beta}\\log\\frac{\\term{pi-theta}{\\pi_\\theta}(y|x)}{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(y|x)}',
    reason: msg`Every policy is the optimal one for some reward, so a policy with parameters θ is a reward with parameters θ; of all that differ by c(x), this one is chosen.`,
    uses: ['inverted-reward', 'reward-up-to-constant'], source: msg`slide “The parametric policy & reward”; Rafailov et al. 2023, section 4`,
    check: { kind: 'definition', why: msg`This line gives a quantity its name. That π_θ is optimal for it, the next line shows.` },
  },
  {
    id: 'implicit-normaliser', chapter: 3, title: msg`Its log Z is zero`,
    tex: '\\log\\term{Z}{Z}_{\\term{r-hat}{\\hat r_\\theta}}(x)=\\log\\sum_{y}\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(y|x)\\,\\exp\\Bigl(\\frac{\\term{r-hat}{\\hat r_\\theta}(x,y)}{\\term{beta}{\\beta}}\\Bigr)=\\log\\sum_{y}\\term{pi-theta}{\\pi_\\theta}(y|x)=0',
    reason: msg`π_ref cancels, and the probabilities of π_θ sum to 1 whatever its parameters: there is no Z left to compute.`,
    uses: ['normalisation', 'implicit-reward'], source: msg`slide “The parametric policy & reward” (subtracts log Z instead); Rafailov et al. 2023, section 5.1, theorem 1`,
    check: {
      kind: 'identity', left: msg`log Z of the implicit rewards, by exact summation`, right: msg`zero`,
      sides(setting) {
        const { world, refLogps, logps, beta } = setting;
        const { logZ } = optimalPolicy(world, refLogps, implicitRewards(setting, logps), beta);
        return eachPrompt(setting, (x) => ({ lhs: logZ[x], rhs: 0 }));
      },
    },
  },
  {
    id: 'z-cancels', chapter: 3, title: msg`In a pair Z cancels`,
    tex: '\\term{r}{r}(x,\\term{y-plus}{y_+})-\\term{r}{r}(x,\\term{y-minus}{y_-})=\\term{beta}{\\beta}\\log\\frac{\\term{pi-star}{\\pi^*}(\\term{y-plus}{y_+}|x)}{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\term{y-plus}{y_+}|x)}-\\term{beta}{\\beta}\\log\\frac{\\term{pi-star}{\\pi^*}(\\term{y-minus}{y_-}|x)}{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\term{y-minus}{y_-}|x)}',
    reason: msg`Both responses answer the same prompt, so β log Z(x) stands in both rewards and drops out of their difference.`,
    uses: ['inverted-reward'], source: msg`slides “Training the reward function” and “The training objective”; Rafailov et al. 2023, eq. 6`,
    check: {
      kind: 'identity', left: msg`the difference of the world’s rewards`, right: msg`the difference of β·log π*/π_ref, π* by exact summation; no Z`,
      sides(setting) {
        const { rewards, refLogps, beta } = setting;
        const { logps } = optimumOf(setting);
        const logRatio = (y: number): number => logps[y] - refLogps[y];
        return eachPair(setting, ({ chosen, rejected }) => ({
          lhs: rewards[chosen] - rewards[rejected], rhs: beta * logRatio(chosen) - beta * logRatio(rejected), scale: pairScale(setting, logps, [chosen, rejected]),
        }));
      },
    },
  },
  {
    id: 'dpo-objective', chapter: 3, title: msg`The DPO objective`,
    tex: '\\term{L-DPO}{\\mathcal{L}_{\\mathrm{DPO}}}(\\term{pi-theta}{\\pi_\\theta})=-\\term{E}{\\mathbb{E}}_{(\\term{x}{x},\\term{y-plus}{y_+},\\term{y-minus}{y_-})\\sim\\term{D}{\\mathcal{D}}}\\,\\log\\term{sigma}{\\sigma}\\Bigl(\\term{beta}{\\beta}\\Bigl[\\log\\frac{\\term{pi-theta}{\\pi_\\theta}(\\term{y-plus}{y_+}|x)}{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\term{y-plus}{y_+}|x)}-\\log\\frac{\\term{pi-theta}{\\pi_\\theta}(\\term{y-minus}{y_-}|x)}{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\term{y-minus}{y_-}|x)}\\Bigr]\\Bigr)',
    reason: msg`The implicit reward goes into the reward model’s likelihood: the policy learns from the preferences, and no reward model stands between.`,
    uses: ['reward-model-likelihood', 'implicit-reward', 'z-cancels'], source: msg`slide “The training objective”; Rafailov et al. 2023, eq. 7`,
    check: {
      kind: 'identity', left: msg`the reward model’s loss on rewards: r̂_θ + c(x), then r itself`, right: msg`the DPO loss of log-ratios: of π_θ, then of π*`,
      sides(setting) {
        const { rewards, logps, promptOf, pairs } = setting;
        const best = optimumOf(setting).logps;
        const inPairs = pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]);
        const shifted = implicitRewards(setting, logps).map((reward, y) => reward + constantOf(promptOf[y]));
        return [
          { at: 'π = π_θ', lhs: rewardModelLoss(setting, shifted), rhs: dpoLoss(setting, logps), scale: pairScale(setting, logps, inPairs) },
          { at: 'π = π*', lhs: rewardModelLoss(setting, rewards), rhs: dpoLoss(setting, best), scale: pairScale(setting, best, inPairs) },
        ];
      },
    },
  },
];
