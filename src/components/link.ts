/** The page as a link, and the address bar that always shows it. */
import { PRESETS } from '../sim/presets/index.ts';
import type { RunStore } from '../sim/runStore.ts';
import { writeLink } from '../sim/url.ts';
import type { LabStore } from './labStore.ts';

/** The query string of what is shown; with `step`, the link opens at that update. */
export function linkOf(run: RunStore, lab: LabStore, step: number | null = null): string {
  const { experiment, pinnedBackend } = run.getState();
  const { origin, theme, projector, panel } = lab.getState();
  const preset = PRESETS.find((row) => row.id === origin.id) ?? PRESETS[0];
  const link = writeLink({
    presetId: preset.id, preset: preset.experiment, experiment: experiment ?? origin.experiment, backend: pinnedBackend, step,
    extra: { ...(theme === 'auto' ? {} : { theme }), ...(projector ? { projector } : {}), ...(panel ? { panel } : {}) },
  });
  return link === `?preset=${PRESETS[0].id}` ? '' : link;
}

/** Quiet time before the address bar is written, ms; browsers limit how often it may be. */
const SETTLE = 400;

/** Keeps the address bar equal to the page, never while a control is being dragged. Returns how to stop. */
export function keepAddress(run: RunStore, lab: LabStore): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    if (lab.getState().draft) return;
    const search = linkOf(run, lab);
    if (search !== location.search) history.replaceState(null, '', `${location.pathname}${search}${location.hash}`);
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(write, SETTLE); };
  const stopRun = run.subscribe((now, before) => {
    if (now.experiment !== before.experiment || now.pinnedBackend !== before.pinnedBackend) soon();
  });
  const stopLab = lab.subscribe(soon);
  return () => { clearTimeout(timer); stopRun(); stopLab(); };
}
