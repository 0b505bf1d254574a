/**
 * The result file of the command line (EXPERIMENT_FORMAT: one entry per policy of the population).
 */
import { optimalPolicy } from './exact/optimal.ts';
import type { Experiment, PolicyMember } from './experiment.ts';
import { METRICS } from './metrics.ts';
import type { Prepared } from './prepare.ts';
import type { Measurement } from './run.ts';
import { GROUPS, promptOf, responsesInReadingOrder, responseText } from './world.ts';

export interface RecordedRun {
  member: PolicyMember;
  /** β where it is not swept. */
  beta: number;
  referenceKl: number;
  steps: number[];
  /** One [M] row per recorded step. */
  metrics: number[][];
}

export interface Result {
  experiment: Experiment;
  backend: string;
  prepared: Prepared;
  /** log π_ref per seed, [S][Y]. */
  refLogps: readonly Float64Array[];
  recorded: readonly RecordedRun[];
  /** The last finite state. */
  last: Measurement;
  /** Update at which numbers stopped being finite, or null. */
  brokeAt: number | null;
}

/** Writes the result piece by piece, so that large response spaces do not have to fit into one string. */
export function writeResult(write: (text: string) => void, result: Result): void {
  const head: Record<string, unknown> = { experiment: result.experiment, backend: result.backend };
  if (result.brokeAt !== null) head.notFiniteAt = result.brokeAt;
  write(`${JSON.stringify(head, null, 1).slice(0, -2)},\n "runs": [`);
  result.recorded.forEach((run, r) => {
    write(`${r === 0 ? '' : ','}\n  ${JSON.stringify(runHead(run)).slice(0, -1)},"metrics":{`);
    seriesOf(run).forEach(([id, values], i) => { write(`${i === 0 ? '' : ','}${JSON.stringify(id)}:${JSON.stringify(values)}`); });
    const fit = JSON.stringify(fitOf(result, r)).slice(1, -1);
    write(`}${fit === '' ? '' : `,${fit}`},\n   "final": [`);
    let lines: string[] = [];
    let first = true;
    for (const entry of finalResponses(result, r)) {
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
  return prepared.rewardModel ? { rewardModel: prepared.rewardModel.curves[r] } : {};
}

function runHead({ member, beta, referenceKl, steps }: RecordedRun): Record<string, unknown> {
  return { seed: member.seed, beta, ...member.swept, referenceKl, steps };
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

function* finalResponses({ prepared, refLogps, last }: Result, r: number): Generator<Record<string, unknown>> {
  const { world, experiment, groups, rewards, members } = prepared;
  const s = r % experiment.seeds.length;
  const beta = members[r].swept.beta ?? experiment.algorithm.beta;
  const optimal = rewards && optimalPolicy(world, refLogps[s], rewards, beta).logps;
  for (const y of responsesInReadingOrder(world)) {
    yield {
      prompt: promptOf(world, y),
      response: responseText(world, y),
      refLogp: refLogps[s][y],
      logp: last.logps[r][y],
      ...(optimal ? { optimalLogp: optimal[y] } : {}),
      group: GROUPS[groups[r][y]],
    };
  }
}
