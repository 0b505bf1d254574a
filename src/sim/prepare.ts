/**
 * Everything a run knows before its first update: world, groups, rewards, the fitted reference, pairs.
 */
import { populationOf, type Experiment, type PolicyMember } from './experiment.ts';
import { goldRewards } from './gold.ts';
import { policyModel, repeatPolicies, type ParameterArrays, type PolicyModel } from './models/policy.ts';
import { tabularReference } from './models/tabular.ts';
import { givenPairs, pairTable, samplePairs, type PairTable } from './preferences.ts';
import { referenceTarget, targetKl } from './reference.ts';
import { fitReference, type FitProgress } from './trainers/referenceFit.ts';
import { buildWorld, groupResponses, inDistribution, type World } from './world.ts';

/** A fitted reference of every seed, on the host. */
export interface FittedReference {
  /** Parameters [S, …]. */
  parameters: ParameterArrays[];
  /** Logits of all contexts, [S, C, K]. */
  logits: Float32Array;
}

export interface Prepared {
  experiment: Experiment;
  world: World;
  members: PolicyMember[];
  model: PolicyModel;
  /** Parameters of π_ref for the whole population, [R, …]. */
  reference: ParameterArrays[];
  /** KL(target‖π_ref) per seed, nats, [S]. */
  referenceKl: number[];
  /** r(x, y), [Y]; null without gold. */
  rewards: Float64Array | null;
  pairs: PairTable;
  /** Index into GROUPS per response, per seed, [S][Y]. */
  groups: Uint8Array[];
  /** The same over the pairs of all seeds together, [Y]: what a picture of the mean over seeds shows. */
  allGroups: Uint8Array;
}

/** Remembers fitted references, so that a change of β starts over at once. */
export interface ReferenceCache {
  get(key: string): FittedReference | undefined;
  set(key: string, reference: FittedReference): void;
}

/** A cache of the `size` most recently made references. */
export function referenceCache(size = 6): ReferenceCache {
  const entries = new Map<string, FittedReference>();
  return {
    get: (key) => entries.get(key),
    set(key, reference) {
      entries.set(key, reference);
      if (entries.size > size) entries.delete(entries.keys().next().value!);
    },
  };
}

/**
 * Prepares a run. Runs on the tfjs backend that is set.
 *
 * @param onProgress  called while an MLP's reference is being fitted
 */
export async function prepareRun(
  experiment: Experiment, cache: ReferenceCache, onProgress: (progress: FitProgress) => void | Promise<void>,
): Promise<Prepared> {
  const world = buildWorld(experiment.world);
  const members = populationOf(experiment);
  const model = policyModel(world, experiment.policy);
  const target = referenceTarget(world, experiment);
  const { seeds } = experiment;

  const key = JSON.stringify([experiment.world, experiment.reference, experiment.policy, seeds]);
  let fitted = cache.get(key);
  if (!fitted) {
    const parameters = experiment.policy.kind === 'tabular'
      ? repeatPolicies(tabularReference(world, target.conditionals), seeds.length)
      : await fitReference(world, model, target, seeds, onProgress);
    fitted = { parameters, logits: await readAll(model, parameters) };
    cache.set(key, fitted);
  }

  const { logits } = fitted;
  const block = world.contextCount * world.tokenCount;
  const rewards = experiment.gold ? goldRewards(world, experiment.gold) : null;
  const perSeed = seeds.map((seed, s) => 'sampled' in experiment.preferences
    ? samplePairs(world, experiment.preferences.sampled, logits, s * block, requireGold(rewards), seed)
    : givenPairs(world, experiment));
  const covered = inDistribution(world, experiment);
  const shared = 'sampled' in experiment.preferences ? null : groupResponses(covered, perSeed[0]);
  return {
    experiment, world, members, model, rewards,
    reference: repeatPolicies(fitted.parameters, members.length / seeds.length),
    referenceKl: seeds.map((_, s) => targetKl(world, target, logits, s * block)),
    pairs: pairTable(members.map((_, r) => perSeed[r % seeds.length])),
    groups: perSeed.map((pairs) => shared ?? groupResponses(covered, pairs)),
    allGroups: shared ?? groupResponses(covered, perSeed.flat()),
  };
}

async function readAll(model: PolicyModel, parameters: readonly ParameterArrays[]): Promise<Float32Array> {
  const policy = model.bind(null);
  const tensors = policy.load(parameters);
  const logits = await policy.readLogits(tensors);
  tensors.forEach((tensor) => tensor.dispose());
  policy.dispose();
  return logits;
}

function requireGold(rewards: Float64Array | null): Float64Array {
  if (!rewards) throw new RangeError('prepareRun: preferences.sampled needs a gold reward');
  return rewards;
}
