/**
 * The critic: a value function V(context) of every policy, with parameters of its own.
 */
import type { PolicySpec } from '../experiment.ts';
import { STREAM } from '../random.ts';
import type { World } from '../world.ts';
import { mlpPolicy } from './mlp.ts';
import type { BoundPolicy, PolicyModel } from './policy.ts';
import { tabularPolicy } from './tabular.ts';

/**
 * The value function beside a policy family: a table for `tabular`, an MLP of the same widths for `mlp`, an MLP with
 * one layer of the same width for `transformer`. V = 0 everywhere at the start.
 */
export function valueModel(world: World, spec: PolicySpec): PolicyModel {
  switch (spec.kind) {
    case 'tabular': return tabularPolicy(world, 1);
    case 'mlp': return zeroAtStart(mlpPolicy(world, spec.hidden, 1, STREAM.valueInitialisation));
    case 'transformer': return zeroAtStart(mlpPolicy(world, [spec.width], 1, STREAM.valueInitialisation));
  }
}

/** Whether the critic's inputs are the policy's own: then one batch's `rows` serve both. */
export function sharesRows(spec: PolicySpec): boolean {
  return spec.kind !== 'transformer';
}

/** The same MLP with the weights of its last layer 0. */
function zeroAtStart(model: PolicyModel): PolicyModel {
  return {
    ...model,
    initial: (seeds) => model.initial(seeds).map((array, i, { length }) => (
      i === length - 2 ? { ...array, data: new Float32Array(array.data.length) } : array
    )),
  };
}

/**
 * A policy and its critic as one thing to train: parameters are the policy's, then the critic's; what is read is the policy's.
 *
 * @param own  how many parameter tensors the policy has
 */
export function withCritic(policy: BoundPolicy, critic: BoundPolicy, own: number): BoundPolicy {
  return {
    ...policy,
    load: (arrays) => [...policy.load(arrays.slice(0, own)), ...critic.load(arrays.slice(own))],
    save: async (tensors) => [...await policy.save(tensors.slice(0, own)), ...await critic.save(tensors.slice(own))],
    logits: (params) => policy.logits(params.slice(0, own)),
    logitsAt: (params, rows) => policy.logitsAt(params.slice(0, own), rows),
    readLogits: (params) => policy.readLogits(params.slice(0, own)),
    dispose() {
      policy.dispose();
      critic.dispose();
    },
  };
}
