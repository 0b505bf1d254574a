/** A small transformer, and what its logits and gradients are in float64: finite differences of the oracle's forward pass. */
import type { ParameterArrays } from '../src/sim/models/policy.ts';
import { transformerPolicy } from '../src/sim/models/transformer.ts';
import { buildWorld, nodeOf, pathOf, promptOf, wordsOf } from '../src/sim/world.ts';
import { experimentOf } from './experimentOf.ts';
import { transformerLogits, type TransformerParameters } from './oracle/transformer.ts';

export const WIDTH = 6;
export const HEADS = 2;
export const EXPERIMENT = experimentOf({
  world: { words: ['the', 'a', 'cat'], maxLength: 3, prompts: ['x', 'y'] },
  reference: { kind: 'corpus', smoothing: 0.2, corpus: [{ prompt: 0, response: 'the cat', weight: 2 }, { prompt: 1, response: 'cat', weight: 1 }] },
  preferences: { pairs: [
    { prompt: 0, chosen: 'the cat', rejected: 'a cat the', weight: 2 }, { prompt: 1, chosen: 'cat a cat', rejected: '' }, { prompt: 1, chosen: 'cat', rejected: 'cat cat' },
  ] },
  policy: { kind: 'transformer', width: WIDTH, heads: HEADS }, algorithm: { kind: 'dpo', beta: 0.7 }, seeds: [3, 5],
});
export const WORLD = buildWorld(EXPERIMENT.world);
export const MODEL = transformerPolicy(WORLD, WIDTH, HEADS);
export const SHAPE = { promptCount: 2, wordCount: 3, width: WIDTH, heads: HEADS };
export const ALL = Array.from({ length: WORLD.contextCount }, (_, c) => c);
export const noise = (i: number) => 0.3 * Math.sin(1 + i * i);

/** Contexts of each of two policies. */
export const LISTS = [[0, 25, 7, 7, 13], [24, 1, 1, 0, 5]];

/** Initial parameters moved off every special value (zero biases, unit gains). */
export function moved(arrays: readonly ParameterArrays[]): ParameterArrays[] {
  let i = 0;
  return arrays.map((array) => ({ ...array, data: array.data.map((value) => value + noise(i++)) }));
}

/** The parameters of policy r by name. */
export function ofPolicy(arrays: readonly ParameterArrays[], r: number): Record<string, Float64Array> {
  return Object.fromEntries(arrays.map(({ name, shape, data }) => {
    const size = data.length / shape[0];
    return [name, Float64Array.from(data.subarray(r * size, (r + 1) * size))];
  }));
}

/** Logits of a context by the oracle: the last of all positions. */
export function oracleLogits(parameters: TransformerParameters, context: number): number[] {
  return transformerLogits(SHAPE, parameters, promptOf(WORLD, context), wordsOf(WORLD, context)).at(-1)!;
}

/** Central finite differences of f over every parameter of a policy, in the order of the arrays. */
function finiteDifferences(parameters: Record<string, Float64Array>, f: () => number): number[] {
  const step = 1e-5;
  return Object.values(parameters).flatMap((values) => Array.from(values, (value, i) => {
    values[i] = value + step;
    const above = f();
    values[i] = value - step;
    const below = f();
    values[i] = value;
    return (above - below) / (2 * step);
  }));
}

/** log π of a response by the oracle: one pass over its whole sequence, read at every position. */
function logpOf(parameters: TransformerParameters, prompt: number, text: string): number {
  const node = nodeOf(WORLD, prompt, text);
  const positions = transformerLogits(SHAPE, parameters, prompt, wordsOf(WORLD, node).slice(0, WORLD.maxLength - 1));
  return pathOf(WORLD, node).reduce((sum, { token }, t) => {
    const logits = positions[t];
    return sum + logits[token] - Math.log(logits.reduce((total, logit) => total + Math.exp(logit), 0));
  }, 0);
}

/** Gradient of Σ weight·logit over a list of contexts of each policy, weight = cos(place), float64. */
export function weightedGradients(lists: readonly (readonly number[])[]): number[][] {
  const arrays = moved(MODEL.initial([3, 5]));
  return lists.map((contexts, r) => {
    const parameters = ofPolicy(arrays, r);
    return finiteDifferences(parameters, () => contexts.reduce((sum, c, n) => (
      sum + oracleLogits(parameters, c).reduce((own, logit, k) => own + logit * Math.cos((r * contexts.length + n) * 4 + k), 0)
    ), 0));
  });
}

/** Gradient of the DPO loss of every policy, π_ref the initial parameters and π these moved; float64. */
export function dpoGradients(): number[][] {
  const start = MODEL.initial(EXPERIMENT.seeds);
  const point = moved(start);
  const pairs = 'pairs' in EXPERIMENT.preferences ? EXPERIMENT.preferences.pairs : [];
  const total = pairs.reduce((sum, { weight }) => sum + weight, 0);
  return EXPERIMENT.seeds.map((_, r) => {
    const parameters = ofPolicy(point, r);
    const fixed = ofPolicy(start, r);
    const margins = pairs.map(({ prompt, chosen, rejected }) => logpOf(fixed, prompt, chosen) - logpOf(fixed, prompt, rejected));
    return finiteDifferences(parameters, () => pairs.reduce((sum, { prompt, chosen, rejected, weight }, b) => {
      const margin = logpOf(parameters, prompt, chosen) - logpOf(parameters, prompt, rejected);
      return sum + weight / total * Math.log1p(Math.exp(-0.7 * (margin - margins[b])));
    }, 0));
  });
}
