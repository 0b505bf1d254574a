/** Chapter 2, continued: what the optimum is worth, by how much every other policy falls short, and why there is only one. */
import { klTerm } from '../../sim/exact/numerics.ts';
import { msg } from '../../sim/msg.ts';
import { optimumOf, treeLogZ, valueOf } from '../optimum.ts';
import { mixed } from '../rivals.ts';
import { sumOverResponses, type Setting } from '../setting.ts';
import { eachPrompt } from '../sides.ts';
import type { Sides, Step } from '../step.ts';

/** KL(p‖q) of every prompt, [X], nats; from log-probabilities, [Y] each. */
function klOf(setting: Setting, logP: Float64Array, logQ: Float64Array): Float64Array {
  return sumOverResponses(setting, (y) => klTerm(logP[y], logQ[y]));
}

/** The policies whose distance from π* is measured. */
function othersOf({ logps, refLogps }: Setting): { name: string; logps: Float64Array }[] {
  return [{ name: 'π_θ', logps }, { name: 'π_ref', logps: refLogps }, { name: msg`halfway from π_θ to π_ref`, logps: mixed(logps, refLogps, 0.5) }];
}

/** One instance for every prompt and other policy. */
function eachOther(setting: Setting, numbers: (logps: Float64Array) => { lhs: Float64Array; rhs: Float64Array; scale: Float64Array }): Sides[] {
  return othersOf(setting).flatMap(({ name, logps }) => {
    const { lhs, rhs, scale } = numbers(logps);
    return eachPrompt(setting, (x) => ({ lhs: lhs[x], rhs: rhs[x], scale: scale[x] })).map((sides) => ({ ...sides, at: `π = ${name}, ${sides.at}` }));
  });
}

export const OPTIMUM_PROPERTY_STEPS: readonly Step[] = [
  {
    id: 'optimal-value', chapter: 2, title: msg`What the optimum is worth`,
    tex: '\\term{J}{J_x}(\\term{pi-star}{\\pi^*})=\\term{beta}{\\beta}\\log\\term{Z}{Z}(x)',
    reason: msg`Put π* into the objective: the rewards cancel, and β log Z is left.`,
    uses: ['rlhf-objective', 'optimal-policy'], source: msg`Rafailov et al. 2023, appendix A.1`,
    check: {
      kind: 'identity', left: msg`E[r] − β·KL under π*, summed over all responses`, right: msg`β·log Z, summed word by word`,
      sides(setting) {
        const value = valueOf(setting, optimumOf(setting).logps);
        const logZ = treeLogZ(setting);
        return eachPrompt(setting, (x) => ({ lhs: value[x], rhs: setting.beta * logZ[x] }));
      },
    },
  },
  {
    id: 'gap-is-kl', chapter: 2, title: msg`What any other policy lacks`,
    tex: '\\term{J}{J_x}(\\term{pi-star}{\\pi^*})-\\term{J}{J_x}(\\term{pi}{\\pi})=\\term{beta}{\\beta}\\,\\term{KL}{\\mathrm{KL}}\\bigl(\\term{pi}{\\pi}(\\cdot|x)\\,\\|\\,\\term{pi-star}{\\pi^*}(\\cdot|x)\\bigr)\\ge 0',
    reason: msg`With r written through π*, J is β log Z less a KL divergence, which is never negative.`,
    uses: ['optimal-policy', 'optimal-value'], source: msg`Rafailov et al. 2023, appendix A.1`,
    check: {
      kind: 'identity', left: msg`J(π*) − J(π) at the prompt, two sums over all responses`, right: 'β·KL(π‖π*)',
      sides(setting) {
        const { logps: best } = optimumOf(setting);
        const most = valueOf(setting, best);
        return eachOther(setting, (logps) => {
          const own = valueOf(setting, logps);
          const kl = klOf(setting, logps, best);
          return { lhs: most.map((value, x) => value - own[x]), rhs: kl.map((value) => setting.beta * value), scale: most.map((value, x) => Math.max(Math.abs(value), Math.abs(own[x]))) };
        });
      },
    },
  },
  {
    id: 'uniqueness', chapter: 2, title: msg`There is only one`,
    tex: '\\begin{gathered}\\term{J}{J_x}(m)-\\tfrac12\\bigl[\\term{J}{J_x}(\\term{pi}{\\pi})+\\term{J}{J_x}(\\term{pi-star}{\\pi^*})\\bigr]=\\tfrac{\\term{beta}{\\beta}}{2}\\bigl[\\term{KL}{\\mathrm{KL}}(\\term{pi}{\\pi}\\|m)+\\term{KL}{\\mathrm{KL}}(\\term{pi-star}{\\pi^*}\\|m)\\bigr]>0\\\\m=\\tfrac12(\\term{pi}{\\pi}+\\term{pi-star}{\\pi^*}),\\quad\\term{pi}{\\pi}\\neq\\term{pi-star}{\\pi^*}\\end{gathered}',
    reason: msg`J is strictly concave: were a second policy as good as π*, the policy m halfway would be better than both by this much.`,
    uses: ['gap-is-kl'], source: msg`slide “The optimal policy & reward”; Rafailov et al. 2023, appendix A.1`,
    check: {
      kind: 'identity', left: msg`J halfway, less the mean of J at both ends`, right: 'β/2·[KL(π‖m) + KL(π*‖m)]',
      sides(setting) {
        const { logps: best } = optimumOf(setting);
        const most = valueOf(setting, best);
        return eachOther(setting, (logps) => {
          const halfway = mixed(logps, best, 0.5);
          const [own, middle] = [valueOf(setting, logps), valueOf(setting, halfway)];
          const [klOwn, klBest] = [klOf(setting, logps, halfway), klOf(setting, best, halfway)];
          return {
            lhs: middle.map((value, x) => value - (own[x] + most[x]) / 2),
            rhs: klOwn.map((value, x) => setting.beta / 2 * (value + klBest[x])),
            scale: most.map((value, x) => Math.max(Math.abs(value), Math.abs(own[x]), Math.abs(middle[x]))),
          };
        });
      },
    },
  },
];
