/** Chapter 2: from the KL-regularised objective, over the Lagrangian, to the optimal policy. */
import { msg } from '../../sim/msg.ts';
import { gradientScale, lagrangianDerivative } from '../lagrangian.ts';
import { multiplierOf, optimumOf, treeLogZ, valueOf } from '../optimum.ts';
import { rivalsOf } from '../rivals.ts';
import { sumOverResponses, type Setting } from '../setting.ts';
import { eachPrompt, eachResponse } from '../sides.ts';
import type { Sides, Step } from '../step.ts';

/** A point off the simplex, where the constraint counts: every probability this much larger. */
const OFF_SIMPLEX = 1.25;
/** Mass that must lie elsewhere for a policy to be another one. */
const SAME = 1e-9;

/** L at 1.25·π_θ: E[r], KL and the constraint one by one, and in one sum of terms. */
function lagrangianSides(setting: Setting): Sides[] {
  const { rewards, refLogps, logps, beta, promptOf } = setting;
  const lambda = multiplierOf(setting);
  const measure = (y: number): number => OFF_SIMPLEX * Math.exp(logps[y]);
  const logRatio = (y: number): number => Math.log(OFF_SIMPLEX) + logps[y] - refLogps[y];
  const reward = sumOverResponses(setting, (y) => measure(y) * rewards[y]);
  const kl = sumOverResponses(setting, (y) => measure(y) * logRatio(y));
  const mass = sumOverResponses(setting, measure);
  const terms = sumOverResponses(setting, (y) => measure(y) * (rewards[y] - beta * logRatio(y) + lambda[promptOf[y]]));
  return eachPrompt(setting, (x) => ({
    lhs: reward[x] - beta * kl[x] + lambda[x] * (mass[x] - 1), rhs: terms[x] - lambda[x],
    scale: Math.max(Math.abs(reward[x]), beta * Math.abs(kl[x]), Math.abs(lambda[x])),
  }));
}

export const OPTIMAL_POLICY_STEPS: readonly Step[] = [
  {
    id: 'rlhf-objective', chapter: 2, title: msg`The objective`,
    tex: '\\begin{aligned}\\term{pi-star}{\\pi^*}&=\\operatorname*{argmax}_{\\term{pi}{\\pi}}\\;\\term{J}{J}(\\term{pi}{\\pi})\\\\\\term{J}{J}(\\term{pi}{\\pi})&=\\term{E}{\\mathbb{E}}_{\\term{x}{x}\\sim\\term{D}{\\mathcal{D}}}\\Bigl[\\underbrace{\\term{E}{\\mathbb{E}}_{\\term{y}{y}\\sim\\term{pi}{\\pi}(y|x)}\\bigl[\\term{r}{r}(x,y)\\bigr]-\\term{beta}{\\beta}\\,\\term{KL}{\\mathrm{KL}}\\bigl(\\term{pi}{\\pi}(\\cdot|x)\\,\\|\\,\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\cdot|x)\\bigr)}_{\\term{J}{J_x}(\\term{pi}{\\pi})}\\Bigr]\\end{aligned}',
    reason: msg`Reward is maximised, and leaving the reference costs β per nat; the KL is that of one prompt, and the average over prompts stands outside.`,
    uses: ['reward-model-likelihood'], source: msg`slides “Policy Gradient/PPO for LLM alignment” and “The optimal policy & reward”; Rafailov et al. 2023, eq. 3`,
    check: {
      kind: 'maximum', left: msg`what a rival is worth, summed over all responses`, right: msg`what π* is worth`,
      sides(setting) {
        const { logps } = optimumOf(setting);
        const best = valueOf(setting, logps);
        return rivalsOf(setting, logps).flatMap((rival) => {
          const own = valueOf(setting, rival.logps);
          const apart = sumOverResponses(setting, (y) => Math.abs(Math.exp(rival.logps[y]) - Math.exp(logps[y])));
          const all = eachPrompt(setting, (x) => ({ lhs: own[x], rhs: best[x] })).map((sides, x) => ({ ...sides, at: `π = ${rival.name(x)}, ${sides.at}` }));
          return all.filter((_, x) => apart[x] > SAME); // π* itself is no rival
        });
      },
    },
  },
  {
    id: 'lagrangian', chapter: 2, title: msg`The Lagrangian`,
    tex: '\\term{L}{\\mathcal{L}}(\\term{pi}{\\pi},\\term{lambda}{\\lambda})=\\term{E}{\\mathbb{E}}_{\\term{pi}{\\pi}(y|x)}\\bigl[\\term{r}{r}(x,y)\\bigr]-\\term{beta}{\\beta}\\,\\term{KL}{\\mathrm{KL}}\\bigl(\\term{pi}{\\pi}(\\cdot|x)\\,\\|\\,\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\cdot|x)\\bigr)+\\term{lambda}{\\lambda}(x)\\Bigl(\\sum_{y}\\term{pi}{\\pi}(y|x)-1\\Bigr)',
    reason: msg`Prompts do not share probabilities, so each is solved alone; its multiplier λ(x) pays for the constraint that they sum to 1.`,
    uses: ['rlhf-objective'], source: msg`slide “The optimal policy & reward”, first`,
    check: { kind: 'definition', why: msg`This line gives a function its name. For every policy it equals J, because the bracket is then 0.` },
  },
  {
    id: 'lagrangian-expanded', chapter: 2, title: msg`The Lagrangian, written out`,
    tex: '\\term{L}{\\mathcal{L}}(\\term{pi}{\\pi},\\term{lambda}{\\lambda})=\\sum_{y}\\term{pi}{\\pi}(y|x)\\,\\term{r}{r}(x,y)-\\term{beta}{\\beta}\\sum_{y}\\term{pi}{\\pi}(y|x)\\log\\frac{\\term{pi}{\\pi}(y|x)}{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(y|x)}+\\term{lambda}{\\lambda}(x)\\Bigl(\\sum_{y}\\term{pi}{\\pi}(y|x)-1\\Bigr)',
    reason: msg`The expectation and the KL are sums over responses; β stays in front of the second.`,
    uses: ['lagrangian'], source: msg`slide “The optimal policy & reward”, second`,
    check: { kind: 'identity', left: msg`reward, KL and constraint one by one, at 1.25·π_θ`, right: msg`one sum of the terms of every response, there`, sides: lagrangianSides },
  },
  {
    id: 'lagrangian-gradient', chapter: 2, title: msg`Its gradient`,
    tex: '\\nabla_{\\term{pi}{\\pi}(\\term{y0}{y_0}|x)}\\term{L}{\\mathcal{L}}(\\term{pi}{\\pi},\\term{lambda}{\\lambda})=\\term{r}{r}(x,\\term{y0}{y_0})-\\term{beta}{\\beta}\\Bigl[1+\\log\\frac{\\term{pi}{\\pi}(\\term{y0}{y_0}|x)}{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\term{y0}{y_0}|x)}\\Bigr]+\\term{lambda}{\\lambda}(x)',
    reason: msg`Of each sum only the term of y₀ changes, and the derivative of p log(p/q) is 1 + log(p/q).`,
    uses: ['lagrangian-expanded'], source: msg`slide “The optimal policy & reward”, second`,
    check: {
      kind: 'stationary', left: msg`the Lagrangian at π_θ, differentiated by finite differences`, right: msg`r − β[1 + log π_θ/π_ref] + λ`,
      sides(setting) {
        const { rewards, refLogps, logps, beta } = setting;
        const lambda = multiplierOf(setting);
        return eachResponse(setting, (y, x) => ({
          lhs: lagrangianDerivative(setting, logps, lambda, y), rhs: rewards[y] - beta * (1 + logps[y] - refLogps[y]) + lambda[x],
          scale: gradientScale(setting, logps, lambda, y),
        }));
      },
    },
  },
  {
    id: 'stationarity', chapter: 2, title: msg`At the optimum the gradient is zero`,
    tex: '\\term{r}{r}(x,\\term{y0}{y_0})-\\term{beta}{\\beta}\\Bigl[1+\\log\\frac{\\term{pi-star}{\\pi^*}(\\term{y0}{y_0}|x)}{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\term{y0}{y_0}|x)}\\Bigr]+\\term{lambda}{\\lambda}(x)=0',
    reason: msg`At a maximum inside the simplex no probability can be changed to any gain, for every response with the same λ(x).`,
    uses: ['lagrangian-gradient'], source: msg`slide “The optimal policy & reward”, first and second`,
    check: {
      kind: 'stationary', left: msg`the Lagrangian at π*, differentiated by finite differences; λ from the constraint`, right: msg`zero`,
      sides(setting) {
        const { logps } = optimumOf(setting);
        const lambda = multiplierOf(setting);
        return eachResponse(setting, (y) => ({ lhs: lagrangianDerivative(setting, logps, lambda, y), rhs: 0, scale: gradientScale(setting, logps, lambda, y) }));
      },
    },
  },
  {
    id: 'log-ratio', chapter: 2, title: msg`Solved for the log-ratio`,
    tex: '\\log\\frac{\\term{pi-star}{\\pi^*}(\\term{y0}{y_0}|x)}{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\term{y0}{y_0}|x)}=\\frac{\\term{r}{r}(x,\\term{y0}{y_0})}{\\term{beta}{\\beta}}+\\term{lambda-bar}{\\bar\\lambda}(x),\\qquad\\term{lambda-bar}{\\bar\\lambda}(x)=\\frac{\\term{lambda}{\\lambda}(x)}{\\term{beta}{\\beta}}-1',
    reason: msg`Divide by β; what does not depend on the response is gathered in λ̄.`,
    uses: ['stationarity'], source: msg`slide “The optimal policy & reward”, third`,
    check: {
      kind: 'identity', left: msg`log π*/π_ref, π* by exact summation`, right: msg`r/β + λ/β − 1, λ from the constraint by Newton’s method`,
      sides(setting) {
        const { rewards, refLogps, beta } = setting;
        const { logps } = optimumOf(setting);
        const lambda = multiplierOf(setting);
        return eachResponse(setting, (y, x) => ({ lhs: logps[y] - refLogps[y], rhs: rewards[y] / beta + lambda[x] / beta - 1 }));
      },
    },
  },
  {
    id: 'exponentiated', chapter: 2, title: msg`Both sides exponentiated`,
    tex: '\\term{pi-star}{\\pi^*}(\\term{y0}{y_0}|x)=\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\term{y0}{y_0}|x)\\,\\exp\\Bigl(\\frac{\\term{r}{r}(x,\\term{y0}{y_0})}{\\term{beta}{\\beta}}+\\term{lambda-bar}{\\bar\\lambda}(x)\\Bigr)',
    reason: msg`The exponential undoes the logarithm, and π_ref goes to the right.`,
    uses: ['log-ratio'], source: msg`slide “The optimal policy & reward”, third`,
    check: {
      kind: 'identity', left: msg`π* by exact summation`, right: msg`exp(log π_ref + r/β + λ̄), λ̄ from the constraint by Newton’s method`,
      sides(setting) {
        const { rewards, refLogps, beta } = setting;
        const { logps } = optimumOf(setting);
        const lambda = multiplierOf(setting);
        return eachResponse(setting, (y, x) => ({ lhs: Math.exp(logps[y]), rhs: Math.exp(refLogps[y] + rewards[y] / beta + (lambda[x] / beta - 1)), relative: true }));
      },
    },
  },
  {
    id: 'normalisation', chapter: 2, title: msg`Normalising`,
    tex: '\\begin{gathered}\\sum_{y}\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(y|x)\\,\\exp\\Bigl(\\frac{\\term{r}{r}(x,y)}{\\term{beta}{\\beta}}+\\term{lambda-bar}{\\bar\\lambda}(x)\\Bigr)=1\\;\\Rightarrow\\;\\exp\\term{lambda-bar}{\\bar\\lambda}(x)=\\frac{1}{\\term{Z}{Z}(x)}\\\\\\term{Z}{Z}(x)=\\sum_{y}\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(y|x)\\,\\exp\\Bigl(\\frac{\\term{r}{r}(x,y)}{\\term{beta}{\\beta}}\\Bigr)\\end{gathered}',
    reason: msg`Probabilities sum to 1, which fixes λ̄; the sum without it is called Z.`,
    uses: ['exponentiated'], source: msg`slide “The optimal policy & reward”, third`,
    check: {
      kind: 'identity', left: msg`λ̄, solved from “the sum is 1” by Newton’s method`, right: msg`−log Z, summed word by word`,
      sides(setting) {
        const lambda = multiplierOf(setting);
        const logZ = treeLogZ(setting);
        return eachPrompt(setting, (x) => ({ lhs: lambda[x] / setting.beta - 1, rhs: -logZ[x] }));
      },
    },
  },
  {
    id: 'optimal-policy', chapter: 2, title: msg`The optimal policy`,
    tex: '\\term{pi-star}{\\pi^*}(y|x)=\\frac{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(y|x)\\,\\exp\\bigl(\\term{r}{r}(x,y)/\\term{beta}{\\beta}\\bigr)}{\\term{Z}{Z}(x)}',
    reason: msg`Normalising fixes the multiplier: the exponentials are divided by their sum.`,
    uses: ['exponentiated', 'normalisation'], source: msg`slide “The optimal policy & reward”, fourth; Rafailov et al. 2023, eq. 4`,
    check: {
      kind: 'identity', left: msg`log π* by exact summation`, right: msg`log π_ref + r/β − log Z, summed word by word`,
      sides(setting) {
        const { refLogps, rewards, beta } = setting;
        const { logps } = optimumOf(setting);
        const logZ = treeLogZ(setting);
        return eachResponse(setting, (y, x) => ({ lhs: logps[y], rhs: refLogps[y] + rewards[y] / beta - logZ[x] }));
      },
    },
  },
];
