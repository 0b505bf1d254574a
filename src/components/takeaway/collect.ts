/** The end of every policy of a run: frames carry the policies in focus only, so the focus goes from one to the next. */
import type { RunStatus, RunStore } from '../../sim/runStore.ts';
import type { Focus, RewardModelCurves } from '../../sim/worker/protocol.ts';

/** All [R]; null where the engine did not say. */
export interface Ends {
  logps: (Float64Array | null)[];
  groups: (Uint8Array | null)[];
  curves: (RewardModelCurves | null)[];
  /** log π_ref per seed, [S][Y]. */
  refLogps: (Float64Array | null)[];
}

/** How long the engine may need for one policy, ms. */
const PATIENCE = 20_000;
const same = (a: Focus | undefined, b: Focus) => a?.seedIndex === b.seedIndex && a?.sweepIndex === b.sweepIndex;

/** Adds what is on screen now, where it is one policy and not a mean. */
function take(ends: Ends, { frame, view }: RunStatus, seeds: number): void {
  if (!frame || !view || !same(view.focus, frame.focus) || view.refLogps.length !== frame.logps.length) return;
  const { seedIndex, sweepIndex } = frame.focus;
  if (seedIndex === null && seeds > 1) return;
  const s = seedIndex ?? 0;
  const r = sweepIndex * seeds + s;
  ends.logps[r] = frame.logps;
  ends.groups[r] = view.groups;
  ends.refLogps[s] ??= view.refLogps;
  // Those of a method are listed for its own policies, those of a sweep for all of them.
  if (view.rewardModel) ends.curves[r] = view.rewardModel.curves[view.rewardModel.curves.length > r ? r : s] ?? null;
}

/** Resolves with whether the store came to show a focus at an update; not where another run began or the engine stopped. */
function shown(run: RunStore, focus: Focus, step: number, id: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (found: boolean) => { clearTimeout(timer); stop(); resolve(found); };
    const look = () => {
      const { frame, view, run: now, state } = run.getState();
      if (now !== id || state === 'failed') end(false);
      else if (frame?.step === step && same(frame.focus, focus) && same(view?.focus, focus)) end(true);
    };
    const timer = setTimeout(() => end(false), PATIENCE);
    const stop = run.subscribe(look);
    look();
  });
}

/**
 * @param run        standing still; the focus is afterwards what it was
 * @param onPolicy   how many policies are known
 */
export async function collectEnds(run: RunStore, onPolicy: (known: number) => void = () => {}): Promise<Ends> {
  const { experiment, members, focus: before, frame, run: id, state } = run.getState();
  const seeds = experiment?.seeds.length ?? 0;
  const none = <T>(length: number): (T | null)[] => Array.from({ length }, () => null);
  const ends: Ends = { logps: none(members.length), groups: none(members.length), curves: none(members.length), refLogps: none(seeds) };
  if (!experiment || !frame) return ends;
  take(ends, run.getState(), seeds);
  if (state === 'failed') return ends;
  try {
    for (let r = 0; r < members.length; r++) {
      if (ends.logps[r] === null) {
        const focus = { seedIndex: seeds === 1 ? null : r % seeds, sweepIndex: Math.floor(r / seeds) };
        run.getState().setFocus(focus);
        if (!(await shown(run, focus, frame.step, id))) break;
        take(ends, run.getState(), seeds);
      }
      onPolicy(r + 1);
    }
  } finally {
    if (run.getState().run === id) run.getState().setFocus(before);
  }
  return ends;
}
