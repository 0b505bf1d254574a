/** Chapter 4: what the DPO loss does not see. */
import { logSigmoid } from '../../sim/exact/numerics.ts';
import { optimalPolicy } from '../../sim/exact/optimal.ts';
import { msg } from '../../sim/msg.ts';
import { marginOf } from '../objective.ts';
import { outsiderOf, pairName, shownPair } from '../pairs.ts';
import { logSumOverResponses, nameOf, type Setting, type SettingPair } from '../setting.ts';
import type { Sides, Step } from '../step.ts';

/** Shares of all mass that are moved to y₀. */
const MOVES = [0.5, 0.999];
/** π_ref(y₀) is multiplied by this. */
const LESS = 1e-3;

/** Three answers of which the third is not in the reference: log a of y₁, with log b = log a + log(b/a) of y₂. */
const TABLE_1 = { ref: Math.log(0.5), dpo: Math.log(0.1) };
/** b/a, and as small as it takes for the loss to vanish at any β. */
const RATIOS = [0.1, 1e-6, 1e-12];
const VANISHING_MARGIN = 50;

export const SUPPORT_STEPS: readonly Step[] = [
  {
    id: 'support-zero', chapter: 4, title: msg`An answer the reference never gives`,
    tex: '\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\term{y0}{y_0}|x)\\to0:\\quad\\log\\frac{\\term{pi-theta}{\\pi_\\theta}(\\term{y0}{y_0}|x)}{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\term{y0}{y_0}|x)}\\to\\infty,\\quad\\Delta\\term{L-DPO}{\\mathcal{L}_{\\mathrm{DPO}}}=0,\\quad\\frac{\\term{pi-star}{\\pi^*}(\\term{y0}{y_0}|x)}{1-\\term{pi-star}{\\pi^*}(\\term{y0}{y_0}|x)}\\propto\\frac{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\term{y0}{y_0}|x)}{1-\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\term{y0}{y_0}|x)}',
    reason: msg`The loss reads two ratios and y₀ is in neither: mass may move to y₀ unseen as long as π(y₊)/π(y₋) stays, while the KL and π* both multiply by π_ref(y₀).`,
    uses: ['optimal-policy', 'dpo-objective'], source: msg`slides “Why is DPO biased?”; Xu et al. 2024, section 4.1`,
    check: {
      kind: 'identity', left: msg`with mass moved to y₀, or with π_ref(y₀) a thousand times smaller`, right: msg`the loss before; the log-ratio before + log 1000; the odds of π* before, relative to those of π_ref`,
      sides: (setting) => [...setting.pairs.flatMap((pair) => unseenMoves(setting, pair)), ...lessSupport(setting)],
    },
  },
  {
    id: 'solution-set', chapter: 4, title: msg`Many policies, one loss`,
    tex: '\\pi=(a,\\,b,\\,1-a-b),\\ \\term{pi-ref}{\\pi_{\\mathrm{ref}}}=(\\tfrac12,\\tfrac12,0):\\quad\\term{L-DPO}{\\mathcal{L}_{\\mathrm{DPO}}}=\\log\\bigl(1+(b/a)^{\\term{beta}{\\beta}}\\bigr)',
    reason: msg`Only b/a is in the loss: (0.1, 0, 0.9) is as good a minimiser as (1, 0, 0), though it gives most mass to an answer nobody compared.`,
    uses: ['dpo-objective', 'support-zero'], source: msg`Xu et al. 2024, table 1 and theorem 4.1`,
    check: {
      kind: 'identity', left: msg`−log σ(β·h) of the three-answer policy`, right: msg`log(1 + (b/a)^β); the loss of another policy with the same b/a; 0 in the limit b → 0`,
      sides: tableSides,
    },
  },
];

const lossOf = (setting: Setting, logps: Float64Array | ((y: number) => number), { chosen, rejected }: SettingPair, refLogps: ArrayLike<number> = setting.refLogps): number => {
  const logp = typeof logps === 'function' ? logps : (y: number) => logps[y];
  return -logSigmoid(setting.beta * (logp(chosen) - refLogps[chosen] - (logp(rejected) - refLogps[rejected])));
};

/** A share of all mass moves to y₀, so that π(y₊)/π(y₋) stays: the loss stays. */
function unseenMoves(setting: Setting, pair: SettingPair): Sides[] {
  const y0 = outsiderOf(setting, pair);
  if (y0 === null) return [];
  const { logps } = setting;
  const before = -logSigmoid(marginOf(setting, logps, pair));
  return MOVES.map((share, i) => {
    const moved = (y: number): number => (y === y0 ? Math.log(share + (1 - share) * Math.exp(logps[y])) : logps[y] + Math.log1p(-share));
    return { at: msg`${pairName(setting, pair)}, ${100 * share}% of all mass moved to ${nameOf(setting, y0)}`, ...(i === 0 ? { y: pair.chosen } : {}), lhs: lossOf(setting, moved, pair), rhs: before };
  });
}

/** π_ref(y₀) a thousand times smaller, the prompt's other responses scaled up: the log-ratio, the loss and π*. */
function lessSupport(setting: Setting): Sides[] {
  const { world, refLogps, logps, rewards, beta, promptOf } = setting;
  const pair = shownPair(setting);
  const outsider = outsiderOf(setting, pair);
  const y0 = outsider ?? pair.chosen;
  const x = promptOf[y0];
  const logOthers = (logs: Float64Array): number => logSumOverResponses(setting, (y) => (y === y0 ? -Infinity : logs[y]))[x];
  const refOthers = logOthers(refLogps);
  const shift = Math.log1p(-LESS * Math.exp(refLogps[y0])) - refOthers;
  const less = refLogps.map((logp, y) => (y === y0 ? logp + Math.log(LESS) : promptOf[y] === x ? logp + shift : logp));
  const before = optimalPolicy(world, refLogps, rewards, beta).logps, after = optimalPolicy(world, less, rewards, beta).logps;
  const odds = (logs: Float64Array): number => logs[y0] - logOthers(logs);
  const at = msg`π_ref(y₀) a thousand times smaller, y₀ = ${nameOf(setting, y0)}`;
  const scale = Math.abs(before[y0]) + Math.abs(refLogps[y0]) + Math.abs(rewards[y0] / beta);
  return [
    { at: msg`${at}, its log-ratio`, y: y0, lhs: logps[y0] - less[y0], rhs: logps[y0] - refLogps[y0] - Math.log(LESS) },
    { at: msg`${at}, log-odds of π* relative to π_ref`, lhs: odds(after) - odds(less), rhs: odds(before) - odds(refLogps), scale },
    ...(outsider === null ? [] : [{ at: msg`${at}, the loss of ${pairName(setting, pair)}`, lhs: lossOf(setting, logps, pair, less), rhs: lossOf(setting, logps, pair), scale: beta * Math.abs(shift) }]),
  ];
}

/** Table 1 at the reader's β. */
function tableSides({ beta }: Setting): Sides[] {
  const { ref, dpo } = TABLE_1;
  const loss = (logA: number, logB: number): number => -logSigmoid(beta * (logA - ref - (logB - ref)));
  // All mass on the two answers: a = 1/(1 + b/a).
  const inside = (logRatio: number): number => -Math.log1p(Math.exp(logRatio));
  const limit = -VANISHING_MARGIN / beta;
  return [
    ...RATIOS.flatMap((ratio) => {
      const logRatio = Math.log(ratio);
      return [
        { at: `a = 0.1, b/a = ${ratio}`, lhs: loss(dpo, dpo + logRatio), rhs: Math.log1p(ratio ** beta) },
        { at: msg`a = 0.1 against all mass on the two, b/a = ${ratio}`, lhs: loss(dpo, dpo + logRatio), rhs: loss(inside(logRatio), inside(logRatio) + logRatio) },
      ];
    }),
    { at: msg`(0.1, 0, 0.9) in the limit, log b/a = ${limit.toPrecision(3)}`, lhs: loss(dpo, dpo + limit), rhs: 0 },
    { at: msg`(1, 0, 0) in the limit, log b/a = ${limit.toPrecision(3)}`, lhs: loss(inside(limit), inside(limit) + limit), rhs: 0 },
  ];
}
