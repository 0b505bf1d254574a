/** What the address asks for: the lab itself, or a window that follows one. */
import { createRunClient } from '../sim/worker/client.ts';
import { followedBy } from './lecture/sync/session.ts';
import { mountLab, singleKeysWanted } from './mountLab.tsx';
import { openWorker } from './openWorker.ts';
import { viewOf } from './views/views.ts';

/** @param problem  what the address asks for and cannot have, in a sentence */
export async function openPage(root: HTMLElement, problem: string | null): Promise<void> {
  if (followedBy(location.search)) {
    // Another window has the engine.
    const { mountFollower } = await import('./lecture/sync/mountFollower.tsx');
    mountFollower(root, location.search, singleKeysWanted());
    return;
  }
  const view = viewOf(location.search);
  if (view) {
    const { mountView } = await import('./views/mountView.tsx');
    await mountView(root, view);
    return;
  }
  const { lab } = mountLab(root, createRunClient(openWorker));
  if (problem !== null) lab.getState().notify([problem]);
}
