/** The engine's worker, told the page's language: what a `RunClient` is made with. */
import { postLanguage } from '../sim/worker/endpoint.ts';

export function openWorker(): Worker {
  const worker = new Worker(new URL('../sim/worker/worker.ts', import.meta.url), { type: 'module' });
  postLanguage(worker);
  return worker;
}
