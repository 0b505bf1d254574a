/**
 * The oracle's losses of one preference pair, float64, with exact derivatives by forward differentiation:
 * every number carries its derivatives by log π(w) and log π(l). Written from the experiment format and
 * from TRL's table of losses; shares no code with src.
 */
import type { DpoKnobs, DpoLossName } from '../../src/sim/experiment.ts';

/** A value and its derivatives by log π(w) (`dw`) and log π(l) (`dl`). */
export interface Dual { value: number; dw: number; dl: number }

const apply = (f: (x: number) => number, slope: (x: number) => number) => ({ value, dw, dl }: Dual): Dual => {
  const d = slope(value);
  return { value: f(value), dw: d * dw, dl: d * dl };
};
export const constant = (value: number): Dual => ({ value, dw: 0, dl: 0 });
const plus = (...terms: Dual[]): Dual => terms.reduce((a, b) => ({ value: a.value + b.value, dw: a.dw + b.dw, dl: a.dl + b.dl }));
const scale = (factor: number, x: Dual): Dual => ({ value: factor * x.value, dw: factor * x.dw, dl: factor * x.dl });
const minus = (a: Dual, b: Dual): Dual => plus(a, scale(-1, b));
const times = (a: Dual, b: Dual): Dual =>
  ({ value: a.value * b.value, dw: a.dw * b.value + a.value * b.dw, dl: a.dl * b.value + a.value * b.dl });

const logistic = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const s = apply(logistic, (x) => logistic(x) * logistic(-x));
const ls = apply((x) => (x >= 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x))), (x) => logistic(-x));
const square = (x: Dual): Dual => times(x, x);
/** [x]₊, with slope 0 at 0. */
const positive = apply((x) => Math.max(0, x), (x) => (x > 0 ? 1 : 0));

/** What a loss reads of one pair. */
export interface OraclePair {
  /** log π and log π_ref of both responses. */
  logpW: number; logpL: number; refW: number; refL: number;
  /** Words, and tokens with the end token. */
  wordsW: number; wordsL: number; tokensW: number; tokensL: number;
}

type Loss = (terms: { a: Dual; b: Dual; w: Dual; l: Dual; pair: OraclePair; knobs: DpoKnobs }) => Dual;

const LOSSES: Record<DpoLossName, Loss> = {
  sigmoid: ({ a, b, pair, knobs }) => {
    const z = plus(scale(knobs.beta, minus(a, b)), constant(knobs.lengthAlpha * (pair.wordsW - pair.wordsL)));
    return plus(scale(-(1 - knobs.labelSmoothing), ls(z)), scale(-knobs.labelSmoothing, ls(scale(-1, z))));
  },
  ipo: ({ a, b, knobs }) => square(minus(minus(a, b), constant(1 / (2 * knobs.beta)))),
  hinge: ({ a, b, knobs }) => positive(minus(constant(1), scale(knobs.beta, minus(a, b)))),
  dpop: ({ a, b, knobs }) => {
    const penalty = scale(knobs.beta * knobs.dpopLambda, positive(scale(-1, a)));
    return scale(-1, ls(minus(scale(knobs.beta, minus(a, b)), penalty)));
  },
  robust: ({ a, b, knobs }) => {
    const z = scale(knobs.beta, minus(a, b));
    const eps = knobs.labelSmoothing;
    return scale(1 / (1 - 2 * eps), plus(scale(-(1 - eps), ls(z)), scale(eps, ls(scale(-1, z)))));
  },
  sppo_hard: ({ a, b, knobs }) => {
    const half = constant(1 / (2 * knobs.beta));
    return plus(square(minus(a, half)), square(plus(b, half)));
  },
  nca_pair: ({ a, b, knobs }) => plus(
    scale(-1, ls(scale(knobs.beta, a))),
    scale(-0.5, ls(scale(-knobs.beta, a))),
    scale(-0.5, ls(scale(-knobs.beta, b))),
  ),
  exo_pair: ({ a, b, knobs }) => {
    const z = scale(knobs.beta, minus(a, b));
    const eps = knobs.labelSmoothing;
    return plus(
      times(s(z), minus(ls(z), constant(Math.log(1 - eps)))),
      times(s(scale(-1, z)), minus(ls(scale(-1, z)), constant(Math.log(eps)))),
    );
  },
  apo_zero: ({ a, b, knobs }) => plus(constant(1), scale(-1, s(scale(knobs.beta, a))), s(scale(knobs.beta, b))),
  apo_down: ({ a, b, knobs }) => plus(s(scale(knobs.beta, a)), constant(1), scale(-1, s(scale(knobs.beta, minus(a, b))))),
  simpo: ({ w, l, pair, knobs }) => {
    const difference = minus(scale(1 / pair.tokensW, w), scale(1 / pair.tokensL, l));
    return scale(-1, ls(minus(scale(knobs.beta, difference), constant(knobs.simpoGamma))));
  },
};

/** Loss of one pair, `nllWeight` times the chosen response's negative log-probability per token included. */
export function pairLoss(name: DpoLossName, pair: OraclePair, knobs: DpoKnobs): Dual {
  const w: Dual = { value: pair.logpW, dw: 1, dl: 0 };
  const l: Dual = { value: pair.logpL, dw: 0, dl: 1 };
  const a = minus(w, constant(pair.refW));
  const b = minus(l, constant(pair.refL));
  return plus(LOSSES[name]({ a, b, w, l, pair, knobs }), scale(-knobs.nllWeight / pair.tokensW, w));
}
