/** Chapter 4: how to read the DPO objective. */
import { logSigmoid, logSumExp } from '../../sim/exact/numerics.ts';
import { msg } from '../../sim/msg.ts';
import { derivative } from '../finiteDifferences.ts';
import { logRatioGap, marginOf } from '../objective.ts';
import { outsiderOf, pairName } from '../pairs.ts';
import type { Setting, SettingPair } from '../setting.ts';
import { eachPair } from '../sides.ts';
import { normaliserShift } from '../softmax.ts';
import type { Sides, Step } from '../step.ts';
import { SUPPORT_STEPS } from './support.ts';

/** Step of the finite differences, nats. */
const STEP = 0.04;
/** What is added to both log-probabilities of a pair, nats. */
const SHIFT = -3;

/** r̂(y) = β·log π_θ(y|x)/π_ref(y|x), reward units. */
const implicitReward = ({ beta, logps, refLogps }: Setting, y: number): number => beta * (logps[y] - refLogps[y]);
/** Largest number that is added up in the implicit rewards of a pair. */
const sizeOf = ({ beta, logps, refLogps }: Setting, { chosen, rejected }: SettingPair): number => beta * Math.max(...[chosen, rejected].flatMap((y) => [Math.abs(logps[y]), Math.abs(refLogps[y])]));
const weightAt = (margin: number): number => Math.exp(logSigmoid(-margin));

/** The DPO loss of a pair after the logit of one response j moved by t: the softmax is normalised again. */
function lossAfter(setting: Setting, { chosen, rejected }: SettingPair, j: number, t: number): number {
  const moved = (y: number): number => setting.logps[y] + (y === j ? t : 0) - normaliserShift(setting.logps[j], t) - setting.refLogps[y];
  return -logSigmoid(setting.beta * (moved(chosen) - moved(rejected)));
}

/** ∂/∂z_j of log π(y₊) − log π(y₋) for logits z: each is 1[y = j] − π(j). */
function gapSlope({ logps }: Setting, { chosen, rejected }: SettingPair, j: number): number {
  const slope = (y: number): number => (y === j ? 1 : 0) - Math.exp(logps[j]);
  return slope(chosen) - slope(rejected);
}

export const OBJECTIVE_STEPS: readonly Step[] = [
  {
    id: 'softmax-form', chapter: 4, title: msg`The objective as a softmax`,
    tex: '\\log\\term{sigma}{\\sigma}\\bigl(\\term{beta}{\\beta}\\,\\term{h}{h}\\bigr)=\\log\\frac{\\exp\\term{r-hat}{\\hat r_\\theta}(x,\\term{y-plus}{y_+})}{\\exp\\term{r-hat}{\\hat r_\\theta}(x,\\term{y-plus}{y_+})+\\exp\\term{r-hat}{\\hat r_\\theta}(x,\\term{y-minus}{y_-})}',
    reason: msg`σ is a softmax over two: the implicit rewards are the logits of “y₊ is preferred” and “y₋ is preferred”.`,
    uses: ['implicit-reward', 'dpo-objective'], source: msg`slide “The training objective”; Rafailov et al. 2023, eq. 1 and 7`,
    check: {
      kind: 'identity', left: msg`log σ of β times the log-ratio gap`, right: msg`the chosen logit less the log-sum of both`,
      sides: (setting) => eachPair(setting, (pair) => {
        const [chosen, rejected] = [implicitReward(setting, pair.chosen), implicitReward(setting, pair.rejected)];
        return { lhs: logSigmoid(marginOf(setting, setting.logps, pair)), rhs: chosen - logSumExp([chosen, rejected]), scale: sizeOf(setting, pair) };
      }),
    },
  },
  {
    id: 'dpo-gradient', chapter: 4, title: msg`The gradient of the DPO loss`,
    tex: '\\nabla_\\theta\\,\\term{L-DPO}{\\mathcal{L}_{\\mathrm{DPO}}}=-\\term{beta}{\\beta}\\,\\term{sigma}{\\sigma}(-\\term{beta}{\\beta}\\,\\term{h}{h})\\,\\bigl[\\nabla_\\theta\\log\\term{pi-theta}{\\pi_\\theta}(\\term{y-plus}{y_+}|x)-\\nabla_\\theta\\log\\term{pi-theta}{\\pi_\\theta}(\\term{y-minus}{y_-}|x)\\bigr]',
    reason: msg`The chain rule: the slope of −log σ(z) is −σ(−z), that of z = βh is β, and the reference has no θ.`,
    uses: ['dpo-objective'], source: msg`Rafailov et al. 2023, section 4, “What does the DPO update do?”`,
    check: {
      kind: 'stationary', left: msg`∂/∂(logit) by finite differences of the loss`, right: msg`−β·σ(−βh) times the slope of log π(y₊) − log π(y₋)`,
      sides: (setting) => setting.pairs.flatMap((pair) => {
        const weight = weightAt(marginOf(setting, setting.logps, pair));
        const step = STEP / Math.max(1, setting.beta);
        const outsider = outsiderOf(setting, pair);
        const logits = [{ name: 'y₊', j: pair.chosen }, { name: 'y₋', j: pair.rejected }, ...(outsider === null ? [] : [{ name: 'y₀', j: outsider }])];
        return logits.map(({ name, j }) => ({
          at: msg`${pairName(setting, pair)}, logit of ${name}`, y: j, scale: sizeOf(setting, pair),
          lhs: derivative((t) => lossAfter(setting, pair, j, t), 0, step), rhs: -setting.beta * weight * gapSlope(setting, pair, j),
        }));
      }),
    },
  },
  {
    id: 'dpo-weight', chapter: 4, title: msg`How hard a pair pulls`,
    tex: '\\term{weight}{w}=\\term{sigma}{\\sigma}(-\\term{beta}{\\beta}\\,\\term{h}{h})=\\frac{\\exp\\term{r-hat}{\\hat r_\\theta}(x,\\term{y-minus}{y_-})}{\\exp\\term{r-hat}{\\hat r_\\theta}(x,\\term{y-plus}{y_+})+\\exp\\term{r-hat}{\\hat r_\\theta}(x,\\term{y-minus}{y_-})}\\in(0,1)',
    reason: msg`The weight is the share the policy still gives to the wrong order: ½ where π_θ = π_ref, and the same when both log-probabilities fall by the same amount.`,
    uses: ['softmax-form', 'dpo-gradient'], source: msg`Rafailov et al. 2023, section 4, “What does the DPO update do?”`,
    check: {
      kind: 'identity', left: 'σ(−βh)', right: msg`the rejected answer’s share of the softmax; ½ at π_θ = π_ref; the weight before both log-probabilities were moved; 1 with σ(βh)`,
      sides: (setting) => setting.pairs.flatMap((pair) => {
        const at = pairName(setting, pair), y = pair.chosen;
        const { logps, refLogps } = setting;
        const [chosen, rejected] = [implicitReward(setting, pair.chosen), implicitReward(setting, pair.rejected)];
        const weight = weightAt(marginOf(setting, logps, pair));
        const shifted = weightAt(setting.beta * (logps[pair.chosen] + SHIFT - refLogps[pair.chosen] - (logps[pair.rejected] + SHIFT - refLogps[pair.rejected])));
        return [
          { at, y, lhs: weight, rhs: Math.exp(rejected - logSumExp([chosen, rejected])) },
          { at: msg`${at}, both log-probabilities ${-SHIFT} nats lower`, lhs: shifted, rhs: weight },
          { at: msg`${at}, at π_θ = π_ref`, lhs: weightAt(marginOf(setting, refLogps, pair)), rhs: 0.5 },
          { at: msg`${at}, with the share of the right order`, lhs: weight + weightAt(-marginOf(setting, logps, pair)), rhs: 1 },
        ];
      }),
    },
  },
  {
    id: 'ipo-target', chapter: 4, title: msg`IPO’s target`,
    tex: '\\arg\\min_{\\term{h}{h}}\\Bigl(\\term{h}{h}-\\frac1{2\\term{beta}{\\beta}}\\Bigr)^{2}=\\frac1{2\\term{beta}{\\beta}}\\quad\\Rightarrow\\quad\\pi(\\term{y-plus}{y_+})=\\term{sigma}{\\sigma}\\Bigl(\\frac1{2\\term{beta}{\\beta}}+\\log\\frac{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\term{y-plus}{y_+})}{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\term{y-minus}{y_-})}\\Bigr)\\text{ of two answers}',
    reason: msg`A square is smallest where it is 0, so a pair stops pulling at a finite gap; DPO’s loss has no such place.`,
    uses: ['dpo-objective'], source: msg`Azar et al. 2023, eq. 17 and section 5 (their τ is β)`,
    check: {
      kind: 'stationary', left: msg`the slope, by finite differences`, right: msg`0 at the target; 2·(h − 1/(2β)) elsewhere`,
      sides: (setting) => setting.pairs.flatMap((pair) => ipoSides(setting, pair)),
    },
  },
  ...SUPPORT_STEPS,
];

/** In a world of the pair alone: IPO's loss and IPO's objective at the target; and its loss where π_θ is. */
function ipoSides(setting: Setting, pair: SettingPair): Sides[] {
  const { beta, refLogps, logps } = setting;
  const at = pairName(setting, pair);
  const target = 1 / (2 * beta);
  const refGap = refLogps[pair.chosen] - refLogps[pair.rejected];
  const refPair = [logSigmoid(refGap), logSigmoid(-refGap)];
  const policy = [logSigmoid(target + refGap), logSigmoid(-target - refGap)];
  // π(y₊)'s logit moves by t.
  const loss = (t: number): number => {
    const shift = normaliserShift(policy[0], t);
    return (policy[0] + t - shift - refPair[0] - (policy[1] - shift - refPair[1]) - target) ** 2;
  };
  // The mass of one answer times eᵗ: what E[p(y ≻ y′)] − β·KL gains, per unit of mass. Of two answers y₊ always wins, and an answer ties with itself.
  const worth = (i: number, wins: number): number => derivative((t) => Math.exp(t) * (wins - beta * (policy[i] + t - refPair[i])), 0, STEP);
  const winsOfChosen = Math.exp(refPair[1]) + Math.exp(refPair[0]) / 2, winsOfRejected = Math.exp(refPair[1]) / 2;
  const gap = logRatioGap(setting, logps, pair);
  return [
    { at: msg`${at}, at h = 1/(2β)`, y: pair.chosen, lhs: derivative(loss, 0, STEP), rhs: 0, scale: Math.max(...[...policy, ...refPair].map(Math.abs)) },
    { at: msg`${at}, IPO’s own objective`, lhs: worth(0, winsOfChosen) - worth(1, winsOfRejected), rhs: 0, scale: beta * Math.max(1, ...[...policy, ...refPair].map(Math.abs)) },
    { at: msg`${at}, at π_θ`, lhs: derivative((t) => (gap + t - target) ** 2, 0, STEP), rhs: 2 * (gap - target), scale: (gap - target) ** 2 },
  ];
}
