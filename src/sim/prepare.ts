/**
 * Everything a run knows before its first update: world, groups, rewards, the fitted reference, pairs, and the reward
 * model where a judge or a reward asks for one.
 */
import { responseLogps } from './exact/forest.ts';
import { populationOf, type Experiment, type PolicyMember } from './experiment.ts';
import { REWARD_MODEL_DEFAULTS, usesRewardModel } from './experimentDefaults.ts';
import { goldRewards } from './gold.ts';
import { policyModel, repeatPolicies, type ParameterArrays, type PolicyModel } from './models/policy.ts';
import { tabularReference } from './models/tabular.ts';
import { givenPairs, HELD_OUT, pairTable, samplePairs, TRAINING, type Pair, type PairTable } from './preferences.ts';
import { referenceTarget, targetKl } from './reference.ts';
import { fitReference, type FitProgress } from './trainers/referenceFit.ts';
import { fitRewardModel, type FittedRewardModel } from './trainers/rewardModel.ts';
import { buildWorld, groupResponses, inDistribution, type World } from './world.ts';

/** A fitted reference of every seed, on the host. */
export interface FittedReference {
  /** Parameters [S, …]. */
  parameters: ParameterArrays[];
  /** Logits of all contexts, [S, C, K]. */
  logits: Float32Array;
  /** Reward models that were fitted on pairs of this reference, the most recent ones. */
  rewardModels?: Map<string, FittedRewardModel>;
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
  /** log π_ref(y|x) per seed from the fit's own logits, [S][Y]; a run reads them again from its backend. */
  refLogps: Float64Array[];
  /** r(x, y), [Y]; null without gold. */
  rewards: Float64Array | null;
  pairs: PairTable;
  /** As many pairs again of the same annotator, which no training sees; null where pairs are given. */
  heldOut: PairTable | null;
  /** The reward model that judges or rewards; null where none does. */
  rewardModel: FittedRewardModel | null;
  /** Index into GROUPS per response, per policy, [R][Y]. */
  groups: Uint8Array[];
  /** The same over the pairs of all policies together, [Y]: what a picture of the mean over seeds shows. */
  allGroups: Uint8Array;
}

/** What is being fitted before the first update, for a progress line. */
export type PreparationProgress =
  | ({ stage: 'reference' } & FitProgress)
  | { stage: 'reward-model'; step: number; steps: number; logLikelihood: number };

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
 * @param onProgress  called while a reference or a reward model is being fitted
 */
export async function prepareRun(
  experiment: Experiment, cache: ReferenceCache, onProgress: (progress: PreparationProgress) => void | Promise<void>,
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
      : await fitReference(world, model, target, seeds, (progress) => onProgress({ stage: 'reference', ...progress }));
    fitted = { parameters, logits: await readAll(model, parameters) };
    cache.set(key, fitted);
  }

  const { logits } = fitted;
  const block = world.contextCount * world.tokenCount;
  const refLogps = seeds.map((_, s) => responseLogps(world, logits, s * block));
  const rewards = experiment.gold ? goldRewards(world, experiment.gold) : null;
  const covered = inDistribution(world, experiment);
  /** Members of the same seed and annotator share one list. */
  const draw = (streams: typeof TRAINING): Pair[][] => {
    const drawn = new Map<string, Pair[]>();
    return members.map(({ seed, swept }, r) => {
      if (!('sampled' in experiment.preferences)) return [];
      const spec = { ...experiment.preferences.sampled, ...(swept.lengthBias === undefined ? {} : { lengthBias: swept.lengthBias }) };
      const key = `${seed} ${spec.lengthBias}`;
      const known = drawn.get(key) ?? samplePairs(world, spec, logits, (r % seeds.length) * block, requireGold(rewards), seed, streams);
      drawn.set(key, known);
      return known;
    });
  };
  const sampled = 'sampled' in experiment.preferences;
  const given = givenPairs(world, experiment);
  const perMember = sampled ? draw(TRAINING) : members.map(() => given);
  const shared = sampled ? null : groupResponses(covered, given);
  const pairs = pairTable(perMember);
  const needsHeldOut = usesRewardModel(experiment) || experiment.algorithm.kind === 'reward-model';
  const heldOut = sampled && needsHeldOut ? pairTable(draw(HELD_OUT)) : null;
  const { rewardModel: spec = REWARD_MODEL_DEFAULTS } = experiment;
  const rewardModel = usesRewardModel(experiment)
    ? await rewardModelOf(fitted, experiment, () => fitRewardModel(
      { world, members, seeds, spec, pairs, heldOut, refLogps, rewards },
      (progress) => onProgress({ stage: 'reward-model', ...progress }),
    ))
    : null;
  return {
    experiment, world, members, model, rewards, refLogps, pairs, heldOut,
    reference: repeatPolicies(fitted.parameters, members.length / seeds.length),
    referenceKl: seeds.map((_, s) => targetKl(world, target, logits, s * block)),
    rewardModel,
    groups: shared ? perMember.map(() => shared) : groupsOf(covered, perMember),
    allGroups: shared ?? groupResponses(covered, [...new Set(perMember)].flat()),
  };
}

/** Groups of every policy's own pairs, [R][Y]; those of one list once. */
function groupsOf(covered: Uint8Array, lists: readonly Pair[][]): Uint8Array[] {
  const known = new Map<Pair[], Uint8Array>();
  for (const list of lists) if (!known.has(list)) known.set(list, groupResponses(covered, list));
  return lists.map((list) => known.get(list)!);
}

/** Reward models kept per reference: a change of β, or a second method that asks for one, starts at once. */
const REWARD_MODELS_KEPT = 3;

/** The reward model of an experiment on its reference, fitted where it is not known yet; it depends on no knob of the training. */
async function rewardModelOf(reference: FittedReference, { gold, preferences, rewardModel, sweep }: Experiment, fit: () => Promise<FittedRewardModel>): Promise<FittedRewardModel> {
  const key = JSON.stringify([gold, preferences, rewardModel, sweep]);
  const known = reference.rewardModels ??= new Map<string, FittedRewardModel>();
  const found = known.get(key);
  if (found) return found;
  const model = await fit();
  known.set(key, model);
  if (known.size > REWARD_MODELS_KEPT) known.delete(known.keys().next().value!);
  return model;
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
