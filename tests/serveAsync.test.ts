/** The worker's loop with updates that are promises (they sample from the policy first), and with several experiments. */
import { describe, expect, test } from 'vitest';
import type { Experiment } from '../src/sim/experiment.ts';
import { startCommand } from './fixtures/serveHarness.ts';
import { openTested, started } from './fixtures/testedLoops.ts';

/** The harness's engine throws when anything is asked of it while an update is under way. */
const promised = { promised: true } as const;

describe('updates that are promises', () => {
  test('are made one after the other, to the last, with every frame between two of them', async () => {
    const loop = await started({ ...promised, total: 200, pointMs: 0.1 });
    loop.send({ type: 'play', run: 1 });
    loop.send({ type: 'focus', run: 1, focus: { seedIndex: 1, sweepIndex: 0 } });
    await loop.untilLogged('state done');
    expect(loop.log().filter((entry) => entry.startsWith('fault'))).toEqual([]);
    expect(loop.engines[0].step).toBe(200);
    const steps = loop.frames().flatMap((frame) => [...frame.between.map(({ step }) => step), frame.step]);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.at(-1)).toBe(200);
  });

  test('give the same frames as updates that are made at once', async () => {
    const framesOf = async (options: { promised?: boolean }) => {
      const loop = await started({ ...options, total: 300 }, { play: true });
      await loop.untilLogged('state done');
      return loop.frames().map(({ step }) => step);
    };
    expect(await framesOf(promised)).toEqual(await framesOf({}));
  });

  test('a chunk still ends after about 8 ms, and a pause comes with the update under way', async () => {
    const loop = await started({ ...promised, total: 1_000_000, updateMs: 20 }, { play: true });
    await loop.until(() => loop.engines[0].step > 50);
    loop.send({ type: 'pause', run: 1 });
    const { step } = loop.engines[0];
    await loop.untilLogged('state paused');
    expect(loop.engines[0].step - step).toBeLessThanOrEqual(2);
    expect(Math.max(...loop.engines[0].chunks), 'an update of 20 ms is a chunk').toBe(1);
    expect(loop.frames().at(-1)?.step).toBe(loop.engines[0].step);
  });

  test('steps asked for while it plays are made, each of them, and no more', async () => {
    const loop = await started({ ...promised, total: 1_000_000, updateMs: 4 }, { play: true });
    await loop.until(() => loop.engines[0].step > 30);
    for (let i = 0; i < 3; i++) loop.send({ type: 'step', run: 1, count: 1 });
    const { step } = loop.engines[0];
    await loop.untilLogged('state paused');
    // The update that was under way when the steps came belongs to the playing.
    expect([step + 3, step + 4]).toContain(loop.engines[0].step);
    for (let i = 1; i <= 2; i++) {
      const before = loop.engines[0].step;
      loop.send({ type: 'step', run: 1, count: 1 });
      await loop.until(() => loop.engines[0].step > before);
      await loop.settle();
      expect(loop.engines[0].step).toBe(before + 1);
    }
  });

  test('a pause and a step in one turn make one step', async () => {
    const loop = await started({ ...promised, total: 1_000_000, updateMs: 4 }, { play: true });
    await loop.until(() => loop.engines[0].step > 30);
    loop.send({ type: 'pause', run: 1 });
    loop.send({ type: 'step', run: 1, count: 1 });
    const { step } = loop.engines[0];
    await loop.untilLogged('state paused');
    expect([step + 1, step + 2]).toContain(loop.engines[0].step);
  });

  test('a reset waits for the update under way and starts from the reference', async () => {
    const loop = await started({ ...promised, total: 1_000_000 }, { play: true });
    await loop.until(() => loop.engines[0].step > 30);
    loop.events.length = 0;
    loop.send({ type: 'reset', run: 1, play: false });
    await loop.untilLogged('state paused');
    expect(loop.engines[0].step).toBe(0);
    expect(loop.frames().at(-1)?.step).toBe(0);
    expect(loop.log().filter((entry) => entry.startsWith('fault'))).toEqual([]);
  });

  test('a run that is replaced ends after the update under way', async () => {
    const loop = await started({ ...promised, total: 1_000_000 }, { play: true });
    await loop.until(() => loop.engines[0].step > 30);
    loop.send(startCommand({ run: 2 }));
    await loop.untilLogged('state paused', 2);
    expect(loop.engines.map(({ disposed }) => disposed)).toEqual([true, false]);
    const { step } = loop.engines[0];
    await loop.settle();
    expect(loop.engines[0].step).toBe(step);
  });

  test('a rejection is one fault at the last update made, and the engine is disposed', async () => {
    const loop = await started({ ...promised, throwsAt: 23 }, { play: true });
    await loop.untilLogged('state failed');
    await loop.settle();
    expect(loop.log().slice(-2)).toEqual(['fault internal', 'state failed']);
    expect(loop.events.at(-2)).toMatchObject({ fault: { sentence: 'The engine stopped at update 22: out of memory.', step: 22 } });
    expect(loop.engines[0].calls.filter((call) => call === 'dispose')).toHaveLength(1);
  });
});

describe('several experiments', () => {
  const named = (name: string) => ({ name }) as Experiment;

  test('are handed to whoever makes the run, in order; a single one has no others', async () => {
    const loop = openTested();
    loop.send(startCommand({ experiment: named('dpo'), others: [named('ppo'), named('exact')] }));
    await loop.untilLogged('state paused');
    loop.send(startCommand({ run: 2, experiment: named('dpo') }));
    await loop.untilLogged('state paused', 2);
    expect(loop.requests.map(({ experiment, others }) => [experiment, ...others].map(({ name }) => name))).toEqual([['dpo', 'ppo', 'exact'], ['dpo']]);
  });
});
