/** GAE, returns and whitening: golden numbers from the definitions (golden/ppo.golden.py), and identities. */
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { advantagesOf, whiten } from '../src/sim/advantages.ts';
import { randomAt, STREAM } from '../src/sim/random.ts';
import { farthest } from './product.ts';

interface Golden {
  lengths: number[];
  rewards: number[][];
  values: number[][];
  cases: { gamma: number; gaeLambda: number; advantages: number[][]; returns: number[][]; whitened: number[][]; rewardsToGo: number[][] }[];
}
const golden = JSON.parse(fs.readFileSync(new URL('golden/ppo.golden.json', import.meta.url), 'utf8')) as Golden;

const POSITIONS = 4;
const used = Uint8Array.from(golden.lengths.flatMap((length) => Array.from({ length: POSITIONS }, (_, t) => (t < length ? 1 : 0))));
const rewards = golden.rewards.flat();
const values = golden.values.flat();

describe.each(golden.cases)('γ $gamma, λ $gaeLambda', ({ gamma, gaeLambda, ...expected }) => {
  const advantages = advantagesOf(rewards, values, used, POSITIONS, { gamma, gaeLambda });

  it('advantages are the sums of discounted temporal differences', () => {
    expect(farthest(advantages, expected.advantages.flat())).toBeLessThan(1e-14);
  });

  it('returns are advantages + values', () => {
    const returns = advantages.map((advantage, i) => advantage + used[i] * values[i]);
    expect(farthest(returns, expected.returns.flat())).toBeLessThan(1e-14);
  });

  it('whitening is over all tokens, with n − 1', () => {
    expect(farthest(whiten(advantages, used), expected.whitened.flat())).toBeLessThan(1e-13);
  });

  it('without values and with λ = 1 it is the reward-to-go', () => {
    const toGo = advantagesOf(rewards, new Float64Array(used.length), used, POSITIONS, { gamma, gaeLambda: 1 });
    expect(farthest(toGo, expected.rewardsToGo.flat())).toBeLessThan(1e-14);
  });
});

describe('identities', () => {
  const random = randomAt(1, STREAM.rollout);
  const draw = () => Float64Array.from(used, () => random.normal());

  it('with λ = 1 the value function shifts the reward-to-go by −V, whatever it is', () => {
    const [someRewards, someValues] = [draw(), draw()];
    const toGo = advantagesOf(someRewards, new Float64Array(used.length), used, POSITIONS, { gamma: 0.9, gaeLambda: 1 });
    const advantages = advantagesOf(someRewards, someValues, used, POSITIONS, { gamma: 0.9, gaeLambda: 1 });
    expect(farthest(advantages, toGo.map((value, i) => value - used[i] * someValues[i]))).toBeLessThan(1e-14);
  });

  it('a value function that is right everywhere leaves no advantage', () => {
    const someRewards = draw();
    const right = advantagesOf(someRewards, new Float64Array(used.length), used, POSITIONS, { gamma: 0.8, gaeLambda: 1 });
    expect(farthest(advantagesOf(someRewards, right, used, POSITIONS, { gamma: 0.8, gaeLambda: 0.3 }), new Float64Array(used.length))).toBeLessThan(1e-14);
  });

  it('whitened advantages have mean 0 and variance 1, and scale and offset of the rewards do not matter', () => {
    const advantages = draw().map((value, i) => used[i] * value);
    const whitened = whiten(advantages, used);
    const own = Array.from(whitened).filter((_, i) => used[i] !== 0);
    const mean = own.reduce((a, b) => a + b, 0) / own.length;
    const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (own.length - 1);
    expect(Math.abs(mean)).toBeLessThan(1e-14);
    expect(Math.abs(variance - 1)).toBeLessThan(1e-7);
    expect(farthest(whiten(advantages.map((value) => 30 * value - 7), used), whitened)).toBeLessThan(1e-7);
  });

  it('a single token, and tokens that are all alike, become 0', () => {
    expect(Array.from(whiten(Float64Array.of(3, 0), [1, 0]))).toEqual([0, 0]);
    expect(Array.from(whiten(Float64Array.of(2, 2, 2, 0), [1, 1, 1, 0]))).toEqual([0, 0, 0, 0]);
  });
});
