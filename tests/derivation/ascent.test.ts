import { describe, expect, it } from 'vitest';
import { ascentPath } from '../../src/derivation/ascent.ts';
import { objectiveOf } from '../../src/derivation/objective.ts';
import { optimumOf } from '../../src/derivation/optimum.ts';
import { settingOf, sumOverResponses } from '../../src/derivation/setting.ts';
import { buildWorld } from '../../src/sim/world.ts';
import { randomSettings } from './worlds.ts';

/** Two prompts with three responses each: the second prompt's optimum is nearer to a corner. */
function small(prompts = ['Is it raining?', 'Is it cold?']) {
  const world = buildWorld({ prompts, words: ['yes', 'no'], maxLength: 1 });
  const table = [[0.3, 0.2, 0.5, -1, 1, 0], [0.6, 0.3, 0.1, 0.5, -0.5, 2]];
  const at = (from: number): number[] => {
    // Level by level: the empty responses of all prompts, then their words.
    const own = prompts.map((_, x) => table[x].slice(from, from + 3));
    return [...own.map(([empty]) => empty), ...own.flatMap(([, yes, no]) => [yes, no])];
  };
  const refLogps = at(0).map(Math.log);
  return settingOf({ world, beta: 0.5, refLogps, rewards: at(3), logps: refLogps, pairs: [{ chosen: prompts.length, rejected: prompts.length + 1 }] });
}

describe('ascentPath', () => {
  it('climbs all the way to π*', () => {
    const setting = small();
    const path = ascentPath(setting, setting.refLogps, { rate: 1.5, steps: 4000 });
    expect(path.length).toBe(4001);
    expect(path[0]).toEqual(setting.refLogps);
    const values = path.map((logps) => objectiveOf(setting, logps).value);
    expect(values.slice(1).every((value, i) => value >= values[i] - 1e-14)).toBe(true);
    const { logps: best } = optimumOf(setting);
    path[4000].forEach((logp, y) => expect(Math.abs(logp - best[y])).toBeLessThan(1e-8));
    expect(Math.abs(path[5][2] - best[2])).toBeGreaterThan(0.05); // it does not jump there
  });

  it('moves by the gradient of J in the logits, which finite differences find too', () => {
    const setting = small();
    const rate = 1e-6;
    const from = [0.1, -0.7, 0.4, 0.9, -0.2, 0.3];
    const [start, next] = ascentPath(setting, Float64Array.from(from), { rate, steps: 1 });
    const value = (logits: number[]): number => 2 * objectiveOf(setting, ascentPath(setting, Float64Array.from(logits), { rate: 1, steps: 0 })[0]).value;
    const gradient = from.map((_, j) => {
      const moved = (by: number): number[] => from.map((logit, y) => (y === j ? logit + by : logit));
      return (value(moved(1e-5)) - value(moved(-1e-5))) / 2e-5;
    });
    // The logits' own move, less what normalising takes from all of a prompt alike.
    const mean = sumOverResponses(setting, (y) => Math.exp(start[y]) * gradient[y]);
    gradient.forEach((slope, y) => expect((next[y] - start[y]) / rate).toBeCloseTo(slope - mean[setting.promptOf[y]], 4));
  });

  it('is normalised for every prompt, and a prompt’s path does not depend on other prompts', () => {
    const both = ascentPath(small(), small().refLogps, { rate: 0.3, steps: 7 });
    const one = small(['Is it raining?']);
    const alone = ascentPath(one, one.refLogps, { rate: 0.3, steps: 7 });
    both.forEach((logps, step) => {
      sumOverResponses(small(), (y) => Math.exp(logps[y])).forEach((sum) => expect(sum).toBeCloseTo(1, 13));
      [0, 2, 3].forEach((y, i) => expect(logps[y]).toBeCloseTo(alone[step][i], 13));
    });
  });

  it('stays at π*, and leaves a response of probability 0 where it is', () => {
    for (const setting of randomSettings(20)) {
      const { logps } = optimumOf(setting);
      const [, next] = ascentPath(setting, logps, { rate: 0.1, steps: 1 });
      expect(Math.max(...next.map((logp, y) => Math.abs(logp - logps[y]) / Math.max(1, Math.abs(logps[y]))))).toBeLessThan(1e-10);
    }
    const setting = small();
    const path = ascentPath(setting, setting.refLogps.map((logp, y) => (y === 2 ? -Infinity : logp)), { rate: 0.5, steps: 50 });
    for (const logps of path) {
      expect(logps[2]).toBe(-Infinity);
      expect(Math.exp(logps[0]) + Math.exp(logps[3])).toBeCloseTo(1, 13);
    }
  });

  it('refuses what it cannot climb with, and says so', () => {
    const setting = small();
    expect(() => ascentPath(setting, setting.refLogps, { rate: 0, steps: 1 })).toThrow('rate must be a finite number > 0, got 0');
    expect(() => ascentPath(setting, setting.refLogps, { rate: 1, steps: 1.5 })).toThrow('steps must be a whole number ≥ 0, got 1.5');
    expect(() => ascentPath(setting, new Float64Array(2), { rate: 1, steps: 1 })).toThrow('from must have 6 entries, one per response, got 2');
  });
});
