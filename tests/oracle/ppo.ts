/**
 * One PPO iteration of a tabular policy and its critic by another way: the loss from its definition in float64, its
 * gradient by central finite differences, plain gradient descent. Takes from the product what was drawn, and its advantages.
 */
import type { PpoAlgorithm } from '../../src/sim/experiment.ts';
import type { PpoIteration } from '../../src/sim/worker/protocol.ts';
import { pathOf, type World } from '../../src/sim/world.ts';

const STEP = 1e-5;

interface Token {
  context: number;
  token: number;
  /** Position in the arrays of the iteration. */
  place: number;
}

export interface OracleStep {
  /** Parameters after the gradient step: logits [C, K], then values [C] where there is a critic. */
  parameters: number[];
  gradient: number[];
  policyLoss: number;
  valueLoss: number;
  entropy: number;
  ratio: number;
  /** Share of tokens whose gradient the clip cuts off, of the policy and of the value. */
  clipped: number;
  valueClipped: number;
}

/** The gradient steps of an iteration from given parameters. */
export function iterate(world: World, algorithm: PpoAlgorithm, iteration: PpoIteration, start: readonly number[], learningRate: number): OracleStep[] {
  let parameters = [...start];
  return iteration.newLogps.map((newLogps) => {
    const tokens = tokensOf(world, iteration).filter(({ place }) => !Number.isNaN(newLogps[place]));
    const lossAt = (point: readonly number[]) => terms(world, algorithm, iteration, tokens, point).loss;
    const gradient = parameters.map((_, j) => {
      const at = (shift: number) => lossAt(parameters.map((value, k) => (k === j ? value + shift : value)));
      return (at(STEP) - at(-STEP)) / (2 * STEP);
    });
    const before = terms(world, algorithm, iteration, tokens, parameters);
    parameters = parameters.map((value, j) => value - learningRate * gradient[j]);
    return { ...before, gradient, parameters };
  });
}

function tokensOf(world: World, { nodes, positions }: PpoIteration): Token[] {
  return Array.from(nodes).flatMap((y, b) => pathOf(world, y).map((step, t) => ({ ...step, place: b * positions + t })));
}

function terms(world: World, { clipRange, valueClip, valueCoef, entropyCoef }: PpoAlgorithm, drawn: PpoIteration, tokens: readonly Token[], point: readonly number[]) {
  const { tokenCount, contextCount } = world;
  const total = { policyLoss: 0, valueLoss: 0, entropy: 0, ratio: 0, clipped: 0, valueClipped: 0 };
  for (const { context, token, place } of tokens) {
    const row = point.slice(context * tokenCount, (context + 1) * tokenCount);
    const logSum = Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0));
    const logProbs = row.map((z) => z - logSum);
    const ratio = Math.exp(logProbs[token] - drawn.oldLogps[place]);
    const advantage = drawn.advantages[place];
    const cut = advantage > 0 ? ratio > 1 + clipRange : ratio < 1 - clipRange;
    total.ratio += ratio;
    total.clipped += cut ? 1 : 0;
    total.policyLoss -= advantage * (cut ? (advantage > 0 ? 1 + clipRange : 1 - clipRange) : ratio);
    total.entropy -= logProbs.reduce((sum, logp) => sum + Math.exp(logp) * logp, 0);
    if (valueCoef === 0) continue;
    const value = point[contextCount * tokenCount + context], old = drawn.values[place], target = drawn.returns[place];
    const held = value > old + valueClip ? old + valueClip : value < old - valueClip ? old - valueClip : value;
    total.valueClipped += (held - target) ** 2 > (value - target) ** 2 ? 1 : 0;
    total.valueLoss += Math.max((value - target) ** 2, (held - target) ** 2) / 2;
  }
  const means = Object.fromEntries(Object.entries(total).map(([name, value]) => [name, value / tokens.length])) as typeof total;
  return { ...means, loss: means.policyLoss + valueCoef * means.valueLoss - entropyCoef * means.entropy };
}
