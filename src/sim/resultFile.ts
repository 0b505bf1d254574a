/**
 * The result file of the command line, and of the page (EXPERIMENT_FORMAT: one entry per policy of the population).
 */
import { optimalPolicy } from './exact/optimal.ts';
import type { Experiment, PolicyMember } from './experiment.ts';
import { METRICS } from './metrics.ts';
import type { Prepared } from './prepare.ts';
import type { Measurement } from './run.ts';
import type { RewardModelCurves } from './worker/protocol.ts';
import { GROUPS, promptOf, responsesInReadingOrder, responseText } from './world.ts';

export interface RecordedRun {
  member: PolicyMember;
  /** β where it is not swept. */
  beta: number;
  referenceKl: number;
  steps: number[];
  /** One [M] row per recorded step. */
  metrics: number[][];
  /** Id of the method, where several train side by side. */
  method?: string;
}

export interface Result {
  experiment: Experiment;
  backend: string;
  prepared: Known;
  /** log π_ref per seed, [S][Y]; null where it is not known. */
  refLogps: readonly (Float64Array | null)[];
  recorded: readonly RecordedRun[];
  /** The last finite state; a policy of which it is not known has no `final`. */
  last: { logps: readonly (Measurement['logps'][number] | null)[] };
  /** Update at which numbers stopped being finite, or null. */
  brokeAt: number | null;
  /** What a reader of the file has to know beyond it. */
  notes?: Readonly<Record<string, unknown>>;
}

/** What the file says of a prepared run; groups per policy, [R][Y]. */
export type Known = Pick<Prepared, 'world' | 'experiment' | 'rewards' | 'members'> & {
  groups: readonly (Uint8Array | null)[];
  /** How the reward model of every policy was fitted, [R]. */
  rewardModel: { curves: readonly (RewardModelCurves | null)[] } | null;
};

/** Writes the result piece by piece, so that large response spaces do not have to fit into one string. */
export function writeResult(write: (text: string) => void, result: Result): void {
  const head: Record<string, unknown> = { experiment: result.experiment, backend: result.backend };
  if (result.brokeAt !== null) head.notFiniteAt = result.brokeAt;
  if (result.notes) head.notes = result.notes;
  write(`${JSON.stringify(head, null, 1).slice(0, -2)},\n "runs": [`);
  result.recorded.forEach((run, r) => {
    write(`${r === 0 ? '' : ','}\n  ${JSON.stringify(runHead(run)).slice(0, -1)},"metrics":{`);
    seriesOf(run).forEach(([id, values], i) => { write(`${i === 0 ? '' : ','}${JSON.stringify(id)}:${JSON.stringify(values)}`); });
    const fit = JSON.stringify(fitOf(result, r)).slice(1, -1);
    write(`}${fit === '' ? '' : `,${fit}`}`);
    const end = result.last.logps[r];
    const ref = result.refLogps[r % result.prepared.experiment.seeds.length];
    if (!end || !ref) { write(' }'); return; }
    write(`,\n   "final": [`);
    let lines: string[] = [];
    let first = true;
    for (const entry of finalResponses(result, r, end, ref)) {
      lines.push(`${first ? '' : ','}\n    ${JSON.stringify(entry)}`);
      first = false;
      if (lines.length === 10_000) {
        write(lines.join(''));
        lines = [];
      }
    }
    write(`${lines.join('')}\n   ] }`);
  });
  write('\n ]\n}\n');
}

/** How the reward model that judged or rewarded this policy was fitted; nothing where there was none. */
function fitOf({ prepared }: Result, r: number): Record<string, unknown> {
  const curves = prepared.rewardModel?.curves[r];
  return curves ? { rewardModel: curves } : {};
}

function runHead({ member, beta, referenceKl, steps, method }: RecordedRun): Record<string, unknown> {
  return { ...(method === undefined ? {} : { method }), seed: member.seed, beta, ...member.swept, referenceKl, steps };
}

/** The metrics of a run that are in the file, one by one: together they may be longer than a string can be. */
function seriesOf({ metrics }: RecordedRun): [string, (number | null)[]][] {
  return METRICS.flatMap((row, m): [string, (number | null)[]][] => {
    const values = metrics.map((point) => point[m]);
    // What is sampled by an update does not exist before the first one: null there.
    if (row.inFile && 'sampled' in row && values.some(Number.isFinite)) return [[row.id, values.map((value) => (Number.isFinite(value) ? value : null))]];
    return row.inFile && values.every(Number.isFinite) ? [[row.id, values]] : [];
  });
}

function* finalResponses({ prepared }: Result, r: number, logps: Float64Array, refLogps: Float64Array): Generator<Record<string, unknown>> {
  const { world, experiment, rewards, members } = prepared;
  const groups = prepared.groups[r];
  const beta = members[r].swept.beta ?? experiment.algorithm.beta;
  const optimal = rewards && optimalPolicy(world, refLogps, rewards, beta).logps;
  for (const y of responsesInReadingOrder(world)) {
    yield {
      prompt: promptOf(world, y),
      response: responseText(world, y),
      refLogp: refLogps[y],
      logp: logps[y],
      ...(optimal ? { optimalLogp: optimal[y] } : {}),
      ...(groups ? { group: GROUPS[groups[y]] } : {}),
    };
  }
}
