/** The page as a link, and the address bar that always shows it. */
import type { Experiment } from '../sim/experiment.ts';
import { PRESETS, type Preset } from '../sim/presets/index.ts';
import type { RunStore } from '../sim/runStore.ts';
import { writeLink } from '../sim/url.ts';
import type { LabStore } from './labStore.ts';

/** Longest query string that is offered: servers and mail programs cut longer addresses. */
export const LONGEST_LINK = 8000;

/** The query string of what is shown, however long; with `step`, the link opens at that update. */
export function linkOf(run: RunStore, lab: LabStore, step: number | null = null): string {
  const { origin } = lab.getState();
  const preset = PRESETS.find((row) => row.id === origin.id) ?? PRESETS[0];
  return written(run, lab, preset, run.getState().experiment ?? origin.experiment, step);
}

function written(run: RunStore, lab: LabStore, preset: Preset, experiment: Experiment, step: number | null): string {
  const { theme, projector, panel } = lab.getState();
  const link = writeLink({
    presetId: preset.id, preset: preset.experiment, experiment, backend: run.getState().pinnedBackend, step,
    extra: { ...(theme === 'auto' ? {} : { theme }), ...(projector ? { projector } : {}), ...(panel ? { panel } : {}) },
  });
  return link === `?preset=${PRESETS[0].id}` ? '' : link;
}

/** What the address bar shows: the link, or without the experiment where that is too long for one. */
export function addressOf(run: RunStore, lab: LabStore): string {
  const link = linkOf(run, lab);
  if (link.length <= LONGEST_LINK) return link;
  return written(run, lab, PRESETS[0], PRESETS[0].experiment, null).replace(/preset=[^&]*&?/, '');
}

/** Quiet time before the address bar is written, ms; browsers limit how often it may be. */
const SETTLE = 400;

/** Keeps the address bar equal to the page (as far as an address can be), never while a control is being dragged. Returns how to stop. */
export function keepAddress(run: RunStore, lab: LabStore): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    if (lab.getState().draft) return;
    const search = addressOf(run, lab);
    if (search !== location.search) history.replaceState(null, '', `${location.pathname}${search}${location.hash}`);
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(write, SETTLE); };
  const stopRun = run.subscribe((now, before) => {
    if (now.experiment !== before.experiment || now.pinnedBackend !== before.pinnedBackend) soon();
  });
  const stopLab = lab.subscribe(soon);
  return () => { clearTimeout(timer); stopRun(); stopLab(); };
}
