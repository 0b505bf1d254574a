/** The worker's loop: knobs that change, and everything that can break. */
import { describe, expect, test } from 'vitest';
import { RunFault } from '../src/sim/worker/loopParts.ts';
import { createCounter, startCommand } from './fixtures/serveHarness.ts';
import { openTested, started } from './fixtures/testedLoops.ts';

describe('retune', () => {
  test('reaches the engine once, several in one, and brings a new view', async () => {
    const loop = await started();
    loop.events.length = 0;
    loop.send({ type: 'retune', run: 1, beta: 0.5 });
    loop.send({ type: 'retune', run: 1, learningRate: 2 });
    loop.send({ type: 'retune', run: 1, beta: 0.7 });
    await loop.untilLogged('frame 0');
    await loop.settle();
    const asked = loop.engines[0].calls.filter((call) => call.startsWith('retune')).map((call) => JSON.parse(call.slice(7)) as object);
    expect(Object.assign({}, ...asked)).toEqual({ beta: 0.7, learningRate: 2 });
    expect(loop.log()).toContain('view mean');
  });

  test('while running keeps a snapshot of the old knobs’ last state', async () => {
    const loop = await started({ total: 1_000_000 }, { play: true });
    await loop.until(() => loop.engines[0].step > 50);
    loop.send({ type: 'retune', run: 1, beta: 2 });
    await loop.until(() => loop.engines[0].calls.includes('retune {"beta":2}'));
    const { calls } = loop.engines[0];
    const at = calls.indexOf('retune {"beta":2}');
    const step = Number(calls[at - 1].replace(/^snapshot /, ''));
    expect(step).toBeGreaterThan(50);
    const framesAfter = calls.slice(at).filter((call) => call.startsWith('frame')).map((call) => Number(call.slice(6)));
    for (const frame of framesAfter) expect(frame).toBeGreaterThanOrEqual(step);
    expect(loop.log()).toContain(`snapshot ${step}`);
  });

  test('a retune says after which update it acts', async () => {
    const loop = await started();
    loop.send({ type: 'step', run: 1, count: 7 });
    await loop.until(() => loop.engines[0].step === 7);
    await loop.settle();
    loop.send({ type: 'retune', run: 1, beta: 0.5 });
    await loop.untilLogged('retuned');
    expect(loop.events.filter((event) => event.type === 'retuned')).toEqual([{ type: 'retuned', run: 1, step: 7, beta: 0.5, learningRate: undefined }]);
  });

  test('is refused with the engine’s sentence, and nothing else happens', async () => {
    const loop = await started({ refuses: 'β is swept.' });
    loop.events.length = 0;
    loop.send({ type: 'retune', run: 1, beta: 0.5 });
    await loop.untilLogged('refused β is swept.');
    await loop.settle();
    expect(loop.log()).toEqual(['refused β is swept.']);
  });
});

describe('faults', () => {
  test('numbers that break: the last finite frame, its snapshot, one fault, failed; then silence', async () => {
    const loop = await started({ total: 500, breaksAt: 40 }, { play: true });
    await loop.untilLogged('state failed');
    loop.send({ type: 'play', run: 1 });
    loop.send({ type: 'step', run: 1, count: 5 });
    await loop.settle();
    expect(loop.log().slice(-4)).toEqual(['frame 39', 'snapshot 39', 'fault not-finite', 'state failed']);
    expect(loop.events).toContainEqual({ type: 'fault', run: 1, fault: { kind: 'not-finite', sentence: 'At update 40 it broke.', step: 39, nextBackend: null } });
    expect(loop.engines[0].disposed).toBe(true);
    for (const call of loop.engines[0].calls) if (call.startsWith('snapshot')) expect(Number(call.slice(9))).toBeLessThan(40);
  });

  test.each([
    ['an error', () => { throw new Error('out of memory'); }, 'internal', 'The engine stopped at update 0: out of memory.'],
    ['something that is no error', () => { throw undefined; }, 'internal', 'The engine stopped at update 0: undefined.'],
    ['a sentence', () => { throw new RunFault('backend-failed', 'There is no such backend.', 'cpu'); }, 'backend-failed', 'There is no such backend.'],
  ])('%s while starting is one fault', async (_, fails, kind, sentence) => {
    const loop = openTested(async (time) => { fails(); return createCounter(time); });
    loop.send(startCommand());
    await loop.untilLogged('state failed');
    expect(loop.log()).toEqual(['state starting', `fault ${kind}`, 'state failed']);
    expect(loop.events.find((event) => event.type === 'fault')).toMatchObject({ fault: { kind, sentence, step: 0 } });
    loop.send(startCommand({ run: 2 }));
    await loop.untilLogged('state failed', 2);
  });

  test('an update that throws is one fault, and the engine is disposed', async () => {
    const loop = await started({ throwsAt: 23 }, { play: true });
    await loop.untilLogged('state failed');
    await loop.settle();
    expect(loop.log().slice(-2)).toEqual(['fault internal', 'state failed']);
    expect(loop.events.at(-2)).toMatchObject({ fault: { sentence: 'The engine stopped at update 22: out of memory.', step: 22 } });
    expect(loop.engines[0].calls.filter((call) => call === 'dispose')).toHaveLength(1);
  });

  test.each([['while paused', false], ['while running', true]])('a device fault that no exception tells of stops the run %s', async (_, play) => {
    const loop = await started({ total: 1_000_000 }, { play });
    loop.requests[0].onFault({ kind: 'device-lost', sentence: 'The device was lost.', nextBackend: 'wasm' });
    await loop.untilLogged('state failed');
    const fault = loop.events.find((event) => event.type === 'fault');
    expect(fault).toMatchObject({ fault: { kind: 'device-lost', sentence: 'The device was lost.', nextBackend: 'wasm', step: loop.engines[0].step } });
    expect(loop.engines[0].disposed).toBe(true);
  });

  test('a run goes on from a snapshot, and its reset still means the reference', async () => {
    const loop = openTested({ total: 100 });
    loop.send(startCommand({ from: { step: 40, tensors: [] } }));
    await loop.untilLogged('state paused');
    expect(loop.log().slice(1, 4)).toEqual(['view mean', 'snapshot 40', 'frame 40']);
    loop.send({ type: 'reset', run: 1, play: false });
    await loop.untilLogged('frame 0');
    expect(loop.engines[0].step).toBe(0);
  });
});

describe('what comes while the loop is busy with something else', () => {
  /** A run that has been stepped to 5, held back in the snapshot of its pause. */
  async function held() {
    let release = () => {};
    let holding = false;
    const loop = await started({
      gate: (call) => (holding && call === 'snapshot' ? new Promise((resolve) => { release = resolve; }) : Promise.resolve()),
    });
    holding = true;
    loop.send({ type: 'reset', run: 1, play: false });
    await loop.settle();
    return { loop, release: () => { holding = false; release(); } };
  }

  test.each([
    ['a step', { type: 'step', run: 1, count: 4 }, 'frame 4'],
    ['play', { type: 'play', run: 1 }, 'state done'],
    ['a focus', { type: 'focus', run: 1, focus: { seedIndex: 6, sweepIndex: 0 } }, 'view 6'],
    ['a retune', { type: 'retune', run: 1, beta: 2 }, 'view mean'],
  ] as const)('%s is carried out', async (_, command, result) => {
    const { loop, release } = await held();
    loop.events.length = 0;
    loop.send(command);
    await loop.settle();
    expect(loop.log()).toEqual([]);
    release();
    await loop.untilLogged(result);
  });

  test('a device fault is noticed, and so is the end', async () => {
    const first = await held();
    first.loop.requests[0].onFault({ kind: 'gpu-validation', sentence: 'A shader is wrong.', nextBackend: null });
    first.release();
    await first.loop.untilLogged('fault gpu-validation');
    const second = await held();
    second.loop.send({ type: 'dispose', run: 1 });
    await second.loop.settle();
    second.release();
    await second.loop.until(() => second.loop.engines[0].disposed);
  });

  test('a device fault during a frame keeps that frame from being shown', async () => {
    let lose = () => {};
    const loop = await started({ gate: async () => lose() });
    loop.send({ type: 'step', run: 1, count: 20 });
    await loop.untilLogged('frame 20');
    lose = () => loop.requests[0].onFault({ kind: 'device-lost', sentence: 'Lost.', nextBackend: null });
    loop.send({ type: 'play', run: 1 });
    await loop.untilLogged('state failed');
    expect(loop.frames().every(({ step }) => step <= 20)).toBe(true);
  });
});
