/**
 * The page's end of the worker: starts it when a run starts, ends it on restart, reports its death.
 */
import { msg } from '../msg.ts';
import type { RunClient } from '../runStore.ts';
import type { Command, Event } from './protocol.ts';
import { onMessages, post } from './endpoint.ts';

/** A worker that should be at work and says nothing for this long is given up, ms. The largest worlds need some seconds for a frame. */
export const SILENCE_MS = 30_000;

/** Calls `check` regularly, with the time in ms. */
export type Watch = (check: (now: number) => void) => void;
const everySecond: Watch = (check) => { setInterval(() => check(performance.now()), 1000); };

/**
 * A client over workers made by `createWorker` (the page passes `new Worker(new URL(...))`, tests a fake).
 * A worker's death is told by its `error` event, or by its silence while it should be at work.
 */
export function createRunClient(createWorker: () => Worker, watch: Watch = everySecond): RunClient {
  let worker: Worker | null = null;
  let busy = false;
  let heard = false;
  let silentSince = 0;
  const client: RunClient = {
    onEvent: () => {},
    onCrash: () => {},
    send(command: Command) {
      if (!worker) {
        if (command.type !== 'start') return;
        worker = open();
      }
      if (command.type === 'start' || command.type === 'reset' || command.type === 'seek') expectNews();
      post(worker, command);
    },
    restart() {
      worker?.terminate();
      worker = null;
      busy = false;
    },
  };

  function expectNews() {
    busy = true;
    heard = true;
  }

  function crashed(message: string) {
    client.restart();
    client.onCrash(message);
  }

  watch((now) => {
    if (heard || !busy) silentSince = now;
    heard = false;
    if (busy && now - silentSince >= SILENCE_MS) crashed(msg`The engine's worker has not answered for ${SILENCE_MS / 1000} seconds.`);
  });

  function open(): Worker {
    const opened = createWorker();
    onMessages<Event>(opened, (event) => {
      if (opened !== worker) return;
      heard = true;
      if (event.type === 'state') busy = event.state === 'starting' || event.state === 'running';
      if (event.type === 'sought') busy = false;
      client.onEvent(event);
    });
    const told = (message: string) => { if (opened === worker) crashed(message); };
    opened.addEventListener('error', (e) => told(msg`The engine's worker stopped: ${e.message || msg`it could not be loaded`}.`));
    opened.addEventListener('messageerror', () => told(msg`The engine's worker sent a message that could not be read.`));
    return opened;
  }
  return client;
}
