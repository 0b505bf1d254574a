/** Slips in the derivation, from the objective to the parametric reward. */
import { msg } from '../../sim/msg.ts';
import { multiplierOf, optimumOf, valueOf } from '../optimum.ts';
import { vanishes, type Erratum } from '../erratum.ts';
import { logSumOverResponses, sumOverResponses, type Setting } from '../setting.ts';
import { eachPair, eachPrompt, eachResponse } from '../sides.ts';
import { logSigmoid } from '../../sim/exact/numerics.ts';
import { lagrangianDerivative } from '../lagrangian.ts';

/** Off the simplex, as in the step itself. */
const OFF_SIMPLEX = 1.25;

/** 1 as far as the numbers can tell: a slider's steps add up to 1 + 2⁻⁵² too. */
const betaIsOne = (setting: Setting): boolean => vanishes(setting, setting.beta - 1);
/** Whether something holds for every response y of every prompt x. */
const forAll = ({ promptOf }: Setting, holds: (y: number, x: number) => boolean): boolean => promptOf.every((x, y) => holds(y, x));
/** log π*(y)/π_ref(y), [Y], nats. */
const logRatios = (setting: Setting): Float64Array => optimumOf(setting).logps.map((logp, y) => logp - setting.refLogps[y]);

/** −log of the number of responses of every prompt, [X]: log-probability of each under the policy without any preference. */
const indifferent = (setting: Setting): Float64Array => sumOverResponses(setting, () => 1).map((count) => -Math.log(count));

/** What that policy falls short of π*, [X], reward units: β·KL to π*. */
function lackOfIndifferent(setting: Setting): Float64Array {
  const own = indifferent(setting), { logps } = optimumOf(setting), { promptOf, beta } = setting;
  return sumOverResponses(setting, (y) => beta * Math.exp(own[promptOf[y]]) * (own[promptOf[y]] - logps[y]));
}

const PI = '\\term{pi}{\\pi}', STAR = '\\term{pi-star}{\\pi^*}', THETA = '\\term{pi-theta}{\\pi_\\theta}', REF = '\\term{pi-ref}{\\pi_{\\mathrm{ref}}}';
const BETA = '\\term{beta}{\\beta}', R = '\\term{r}{r}', Y0 = '\\term{y0}{y_0}', LAMBDA = '\\term{lambda}{\\lambda}', BAR = '\\term{lambda-bar}{\\bar\\lambda}';
const L = '\\term{L}{\\mathcal{L}}', Z = '\\term{Z}{Z}', PLUS = '\\term{y-plus}{y_+}', MINUS = '\\term{y-minus}{y_-}';
const ratio = (policy: string, y: string): string => `\\log\\frac{${policy}(${y}|x)}{${REF}(${y}|x)}`;

export const DERIVATION_ERRATA: readonly Erratum[] = [
  {
    number: 1, title: msg`Minimised or maximised`, place: { step: 'rlhf-objective' }, source: msg`slide “The optimal policy & reward”, first`,
    slide: msg`The objective is labelled “regularized reward-minimization objective”.`,
    correct: msg`The reward is maximised: π* = argmax of E[r] − β·KL, as the slide’s own formula says.`,
    note: msg`Only the label slipped. Taken at its word, π* would be worth the least of all policies; even one without any preference is worth less.`,
    version: {
      tex: `${STAR}=\\operatorname*{argmin}_{${PI}}\\;\\term{J}{J}(${PI})`,
      exactWhen: msg`only where π* itself has no preference: all its responses equally probable`,
      isExact: (setting) => lackOfIndifferent(setting).every((lack, x) => vanishes(setting, lack, setting.beta * optimumOf(setting).logZ[x])),
      check: {
        kind: 'maximum', left: 'J_x(π*)', right: msg`J_x of the policy with equal probabilities`,
        sides(setting) {
          const own = indifferent(setting);
          const [best, level] = [valueOf(setting, optimumOf(setting).logps), valueOf(setting, Float64Array.from(setting.promptOf, (x) => own[x]))];
          return eachPrompt(setting, (x) => ({ lhs: best[x], rhs: level[x] }));
        },
      },
    },
  },
  {
    number: 2, title: msg`β is dropped`, place: { step: 'lagrangian-expanded' }, source: msg`slide “The optimal policy & reward”, second`,
    slide: msg`When the Lagrangian is written out, the sum for the KL stands without its β.`,
    correct: msg`β stays in front of the second sum, here and in all lines that follow.`,
    note: msg`At β = 1 the slide’s line is exact; elsewhere it is off by (1 − β) times the sum of π log π/π_ref.`,
    version: {
      tex: `${L}(${PI},${LAMBDA})=\\sum_{y}${PI}(y|x)\\,${R}(x,y)-\\sum_{y}${PI}(y|x)${ratio(PI, 'y')}+${LAMBDA}(x)\\Bigl(\\sum_{y}${PI}(y|x)-1\\Bigr)`,
      exactWhen: 'β = 1', isExact: betaIsOne,
      check: {
        kind: 'identity', left: msg`reward, β·KL and constraint, at 1.25·π_θ`, right: msg`the slide’s sum, there`,
        sides(setting) {
          const { rewards, refLogps, logps, beta } = setting;
          const lambda = multiplierOf(setting);
          const measure = (y: number): number => OFF_SIMPLEX * Math.exp(logps[y]);
          const reward = sumOverResponses(setting, (y) => measure(y) * rewards[y]);
          const kl = sumOverResponses(setting, (y) => measure(y) * (Math.log(OFF_SIMPLEX) + logps[y] - refLogps[y]));
          const bracket = (x: number): number => lambda[x] * (OFF_SIMPLEX - 1);
          return eachPrompt(setting, (x) => ({ lhs: reward[x] - beta * kl[x] + bracket(x), rhs: reward[x] - kl[x] + bracket(x) }));
        },
      },
    },
  },
  {
    number: 3, title: msg`β is missing from the gradient`, place: { step: 'lagrangian-gradient' }, source: msg`slide “The optimal policy & reward”, second`,
    slide: msg`The gradient is r − [1 + log π/π_ref] + λ.`,
    correct: msg`The gradient is r − β[1 + log π/π_ref] + λ: the derivative of β times a sum is β times its derivative.`,
    note: msg`It follows from the β dropped one line before. At β = 1 the slide’s line is exact.`,
    version: {
      tex: `\\nabla_{${PI}(${Y0}|x)}${L}(${PI},${LAMBDA})=${R}(x,${Y0})-\\Bigl[1+${ratio(PI, Y0)}\\Bigr]+${LAMBDA}(x)`,
      exactWhen: 'β = 1', isExact: betaIsOne,
      check: {
        kind: 'stationary', left: msg`the Lagrangian at π_θ, differentiated by finite differences`, right: msg`r − [1 + log π_θ/π_ref] + λ`,
        sides(setting) {
          const { rewards, refLogps, logps } = setting;
          const lambda = multiplierOf(setting);
          return eachResponse(setting, (y, x) => ({
            lhs: lagrangianDerivative(setting, logps, lambda, y), rhs: rewards[y] - (1 + logps[y] - refLogps[y]) + lambda[x],
            scale: Math.max(Math.abs(rewards[y]), Math.abs(logps[y] - refLogps[y]), Math.abs(lambda[x])),
          }));
        },
      },
    },
    also: [{
      step: 'stationarity', tex: `${R}(x,${Y0})-\\Bigl[1+${ratio(STAR, Y0)}\\Bigr]+${LAMBDA}(x)=0`,
      exactWhen: 'β = 1', isExact: betaIsOne,
      check: {
        kind: 'identity', left: msg`r − [1 + log π*/π_ref] + λ, λ from the constraint`, right: '0',
        sides(setting) {
          const lambda = multiplierOf(setting), ratios = logRatios(setting);
          return eachResponse(setting, (y, x) => ({ lhs: setting.rewards[y] - (1 + ratios[y]) + lambda[x], rhs: 0, scale: Math.max(Math.abs(setting.rewards[y]), Math.abs(lambda[x])) }));
        },
      },
    }],
  },
  {
    number: 4, title: msg`What λ̄ stands for`, place: { step: 'log-ratio' }, source: msg`slide “The optimal policy & reward”, third`,
    slide: msg`λ − 1 is abbreviated λ̄, beside r.`,
    correct: msg`Dividing by β gives r/β + λ̄ with λ̄ = λ/β − 1, and normalising makes it −log Z.`,
    note: msg`At β = 1 the slide’s line is exact.`,
    version: {
      tex: `${ratio(STAR, Y0)}=${R}(x,${Y0})+${BAR}(x),\\qquad${BAR}(x)=${LAMBDA}(x)-1`,
      exactWhen: 'β = 1', isExact: betaIsOne,
      check: { kind: 'identity', left: msg`log π*/π_ref, π* by exact summation`, right: msg`r + λ − 1, λ from the constraint by Newton’s method`, sides: (setting) => slideLogRatio(setting) },
    },
    also: [{
      step: 'exponentiated', tex: `${STAR}(${Y0}|x)=${REF}(${Y0}|x)\\,\\exp\\bigl(${R}(x,${Y0})+${BAR}(x)\\bigr)`,
      exactWhen: 'β = 1', isExact: betaIsOne,
      check: { kind: 'identity', left: msg`log π*/π_ref (both sides as logarithms)`, right: msg`r + λ̄ with the slide’s λ̄ = λ − 1`, sides: (setting) => slideLogRatio(setting) },
    }],
  },
  {
    number: 5, title: msg`exp(r) for exp(r/β)`, place: { step: 'optimal-policy' }, source: msg`slide “The optimal policy & reward”, third and fourth`,
    slide: msg`Z is the sum of π_ref·exp(r), and π* is π_ref·exp(r)/Z.`,
    correct: msg`Both have exp(r/β): Z = Σ π_ref·exp(r/β), π* = π_ref·exp(r/β)/Z.`,
    note: msg`At β = 1 the slide’s line is exact. Without β in it, π* could not slide from the best response (β → 0) to the reference (β → ∞).`,
    version: {
      tex: `${STAR}(y|x)=\\frac{${REF}(y|x)\\,\\exp\\bigl(${R}(x,y)\\bigr)}{${Z}(x)},\\qquad${Z}(x)=\\sum_{y}${REF}(y|x)\\,\\exp\\bigl(${R}(x,y)\\bigr)`,
      exactWhen: msg`β = 1, or all responses to a prompt earn the same`, isExact: (setting) => {
        const { logps, logZ } = optimumOf(setting), own = slideLogZ(setting);
        return betaIsOne(setting) || forAll(setting, (y, x) => vanishes(setting, setting.rewards[y] * (1 / setting.beta - 1) - (logZ[x] - own[x]), logps[y]));
      },
      check: {
        kind: 'identity', left: msg`log π* by exact summation`, right: msg`log π_ref + r − log of the slide’s Z`,
        sides(setting) {
          const { refLogps, rewards } = setting;
          const { logps } = optimumOf(setting);
          const logZ = slideLogZ(setting);
          return eachResponse(setting, (y, x) => ({ lhs: logps[y], rhs: refLogps[y] + rewards[y] - logZ[x] }));
        },
      },
    },
    also: [{
      step: 'normalisation', tex: `\\sum_{y}${REF}(y|x)\\,\\exp\\bigl(${R}(x,y)+${BAR}(x)\\bigr)=1\\;\\Rightarrow\\;\\exp${BAR}(x)=\\frac{1}{\\sum_{y}${REF}(y|x)\\,\\exp\\bigl(${R}(x,y)\\bigr)}`,
      exactWhen: msg`β = 1, or E_ref[exp(r)] happens to equal Z`, isExact: (setting) => { const own = slideLogZ(setting); return optimumOf(setting).logZ.every((logZ, x) => vanishes(setting, logZ - own[x], logZ)); },
      check: {
        kind: 'identity', left: msg`λ̄ = λ/β − 1, solved from “the sum is 1” by Newton’s method`, right: msg`−log of the slide’s sum`,
        sides(setting) {
          const lambda = multiplierOf(setting), own = slideLogZ(setting);
          return eachPrompt(setting, (x) => ({ lhs: lambda[x] / setting.beta - 1, rhs: -own[x] }));
        },
      },
    }],
  },
  {
    number: 6, title: msg`The sign of log Z`, place: { step: 'inverted-reward' }, source: msg`slide “The optimal policy & reward”, fourth`,
    slide: msg`The boxed reward is log π*/π_ref − log Z.`,
    correct: msg`r = β log π*/π_ref + β log Z: the line before has − λ̄, and λ̄ is −log Z, so the sign turns to plus.`,
    note: msg`The difference of two rewards to one prompt does not have the term, so the DPO loss is the same; a reward read on its own is not. At β = 1 the sign still counts, unless log Z = 0.`,
    version: {
      tex: `${R}(x,${Y0})=${ratio(STAR, Y0)}-\\log${Z}(x)`,
      exactWhen: msg`β = 1 and log Z = 0, or all rewards are 0`,
      isExact: (setting) => forAll(setting, (y, x) => {
        const r = setting.rewards[y], logZ = optimumOf(setting).logZ[x];
        return vanishes(setting, r - r / setting.beta + 2 * logZ, r, r / setting.beta, logZ);
      }),
      check: {
        kind: 'identity', left: msg`the reward of the world`, right: msg`log π*/π_ref − log Z, π* and Z by exact summation`,
        sides(setting) {
          const ratios = logRatios(setting), { logZ } = optimumOf(setting);
          return eachResponse(setting, (y, x) => ({ lhs: setting.rewards[y], rhs: ratios[y] - logZ[x], scale: Math.abs(setting.rewards[y] / setting.beta) }));
        },
      },
    },
  },
  {
    number: 7, title: msg`log Z in the parametric reward`, place: { step: 'implicit-reward' }, source: msg`slide “The parametric policy & reward”`,
    slide: msg`r_θ is β log π_θ/π_ref − log Z_x(θ): β is back without a word, log Z has a minus and no β.`,
    correct: msg`A reward that π_θ is optimal for is β log π_θ/π_ref + β log Z(x); the implicit reward is the one of them with log Z = 0, because π_θ sums to 1.`,
    note: msg`Harmless for the loss: whatever does not depend on y cancels in the pair. It matters where r̂ is read as a score of its own.`,
    version: {
      tex: `${R}_\\theta(x,y)=${BETA}\\,${ratio(THETA, 'y')}-\\log${Z}_x(\\theta)`,
      exactWhen: 'log Z = 0',
      // β log Z is missing, and log Z is taken off besides.
      isExact: (setting) => forAll(setting, (y, x) => {
        const r = setting.rewards[y];
        return vanishes(setting, (1 + setting.beta) * optimumOf(setting).logZ[x], r, r / setting.beta);
      }),
      check: {
        kind: 'identity', left: msg`the reward of the world, π_θ being optimal for it`, right: msg`β log π_θ/π_ref − log Z, with π_θ = π*`,
        sides(setting) {
          const ratios = logRatios(setting), { logZ } = optimumOf(setting);
          return eachResponse(setting, (y, x) => ({ lhs: setting.rewards[y], rhs: setting.beta * ratios[y] - logZ[x], scale: Math.abs(setting.rewards[y] / setting.beta) }));
        },
      },
    },
  },
  {
    number: 8, title: msg`Letters`, place: { step: 'dpo-objective' }, source: msg`slides “The optimal policy & reward” and “The training objective”`,
    slide: msg`Some letters differ: π_reg for π_ref, γ* for r*, r*(π, y₀) for r*(x, y₀), π_x(θ) for Z_x(θ), and log σ(π_θ(x, y₊) − π_θ(x, y₋)) where rewards are meant.`,
    correct: msg`log σ(r_θ(x, y₊) − r_θ(x, y₋)), the difference of two rewards, with π_ref, r* and Z_x throughout.`,
    note: msg`Slips of notation, or of the text we read the slides from. A difference of probabilities would stay between −1 and 1 and know neither β nor the reference.`,
    version: {
      tex: `\\log\\term{sigma}{\\sigma}\\bigl(${THETA}(x,${PLUS})-${THETA}(x,${MINUS})\\bigr)=\\log\\term{sigma}{\\sigma}\\Bigl(${BETA}\\Bigl[${ratio(THETA, PLUS)}-${ratio(THETA, MINUS)}\\Bigr]\\Bigr)`,
      exactWhen: msg`only where β·h happens to equal the difference of the probabilities`,
      isExact: (setting) => setting.pairs.every((pair) => { const { margin, difference } = pairNumbers(setting, pair); return vanishes(setting, Math.exp(logSigmoid(-difference)) * (margin - difference)); }),
      check: {
        kind: 'identity', left: msg`log σ of the difference of the probabilities`, right: msg`log σ of the difference of the implicit rewards`,
        sides: (setting) => eachPair(setting, (pair) => { const { margin, difference } = pairNumbers(setting, pair); return { lhs: logSigmoid(difference), rhs: logSigmoid(margin) }; }),
      },
    },
  },
  {
    number: 9, title: msg`The gradient of what`, place: { step: 'stationarity' }, source: msg`slides “The optimal policy & reward”, first and second`,
    slide: msg`The condition is written ∇ with respect to π*(y₀|x) = 0, without the function; and the objectives have no average over prompts.`,
    correct: msg`∇ of the Lagrangian with respect to π(y₀|x) is 0 at π = π*. The objective is an average over prompts x, with a KL for each.`,
    note: msg`Nothing breaks here, because every prompt can be solved alone. As soon as prompts share a network, the average counts.`,
  },
  {
    number: 10, title: msg`What the braces are under`, place: { step: 'z-cancels' }, source: msg`slide “Training the reward function”`,
    slide: msg`The labels “log ratio of pos” and “log ratio of neg” stand under log Z_x(θ).`,
    correct: msg`They name β log π_θ/π_ref of y₊ and of y₋. log Z is one number per prompt, the same in both lines.`,
    note: msg`It may be the text we read the slides from that moved the labels. That log Z is the same in both lines is why it cancels.`,
  },
];

function slideLogRatio(setting: Setting) {
  const lambda = multiplierOf(setting), ratios = logRatios(setting);
  return eachResponse(setting, (y, x) => ({ lhs: ratios[y], rhs: setting.rewards[y] + lambda[x] - 1, scale: Math.max(Math.abs(setting.rewards[y]), Math.abs(lambda[x])) }));
}

/** log Σ_y π_ref(y|x)·exp r(x, y), [X]. */
function slideLogZ(setting: Setting): Float64Array {
  return logSumOverResponses(setting, (y) => setting.refLogps[y] + setting.rewards[y]);
}

function pairNumbers({ beta, logps, refLogps }: Setting, { chosen, rejected }: { chosen: number; rejected: number }): { margin: number; difference: number } {
  return { margin: beta * (logps[chosen] - refLogps[chosen] - (logps[rejected] - refLogps[rejected])), difference: Math.exp(logps[chosen]) - Math.exp(logps[rejected]) };
}
