/** What the address asks for: the lab itself, or a window that follows one. */
import { createRunClient } from '../sim/worker/client.ts';
import { postLanguage } from '../sim/worker/endpoint.ts';
import { followedBy } from './lecture/sync/session.ts';
import { mountLab, singleKeysWanted } from './mountLab.tsx';

/** @param problem  what the address asks for and cannot have, in a sentence */
export async function openPage(root: HTMLElement, problem: string | null): Promise<void> {
  if (followedBy(location.search)) {
    // Another window has the engine.
    const { mountFollower } = await import('./lecture/sync/mountFollower.tsx');
    mountFollower(root, location.search, singleKeysWanted());
    return;
  }
  const { lab } = mountLab(root, createRunClient(openWorker));
  if (problem !== null) lab.getState().notify([problem]);
}

/** The engine's worker, told the page's language. */
function openWorker(): Worker {
  const worker = new Worker(new URL('../sim/worker/worker.ts', import.meta.url), { type: 'module' });
  postLanguage(worker);
  return worker;
}
