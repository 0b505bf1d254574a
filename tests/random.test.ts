/** The generator: published known answers, then the distributions made from it. */
import { describe, expect, it } from 'vitest';
import { randomAt, STREAM, threefry2x32 } from '../src/sim/random.ts';

describe('Threefry2x32-20', () => {
  it.each([
    { key: [0, 0], counter: [0, 0], out: [0x6b200159, 0x99ba4efe] },
    { key: [0xffffffff, 0xffffffff], counter: [0xffffffff, 0xffffffff], out: [0x1cb996fc, 0xbb002be7] },
    { key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], out: [0xc4923a9c, 0x483df7a0] },
  ])('known answer for key $key', ({ key, counter, out }) => {
    expect(threefry2x32(key[0], key[1], counter[0], counter[1])).toEqual(out);
  });
});

const DRAWS = 65_536;

/** Pearson's statistic against equal or given expected shares. */
function chiSquare(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.reduce((sum, count, i) => sum + (count - total * shares[i]) ** 2 / (total * shares[i]), 0);
}

/** Five standard deviations above the mean of χ² with `freedom` degrees: a fair generator passes about always. */
const bound = (freedom: number): number => freedom + 5 * Math.sqrt(2 * freedom);

function counted(draw: () => number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < DRAWS; i++) counts[draw()]++;
  return counts;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (v: readonly number[]) => v.reduce((x, y) => x + y, 0) / v.length;
  const [ma, mb] = [mean(a), mean(b)];
  const dot = (u: readonly number[], mu: number, v: readonly number[], mv: number) => u.reduce((sum, x, i) => sum + (x - mu) * (v[i] - mv), 0);
  return dot(a, ma, b, mb) / Math.sqrt(dot(a, ma, a, ma) * dot(b, mb, b, mb));
}

describe('uniform', () => {
  const flat = (bins: number) => new Array<number>(bins).fill(1 / bins);

  it('fills 256 bins evenly and stays in [0, 1) on the float32 grid', () => {
    const random = randomAt(7, STREAM.preferences);
    const counts = counted(() => {
      const u = random.uniform();
      if (!(u >= 0 && u < 1) || Math.fround(u) !== u || u * 2 ** 24 % 1 !== 0) throw new Error(`${u} is off the grid`);
      return Math.floor(u * 256);
    }, 256);
    const statistic = chiSquare(counts, flat(256));
    expect(statistic).toBeLessThan(bound(255));
    // A lattice or a counter in disguise would be too even.
    expect(statistic).toBeGreaterThan(255 - 5 * Math.sqrt(510));
  });

  it('fills pairs of neighbouring draws, seeds and steps evenly', () => {
    const cell = (u: number, v: number) => Math.floor(u * 16) * 16 + Math.floor(v * 16);
    const random = randomAt(3, STREAM.batch);
    expect(chiSquare(counted(() => cell(random.uniform(), random.uniform()), 256), flat(256))).toBeLessThan(bound(255));
    let seed = 0;
    const first = (s: number, step: number) => randomAt(s, STREAM.initialisation, step).uniform();
    expect(chiSquare(counted(() => cell(first(seed, 0), first(++seed, 0)), 256), flat(256))).toBeLessThan(bound(255));
    let step = 0;
    expect(chiSquare(counted(() => cell(first(1, step), first(1, ++step)), 256), flat(256))).toBeLessThan(bound(255));
  });
});

describe('normal', () => {
  it('has the moments of a standard normal', () => {
    const count = 8 * DRAWS;
    const random = randomAt(11, STREAM.initialisation, 2);
    const draws = Array.from({ length: count }, () => random.normal());
    const moment = (k: number) => draws.reduce((sum, z) => sum + z ** k, 0) / count;
    // Bounds: five standard errors of each moment, √(var(zᵏ)/n).
    const error = (variance: number) => 5 * Math.sqrt(variance / count);
    expect(Math.abs(moment(1))).toBeLessThan(error(1));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(error(2));
    expect(Math.abs(moment(3))).toBeLessThan(error(15));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(error(96));
    const beyond = draws.filter((z) => Math.abs(z) > 1.959964).length / count;
    expect(Math.abs(beyond - 0.05)).toBeLessThan(error(0.05 * 0.95));
    expect(draws.every(Number.isFinite)).toBe(true);
  });

  it('draws are not correlated with the next', () => {
    const random = randomAt(5, STREAM.initialisation);
    const draws = Array.from({ length: DRAWS }, () => random.normal());
    expect(Math.abs(correlation(draws.slice(1), draws.slice(0, -1)))).toBeLessThan(5 / Math.sqrt(DRAWS));
  });
});

describe('index', () => {
  it('follows the probabilities, and never draws a 0', () => {
    const shares = [0.035, 0, 0.047, 0.064, 0.086, 0.116, 0.156, 0.211, 0.285, 0];
    const random = randomAt(2, STREAM.labels, 9);
    const counts = counted(() => random.index(shares), shares.length);
    const possible = shares.flatMap((share, i) => (share > 0 ? [i] : []));
    expect(counts[1] + counts[9]).toBe(0);
    expect(chiSquare(possible.map((i) => counts[i]), possible.map((i) => shares[i]))).toBeLessThan(bound(possible.length - 1));
  });

  it('is the inverse CDF of the uniform draw with the same counter', () => {
    const shares = [0.2, 0.5, 0.3];
    const uniforms = randomAt(4, STREAM.batch, 6), indices = randomAt(4, STREAM.batch, 6);
    for (let i = 0; i < 1000; i++) {
      const u = uniforms.uniform();
      expect(indices.index(shares)).toBe(u < 0.2 ? 0 : u < 0.7 ? 1 : 2);
    }
  });

  it('takes the last possible index where rounding leaves the sum below 1', () => {
    const shares = [0.25, 1e-9, 0];
    const random = randomAt(0, STREAM.batch);
    const drawn = new Set(Array.from({ length: 100 }, () => random.index(shares)));
    expect([...drawn].toSorted()).toEqual([0, 1]);
  });
});

describe('streams', () => {
  const draws = (seed: number, stream: (typeof STREAM)[keyof typeof STREAM], step = 0) => {
    const random = randomAt(seed, stream, step);
    return Array.from({ length: 4096 }, () => random.uniform());
  };

  it('repeat themselves', () => {
    expect(draws(3, STREAM.batch, 17)).toEqual(draws(3, STREAM.batch, 17));
  });

  it('of other purposes, seeds and steps are independent', () => {
    const base = draws(0, STREAM.initialisation);
    const others = [
      draws(0, STREAM.preferences), draws(0, STREAM.labels), draws(0, STREAM.batch),
      draws(1, STREAM.initialisation), draws(4294967295, STREAM.initialisation), draws(0, STREAM.initialisation, 1),
    ];
    for (const other of others) {
      expect(Math.abs(correlation(base, other))).toBeLessThan(5 / Math.sqrt(base.length));
      expect(Math.abs(correlation(base.slice(1), other.slice(0, -1)))).toBeLessThan(5 / Math.sqrt(base.length));
    }
  });
});
