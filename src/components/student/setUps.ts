/** "Set it up for me": brings the page to where a task of the path begins. */
import { theTheThe } from '../../sim/presets/the-the-the.ts';
import type { RunStore } from '../../sim/runStore.ts';
import { presetOrigin } from '../chapters.ts';
import type { LabStore } from '../labStore.ts';
import type { PredictStore } from '../predict/predictStore.ts';
import { crossingOf } from './looked.ts';
import type { TaskId } from './taskIds.ts';

interface Stores { run: RunStore; lab: LabStore; predict: PredictStore }

/** The task that ends the path asks for nothing of the page. */
export const hasSetUp = (id: TaskId): boolean => id !== 'say';

export function setUp(id: TaskId, stores: Stores): void {
  switch (id) {
    case 'predict': showPreset(stores, theTheThe.id); askAgain(stores); return;
    case 'run': case 'vary': showPreset(stores, theTheThe.id); return;
    case 'explain': case 'rewind': toTheEnd(stores); return;
    case 'fork': toTheEnd(stores); thenToTheCrossing(stores); return;
    case 'control': showPreset(stores, 'tabular-control'); return;
    case 'online': showPreset(stores, 'resampling-prevents'); return;
    case 'say': return;
  }
}

/** A preset at update 0, not playing. */
function showPreset({ lab }: Stores, id: string): void {
  const origin = presetOrigin(id);
  lab.getState().show({ origin, base: origin.experiment, methods: [], panel: null, play: false });
}

/** The card asks the page's own question anew, and is open. */
function askAgain({ predict }: Stores): void {
  if (predict.getState().stage !== 'asked') predict.getState().again();
  predict.getState().setOpen(true);
}

/** The headline at its last update, all of it on record. */
function toTheEnd(stores: Stores): void {
  showPreset(stores, theTheThe.id);
  const { experiment } = theTheThe;
  stores.run.getState().loadAt(experiment, { step: experiment.steps });
}

/** As soon as the run is at its end, back to where the mass passed one half; nothing where the run is left before. */
function thenToTheCrossing({ run }: Stores): void {
  const own = run.getState().run;
  const stop = run.subscribe((now) => {
    if (now.run !== own) return stop();
    const { step, seeking, state, experiment, history } = now;
    if (seeking || step !== experiment?.steps || (state !== 'done' && state !== 'paused')) return;
    stop();
    const crossed = crossingOf(history);
    if (crossed) now.seek(crossed.step);
  });
}
