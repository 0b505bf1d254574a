/** No check that cannot fail: every line of chapters 1 to 3 is found out when one side is computed wrongly. */
import { describe, expect, it } from 'vitest';
import { lagrangianDerivative } from '../../src/derivation/lagrangian.ts';
import { multiplierOf, optimumOf, treeLogZ, valueOf } from '../../src/derivation/optimum.ts';
import type { Setting } from '../../src/derivation/setting.ts';
import { evaluate, TOLERANCE, type Check, type Sides } from '../../src/derivation/step.ts';
import { STEPS } from '../../src/derivation/steps.ts';
import { expectedLogLikelihood } from '../../src/derivation/steps/rewardModel.ts';
import { randomSettings } from './worlds.ts';

const settings = randomSettings(100);
/** Few enough worlds are so simple that a wrong line is right in them: all mass on one response, or β near 1. */
const MOST = 60;

type Checked = Exclude<Check, { kind: 'definition' }>;

function checkOf(id: string): Checked {
  const check = STEPS.find((step) => step.id === id)?.check;
  if (!check || check.kind === 'definition') throw new Error(`${id} has nothing to check`);
  return check;
}

/** In how many of the settings a step fails when its sides are changed. */
function failures(id: string, change: (sides: Sides[], setting: Setting) => Sides[], among: readonly Setting[] = settings): number {
  const check = checkOf(id);
  return among.filter((setting) => evaluate({ ...check, sides: (own) => change(check.sides(own), own) }, setting).verdict === 'fail').length;
}

/** The left side as it is, the right side of another setting. */
function crossed(id: string, other: (setting: Setting) => Setting): (sides: Sides[], setting: Setting) => Sides[] {
  const check = checkOf(id);
  return (sides, setting) => {
    const wrong = check.sides(other(setting));
    return sides.map((own, i) => ({ ...own, rhs: wrong[i].rhs }));
  };
}

const wave = (y: number): number => Math.sin(1 + 2.7 * y);

/** Everything a line can depend on, and another value of it. */
const OTHER: Record<string, (setting: Setting) => Setting> = {
  beta: (setting) => ({ ...setting, beta: 1.25 * setting.beta }),
  rewards: (setting) => ({ ...setting, rewards: setting.rewards.map((r, y) => r + setting.beta * wave(y)) }),
  refLogps: (setting) => ({ ...setting, refLogps: optimumOf({ ...setting, rewards: setting.rewards.map((_, y) => setting.beta * wave(y)) }).logps }),
  logps: (setting) => ({ ...setting, logps: optimumOf({ ...setting, refLogps: setting.logps, rewards: setting.rewards.map((_, y) => setting.beta * wave(y)) }).logps }),
  pairs: (setting) => ({ ...setting, pairs: setting.pairs.map(({ chosen, rejected, weight }) => ({ chosen: rejected, rejected: chosen, weight })) }),
};

/** What the right side of every line reads; a line whose right side is a constant is in WRONG below alone. */
const READS: Record<string, string[]> = {
  'lagrangian-expanded': ['beta', 'rewards', 'refLogps', 'logps'],
  'lagrangian-gradient': ['beta', 'rewards', 'refLogps', 'logps'],
  'log-ratio': ['beta', 'rewards', 'refLogps'],
  exponentiated: ['beta', 'rewards', 'refLogps'],
  normalisation: ['beta', 'rewards', 'refLogps'],
  'optimal-policy': ['beta', 'rewards', 'refLogps'],
  'optimal-value': ['beta', 'rewards', 'refLogps'],
  'gap-is-kl': ['beta', 'rewards', 'refLogps', 'logps'],
  uniqueness: ['beta', 'rewards', 'refLogps', 'logps'],
  // Whatever β and the reference, the inversion gives back the reward: that is what the line says.
  'inverted-reward': ['rewards'],
  'reward-up-to-constant': ['beta', 'rewards', 'refLogps'],
  'z-cancels': ['rewards', 'pairs'],
  'dpo-objective': ['beta', 'rewards', 'refLogps', 'logps', 'pairs'],
};

describe.each(Object.keys(READS))('%s', (id) => {
  it.each(Object.keys(OTHER))('notices another %s on its right side exactly if it reads it', (ingredient) => {
    const found = failures(id, crossed(id, OTHER[ingredient]));
    if (READS[id].includes(ingredient)) expect(found).toBeGreaterThan(MOST);
    else expect(found).toBe(0);
  });
});

describe('β replaced by 1', () => {
  const at1 = (setting: Setting): Setting => ({ ...setting, beta: 1 });
  it.each(Object.keys(READS).filter((id) => READS[id].includes('beta')))('in %s is found out, except where β is 1', (id) => {
    const change = crossed(id, at1);
    expect(failures(id, change, settings.filter(({ beta }) => beta === 1))).toBe(0);
    expect(failures(id, change, settings.filter(({ beta }) => beta !== 1))).toBeGreaterThan(85);
  });
});

const perX = (change: (side: Sides, x: number, setting: Setting) => number) => (sides: Sides[], setting: Setting): Sides[] =>
  sides.map((side) => ({ ...side, rhs: change(side, side.x ?? 0, setting) }));

const perY = (change: (side: Sides, y: number, setting: Setting) => number) => (sides: Sides[], setting: Setting): Sides[] =>
  sides.map((side, i) => ({ ...side, rhs: change(side, setting.checked[i], setting) }));

/** The derivative at another policy than π*, or with another multiplier. */
const derivativeAt = (policy: (setting: Setting) => Float64Array, lambda = multiplierOf) => (sides: Sides[], setting: Setting): Sides[] =>
  sides.map((side, i) => ({ ...side, lhs: lagrangianDerivative(setting, policy(setting), lambda(setting), setting.checked[i]) }));
const bestAt = (factor: number) => (setting: Setting): Float64Array => optimumOf({ ...setting, beta: factor * setting.beta }).logps;

/** Wrong lines that somebody could write, most of them on a slide. */
const WRONG: { id: string; what: string; change: (sides: Sides[], setting: Setting) => Sides[] }[] = [
  { id: 'lagrangian-expanded', what: 'without the constraint’s −λ', change: perX(({ rhs }, x, setting) => rhs + multiplierOf(setting)[x]) },
  { id: 'lagrangian-gradient', what: 'without the 1 in the bracket', change: perX(({ rhs }, _, { beta }) => rhs + beta) },
  { id: 'lagrangian-gradient', what: 'without λ', change: perX(({ rhs }, x, setting) => rhs - multiplierOf(setting)[x]) },
  { id: 'lagrangian-gradient', what: 'with the wrong sign of the KL', change: perY(({ rhs }, y, { refLogps, logps, beta }) => rhs + 2 * beta * (1 + logps[y] - refLogps[y])) },
  { id: 'stationarity', what: 'at π_θ instead of π*', change: derivativeAt(({ logps }) => logps) },
  { id: 'stationarity', what: 'at π_ref instead of π*', change: derivativeAt(({ refLogps }) => refLogps) },
  { id: 'stationarity', what: 'at π* of a β 1% higher', change: derivativeAt(bestAt(1.01)) },
  { id: 'stationarity', what: 'with λ̄ in the place of λ', change: derivativeAt(bestAt(1), (setting) => multiplierOf(setting).map((lambda) => lambda / setting.beta - 1)) },
  { id: 'log-ratio', what: 'with λ̄ = λ/β', change: perX(({ rhs }) => rhs + 1) },
  { id: 'log-ratio', what: 'with λ̄ = λ − 1', change: perX(({ rhs }, x, setting) => rhs + multiplierOf(setting)[x] * (1 - 1 / setting.beta)) },
  { id: 'exponentiated', what: 'with +log Z for λ̄', change: perX(({ rhs }, x, setting) => rhs * Math.exp(2 * treeLogZ(setting)[x])) },
  { id: 'normalisation', what: 'with exp λ̄ = Z', change: perX(({ rhs }) => -rhs) },
  { id: 'optimal-policy', what: 'multiplied by Z', change: perX(({ rhs }, x, setting) => rhs + 2 * treeLogZ(setting)[x]) },
  { id: 'optimal-policy', what: 'not normalised', change: perX(({ rhs }, x, setting) => rhs + treeLogZ(setting)[x]) },
  { id: 'optimal-value', what: 'with the sign of log Z flipped', change: perX(({ rhs }) => -rhs) },
  { id: 'gap-is-kl', what: 'with β·KL(π*‖π)', change: reversedGap },
  { id: 'uniqueness', what: 'with twice the gain', change: perX(({ rhs }) => 2 * rhs) },
  { id: 'uniqueness', what: 'for a linear J', change: perX(() => 0) },
  { id: 'inverted-reward', what: 'with − β log Z', change: perX(({ rhs }, x, setting) => rhs - 2 * setting.beta * treeLogZ(setting)[x]) },
  { id: 'inverted-reward', what: 'with log Z without β', change: perX(({ rhs }, x, setting) => rhs + (1 - setting.beta) * treeLogZ(setting)[x]) },
  { id: 'inverted-reward', what: 'without log Z', change: perX(({ rhs }, x, setting) => rhs - setting.beta * treeLogZ(setting)[x]) },
  { id: 'reward-up-to-constant', what: 'with c of the response', change: perY(({ rhs }, y, { beta }) => rhs + wave(y) / beta) },
  { id: 'reward-up-to-constant', what: 'with the Z from before', change: perX(({ rhs }, x, { beta }) => rhs + (2 + 3 * x) / beta) },
  { id: 'z-cancels', what: 'without the β of the log-ratios', change: perX(({ rhs }, _, { beta }) => rhs / beta) },
  { id: 'z-cancels', what: 'with Z in one of the two', change: perX(({ rhs }, x, setting) => rhs + setting.beta * treeLogZ(setting)[x]) },
  { id: 'dpo-objective', what: 'with the sign flipped', change: perX(({ rhs }) => -rhs) },
];

describe('a wrong line', () => {
  it.each(WRONG)('$id $what is found out', ({ id, change }) => {
    expect(failures(id, change)).toBeGreaterThan(75);
  });

  it('with a log Z that is not 0 for a policy that is not normalised is found out', () => {
    const check = checkOf('implicit-normaliser');
    for (const setting of settings) {
      const result = evaluate(check, { ...setting, logps: setting.logps.map((logp) => logp + 0.01) });
      expect(result.verdict).toBe('fail');
      expect(result.worst?.lhs).toBeCloseTo(0.01, 9);
    }
  });

  it('is tried for every check of these chapters: in the tables above, else each side must read something the other side needs', () => {
    const tried = new Set([...Object.keys(READS), ...WRONG.map(({ id }) => id), 'implicit-normaliser', 'rlhf-objective', 'reward-model-likelihood']);
    const others = STEPS.filter(({ id, chapter, check }) => chapter <= 3 && check.kind !== 'definition' && !tried.has(id));
    expect(others.filter(({ id }) => Object.values(OTHER).every((other) => failures(id, crossed(id, other)) === 0)).map(({ id }) => id)).toEqual([]);
  });
});

/** J_x(π*) − J_x(π) against the KL the other way round. */
function reversedGap(sides: Sides[], setting: Setting): Sides[] {
  const best = optimumOf(setting).logps;
  const others = [setting.logps, setting.refLogps];
  const X = setting.world.promptCount;
  return sides.slice(0, others.length * X).map((side, i) => {
    const logps = others[Math.floor(i / X)];
    const x = i % X;
    let kl = 0;
    best.forEach((logp, y) => { if (setting.promptOf[y] === x) kl += Math.exp(logp) * (logp - logps[y]); });
    return { ...side, rhs: setting.beta * kl };
  });
}

describe('a false maximum', () => {
  it('of J is found out by some rival', () => {
    const claims = [(s: Setting) => s.refLogps, (s: Setting) => s.logps, (s: Setting) => optimumOf({ ...s, beta: 2 * s.beta }).logps];
    for (const claim of claims) {
      const wrong = (sides: Sides[], setting: Setting): Sides[] => {
        const value = valueOf(setting, claim(setting));
        return sides.map((side) => ({ ...side, rhs: value[side.x ?? 0] }));
      };
      // Where one response has nearly all mass at every β, the claim is true.
      const mistaken = settings.filter((setting) => valueOf(setting, claim(setting)).some((value, x) => treeLogZ(setting)[x] * setting.beta - value > 1e-5 * Math.max(1, Math.abs(value))));
      expect(mistaken.length).toBeGreaterThan(MOST);
      expect(failures('rlhf-objective', wrong, mistaken)).toBe(mistaken.length);
    }
  });

  it('of the likelihood is found out by some other rewards', () => {
    for (const claim of [(s: Setting) => s.rewards.map((r) => r * 0.5), (s: Setting) => s.rewards.map((r) => -r), (s: Setting) => s.rewards.map(() => 0)]) {
      const wrong = (sides: Sides[], setting: Setting): Sides[] => sides.map((side) => ({ ...side, rhs: expectedLogLikelihood(setting, claim(setting)) }));
      // Of a pair that is as good as certain, half the lead explains it as well.
      const mistaken = settings.filter((setting) => expectedLogLikelihood(setting, setting.rewards) - expectedLogLikelihood(setting, claim(setting)) > TOLERANCE * 10);
      expect(mistaken.length).toBeGreaterThan(MOST);
      expect(failures('reward-model-likelihood', wrong, mistaken)).toBe(mistaken.length);
    }
  });

  it('is not held up by rivals that are all far away', () => {
    for (const id of ['rlhf-objective', 'reward-model-likelihood']) {
      const close = settings.filter((setting) => checkOf(id).sides(setting).some(({ lhs, rhs }) => rhs - lhs > 0 && rhs - lhs < 0.05 * Math.max(1, Math.abs(rhs))));
      expect(close.length).toBeGreaterThan(75);
    }
  });
});
