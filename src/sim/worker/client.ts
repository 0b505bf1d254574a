/**
 * The page's end of the worker: starts it when a run starts, ends it on restart, reports its death.
 */
import type { RunClient } from '../runStore.ts';
import type { Command, Event } from './protocol.ts';
import { onMessages, post } from './endpoint.ts';

/** A client over workers made by `createWorker` (the page passes `new Worker(new URL(...))`, tests a fake). */
export function createRunClient(createWorker: () => Worker): RunClient {
  let worker: Worker | null = null;
  const client: RunClient = {
    onEvent: () => {},
    onCrash: () => {},
    send(command: Command) {
      if (!worker) {
        if (command.type !== 'start') return;
        worker = open();
      }
      post(worker, command);
    },
    restart() {
      worker?.terminate();
      worker = null;
    },
  };

  function open(): Worker {
    const opened = createWorker();
    onMessages<Event>(opened, (event) => { if (opened === worker) client.onEvent(event); });
    const crashed = (message: string) => {
      if (opened !== worker) return;
      client.restart();
      client.onCrash(message);
    };
    opened.addEventListener('error', (e) => crashed(`The engine's worker stopped: ${e.message || 'it could not be loaded'}.`));
    opened.addEventListener('messageerror', () => crashed("The engine's worker sent a message that could not be read."));
    return opened;
  }
  return client;
}
