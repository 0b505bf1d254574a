/** What PPO draws: responses of the policy, rewards per token, minibatches of whole rollouts. */
import { describe, expect, it } from 'vitest';
import { expectation, klDivergence } from '../src/sim/exact/estimators.ts';
import { responseLogps } from '../src/sim/exact/forest.ts';
import type { PpoAlgorithm } from '../src/sim/experiment.ts';
import { goldRewards } from '../src/sim/gold.ts';
import { randomAt, STREAM } from '../src/sim/random.ts';
import { dealMinibatches, drawRollouts, type RolloutParts, type Rollouts } from '../src/sim/rollouts.ts';
import { buildWorld, pathOf, promptOf } from '../src/sim/world.ts';
import { small } from './ppoCases.ts';
import { farthest } from './product.ts';

const experiment = small({});
const world = buildWorld(experiment.world);
const scores = goldRewards(world, experiment.gold!);
const random = randomAt(9, STREAM.initialisation);
const noise = (length: number) => Float64Array.from({ length }, () => random.normal());
const CELLS = world.contextCount * world.tokenCount;
/** Two blocks each, so that an offset that is ignored shows. */
const logits = noise(2 * CELLS), refLogits = noise(2 * CELLS), values = noise(2 * world.contextCount);
const block = { offset: CELLS, refOffset: CELLS, valueOffset: world.contextCount };

const draw = (algorithm: Partial<PpoAlgorithm>, parts: Partial<RolloutParts> = {}): Rollouts => drawRollouts({
  world, algorithm: { ...experiment.algorithm as PpoAlgorithm, ...algorithm },
  beta: 0.4, seed: 3, step: 5, logits, refLogits, values, ...block, scores, ...parts,
});

const sum = (numbers: ArrayLike<number>): number => Array.from(numbers).reduce((a, b) => a + b, 0);

describe('drawRollouts', () => {
  const rollouts = draw({});
  const rowOf = (array: Float64Array, b: number) => array.subarray(b * rollouts.positions, (b + 1) * rollouts.positions);
  const logps = responseLogps(world, logits, block.offset), refLogps = responseLogps(world, refLogits, block.refOffset);

  it('draws rolloutBatch responses per prompt, and lays out the tokens of each', () => {
    expect(Array.from(rollouts.nodes, (y) => promptOf(world, y))).toEqual(Array.from({ length: 32 }, (_, b) => (b < 16 ? 0 : 1)));
    rollouts.nodes.forEach((y, b) => {
      const path = pathOf(world, y);
      for (let t = 0; t < world.maxLength; t++) {
        const i = b * world.maxLength + t;
        expect([rollouts.used[i], rollouts.contexts[i], rollouts.tokens[i]]).toEqual(t < path.length ? [1, path[t].context, path[t].token] : [0, 0, 0]);
        expect(rollouts.values[i]).toBe(t < path.length ? values[block.valueOffset + path[t].context] : 0);
      }
    });
  });

  it('log-probabilities of the tokens sum to those of the responses', () => {
    rollouts.nodes.forEach((y, b) => {
      expect(sum(rowOf(rollouts.oldLogps, b))).toBeCloseTo(logps[y], 12);
      expect(sum(rowOf(rollouts.refLogps, b))).toBeCloseTo(refLogps[y], 12);
    });
  });

  it('the score is at the last token only, the KL at every token; together score − β·log π/π_ref', () => {
    rollouts.nodes.forEach((y, b) => {
      const last = pathOf(world, y).length - 1;
      rowOf(rollouts.rewards, b).forEach((reward, t) => {
        const kl = rowOf(rollouts.oldLogps, b)[t] - rowOf(rollouts.refLogps, b)[t];
        expect(reward).toBeCloseTo(-0.4 * kl + (t === last ? scores[y] : 0), 12);
      });
      expect(sum(rowOf(rollouts.rewards, b))).toBeCloseTo(scores[y] - 0.4 * (logps[y] - refLogps[y]), 12);
    });
  });

  it('means over many rollouts approach the exact expectations of the policy it was given', () => {
    const count = 4000;
    const { nodes } = draw({ rolloutBatch: count });
    const within = (of: (y: number) => number, exact: number) => {
      const drawn = Array.from(nodes, of);
      const mean = sum(drawn) / drawn.length;
      const sd = Math.sqrt(sum(drawn.map((value) => (value - mean) ** 2)) / drawn.length);
      expect(sd).toBeGreaterThan(0.1);
      // Five standard errors.
      expect(Math.abs(mean - exact)).toBeLessThan(5 * sd / Math.sqrt(drawn.length));
    };
    within((y) => scores[y], expectation(world, logps, scores));
    within((y) => logps[y] - refLogps[y], klDivergence(world, logps, refLogps));
  });

  it('without a critic the advantage is the reward-to-go, and λ is not used', () => {
    const plain = draw({ gamma: 1, whitenAdvantages: false }, { values: null });
    for (let b = 0; b < plain.rollouts; b++) {
      let toGo = 0;
      for (let t = plain.positions - 1; t >= 0; t--) {
        const i = b * plain.positions + t;
        toGo += plain.rewards[i];
        expect(plain.advantages[i]).toBeCloseTo(plain.used[i] * toGo, 12);
      }
    }
    expect(plain.returns).toEqual(plain.advantages);
    expect(draw({ gaeLambda: 0 }, { values: null })).toEqual(draw({ gaeLambda: 1 }, { values: null }));
    expect(farthest(draw({ gaeLambda: 0 }).advantages, draw({ gaeLambda: 1 }).advantages)).toBeGreaterThan(0.1);
  });

  it('returns are the advantages before whitening + values', () => {
    const raw = draw({ whitenAdvantages: false });
    expect(farthest(raw.returns, raw.advantages.map((advantage, i) => advantage + raw.values[i]))).toBe(0);
    expect(rollouts.returns).toEqual(raw.returns);
    expect(farthest(rollouts.advantages, raw.advantages)).toBeGreaterThan(0.1);
  });

  it('depends on seed and update, and repeats itself', () => {
    expect(draw({}).nodes).toEqual(rollouts.nodes);
    expect(draw({}, { seed: 4 }).nodes).not.toEqual(rollouts.nodes);
    expect(draw({}, { step: 6 }).nodes).not.toEqual(rollouts.nodes);
  });
});

describe('dealMinibatches', () => {
  const rollouts = draw({});
  const deal = (epochs: number, minibatches: number, seed = 3) => dealMinibatches(rollouts, seed, { ...experiment.algorithm as PpoAlgorithm, epochs, minibatches });

  it('every epoch deals every token once, in whole rollouts, in sizes at most one apart', () => {
    const [epochs, minibatches] = [3, 5];
    const dealt = deal(epochs, minibatches);
    expect(dealt).toHaveLength(epochs * minibatches);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const parts = dealt.slice(epoch * minibatches, (epoch + 1) * minibatches);
      expect(rollouts.used.map((_, i) => sum(parts.map((part) => part[i])))).toEqual(rollouts.used);
      const sizes = parts.map((part) => rollouts.nodes.filter((_, b) => {
        const row = (from: Uint8Array) => Array.from(from.subarray(b * rollouts.positions, (b + 1) * rollouts.positions));
        expect([row(rollouts.used), row(new Uint8Array(part.length))]).toContainEqual(row(part));
        return part[b * rollouts.positions] === 1;
      }).length);
      expect(sizes).toEqual([7, 7, 6, 6, 6]);
    }
  });

  it('deals anew every epoch, and by seed', () => {
    const [first, , second] = deal(2, 2);
    expect(first).not.toEqual(second);
    expect(deal(2, 2)[0]).toEqual(first);
    expect(deal(2, 2, 4)[0]).not.toEqual(first);
  });

  it('one minibatch is the whole batch, in every epoch', () => {
    expect(deal(4, 1)).toEqual([rollouts.used]);
  });
});
