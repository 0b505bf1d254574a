/**
 * What every policy family offers. Parameters carry the population as leading axis [R, …];
 * policies of a population never mix.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { PolicySpec } from '../experiment.ts';
import type { World } from '../world.ts';
import { mlpPolicy } from './mlp.ts';
import { tabularPolicy } from './tabular.ts';
import { transformerPolicy } from './transformer.ts';

/** Parameters outside the backend: one array per tensor, shape [R, …]. */
export interface ParameterArrays {
  name: string;
  shape: number[];
  data: Float32Array;
}

export interface PolicyModel {
  /** Fresh parameters, one policy per seed. */
  initial(seeds: readonly number[]): ParameterArrays[];
  /**
   * The model on the contexts an update needs.
   * @param active  context numbers, ascending; null = all
   */
  bind(active: readonly number[] | null): BoundPolicy;
}

/** A policy family tied to the contexts of one trainer. Owns constant tensors until `dispose`. */
export interface BoundPolicy {
  /** Moves parameters to the backend; the caller owns the tensors. */
  load(arrays: readonly ParameterArrays[]): tf.Tensor[];
  /** Parameters back as arrays of all policies, ready for `load`. */
  save(tensors: readonly tf.Tensor[]): Promise<ParameterArrays[]>;
  /** Logits of the active contexts, [R, Ca, K]; differentiable. */
  logits(params: readonly tf.Tensor[]): tf.Tensor3D;
  /**
   * Constant inputs of a batch in which every policy has its own contexts; the caller disposes of them.
   * @param contexts  [R, N] context numbers, row-major
   */
  rows(contexts: Int32Array, policies: number): tf.Tensor[];
  /** Logits at `rows`, [R, N, K]; differentiable. */
  logitsAt(params: readonly tf.Tensor[], rows: readonly tf.Tensor[]): tf.Tensor3D;
  /** Logits of all contexts read back, [R, C, K] row-major. */
  readLogits(params: readonly tf.Tensor[]): Promise<Float32Array>;
  dispose(): void;
}

/** The policy family of an experiment. */
export function policyModel(world: World, spec: PolicySpec): PolicyModel {
  switch (spec.kind) {
    case 'tabular': return tabularPolicy(world);
    case 'mlp': return mlpPolicy(world, spec.hidden);
    case 'transformer': return transformerPolicy(world, spec.width, spec.heads);
  }
}

/** Repeats every policy's parameters `times` times: [S, …] → [times·S, …], the copies outermost. */
export function repeatPolicies(arrays: readonly ParameterArrays[], times: number): ParameterArrays[] {
  return arrays.map(({ name, shape, data }) => {
    const repeated = new Float32Array(data.length * times);
    for (let i = 0; i < times; i++) repeated.set(data, i * data.length);
    return { name, shape: [shape[0] * times, ...shape.slice(1)], data: repeated };
  });
}
