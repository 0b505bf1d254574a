/**
 * Runs an experiment from its beginning and records what a script needs to make the run again: the fitted reference,
 * the metrics of every policy, the end state, and whatever was drawn on the way.
 */
import { metricIndex } from '../metrics.ts';
import type { Experiment } from '../experiment.ts';
import { policyModel } from '../models/policy.ts';
import { pairTable, samplePairs, type Pair, type PairTable } from '../preferences.ts';
import { prepareRun, referenceCache, type PreparationProgress, type Prepared } from '../prepare.ts';
import type { BackendName, KnobsAt } from '../worker/protocol.ts';
import { followed, followedAt } from './follow.ts';
import {
  CHECKED_METRICS, listedResponses, type CheckedMetric, type RecordedPolicy, type RecordedPreferences, type Recording, type ReferenceParameter, type Sensitivity,
} from './recording.ts';
import { roundedOtherwise, sensitivityOf, twinBackends, worstOf, type Followed } from './sensitivity.ts';

export type RecordProgress = PreparationProgress | { stage: 'run'; step: number; steps: number; part: number; parts: number };

export interface RecordOptions {
  /** β and learning rate as they were changed while the run on screen went on. */
  changes?: readonly KnobsAt[];
  /** The tfjs backend on which it trains. */
  backend: BackendName;
  /** Makes a tfjs backend the current one, or one in its place; which one it is. */
  switchBackend: (name: BackendName) => Promise<BackendName>;
  onProgress: (progress: RecordProgress) => void;
}

/** Prepares `experiment` on the tfjs backend that is set, and records a run of it; no tensor is left behind. */
export async function recordRun(experiment: Experiment, options: RecordOptions): Promise<Recording> {
  return recordPrepared(await prepareRun(experiment, referenceCache(1), options.onProgress), options);
}

/**
 * Runs what is prepared and records it, then runs its twins. Where the numbers stop being finite the record ends at the last
 * finite update. Called on the backend on which the reference was fitted, and leaves that of the last twin.
 *
 * @throws RangeError where the loss is not finite at update 0 already
 */
export async function recordPrepared(prepared: Prepared, { changes = [], backend, switchBackend, onProgress }: RecordOptions): Promise<Recording> {
  const preferences = await sampledPreferences(prepared);
  const { experiment: { steps: total }, members } = prepared;
  const backends = twinBackends(prepared, backend);
  const usedBackends: BackendName[] = [];
  const at = (part: number) => (step: number) => onProgress({ stage: 'run', step, steps: total, part: part + 1, parts: 1 + backends.length });
  const usedBackend = await switchBackend(backend);
  const run = await followed(prepared, changes, at(0));
  const twins: Sensitivity[][] = [];
  for (const [i, name] of backends.entries()) {
    usedBackends.push(await switchBackend(name));
    const twin = await followedAt({ ...prepared, reference: roundedOtherwise(prepared.reference, i) }, run.steps, changes, at(1 + i));
    twins.push(sensitivityOf(run, twin, members.length));
  }
  const { steps, brokeAt } = run;
  return {
    experiment: prepared.experiment, changes: changes.filter(({ step }) => step <= (steps.at(-1) ?? 0)), backend: usedBackend, brokeAt, steps, preferences,
    reference: referenceOf(prepared),
    referenceKl: prepared.referenceKl,
    policies: members.map((_, r) => policyOf(prepared, run, r)),
    sensitivity: worstOf(twins),
    twinBackends: usedBackends,
  };
}

function policyOf({ members, rewardModel }: Prepared, { measurements, judged }: Followed, r: number): RecordedPolicy {
  const last = measurements[measurements.length - 1];
  const logps = last.logps[r];
  const metrics: Partial<Record<CheckedMetric, number[]>> = {};
  for (const id of CHECKED_METRICS) {
    const values = measurements.map((point) => point.metrics[metricIndex(id) * members.length + r]);
    if (values.every(Number.isFinite)) metrics[id] = values;
  }
  const nodes = judged.filter(({ policy }) => policy === r).map((batch) => batch.nodes);
  const drawn = new Int32Array(nodes.reduce((sum, own) => sum + own.length, 0));
  nodes.reduce((offset, own) => {
    drawn.set(own, offset);
    return offset + own.length;
  }, 0);
  return {
    member: members[r], metrics, drawn,
    scores: rewardModel ? rewardModel.scores[r] : null,
    final: listedResponses(logps).map((response) => ({ response, logp: logps[response] })),
  };
}

/** Parameters of every seed; those that are the same for all seeds once. */
function referenceOf({ reference, experiment, members }: Prepared): ReferenceParameter[] {
  const seeds = experiment.seeds.length;
  const parameters = reference.map(({ name, shape, data }) => ({ name, shape: [seeds, ...shape.slice(1)], data: data.subarray(0, data.length * seeds / members.length) }));
  const same = parameters.every(({ data }) => data.every((value, i) => value === data[i % (data.length / seeds)]));
  return same ? parameters.map(({ name, shape, data }) => ({ name, shape: [1, ...shape.slice(1)], data: data.subarray(0, data.length / seeds) })) : parameters;
}

/**
 * The annotator's pairs in the order of the draw, one list per seed and length bias: drawn again, because a prepared run
 * keeps them merged.
 *
 * @throws Error where they are not the prepared ones
 */
async function sampledPreferences({ experiment, world, members, reference, rewards, pairs }: Prepared): Promise<RecordedPreferences[]> {
  if (!('sampled' in experiment.preferences) || !rewards) return [];
  const { sampled } = experiment.preferences;
  const policy = policyModel(world, experiment.policy).bind(null);
  const tensors = policy.load(reference);
  const logits = await policy.readLogits(tensors);
  for (const tensor of tensors) tensor.dispose();
  policy.dispose();
  const lists = new Map<string, { preferences: RecordedPreferences; pairs: Pair[] }>();
  const perMember = members.map(({ seed, swept }, r) => {
    const lengthBias = swept.lengthBias ?? sampled.lengthBias;
    const key = `${seed} ${lengthBias}`;
    const known = lists.get(key);
    if (known) return known.pairs;
    const own = samplePairs(world, { ...sampled, lengthBias }, logits, r * world.contextCount * world.tokenCount, rewards, seed);
    lists.set(key, { preferences: { seed, lengthBias, nodes: Int32Array.from(own.flatMap(({ chosen, rejected }) => [chosen, rejected])) }, pairs: own });
    return own;
  });
  if (!sameTable(pairTable(perMember), pairs)) throw new Error('recordRun: the preferences drawn again are not those of the run');
  return [...lists.values()].map(({ preferences }) => preferences);
}

function sameTable(a: PairTable, b: PairTable): boolean {
  const weights = a.weights.length === b.weights.length && a.weights.every((weight, i) => weight === b.weights[i]);
  return weights && a.pairs.every(({ chosen, rejected }, i) => chosen === b.pairs[i].chosen && rejected === b.pairs[i].rejected);
}
