/**
 * The tabular policy: one logit per (context, token), nothing shared.
 *
 * Only the logits of active contexts are parameters on the backend; the others have no gradient
 * in any objective that needs the active ones alone, so they keep their reference values.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { World } from '../world.ts';
import type { BoundPolicy, ParameterArrays, PolicyModel } from './policy.ts';

/** Target conditionals of 0 become this, so that their log exists. */
export const CONDITIONAL_FLOOR = 1e-12;

/**
 * Logits of a tabular reference, set in closed form: log of the target's conditional probability.
 *
 * @param conditionals  [C, K]
 * @returns             [1, C, K] parameters
 */
export function tabularReference(world: World, conditionals: Float64Array): ParameterArrays[] {
  const data = Float32Array.from(conditionals, (p) => Math.log(Math.max(p, CONDITIONAL_FLOOR)));
  return [{ name: 'logits', shape: [1, world.contextCount, world.tokenCount], data }];
}

/**
 * The tabular family of a world; `initial` gives uniform policies (its references come from `tabularReference`).
 *
 * @param outputs  numbers per context: a logit per token, or 1 for a value function
 */
export function tabularPolicy(world: World, outputs = world.tokenCount): PolicyModel {
  return {
    initial: (seeds) => [{
      name: 'logits',
      shape: [seeds.length, world.contextCount, outputs],
      data: new Float32Array(seeds.length * world.contextCount * outputs),
    }],
    bind: (active) => bindTabular(world, active, outputs),
  };
}

function bindTabular(world: World, active: readonly number[] | null, tokenCount: number): BoundPolicy {
  const { contextCount } = world;
  const contexts = active ?? Array.from({ length: contextCount }, (_, c) => c);
  const position = new Map(contexts.map((c, i) => [c, i]));
  const block = contextCount * tokenCount;
  let base: Float32Array = new Float32Array(0);
  let policies = 0;

  const merge = (trained: Float32Array) => {
    const all = base.slice();
    for (let r = 0; r < policies; r++) {
      contexts.forEach((c, i) => {
        const from = (r * contexts.length + i) * tokenCount;
        all.set(trained.subarray(from, from + tokenCount), r * block + c * tokenCount);
      });
    }
    return all;
  };

  const readAll = async (params: readonly tf.Tensor[]) => merge(await params[0].data() as Float32Array);
  return {
    load([logits]) {
      base = logits.data;
      policies = logits.shape[0];
      const trained = new Float32Array(policies * contexts.length * tokenCount);
      for (let r = 0; r < policies; r++) {
        contexts.forEach((c, i) => {
          const from = r * block + c * tokenCount;
          trained.set(base.subarray(from, from + tokenCount), (r * contexts.length + i) * tokenCount);
        });
      }
      return [tf.tensor3d(trained, [policies, contexts.length, tokenCount])];
    },
    save: async (params) => [{ name: 'logits', shape: [policies, contextCount, tokenCount], data: await readAll(params) }],
    logits: ([logits]) => logits as tf.Tensor3D,
    rows(rowContexts, count) {
      // A row of the one-hot matrix picks a row of logits; gather has no gradient on wasm (tfjs 4.22).
      const width = contexts.length;
      const perPolicy = rowContexts.length / count;
      const oneHot = new Float32Array(rowContexts.length * width);
      rowContexts.forEach((c, i) => { oneHot[i * width + position.get(c)!] = 1; });
      return [tf.tensor3d(oneHot, [count, perPolicy, width])];
    },
    logitsAt: ([logits], [oneHot]) => tf.matMul(oneHot, logits) as tf.Tensor3D,
    readLogits: readAll,
    dispose() {},
  };
}
