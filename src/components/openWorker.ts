/** The engine's worker, told the page's language: what a `RunClient` is made with. */
import { postLanguage } from '../sim/worker/endpoint.ts';
import { startWorker } from './offline/startWorker.ts';

export function openWorker(): Worker {
  const worker = startWorker();
  postLanguage(worker);
  return worker;
}
