/** The worker's entry: the loop on the real port, the real engine and the real clock. */
import { createEngineRun } from './engine.ts';
import type { Clock } from './loopParts.ts';
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

serve(globalThis as unknown as DedicatedWorkerGlobalScope, createEngineRun, clock);
