/** A run that stands while something is taken of it, so that all of it is of one update. */
import type { RunStore } from '../../sim/runStore.ts';

/** How long panels that take turns may need to show the same update, ms. */
const SETTLE = 2000;
const frame = () => new Promise<void>((resolve) => { requestAnimationFrame(() => { resolve(); }); });

/** Resolves when `test` holds of the run. */
function until(run: RunStore, test: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (test()) { resolve(); return; }
    const stop = run.subscribe(() => { if (test()) { stop(); resolve(); } });
  });
}

/** Resolves when an element has looked the same for a while. */
async function settled(element: Element): Promise<void> {
  const begin = performance.now();
  let look = '';
  let since = begin;
  while (performance.now() - begin < SETTLE) {
    await frame();
    const now = element.textContent ?? '';
    if (now !== look) { look = now; since = performance.now(); }
    else if (performance.now() - since > 250) return;
  }
}

/**
 * Does `take` while the run stands; a run that was going on goes on afterwards.
 *
 * @param shown  what must show the update at which it stands
 */
export async function standing<T>(run: RunStore, shown: Element | null, take: () => T | Promise<T>): Promise<T> {
  const { state, pause, run: id } = run.getState();
  const moves = state === 'running';
  if (moves) {
    pause();
    await until(run, () => run.getState().state !== 'running');
    if (shown) await settled(shown);
  } else await frame();
  try {
    return await take();
  } finally {
    if (moves && run.getState().state === 'paused' && run.getState().run === id) run.getState().play();
  }
}
