/** Wires stores, link and page together over any run client (the page's worker, or a test's fake). */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '../App.tsx';
import { PRESETS } from '../sim/presets/index.ts';
import { same } from '../sim/experimentPrint.ts';
import { supportProblem } from '../sim/experimentSchema.ts';
import { createRunStore, type RunClient, type RunStore } from '../sim/runStore.ts';
import { readLink, type ReadLink } from '../sim/url.ts';
import { createLabStore, focusOnBeta, LabContext, originFor, PANELS, type LabStore, type Origin, type PanelId } from './labStore.ts';
import { keepAddress } from './link.ts';
import { RunContext } from './run.ts';

export interface Lab {
  run: RunStore;
  lab: LabStore;
}

/** Where the reader's choice about single keys is remembered; it is theirs, not the experiment's. */
const SINGLE_KEYS = 'dpo-lab/single-keys';

export function mountLab(root: HTMLElement, client: RunClient): Lab {
  const run = createRunStore(client);
  const link = readLink(location.search, PRESETS, PANELS);
  const problems = link.problems.map(withTitles);
  const unsupported = supportProblem(link.experiment);
  const origin = originOf(link, unsupported !== null);
  const lab = createLabStore(run, {
    origin,
    theme: link.extra.theme ?? 'auto',
    projector: link.extra.projector ?? false,
    panel: PANELS.find((id: PanelId) => id === link.extra.panel) ?? null,
    singleKeys: readPreference(SINGLE_KEYS) !== 'off',
    notices: unsupported ? [...problems, unsupported] : problems,
  });
  createRoot(root).render(
    <StrictMode>
      <RunContext value={run}><LabContext value={lab}><App /></LabContext></RunContext>
    </StrictMode>,
  );
  run.getState().load(unsupported ? origin.experiment : link.experiment, { backend: link.backend });
  focusOnBeta(run);
  if (link.step && !unsupported) goTo(run, link.step);
  keepAddress(run, lab);
  lab.subscribe((now, before) => { if (now.singleKeys !== before.singleKeys) writePreference(SINGLE_KEYS, now.singleKeys ? 'on' : 'off'); });
  return { run, lab };
}

/** A sentence that lists the presets' names in links says what they are called on the page too. */
function withTitles(sentence: string): string {
  if (!sentence.startsWith('preset ')) return sentence;
  return `${sentence} On the page they are called ${PRESETS.map(({ title }) => `“${title}”`).join(', ')}.`;
}

/** The preset, or the experiment itself where the link brings a whole one that is used. */
function originOf(link: ReadLink, unsupported: boolean): Origin {
  const preset = PRESETS.find((row) => row.id === link.presetId) ?? PRESETS[0];
  const whole = new URLSearchParams(location.search).has('experiment') && !same(link.experiment, preset.experiment);
  return whole && !unsupported ? originFor(link.experiment) : preset;
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
