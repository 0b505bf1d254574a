/** Starts the engine's worker; the lab as one file has it inline (scripts/offline/oneFile.mjs). */

/** @param name  what kind of worker it is to be (sim/worker/worker.ts); none = it serves runs */
export function startWorker(name?: string): Worker {
  return new Worker(new URL('../../sim/worker/worker.ts', import.meta.url), { type: 'module', name });
}
