/** Whether the link of an evidence leads to what the report says ran. Pure. */
import { differenceWords } from '../../sim/differenceWords.ts';
import { populationOf, type Experiment } from '../../sim/experiment.ts';
import { same } from '../../sim/experimentPrint.ts';
import { readExperiment } from '../../sim/experimentSchema.ts';
import { msg } from '../../sim/msg.ts';
import { retuned } from '../../sim/runEvents.ts';
import { quoted } from '../../sim/urlText.ts';
import { BACKENDS, type BackendName } from '../../sim/worker/protocol.ts';
import { openingOf, type Opened } from '../link.ts';
import { runsOf } from '../starts.ts';
import type { Evidence, Report } from '../student/report.ts';
import { recordedMetrics } from './compare.ts';

/** Where a link leads and what runs there, or why it is not replayed, in a sentence. */
export type Claim =
  | { ok: true; opened: Opened; experiments: readonly Experiment[]; backend: BackendName }
  /** `forged`: the link and the report do not belong together; else the link cannot be used. */
  | { ok: false; forged: boolean; sentence: string };

/** What an evidence claims, checked without a run: that its link can be used, and that it leads to the experiment, seeds, update and backend that the report names. */
export function claimOf(evidence: Evidence): Claim {
  const { link, seeds, step } = evidence;
  const opened = openingOf(link);
  const [problem] = opened.problems;
  if (problem !== undefined) return { ok: false, forged: false, sentence: msg`The link cannot be used: ${cut(problem)}` };
  const forged = (sentence: string): Claim => ({ ok: false, forged: true, sentence });
  const experiments = ranThere(opened);
  const [first] = experiments;
  if (opened.place.step !== step) return forged(msg`The link leads to update ${opened.place.step}, the report speaks of update ${step}.`);
  if (!same(first.seeds, seeds)) return forged(msg`The link trains seeds ${seedWords(first.seeds)}, the report speaks of seeds ${seedWords(seeds)}.`);
  const other = otherExperiment(experiments, evidence);
  if (other !== null) return forged(other);
  const backend = BACKENDS.find((name) => name === evidence.backend);
  if (!backend) return { ok: false, forged: false, sentence: msg`The report's backend must be one of ${BACKENDS.join(', ')}, got ${quoted(evidence.backend)}.` };
  const pinned = opened.link.backend;
  if (pinned !== null && pinned !== backend) return forged(msg`The link asks for the backend ${pinned}, the report says ${backend} ran.`);
  const policies = experiments.flatMap(populationOf).length;
  const recorded = recordedMetrics(evidence.metrics);
  if (recorded.length === 0) return { ok: false, forged: false, sentence: msg`The report holds no numbers of this state, so there is nothing to compare.` };
  const odd = recorded.find((id) => evidence.metrics[id]?.length !== policies);
  if (odd !== undefined) return forged(msg`The link trains ${policies} policies, so each metric has as many numbers, and the report’s list of ${odd} has ${evidence.metrics[odd]?.length ?? 0}.`);
  return { ok: true, opened, experiments, backend };
}

/** What runs at the place of a link, with the knobs that are in force there. */
export function ranThere({ place, methods }: Pick<Opened, 'place' | 'methods'>): [Experiment, ...Experiment[]] {
  const [first, ...others] = runsOf(place.experiment, methods).map((experiment) => place.changes.reduce(retuned, experiment));
  return [first, ...others];
}

/** What sets the experiments of a link apart from those that a report names, in a sentence; null where they are the same, whatever they are called. */
function otherExperiment(experiments: readonly Experiment[], { experiments: named }: Evidence): string | null {
  if (named.length !== experiments.length) return msg`The link trains ${experiments.length} experiments side by side, the report names ${named.length}.`;
  for (const [i, experiment] of experiments.entries()) {
    const read = readExperiment(named[i]);
    if (!read.ok) return msg`The report names an experiment that cannot be run: ${read.problems[0].message}`;
    const reported = { ...read.experiment, name: experiment.name };
    if (!same(reported, experiment)) return msg`The link leads to another experiment than the report names: ${apartWords(experiment, reported)}.`;
  }
  return null;
}

/** In what two experiments differ: "β = 0.5 in the link, β = 0.05 in the report". */
function apartWords(linked: Experiment, reported: Experiment): string {
  const [own, theirs] = [differenceWords(linked, reported), differenceWords(reported, linked)];
  if (own !== theirs) return msg`${own} in the link, ${theirs} in the report`;
  const parts = (['world', 'reference', 'gold', 'preferences', 'policy', 'rewardModel', 'algorithm', 'optimizer', 'steps', 'sweep'] as const)
    .filter((part) => !same(linked[part] ?? null, reported[part] ?? null));
  return msg`they differ in ${parts.join(', ')}`;
}

function seedWords(seeds: readonly number[]): string {
  return seeds.length <= 8 ? seeds.join(', ') : msg`${seeds.slice(0, 7).join(', ')} … (${seeds.length} in all)`;
}

/** The beginning of a sentence that lists too much. */
function cut(sentence: string): string {
  return sentence.length <= 240 ? sentence : `${sentence.slice(0, 200).trimEnd()} …`;
}

/** Which tasks name one and the same state, in a sentence; empty where none do. No two tasks of a path ask for the same one. */
export function sharedWords(tasks: Report['tasks']): string {
  const numbers = new Map<string, number[]>();
  for (const [i, { evidence }] of tasks.entries()) if (evidence) numbers.set(evidence.link, [...(numbers.get(evidence.link) ?? []), i + 1]);
  const shared = [...numbers.values()].filter((same) => same.length > 1).map((same) => same.join(', '));
  return shared.length === 0 ? '' : msg`Tasks ${shared.join('; ')} carry the link of one and the same state, though each asks for another.`;
}

/** A link as an address of the lab: a query and nothing else, whatever it begins with. */
export function labAddress(link: string): string {
  return link.startsWith('?') ? link : '?';
}
