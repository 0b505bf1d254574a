/** The page's end of the worker: one worker, its death told once, nothing of a dead one heard. */
import { expect, test } from 'vitest';
import { presetExperiment } from '../src/sim/presets/preset.ts';
import { THE_THE_THE_FILE } from '../src/sim/presets/the-the-the.ts';
import { createRunClient } from '../src/sim/worker/client.ts';
import type { Command, Event } from '../src/sim/worker/protocol.ts';

const paused = (run: number): Event => ({ type: 'state', run, state: 'paused', step: 0 });

/** Stands for a Worker: an event target that remembers what it was sent. */
class FakeWorker extends EventTarget {
  readonly sent: unknown[] = [];
  terminated = false;
  postMessage(message: unknown) { this.sent.push(message); }
  terminate() { this.terminated = true; }
  say(event: Event) { this.dispatchEvent(new MessageEvent('message', { data: event })); }
}

function openClient() {
  const workers: FakeWorker[] = [];
  const heard: Event[] = [];
  const crashes: string[] = [];
  let check: (now: number) => void = () => {};
  const client = createRunClient(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker as unknown as Worker;
  }, (watched) => { check = watched; });
  client.onEvent = (event) => heard.push(event);
  client.onCrash = (message) => crashes.push(message);
  const start = (run: number): Command => ({ type: 'start', run, experiment: presetExperiment(THE_THE_THE_FILE), backend: null, play: false, updatesPerSecond: 1, focus: { seedIndex: null, sweepIndex: 0 } });
  return { client, workers, heard, crashes, start, at: (seconds: number) => check(seconds * 1000) };
}

test('makes a worker for the first start and keeps it', () => {
  const { client, workers, heard, start } = openClient();
  client.send({ type: 'play', run: 0 });
  expect(workers).toHaveLength(0);
  client.send(start(1));
  client.send({ type: 'play', run: 1 });
  client.send(start(2));
  expect(workers).toHaveLength(1);
  expect(workers[0].sent).toEqual([start(1), { type: 'play', run: 1 }, start(2)]);
  workers[0].say(paused(2));
  expect(heard).toHaveLength(1);
});

test('a crash ends the worker, is told once, and the next start has a new one', () => {
  const { client, workers, heard, crashes, start } = openClient();
  client.send(start(1));
  workers[0].dispatchEvent(Object.assign(new globalThis.Event('error'), { message: 'out of memory' }));
  workers[0].dispatchEvent(new globalThis.Event('messageerror'));
  workers[0].say(paused(1));
  expect(crashes).toEqual(["The engine's worker stopped: out of memory."]);
  expect(workers[0].terminated).toBe(true);
  expect(heard).toEqual([]);
  client.send({ type: 'play', run: 1 });
  client.send(start(2));
  expect(workers).toHaveLength(2);
});

test('a message that cannot be read is a crash too', () => {
  const { client, workers, crashes, start } = openClient();
  client.send(start(1));
  workers[0].dispatchEvent(new globalThis.Event('messageerror'));
  expect(crashes).toEqual(["The engine's worker sent a message that could not be read."]);
});

test('a worker that is silent while it should be at work is given up; one that waits is not', () => {
  const { client, workers, crashes, start, at } = openClient();
  at(0);
  client.send(start(1));
  for (let s = 1; s <= 25; s++) at(s);
  workers[0].say({ type: 'progress', run: 1, progress: { stage: 'reference', done: 0.5, detail: '' } });
  for (let s = 26; s <= 50; s++) at(s);
  expect(crashes).toEqual([]);
  workers[0].say(paused(1));
  for (let s = 51; s <= 500; s++) at(s);
  expect(crashes).toEqual([]);
  workers[0].say({ type: 'state', run: 1, state: 'running', step: 0 });
  for (let s = 501; s <= 531; s++) at(s);
  expect(crashes).toEqual(["The engine's worker has not answered for 30 seconds."]);
  expect(workers[0].terminated).toBe(true);
  for (let s = 532; s <= 600; s++) at(s);
  expect(crashes).toHaveLength(1);
  client.send(start(2));
  workers[1].say(paused(2));
  client.send({ type: 'reset', run: 2, play: false });
  for (let s = 601; s <= 640; s++) at(s);
  expect(crashes).toHaveLength(2);
});

test('a worker that is silent on the way to another update is given up; one that arrived is not', () => {
  const { client, workers, crashes, start, at } = openClient();
  client.send(start(1));
  workers[0].say(paused(1));
  at(0);
  client.send({ type: 'seek', run: 1, step: 10 });
  at(1);
  workers[0].say({ type: 'seeking', run: 1, step: 4, target: 10 });
  at(29);
  workers[0].say({ type: 'sought', run: 1, step: 10, target: 10 });
  at(100);
  expect(crashes).toEqual([]);
  client.send({ type: 'seek', run: 1, step: 3 });
  at(101);
  at(132);
  expect(crashes).toHaveLength(1);
});
