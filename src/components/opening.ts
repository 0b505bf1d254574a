/** Where a link opens the page, and how a run is brought there. */
import type { Experiment } from '../sim/experiment.ts';
import { same } from '../sim/experimentPrint.ts';
import { sweepCount, sweptValues } from '../sim/focus.ts';
import { msg } from '../sim/msg.ts';
import { inForce, type Place } from '../sim/place.ts';
import type { RunStore } from '../sim/runStore.ts';
import type { BackendName } from '../sim/worker/protocol.ts';
import type { Origin } from './chapters.ts';
import { runsOf } from './starts.ts';

/** The state that a link asks for: plain data. */
export interface Opening {
  origin: Origin;
  methods: readonly string[];
  panel: string | null;
  /** Of the experiment that the controls change. */
  place: Place;
  /** The link names the update, or changed a knob on the way to it. */
  atStep: boolean;
  /** The backend that the link pins; null = it leaves the choice. */
  backend: BackendName | null;
  /** The seed whose policy is shown; null = the mean over all of them. */
  shown: number | null;
}

/** A new run that is where an opening wants it, not playing, and shows the policies that it wants shown. */
export function bring(run: RunStore, { place, methods, backend, shown }: Pick<Opening, 'place' | 'methods' | 'backend' | 'shown'>): void {
  const { experiment, from, changes, step } = place;
  const [first, ...others] = runsOf(experiment, methods);
  const pinned = backend === null ? {} : { backend };
  const to = { step, furthest: step, changes };
  const { load, loadAt, rebuild } = run.getState();
  if (from) rebuild({ ...from, change: experiment }, { ...pinned, ...(step > from.step || changes.length > 0 ? { to } : {}) });
  else if (step > 0 || changes.length > 0) loadAt(first, to, { ...pinned, others });
  else load(first, { ...pinned, others });
  const seedIndex = experiment.seeds.findIndex((seed) => seed === shown);
  const { focus, setFocus } = run.getState();
  const wanted = { seedIndex: seedIndex < 0 ? null : seedIndex, sweepIndex: 0 };
  if (focus.seedIndex !== wanted.seedIndex || focus.sweepIndex !== wanted.sweepIndex) setFocus(wanted);
  focusOnOwn(run);
}

/** In a sweep of β or of the resampling rate, shows the policies at the experiment's own value, which a file was saved with. */
export function focusOnOwn(run: RunStore): void {
  const { experiment, others, focus, setFocus } = run.getState();
  if (!experiment || others.length > 0) return;
  const { algorithm, sweep } = experiment;
  if (!sweep?.beta && !sweep?.resampleEvery) return;
  const own = { beta: algorithm.beta, ...(algorithm.kind === 'online-dpo' ? { resampleEvery: algorithm.resampleEvery } : {}) };
  const isOwn = (sweepIndex: number) => {
    const { beta = own.beta, resampleEvery = own.resampleEvery } = sweptValues(experiment, { sweepIndex });
    return beta === own.beta && resampleEvery === own.resampleEvery;
  };
  const sweepIndex = Array.from({ length: sweepCount(experiment) }, (_, i) => i).findIndex(isOwn);
  if (sweepIndex >= 0 && sweepIndex !== focus.sweepIndex) setFocus({ ...focus, sweepIndex });
}

/** Whether the run is at the update of an opening, or on its way there. @param base  the experiment that the controls change */
export function standsAt(run: RunStore, base: Experiment, { place }: Opening): boolean {
  const { step, seeking } = run.getState();
  return (seeking?.target ?? step) === place.step && same(base, inForce(place));
}

/** Whether the run is being brought to a fork: what it is at the moment is only a part of the way. */
export function isBrought(run: RunStore): boolean {
  const { forking: [next], seeking, state, step } = run.getState();
  return next !== undefined && (seeking !== null || state === 'starting' || step === next.step);
}

/** What Reset goes back to, for its button. */
export function resetWords(opening: Opening | null): string {
  return opening === null ? msg`Back to the reference (R)` : msg`Back to what the link opened (R)`;
}
