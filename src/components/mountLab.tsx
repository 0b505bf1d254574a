/** Wires stores, link and page together over any run client (the page's worker, or a test's fake). */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '../App.tsx';
import { same } from '../sim/experimentPrint.ts';
import { createRunStore, type RunClient, type RunStore } from '../sim/runStore.ts';
import { createLabStore, focusOnOwn, LabContext, type LabStore } from './labStore.ts';
import { createTalkStore, TalkContext } from './lecture/talkStore.ts';
import { keepAddress, openingOf } from './link.ts';
import { createPredictStore, PredictContext } from './predict/predictStore.ts';
import { RunContext } from './run.ts';
import { runsOf } from './starts.ts';

export interface Lab {
  run: RunStore;
  lab: LabStore;
}

/** Where the reader's choice about single keys is remembered; it is theirs, not the experiment's. */
const SINGLE_KEYS = 'dpo-lab/single-keys';

export function mountLab(root: HTMLElement, client: RunClient): Lab {
  const run = createRunStore(client);
  const { link, origin, methods, base, problems } = openingOf(location.search);
  const lab = createLabStore(run, {
    origin,
    base,
    methods,
    theme: link.extra.theme ?? 'auto',
    projector: link.extra.projector ?? false,
    panel: link.extra.selftest ? 'selftest' : link.extra.panel ?? null,
    selfCheckAsked: link.extra.selftest === true,
    singleKeys: readPreference(SINGLE_KEYS) !== 'off',
    notices: problems,
  });
  const talk = createTalkStore(run, lab);
  const predict = createPredictStore(run, lab);
  createRoot(root).render(
    <StrictMode>
      <RunContext value={run}><LabContext value={lab}><TalkContext value={talk}><PredictContext value={predict}><App /></PredictContext></TalkContext></LabContext></RunContext>
    </StrictMode>,
  );
  const [experiment, ...others] = runsOf(base, methods);
  run.getState().load(experiment, { backend: link.backend, others });
  focusOnOwn(run);
  if (link.step && same(base, link.experiment)) goTo(run, link.step);
  keepAddress(run, lab);
  lab.subscribe((now, before) => { if (now.singleKeys !== before.singleKeys) writePreference(SINGLE_KEYS, now.singleKeys ? 'on' : 'off'); });
  return { run, lab };
}

/** Makes the link's updates as soon as the run is ready, unless something else was begun meanwhile. */
function goTo(run: RunStore, step: number): void {
  const wanted = run.getState().run;
  const stop = run.subscribe(({ run: current, state, stepBy }) => {
    if (state === 'starting' && current === wanted) return;
    stop();
    if (state === 'paused' && current === wanted) stepBy(step);
  });
}

function readPreference(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is blocked: nothing is remembered
  }
}

function writePreference(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch { /* as above */ }
}
