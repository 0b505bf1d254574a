/** The worker's entry: the loop on the real port, the real engine and the real clock; or, by its name, the engine's self-test or a script's record. */
import { setTranslation } from '../msg.ts';
import { availability, switchBackend, tensorCount } from './backend.ts';
import { createEngineRun } from './engine.ts';
import { onMessages, type Translate } from './endpoint.ts';
import type { Clock } from './loopParts.ts';
import { serveScript } from './scriptJob.ts';
import { SCRIPT_WORKER } from './scriptProtocol.ts';
import { SELF_TEST_WORKER } from './selfTestProtocol.ts';
import { serveSelfTest } from './selfTest.ts';
import { serve } from './serve.ts';

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

const clock: Clock = {
  now: () => performance.now(),
  yield: () => new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  }),
  sleep: (ms) => new Promise((resolve) => { setTimeout(resolve, ms); }),
};

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
// All three pass over what is not their own.
onMessages<Translate>(scope, ({ type, translation }) => { if (type === 'translate') setTranslation(translation); });
if (scope.name === SELF_TEST_WORKER) serveSelfTest(scope, { availability, switchBackend, tensorCount });
else if (scope.name === SCRIPT_WORKER) serveScript(scope, { availability, switchBackend });
else serve(scope, createEngineRun, clock);
