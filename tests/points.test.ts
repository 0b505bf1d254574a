/** Metrics between frames: on a fixed grid, whatever the page's drawing does, and never most of the time. */
import { afterEach, expect, test } from 'vitest';
import { openLoop, startCommand, type CounterOptions } from './fixtures/serveHarness.ts';

const open: ReturnType<typeof openLoop>[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (loop) => { await loop.settle(); loop.close(); }));
});

async function played(options: CounterOptions, acknowledges = true) {
  const loop = openLoop(options);
  open.push(loop);
  loop.acknowledges = acknowledges;
  loop.send(startCommand({ play: true, updatesPerSecond: Infinity }));
  await loop.until(() => loop.engines.length > 0 && loop.engines[0].step === options.total);
  return { loop, engine: loop.engines[0] };
}

const between = (loop: ReturnType<typeof openLoop>) => loop.frames().flatMap((frame) => frame.between.map(({ step }) => step));

test('every hundredth of a run is measured, and all of it reaches the page in order', async () => {
  const { loop, engine } = await played({ total: 400, pointMs: 0 });
  await loop.untilLogged('state done');
  expect(between(loop)).toEqual(Array.from({ length: 100 }, (_, i) => 4 * (i + 1)));
  loop.frames().forEach((frame) => expect(frame.between.every(({ step, metrics }) => step <= frame.step && metrics[0] === step)).toBe(true));
  expect(engine.chunks.every((count) => count <= 4)).toBe(true);
});

test('a page that does not draw misses no point', async () => {
  const { loop } = await played({ total: 200, pointMs: 0 }, false);
  expect(loop.frames()).toHaveLength(1);
  loop.send({ type: 'ack', run: 1 });
  await loop.until(() => loop.frames().length === 2);
  expect(loop.frames()[1].between).toHaveLength(100);
});

test('measuring takes at most as long as training', async () => {
  const { engine, loop } = await played({ total: 1000, pointMs: 40, updateMs: 1 });
  await loop.untilLogged('state done');
  const measured = engine.calls.filter((call) => call.startsWith('point')).length * 40;
  expect(measured).toBeGreaterThan(0);
  expect(measured).toBeLessThanOrEqual(1000 + 40);
});

test('an engine that offers none sends frames alone', async () => {
  const { loop } = await played({ total: 100 });
  await loop.untilLogged('state done');
  expect(between(loop)).toEqual([]);
});

test('going back to update 0 forgets what was measured and not sent', async () => {
  const { loop } = await played({ total: 200, pointMs: 0 }, false);
  loop.send({ type: 'reset', run: 1, play: false });
  loop.send({ type: 'ack', run: 1 });
  await loop.until(() => loop.frames().length === 2);
  expect(loop.frames()[1]).toMatchObject({ step: 0, between: [] });
});
