/** The worker's loop: wanted speeds, runs that replace each other, commands at the wrong time. */
import { afterEach, describe, expect, test } from 'vitest';
import { createPace } from '../src/sim/worker/pace.ts';
import { createCounter, openLoop, startCommand, type Counter } from './fixtures/serveHarness.ts';

type Loop = ReturnType<typeof openLoop>;
const open: Loop[] = [];
afterEach(() => { for (const loop of open.splice(0)) loop.close(); });

function openTested(options?: Parameters<typeof openLoop>[0]): Loop {
  const loop = openLoop(options);
  open.push(loop);
  return loop;
}

/** Updates made in the next `ms` of the loop's time. */
async function updatesIn(loop: Loop, ms: number): Promise<number> {
  const engine = loop.engines[0];
  const from = { at: loop.time.now, step: engine.step };
  await loop.until(() => loop.time.now >= from.at + ms);
  return engine.step - from.step;
}

describe('speed', () => {
  test.each([1, 30, 120, 400])('%i updates a second are kept', async (speed) => {
    const loop = openTested({ total: 1_000_000, updateMs: 0.5 });
    loop.send(startCommand({ play: true, updatesPerSecond: speed }));
    await loop.untilLogged('state running');
    const seconds = Math.max(2, 5 / speed);
    const made = await updatesIn(loop, seconds * 1000);
    expect(Math.abs(made - seconds * speed)).toBeLessThanOrEqual(1 + 0.02 * speed);
    expect(loop.sleeps.length).toBeGreaterThan(0);
    expect(Math.max(...loop.sleeps), 'a pause is never slept over').toBeLessThanOrEqual(16);
  });

  test('flat out never sleeps', async () => {
    const loop = openTested({ total: 1_000_000, updateMs: 0.5 });
    loop.send(startCommand({ play: true }));
    await loop.untilLogged('state running');
    expect(await updatesIn(loop, 1000)).toBeGreaterThanOrEqual(2000);
    expect(loop.sleeps).toEqual([]);
  });

  test('a change counts from now on, both ways', async () => {
    const loop = openTested({ total: 1_000_000, updateMs: 0.5 });
    loop.send(startCommand({ play: true }));
    await loop.until(() => loop.time.now > 5000);
    loop.send({ type: 'speed', run: 1, updatesPerSecond: 20 });
    await loop.until(() => loop.sleeps.length > 0);
    const slow = await updatesIn(loop, 5000);
    expect(slow, 'updates made flat out are not held against it').toBeGreaterThanOrEqual(98);
    expect(slow).toBeLessThanOrEqual(102);
    loop.send({ type: 'speed', run: 1, updatesPerSecond: 200 });
    const { length } = loop.sleeps;
    await loop.until(() => loop.sleeps.slice(length).some((ms) => ms <= 5));
    const fast = await updatesIn(loop, 5000);
    expect(Math.abs(fast - 1000)).toBeLessThanOrEqual(10);
  });

  test('a machine too slow for the wanted speed does what it can', async () => {
    const loop = openTested({ total: 1_000_000, updateMs: 20 });
    loop.send(startCommand({ play: true, updatesPerSecond: 1000 }));
    await loop.untilLogged('state running');
    const made = await updatesIn(loop, 4000);
    expect(made).toBeGreaterThanOrEqual(198);
    expect(made).toBeLessThanOrEqual(202);
  });

  test('time spent paused does not count, nor do updates before a reset', async () => {
    const loop = openTested({ total: 1_000_000, updateMs: 0.5 });
    loop.send(startCommand({ play: true, updatesPerSecond: 100 }));
    await loop.until(() => loop.engines[0]?.step > 300);
    loop.send({ type: 'pause', run: 1 });
    await loop.untilLogged('state paused');
    loop.time.now += 60_000;
    loop.send({ type: 'play', run: 1 });
    const played = await updatesIn(loop, 1000);
    expect(Math.abs(played - 100)).toBeLessThanOrEqual(2);
    loop.events.length = 0;
    loop.send({ type: 'reset', run: 1, play: true });
    await loop.untilLogged('state running');
    const again = await updatesIn(loop, 1000);
    expect(Math.abs(again - 100)).toBeLessThanOrEqual(2);
  });

  test('a gap is not caught up beyond a quarter of a second', () => {
    let now = 0;
    const pace = createPace(() => now);
    pace.start(0, 100);
    now = 50;
    expect(pace.due(0)).toBe(5);
    now = 60_000; // a machine that slept
    expect(pace.due(5)).toBe(25);
    expect(pace.due(30)).toBe(0);
    now += 100;
    expect(pace.due(30)).toBe(10);
    pace.made(10, 100, 40);
    expect(pace.rate).toBeGreaterThan(0);
    pace.start(40, 100);
    expect(pace.rate).toBe(0);
  });

  test('the queue is as long as 25 ms of updates', () => {
    const pace = createPace(() => 0);
    expect(pace.queueLimit()).toBe(1);
    for (let i = 0; i < 60; i++) pace.made(10, 20, 10 * i);
    expect(pace.queueLimit()).toBe(12);
    for (let i = 0; i < 60; i++) pace.made(1, 400, 600 + i);
    expect(pace.queueLimit()).toBe(1);
  });
});

describe('runs that replace each other', () => {
  test('the old engine is disposed before the next one is made, and says nothing more', async () => {
    const disposedBefore: boolean[] = [];
    const made: Counter[] = [];
    const loop = openTested(async (time) => {
      disposedBefore.push(made.every((engine) => engine.disposed));
      const engine = createCounter(time, { total: 1_000_000 });
      made.push(engine);
      return engine;
    });
    loop.send(startCommand({ play: true }));
    await loop.until(() => loop.frames().length > 3);
    loop.send(startCommand({ run: 2, play: true }));
    await loop.until(() => loop.log(2).includes('state running'));
    const sentByOld = loop.log(1).length;
    const oldStep = made[0].step;
    loop.send({ type: 'play', run: 1 });
    loop.send({ type: 'step', run: 1, count: 5 });
    loop.send({ type: 'pause', run: 1 });
    const { step } = made[1];
    await loop.until(() => made[1].step > step + 100);
    expect(disposedBefore).toEqual([true, true]);
    expect(loop.log(1)).toHaveLength(sentByOld);
    expect(made[0].step).toBe(oldStep);
    const firstOfNew = loop.events.findIndex((event) => event.run === 2);
    expect(loop.events.slice(firstOfNew).every((event) => event.run === 2)).toBe(true);
  });

  test('a paused run makes room as well', async () => {
    const loop = openTested();
    loop.send(startCommand());
    await loop.untilLogged('state paused');
    loop.send(startCommand({ run: 2 }));
    await loop.untilLogged('state paused', 2);
    expect(loop.engines.map(({ disposed }) => disposed)).toEqual([true, false]);
  });

  test('runs replaced before they began are never made; the one that is starting is told', async () => {
    let finish = () => {};
    const stale: (() => boolean)[] = [];
    const loop = openTested((time, { isStale }) => new Promise((resolve) => {
      stale.push(isStale);
      finish = () => resolve(createCounter(time));
    }));
    loop.send(startCommand());
    await loop.until(() => loop.requests.length === 1);
    expect(stale[0]()).toBe(false);
    for (const run of [2, 3, 4]) loop.send(startCommand({ run }));
    await loop.settle();
    expect(stale[0]()).toBe(true);
    expect(loop.requests).toHaveLength(1);
    finish();
    await loop.until(() => loop.requests.length === 2);
    finish();
    await loop.untilLogged('state paused', 4);
    expect(loop.engines[0].calls).toEqual(['dispose']);
    expect(loop.requests).toHaveLength(2);
    for (const run of [2, 3]) expect(loop.log(run)).toEqual([]);
    expect(loop.log(1)).toEqual(['state starting']);
  });

  test('a replaced run that gives up early, or fails, is not reported', async () => {
    let fail = () => {};
    let first = true;
    const loop = openTested((time) => new Promise((resolve, reject) => {
      if (!first) return resolve(createCounter(time));
      first = false;
      fail = () => reject(new Error('replaced by a newer run'));
    }));
    loop.send(startCommand());
    await loop.until(() => loop.requests.length === 1);
    loop.send(startCommand({ run: 2 }));
    await loop.settle();
    fail();
    await loop.untilLogged('state paused', 2);
    expect(loop.log(1)).toEqual(['state starting']);
  });

  test('dispose ends a run for good', async () => {
    const loop = openTested({ total: 1_000_000 });
    loop.send(startCommand({ play: true }));
    await loop.until(() => loop.frames().length > 2);
    loop.send({ type: 'dispose', run: 1 });
    await loop.until(() => loop.engines[0].disposed);
    const { length } = loop.events;
    loop.send({ type: 'play', run: 1 });
    await loop.settle();
    expect(loop.events).toHaveLength(length);
  });
});

describe('commands while a run is starting', () => {
  async function startingLoop(total = 50) {
    let finish = () => {};
    const loop = openTested((time, request) => new Promise((resolve) => {
      request.onBackend({ name: 'cpu', reason: 'a test', trials: [] });
      finish = () => resolve(createCounter(time, { total }));
    }));
    loop.send(startCommand());
    await loop.untilLogged('backend');
    return { loop, finish: () => finish() };
  }

  test('are kept: play, focus, speed and retune', async () => {
    const { loop, finish } = await startingLoop();
    loop.send({ type: 'play', run: 1 });
    loop.send({ type: 'focus', run: 1, focus: { seedIndex: 3, sweepIndex: 0 } });
    loop.send({ type: 'retune', run: 1, beta: 0.5 });
    await loop.settle();
    expect(loop.log()).toEqual(['state starting', 'backend']);
    finish();
    await loop.untilLogged('state done');
    expect(loop.engines[0].calls).toContain('retune {"beta":0.5}');
    expect(loop.frames().every(({ focus }) => focus.seedIndex === 3)).toBe(true);
  });

  test('a pause undoes a play, and steps are made', async () => {
    const { loop, finish } = await startingLoop();
    loop.send({ type: 'play', run: 1 });
    loop.send({ type: 'pause', run: 1 });
    loop.send({ type: 'step', run: 1, count: 2 });
    await loop.settle();
    finish();
    await loop.untilLogged('state paused');
    await loop.settle();
    expect(loop.engines[0].step).toBe(2);
    expect(loop.log()).not.toContain('state running');
  });

  test('progress is sent as it comes, and the fit yields to the inbox', async () => {
    let told = false;
    const loop = openTested(async (time, request) => {
      for (let i = 0; i < 10_000 && !request.isStale(); i++) await request.onProgress({ stage: 'reference', done: 0.5, detail: 'fitting' });
      told = request.isStale();
      return createCounter(time);
    });
    loop.send(startCommand());
    await loop.untilLogged('progress');
    loop.send({ type: 'dispose', run: 1 });
    await loop.until(() => told);
  });
});
