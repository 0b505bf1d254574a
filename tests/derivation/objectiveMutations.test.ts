/** No check that cannot fail: every line of chapters 4 and 7 is found out when one side is computed from something else, or otherwise. */
import { describe, expect, it } from 'vitest';
import { optimumOf, valueOf } from '../../src/derivation/optimum.ts';
import { sumOverResponses, type Setting } from '../../src/derivation/setting.ts';
import { evaluate, type Check, type Sides } from '../../src/derivation/step.ts';
import { OBJECTIVE_STEPS } from '../../src/derivation/steps/objective.ts';
import { PPO_STEPS } from '../../src/derivation/steps/ppo.ts';
import { randomSettings } from './worlds.ts';

const settings = randomSettings();
const STEPS = [...OBJECTIVE_STEPS, ...PPO_STEPS];

function checkOf(id: string): Exclude<Check, { kind: 'definition' }> {
  const check = STEPS.find((step) => step.id === id)?.check;
  if (!check || check.kind === 'definition') throw new Error(`${id} has nothing to check`);
  return check;
}

const sidesOf = (id: string, setting: Setting): Sides[] => checkOf(id).sides(setting);

const wave = (y: number): number => Math.sin(1 + 2.7 * y);
const tilted = (setting: Setting, from: Float64Array): Float64Array => optimumOf({ ...setting, refLogps: from, rewards: setting.rewards.map((_, y) => setting.beta * wave(y)) }).logps;

/** Everything a line can depend on, and another value of it. */
const OTHER: Record<string, (setting: Setting) => Setting> = {
  beta: (setting) => ({ ...setting, beta: 1.25 * setting.beta }),
  rewards: (setting) => ({ ...setting, rewards: setting.rewards.map((r, y) => r + setting.beta * wave(y)) }),
  refLogps: (setting) => ({ ...setting, refLogps: tilted(setting, setting.refLogps) }),
  logps: (setting) => ({ ...setting, logps: tilted(setting, setting.logps) }),
};

/** What the right side of every line reads. */
const READS: Record<string, string[]> = {
  'softmax-form': ['beta', 'refLogps', 'logps'],
  'dpo-gradient': ['beta', 'refLogps', 'logps'],
  'dpo-weight': ['beta', 'refLogps', 'logps'],
  'ipo-target': ['beta', 'refLogps', 'logps'],
  'support-zero': ['beta', 'refLogps', 'logps', 'rewards'],
  'solution-set': ['beta'],
  'policy-gradient': ['beta', 'rewards', 'refLogps', 'logps'],
  'ppo-surrogate': ['beta', 'rewards', 'refLogps', 'logps'],
  gae: ['beta', 'rewards', 'refLogps', 'logps'],
};

/** In how many of the settings a step fails when its right sides are changed. */
function failures(id: string, change: (sides: Sides[], setting: Setting) => number[]): number {
  const check = checkOf(id);
  return settings.filter((setting) => evaluate({
    ...check, sides: (own) => { const sides = check.sides(own), rhs = change(sides, own); return sides.map((side, i) => ({ ...side, rhs: rhs[i] })); },
  }, setting).verdict === 'fail').length;
}

describe('no check that cannot fail', () => {
  it('is made for every line of chapters 4 and 7', () => {
    expect(Object.keys(READS)).toEqual(STEPS.map(({ id }) => id));
  });

  it.each(Object.keys(READS).flatMap((id) => Object.keys(OTHER).map((ingredient) => ({ id, ingredient }))))('$id notices another $ingredient on its right side if it reads it', ({ id, ingredient }) => {
    const found = failures(id, (_, setting) => sidesOf(id, OTHER[ingredient](setting)).map(({ rhs }) => rhs));
    if (READS[id].includes(ingredient)) expect(found).toBeGreaterThan(120);
    else expect(found).toBe(0);
  });

  const betaMissing = (sides: Sides[], { beta }: Setting): number[] => sides.map(({ rhs }) => rhs / beta);
  const signTurned = (sides: Sides[]): number[] => sides.map(({ rhs }) => -rhs);
  it.each<[string, string, (sides: Sides[], setting: Setting) => number[]]>([
    ['dpo-gradient', 'β is missing in front', betaMissing],
    ['dpo-gradient', 'the sign is turned', signTurned],
    ['dpo-gradient', 'the weight is σ(βh)', (sides, setting) => sides.map(({ rhs }) => { const side = Math.sign(rhs); return rhs === 0 ? 0 : side * (setting.beta - Math.abs(rhs)); })],
    ['dpo-weight', 'the chosen answer’s share is taken', (sides) => sides.map(({ rhs }) => 1 - rhs)],
    ['ipo-target', 'the target is 1/β', (sides, { beta }) => sides.map(({ at, rhs }) => (at.endsWith('at π_θ') ? rhs - 1 / beta : rhs))],
    ['support-zero', 'the log-ratio stays', (sides) => sides.map(({ at, rhs }) => (at.endsWith('its log-ratio') ? rhs - Math.log(1000) : rhs))],
    ['solution-set', 'the loss grows with a', (sides) => sides.map(({ rhs }) => 1.01 * rhs)],
    ['policy-gradient', 'the KL is left out', (sides, setting) => {
      const mean = sumOverResponses(setting, (y) => Math.exp(setting.logps[y]) * setting.rewards[y]);
      return sides.map(({ y = 0, x = 0 }) => Math.exp(setting.logps[y]) * (setting.rewards[y] - mean[x]));
    }],
    ['ppo-surrogate', 'nothing is clipped', (sides) => sides.map(({ at, rhs }) => {
      const [, advantage, ratio] = /A = (\S+), ρ = (\S+)/.exec(at) ?? [];
      return advantage === undefined ? rhs : Number(advantage) * Number(ratio);
    })],
    ['ppo-surrogate', 'everything beyond the band is clipped', (sides) => sides.map(({ at, rhs }) => {
      const ratio = Number(/ρ = (\S+)$/.exec(at)?.[1] ?? 1);
      return ratio > 1.2 || ratio < 0.8 ? 0 : rhs;
    })],
    ['gae', 'a return without its value', (sides, setting) => sides.map(({ at, rhs }) => (at.endsWith('of the whole answer') ? rhs + valueOf(setting, setting.logps)[0] : rhs))],
  ])('%s fails where %s', (id, _, change) => {
    expect(failures(id, change)).toBeGreaterThan(150);
  });
});
