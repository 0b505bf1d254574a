/** The worker's loop over a real MessageChannel: what it sends, in which order, and what it never does. */
import { describe, expect, test } from 'vitest';
import { startCommand } from './fixtures/serveHarness.ts';
import { openTested, started } from './fixtures/testedLoops.ts';

describe('start, play, pause, step', () => {
  test('a start announces itself, shows update 0 and waits', async () => {
    const loop = await started();
    await loop.settle();
    expect(loop.log()).toEqual(['state starting', 'view mean', 'snapshot 0', 'frame 0', 'state paused', 'snapshot 0']);
    expect(loop.engines[0].step).toBe(0);
  });

  test('what comes before any start and is no command of a run is passed over', async () => {
    const loop = openTested();
    // The worker of a page in another language is told that language first (worker.ts).
    loop.send({ type: 'translate', translation: {} } as never);
    loop.send(startCommand());
    await loop.untilLogged('state paused');
  });

  test('play runs to the last update and is then done', async () => {
    const loop = await started({ total: 100 });
    loop.send({ type: 'play', run: 1 });
    await loop.untilLogged('state done');
    await loop.settle();
    expect(loop.log()[6]).toBe('state running');
    expect(loop.log().slice(-3)).toEqual(['frame 100', 'state done', 'snapshot 100']);
    expect(loop.engines[0].step).toBe(100);
    loop.send({ type: 'play', run: 1 });
    loop.send({ type: 'step', run: 1, count: 3 });
    await loop.settle();
    expect(loop.engines[0].step).toBe(100);
    expect(loop.log().filter((entry) => entry.startsWith('state')).at(-1)).toBe('state done');
  });

  test('start with play does not stop in between', async () => {
    const loop = await started({ total: 30 }, { play: true });
    await loop.untilLogged('state done');
    expect(loop.log().filter((entry) => entry.startsWith('state'))).toEqual(['state starting', 'state running', 'state done']);
  });

  test('a run without updates is done at once', async () => {
    const loop = openTested({ total: 0 });
    loop.send(startCommand({ play: true }));
    await loop.untilLogged('state done');
    expect(loop.log()).not.toContain('state running');
  });

  test('pause stops the updates, shows the last one, and keeps it as a snapshot', async () => {
    const loop = await started({ total: 1_000_000 }, { play: true });
    await loop.until(() => loop.frames().some(({ updatesPerSecond }) => updatesPerSecond > 0));
    loop.send({ type: 'pause', run: 1 });
    await loop.untilLogged('state paused');
    const { step } = loop.engines[0];
    await loop.settle();
    expect(loop.engines[0].step).toBe(step);
    expect(loop.frames().at(-1)?.updatesPerSecond).toBe(0);
    expect(loop.log().slice(-3)).toEqual([`frame ${step}`, 'state paused', `snapshot ${step}`]);
  });

  test('step makes exactly the updates asked for, and adds up', async () => {
    const loop = await started({ total: 1000, updateMs: 3 });
    loop.send({ type: 'step', run: 1, count: 1 });
    await loop.untilLogged('frame 1');
    loop.send({ type: 'step', run: 1, count: 57 });
    loop.send({ type: 'step', run: 1, count: 2 });
    await loop.untilLogged('frame 60');
    await loop.settle();
    expect(loop.engines[0].step).toBe(60);
    loop.send({ type: 'play', run: 1 });
    await loop.until(() => loop.engines[0].step > 100);
    loop.send({ type: 'step', run: 1, count: 10 });
    await loop.settle();
    expect(loop.log().slice(-2), 'a step ends playing').toEqual(['state paused', `snapshot ${loop.engines[0].step}`]);
  });

  test('pause ends steps too', async () => {
    const loop = await started({ total: 1_000_000 });
    loop.send({ type: 'step', run: 1, count: 900_000 });
    await loop.until(() => loop.engines[0].step > 50);
    loop.send({ type: 'pause', run: 1 });
    await loop.settle();
    const { step } = loop.engines[0];
    await loop.settle();
    expect(loop.engines[0].step).toBe(step);
  });

  test('a chunk is about 8 ms long, so that commands get in', async () => {
    const loop = await started({ total: 20_000, updateMs: 0.1 }, { play: true });
    await loop.untilLogged('state done');
    expect(Math.max(...loop.engines[0].chunks)).toBeGreaterThan(60);
    expect(Math.max(...loop.engines[0].chunks)).toBeLessThanOrEqual(81);
  });

  test('step stops at the last update', async () => {
    const loop = await started({ total: 7 });
    loop.send({ type: 'step', run: 1, count: 50 });
    await loop.untilLogged('state done');
    expect(loop.engines[0].step).toBe(7);
  });

  test('reset goes back to the reference, paused or playing', async () => {
    const loop = await started({ total: 20 });
    loop.send({ type: 'play', run: 1 });
    await loop.untilLogged('state done');
    loop.events.length = 0;
    loop.send({ type: 'reset', run: 1, play: false });
    await loop.untilLogged('state paused');
    await loop.settle();
    expect(loop.log()).toEqual(['snapshot 0', 'frame 0', 'state paused', 'snapshot 0']);
    loop.send({ type: 'reset', run: 1, play: true });
    await loop.untilLogged('state done');
    expect(loop.engines[0].step).toBe(20);
  });
});

describe('frames', () => {
  test('only one is in flight: no second one before the first is acknowledged', async () => {
    const loop = openTested({ total: 1_000_000 });
    loop.acknowledges = false;
    loop.send(startCommand({ play: true }));
    await loop.until(() => (loop.engines[0]?.step ?? 0) > 2000);
    expect(loop.log().filter((entry) => entry.startsWith('frame'))).toEqual(['frame 0']);
    loop.send({ type: 'ack', run: 1 });
    await loop.until(() => loop.frames().length === 2);
    const { step } = loop.engines[0];
    await loop.until(() => loop.engines[0].step > step + 2000);
    expect(loop.frames()).toHaveLength(2);
    loop.send({ type: 'pause', run: 1 });
    await loop.settle();
    expect(loop.log(), 'the pause waits for the credit').not.toContain('state paused');
    loop.send({ type: 'ack', run: 1 });
    await loop.untilLogged('state paused');
    expect(loop.frames().at(-1)?.step).toBe(loop.engines[0].step);
  });

  test('numbers are read at most every 33 ms, and snapshots taken about every 2 s, of updates that were seen', async () => {
    const loop = await started({ total: 10_000 });
    loop.send({ type: 'play', run: 1 });
    await loop.untilLogged('state done');
    const steps = loop.frames().slice(1, -1).map(({ step }) => step); // one update = 1 ms
    expect(steps.length).toBeGreaterThan(150);
    steps.slice(1).forEach((step, i) => expect(step - steps[i]).toBeGreaterThanOrEqual(33));
    const { calls } = loop.engines[0];
    const snapshots = calls.flatMap((call, i) => (call.startsWith('snapshot') ? [{ step: call.slice(9), before: calls[i - 1] }] : [])).slice(2);
    expect(snapshots.length).toBeGreaterThanOrEqual(5);
    for (const { step, before } of snapshots) expect(before).toBe(`frame ${step}`);
  });

  test('a new focus brings a new view and a frame of that focus', async () => {
    let release = () => {};
    let gate: Promise<void> = Promise.resolve();
    const loop = await started({ gate: (call) => (call === 'frame' ? gate : Promise.resolve()) });
    gate = new Promise((resolve) => { release = resolve; });
    loop.events.length = 0;
    loop.send({ type: 'focus', run: 1, focus: { seedIndex: 2, sweepIndex: 0 } });
    await loop.untilLogged('view 2');
    loop.send({ type: 'focus', run: 1, focus: { seedIndex: 5, sweepIndex: 0 } }); // while the frame of seed 2 is being measured
    await loop.settle();
    release();
    await loop.until(() => loop.frames().length === 2);
    expect(loop.log()).toEqual(['view 2', 'frame 0', 'view 5', 'frame 0']);
    for (const { focus, logps } of loop.frames()) expect(logps[0]).toBe(focus.seedIndex);
    expect(loop.frames().map(({ focus }) => focus.seedIndex)).toEqual([2, 5]);
  });

  test('show the measured speed while running and 0 while paused', async () => {
    const loop = await started({ total: 5000, updateMs: 2 });
    loop.send({ type: 'play', run: 1 });
    await loop.until(() => loop.engines[0].step > 2000);
    expect(loop.frames().at(-1)?.updatesPerSecond).toBeCloseTo(500, 6);
  });
});
