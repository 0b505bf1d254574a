/** Makes the run of an evidence again and compares its numbers: over any run store, the page's or a test's. */
import type { Experiment } from '../../sim/experiment.ts';
import { METRICS } from '../../sim/metrics.ts';
import { msg } from '../../sim/msg.ts';
import type { RunStatus, RunStore } from '../../sim/runStore.ts';
import type { BackendName } from '../../sim/worker/protocol.ts';
import { readyRun } from '../chapter/ready.ts';
import type { Opened } from '../link.ts';
import { bring } from '../opening.ts';
import { sentenceOf, topOf } from '../student/evidence.ts';
import type { Evidence } from '../student/report.ts';
import { claimOf } from './claims.ts';
import { comparisonOf, pairsOf, topWords, type Comparison, type NumberPair } from './compare.ts';
import { shareOf, type ReplayProgress } from './progress.ts';

/** What came of the replay of one evidence; `topApart`: which of the most probable responses is not so here, if one. */
export type Replayed =
  | ({ kind: 'compared'; comparison: Comparison; pairs: readonly NumberPair[]; experiments: readonly Experiment[]; topApart: string | null } & Omit<Stood, 'metrics' | 'policyCount'>)
  /** The link and the report do not belong together. */
  | { kind: 'forged'; sentence: string }
  /** There is nothing to compare with: a refused link, a fault, numbers that broke. */
  | { kind: 'failed'; sentence: string };

export interface ReplayParts {
  run: RunStore;
  /** Ends the engine, whatever it does; the next run starts another one. */
  restart(): void;
  /** Gives up after this long, ms [ten minutes]. */
  limitMs?: number;
}

/** The state that was asked for, on a backend. */
export interface Stood {
  metrics: Float64Array;
  policyCount: number;
  backend: BackendName;
  /** What the sentence over the charts says, and the most probable responses: of the policies that the link shows. */
  headline: string;
  top: Evidence['top'];
}

/** States that were made before, by what leads to them: a class often hands in the same link many times. */
export type StoodBefore = Map<string, Stood>;

const LIMIT_MS = 600_000;
/** So many states are remembered; the oldest goes first. */
const REMEMBERED = 64;

/**
 * Brings the run to where the link of an evidence leads, on the backend that the report names where this machine has it,
 * and compares every number that the report holds.
 *
 * @param before  states of the same replaying, in which this one is looked up and kept
 * @returns null where it was stopped by `signal`; the engine is ended then
 */
export async function replay(parts: ReplayParts, evidence: Evidence, signal: AbortSignal, tell: (progress: ReplayProgress) => void, before: StoodBefore = new Map()): Promise<Replayed | null> {
  const claim = claimOf(evidence);
  if (!claim.ok) return { kind: claim.forged ? 'forged' : 'failed', sentence: claim.sentence };
  const { opened, experiments, backend } = claim;
  const key = JSON.stringify([backend, opened.place, opened.methods, opened.link.extra.shown ?? null]);
  const known = before.get(key);
  const stood = known ?? await standAt(parts, opened, backend, signal, tell);
  if (stood === null) return null;
  if (typeof stood === 'string') return { kind: 'failed', sentence: stood };
  if (!known) remember(before, key, stood);
  const { metrics, policyCount, ...seen } = stood;
  const pairs = pairsOf(evidence.metrics, { metrics, policyCount });
  if (!pairs) return { kind: 'failed', sentence: msg`The run made again has ${policyCount} policies, the report has numbers of others.` };
  // Which of several values of a sweep, or of several methods, was in focus, no link says.
  const [{ sweep }, ...others] = experiments;
  const topApart = sweep || others.length > 0 ? null : topWords(evidence.top, seen.top);
  return { kind: 'compared', comparison: comparisonOf(pairs), pairs, experiments, topApart, ...seen };
}

function remember(before: StoodBefore, key: string, stood: Stood): void {
  before.set(key, stood);
  const [oldest] = before.keys();
  if (before.size > REMEMBERED && oldest !== undefined) before.delete(oldest);
}

/** The state at a place, or why it cannot be had, in a sentence; null where it was stopped. */
async function standAt(parts: ReplayParts, opened: Opened, backend: BackendName, signal: AbortSignal, tell: (progress: ReplayProgress) => void): Promise<Stood | string | null> {
  const { run, restart } = parts;
  let on = backend;
  for (;;) {
    bring(run, { place: opened.place, methods: opened.methods, backend: on, shown: opened.link.extra.shown ?? null });
    const end = await settled(parts, opened.place.step, signal, tell);
    if (end === 'there') return stoodOf(run.getState(), on) ?? msg`The run came to update ${opened.place.step} and showed no numbers.`;
    // What the engine was doing is of no use to the next one.
    restart();
    if (end === 'stopped') return null;
    if (end.instead === null || on !== backend) return end.sentence;
    on = end.instead;
  }
}

function stoodOf(status: RunStatus, on: BackendName): Stood | null {
  const ready = readyRun(status);
  if (!ready) return null;
  const { frame: { metrics }, policyCount } = ready;
  return { metrics: metrics.slice(), policyCount, backend: status.backend?.name ?? on, headline: sentenceOf(ready), top: topOf(ready) };
}

type End = 'there' | 'stopped' | { sentence: string; instead: BackendName | null };

/** Waits until the run stands at an update, forks and all, or cannot come there. */
function settled({ run, limitMs = LIMIT_MS }: ReplayParts, step: number, signal: AbortSignal, tell: (progress: ReplayProgress) => void): Promise<End> {
  return new Promise((resolve) => {
    const finish = (end: End) => {
      stop();
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      resolve(end);
    };
    const look = (status: RunStatus) => {
      const end = endOf(status, step);
      if (end) finish(end);
      else tell(shareOf(status, step));
    };
    const aborted = () => finish('stopped');
    const stop = run.subscribe(look);
    const timer = setTimeout(() => finish({ sentence: msg`It was given up after ${Math.round(limitMs / 60_000)} minutes, at update ${run.getState().seeking?.at ?? run.getState().step} of ${step}.`, instead: null }), limitMs);
    signal.addEventListener('abort', aborted);
    if (signal.aborted) aborted();
    else look(run.getState());
  });
}

/** Whether a run stands where it was to go, or what keeps it from there; null while it is on its way. */
export function endOf({ state, step: now, seeking, forking, replacing, frame, focus, refused, fault, members }: RunStatus, step: number): End | null {
  if (state === 'failed') return { sentence: fault?.sentence ?? msg`The run stopped.`, instead: fault?.nextBackend ?? null };
  if (refused !== null) return { sentence: refused, instead: null };
  const stands = (state === 'paused' || state === 'done') && seeking === null && forking.length === 0 && replacing === null;
  if (!stands) return null;
  if (now !== step || frame?.step !== step) return { sentence: msg`The run stopped at update ${now} on the way to update ${step}.`, instead: null };
  const inFocus = frame.focus.seedIndex === focus.seedIndex && frame.focus.sweepIndex === focus.sweepIndex;
  return inFocus && frame.metrics.length === METRICS.length * members.length ? 'there' : null;
}
