/** A worker of its own that records the run for a PyTorch script: what is training is not disturbed. */
import { msg } from '../../sim/msg.ts';
import { onMessages, post, postLanguage } from '../../sim/worker/endpoint.ts';
import { SCRIPT_WORKER, type ScriptEvent, type ScriptRequest } from '../../sim/worker/scriptProtocol.ts';
import { startWorker } from '../offline/startWorker.ts';

/** How it ended: with the script and what of the run it does not compare, or with a sentence why there is none. */
export type ScriptOutcome = { script: string; note: string | null } | { problem: string };

/**
 * Makes the script of a run.
 *
 * @param tell  how far it is, 0 to 1, with words
 * @param end   called once
 * @returns     how to stop it; `end` is not called then
 */
export function startScript(request: Omit<ScriptRequest, 'type'>, tell: (done: number, words: string) => void, end: (outcome: ScriptOutcome) => void): () => void {
  const worker = startWorker(SCRIPT_WORKER);
  const finish = (outcome: ScriptOutcome) => {
    worker.terminate();
    end(outcome);
  };
  worker.addEventListener('error', (event) => finish({ problem: msg`The worker that records the run stopped: ${event.message || msg`it could not be loaded`}.` }));
  onMessages<ScriptEvent>(worker, (event) => {
    if (event.type === 'script-progress') tell(event.done, event.words);
    else finish(event.type === 'script-done' ? { script: event.script, note: event.note } : { problem: event.message });
  });
  postLanguage(worker);
  post(worker, { type: 'script', ...request });
  return () => worker.terminate();
}
