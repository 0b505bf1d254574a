/** What is said of a learned reward: the fit to pairs, its scale, and what a word more is worth. */
import { describe, expect, it } from 'vitest';
import { pairFit, pairLossGradient } from '../src/sim/exact/bradleyTerry.ts';
import { responseLogps } from '../src/sim/exact/forest.ts';
import { lengthCoefficient, standardise } from '../src/sim/exact/learnedReward.ts';
import { buildWorld, lengthOf, promptOf } from '../src/sim/world.ts';

describe('Bradley–Terry on pairs', () => {
  const pairs = { chosen: Int32Array.of(0, 2, 1, 2), rejected: Int32Array.of(1, 1, 0, 2), weights: Float64Array.of(0.4, 0.3, 0.2, 0.1) };
  const scores = [0.5, -0.3, 1.2, 7];

  it('log-likelihood, accuracy and margin by hand', () => {
    const logSigmoid = (z: number) => Math.log(1 / (1 + Math.exp(-z)));
    const fit = pairFit(scores, pairs);
    expect(fit.logLikelihood).toBeCloseTo(0.4 * logSigmoid(0.8) + 0.3 * logSigmoid(1.5) + 0.2 * logSigmoid(-0.8) + 0.1 * Math.log(0.5), 14);
    expect(fit.accuracy).toBeCloseTo(0.7, 14);
    expect(fit.margin).toBeCloseTo(0.4 * 0.8 + 0.3 * 1.5 - 0.2 * 0.8, 14);
  });

  it('the gradient is that of minus the log-likelihood, 0 for a response without pairs, and of sum 0', () => {
    const gradient = pairLossGradient(scores, pairs);
    const loss = (changed: number[]) => -pairFit(changed, pairs).logLikelihood;
    scores.forEach((score, i) => {
      const numeric = (loss(scores.with(i, score + 1e-5)) - loss(scores.with(i, score - 1e-5))) / 2e-5;
      expect(Math.abs(gradient[i] - numeric)).toBeLessThan(1e-10);
    });
    expect(gradient[3]).toBe(0);
    expect(gradient.reduce((a, b) => a + b)).toBeCloseTo(0, 15);
  });

  it('stays exact where the margin is huge', () => {
    const one = { chosen: Int32Array.of(0), rejected: Int32Array.of(1), weights: Float64Array.of(1) };
    expect(pairFit([-800, 0], one).logLikelihood).toBe(-800);
    expect(Array.from(pairLossGradient([-800, 0], one))).toEqual([-1, 1]);
    expect(pairLossGradient([40, 0], one)[1]).toBeCloseTo(Math.exp(-40), 30);
  });
});

describe('a learned reward', () => {
  const world = buildWorld({ words: ['p', 'q'], maxLength: 3, prompts: ['0', '1'] });
  const refLogps = responseLogps(world, Float64Array.from({ length: world.contextCount * world.tokenCount }, (_, i) => Math.sin(2.3 * i)));
  const nodes = Array.from({ length: world.responseCount }, (_, y) => y);
  const lengths = nodes.map((y) => lengthOf(world, y));
  const gold = Float64Array.from(nodes, (y) => Math.cos(3.1 * y));
  const offsets = [5, -8];
  const noise = nodes.map((y) => Math.sin(7.7 * y));

  it('standardised has mean 0 for every prompt and variance 1 under π_ref, whatever the offset of a prompt', () => {
    const raw = Float64Array.from(nodes, (y) => 3 * noise[y] + offsets[promptOf(world, y)]);
    const { scores, scale } = standardise(world, refLogps, raw);
    const mean = (prompt: number, f: (y: number) => number) => nodes.reduce((sum, y) => sum + (promptOf(world, y) === prompt ? Math.exp(refLogps[y]) * f(y) : 0), 0);
    for (const prompt of [0, 1]) expect(mean(prompt, (y) => scores[y])).toBeCloseTo(0, 12);
    expect((mean(0, (y) => scores[y] ** 2) + mean(1, (y) => scores[y] ** 2)) / 2).toBeCloseTo(1, 12);
    const [a, b] = nodes.filter((y) => promptOf(world, y) === 1).slice(2, 4);
    expect((raw[a] - raw[b]) / scale).toBeCloseTo(scores[a] - scores[b], 12);
    expect(standardise(world, refLogps, Float64Array.from(raw, (score) => 10 * score)).scale).toBeCloseTo(10 * scale, 9);
  });

  it('that is constant stays 0, and one that is not finite stays so', () => {
    const constant = standardise(world, refLogps, new Float64Array(nodes.length).fill(0.1));
    expect(constant.scale).toBeLessThan(1e-15);
    expect(constant.scores.every((score) => Math.abs(score) < 1e-15)).toBe(true);
    expect(standardise(world, refLogps, Float64Array.from(noise, (score, y) => (y === 3 ? NaN : score))).scale).toBeNaN();
  });

  it('made of gold, length, and an offset per prompt has the coefficient of length it was made with', () => {
    const made = Float64Array.from(nodes, (y) => 2 * gold[y] + 0.7 * lengths[y] + offsets[promptOf(world, y)]);
    expect(lengthCoefficient(world, refLogps, made, gold)).toBeCloseTo(0.7, 12);
    expect(Math.abs(lengthCoefficient(world, refLogps, made, null) - 0.7), 'gold is not held fixed').toBeGreaterThan(0.01);
  });

  it('with noise has the coefficient at which no other fits better', () => {
    const made = Float64Array.from(nodes, (y) => gold[y] + 0.3 * lengths[y] + noise[y]);
    const best = lengthCoefficient(world, refLogps, made, gold);
    // The rest after |y| is taken out must be explained by gold and constants as well as it can be: its own coefficient is 0.
    const rest = made.map((score, y) => score - best * lengths[y]);
    expect(lengthCoefficient(world, refLogps, rest, gold)).toBeCloseTo(0, 12);
    expect(Math.abs(best - 0.3)).toBeGreaterThan(1e-3);
  });

  it('is compared with length alone where gold says nothing else, and is NaN where all answers are equally long', () => {
    const made = Float64Array.from(nodes, (y) => 0.4 * lengths[y] + 0.1 * noise[y]);
    const alone = lengthCoefficient(world, refLogps, made, null);
    expect(lengthCoefficient(world, refLogps, made, Float64Array.from(lengths, (length) => 2 - 3 * length))).toBe(alone);
    expect(lengthCoefficient(world, refLogps, made, new Float64Array(nodes.length))).toBe(alone);
    const certain = Float64Array.from(nodes, (y) => (lengths[y] === 2 ? -Math.log(4) : -Infinity));
    expect(lengthCoefficient(world, certain, made, gold)).toBeNaN();
  });
});
