/** Rewards that are equal but for rounding: equal in the gold reward, a tie wherever rewards are compared. */
import { describe, expect, it } from 'vitest';
import { concordance } from '../src/sim/exact/concordance.ts';
import { levelsOf } from '../src/sim/exact/levels.ts';
import { goldRewards } from '../src/sim/gold.ts';
import { duelsOf } from '../src/sim/sideBySide.ts';
import { buildWorld, nodeOf, wordsOf } from '../src/sim/world.ts';

/** One number, summed in two orders. */
const [FORWARD, BACKWARD] = [0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1];

describe('the gold reward', () => {
  const world = buildWorld({ words: ['a', 'b', 'c'], maxLength: 4, prompts: ['x'] });
  const gold = { otherwise: 0.7, responses: [], perWord: { a: 0.1, b: 0.2, c: 0.3 }, containsWord: { b: 0.13, c: -0.9 }, perToken: -0.07 };

  it('is the same number to the last bit for the same words in every order', () => {
    expect(FORWARD).not.toBe(BACKWARD);
    const rewards = goldRewards(world, gold);
    const byWords = new Map<string, Set<number>>();
    rewards.forEach((reward, y) => {
      const key = wordsOf(world, y).sort().join();
      byWords.set(key, (byWords.get(key) ?? new Set()).add(reward));
    });
    expect(byWords.size).toBe(35);
    for (const [words, own] of byWords) expect([...own], words).toHaveLength(1);
    expect(rewards[nodeOf(world, 0, 'c a c b')]).toBeCloseTo(0.7 + 0.1 + 0.2 + 0.6 + 0.13 - 0.9 - 0.28, 14);
  });
});

describe('levels', () => {
  it('are the different values, ascending, with the level of each', () => {
    const { levels, indexOf } = levelsOf([2, -1, 0.5, 2, 0.5]);
    expect(Array.from(levels)).toEqual([-1, 0.5, 2]);
    expect(Array.from(indexOf)).toEqual([2, 0, 1, 2, 1]);
    expect(levelsOf([]).levels).toHaveLength(0);
  });

  it('join what rounding tells apart, also near 0, and nothing else', () => {
    expect(Array.from(levelsOf([BACKWARD, 1, FORWARD]).indexOf)).toEqual([0, 1, 0]);
    expect(Array.from(levelsOf([0.1 + 0.2 - 0.3, 0, 1]).indexOf)).toEqual([0, 0, 1]);
    expect(levelsOf([1, 1 + 1e-8, 1000]).levels).toHaveLength(3);
    expect(levelsOf([0, 1e-8, 1000]).levels, 'a small reward beside a large one').toHaveLength(3);
    expect(levelsOf([-1, -1 - 1e-10]).levels).toHaveLength(1);
  });

  it('join neither an infinite value with a finite one, nor what is not a number with anything', () => {
    const { levels, indexOf } = levelsOf([Infinity, 3, NaN, -Infinity, -5, NaN, -Infinity]);
    expect(Array.from(levels)).toEqual([-Infinity, -5, 3, Infinity, NaN]);
    expect(Array.from(indexOf)).toEqual([3, 2, 4, 0, 1, 4, 0]);
    expect(concordance([0.25, 0.25, 0.25, 0.25], [-Infinity, -5, 3, Infinity], [1, 2, 3, 4])).toBe(1);
    expect(levelsOf([-0, 0, 0]).levels).toHaveLength(1);
  });

  it('do not grow along a chain of small steps', () => {
    const chain = Array.from({ length: 50 }, (_, i) => 1 + i * 0.4e-9);
    expect(levelsOf(chain).levels.length).toBeGreaterThan(10);
  });
});

describe('what compares rewards', () => {
  it('the head-to-head ties where rewards differ by rounding', () => {
    const world = buildWorld({ words: ['a'], maxLength: 1, prompts: ['x'] });
    // One policy always says "", the other always "a".
    const logps = [Float64Array.of(0, -Infinity), Float64Array.of(-Infinity, 0)];
    const duels = duelsOf(world, logps, Float64Array.of(FORWARD, BACKWARD), [0], 1);
    expect(Array.from(duels.exact.subarray(3, 6))).toEqual([0, 1, 0]);
    expect(new Set(duels.sampledRewards).size).toBe(1);
    expect(Array.from(duelsOf(world, logps, Float64Array.of(1, 0), [0], 1).exact.subarray(3, 6))).toEqual([1, 0, 0]);
  });

  it('concordance counts neither a difference by rounding in the truth, nor one in the scores as right', () => {
    expect(concordance([0.5, 0.5], [0, 1], [FORWARD, BACKWARD])).toBeNaN();
    expect(concordance([0.5, 0.5], [FORWARD, BACKWARD], [1, 0])).toBe(0.5);
    expect(concordance([0.5, 0.5], [BACKWARD, FORWARD], [1, 0])).toBe(0.5);
  });
});
