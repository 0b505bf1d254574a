/** Follows a run from its beginning to its end, or to the last update at which all its numbers are finite. */
import { msg } from '../msg.ts';
import type { Prepared } from '../prepare.ts';
import { createRun, type Measurement, type Run } from '../run.ts';
import type { JudgedBatch, KnobsAt } from '../worker/protocol.ts';
import { recordedSteps } from './recording.ts';
import type { Followed } from './sensitivity.ts';

export interface RunFollowed extends Followed {
  steps: number[];
  brokeAt: number | null;
}

/** Of the updates between the last ordinary record and a break so many at the start are recorded one by one, and about as many more on the way. */
const BEFORE_BREAK = 20;

/** Most log-probabilities that are kept of a run: those of every record where they fit, else those of the last. */
const MOST_KEPT = 4_000_000;

/**
 * Runs what is prepared. Where the numbers of a policy stop being finite the run ends, as on the page: the updates since the
 * last record are made again one by one, and recorded up to the last finite one.
 *
 * @throws RangeError where the loss is not finite at update 0 already
 */
export function followed(prepared: Prepared, changes: readonly KnobsAt[], onStep: (step: number) => void): Promise<RunFollowed> {
  return withRun(prepared, async (run) => {
    const kept = recordsOf(prepared);
    let brokeAt: number | null = null;
    for (const stop of recordedSteps(run.totalSteps)) {
      const safe = await run.snapshot();
      await advance(run, stop, changes);
      const now = await run.measure();
      const drawn = run.takeJudged();
      if (now.notFinite.length > 0) {
        if (stop === 0) throw new RangeError(msg`The loss is not finite at update 0 already; there is no run to make again.`);
        run.restore(safe);
        run.untune();
        for (const change of changes) if (change.step < run.step) run.retune(change);
        brokeAt = await towardsBreak(run, stop, changes, kept);
        break;
      }
      kept.judged.push(...drawn);
      kept.add(now);
      onStep(stop);
    }
    return { ...kept, steps: kept.measurements.map(({ step }) => step), brokeAt };
  });
}

/** Runs a twin to the same updates; where its numbers break earlier they are kept as they are. */
export function followedAt(prepared: Prepared, steps: readonly number[], changes: readonly KnobsAt[], onStep: (step: number) => void): Promise<Followed> {
  return withRun(prepared, async (run) => {
    const kept = recordsOf(prepared);
    for (const stop of steps) {
      await advance(run, stop, changes);
      kept.add(await run.measure());
      kept.judged.push(...run.takeJudged());
      onStep(stop);
    }
    return kept;
  });
}

async function withRun<T>(prepared: Prepared, job: (run: Run) => Promise<T>): Promise<T> {
  const run = await createRun(prepared);
  try {
    return await job(run);
  } finally {
    run.dispose();
  }
}

type Records = ReturnType<typeof recordsOf>;

function recordsOf({ experiment: { steps }, members, world: { responseCount, maxLength } }: Prepared) {
  const measurements: (Measurement & { deepest: number[] })[] = [];
  const judged: JudgedBatch[] = [];
  const keepsAll = (recordedSteps(steps).length + 2 * BEFORE_BREAK) * members.length * responseCount <= MOST_KEPT;
  return {
    measurements, judged,
    add(now: Measurement): void {
      const before = measurements.at(-1);
      if (before && !keepsAll) before.logps = [];
      measurements.push({ ...now, deepest: now.logps.map((own) => own.reduce((worst, logp) => Math.max(worst, -logp), 0) / maxLength) });
    },
  };
}

/** Makes every update up to `stop`; new knobs are in force from the update after theirs, and in what is measured there. */
async function advance(run: Run, stop: number, changes: readonly KnobsAt[]): Promise<void> {
  const retune = () => {
    for (const change of changes) if (change.step === run.step) run.retune(change);
  };
  while (run.step < stop) {
    retune();
    await run.update();
  }
  retune();
}

/** Update by update to the first state that is not finite, which is returned; a run repeats itself bit for bit. */
async function towardsBreak(run: Run, stop: number, changes: readonly KnobsAt[], kept: Records): Promise<number> {
  const from = run.step;
  const every = Math.ceil((stop - from) / BEFORE_BREAK);
  let last: Measurement | null = null;
  while (run.step < stop) {
    await advance(run, run.step + 1, changes);
    const now = await run.measure();
    const drawn = run.takeJudged();
    if (now.notFinite.length > 0) break;
    kept.judged.push(...drawn);
    last = now;
    if (now.step - from > BEFORE_BREAK && (now.step - from) % every !== 0) continue;
    kept.add(now);
    last = null;
  }
  if (last) kept.add(last);
  return run.step;
}
