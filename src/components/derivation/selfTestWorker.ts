/** A worker of its own for the engine's self-test: what is training is not disturbed. */
import type { Experiment } from '../../sim/experiment.ts';
import { msg } from '../../sim/msg.ts';
import { onMessages, post, postLanguage } from '../../sim/worker/endpoint.ts';
import type { BackendName } from '../../sim/worker/protocol.ts';
import { SELF_TEST_WORKER, type SelfTestEvent, type SelfTestRow } from '../../sim/worker/selfTestProtocol.ts';
import { startWorker } from '../offline/startWorker.ts';

/**
 * Runs the engine's self-test.
 *
 * @param tell  called with every row as soon as it is known
 * @param done  called once: with null at the end, or with a sentence where the test broke off
 * @returns     how to stop it
 */
export function startSelfTest(experiment: Experiment, backend: BackendName, tell: (row: SelfTestRow) => void, done: (problem: string | null) => void): () => void {
  const worker = startWorker(SELF_TEST_WORKER);
  const end = (problem: string | null) => {
    worker.terminate();
    done(problem);
  };
  worker.addEventListener('error', (event) => end(msg`The self-test’s worker stopped: ${event.message || msg`it could not be loaded`}.`));
  onMessages<SelfTestEvent>(worker, (event) => {
    if (event.type === 'self-test-row') tell(event.row);
    else end(event.type === 'self-test-done' ? null : msg`The engine’s self-test broke off: ${event.message}.`);
  });
  postLanguage(worker);
  post(worker, { type: 'self-test', experiment, backend });
  return () => worker.terminate();
}
