/** The worker's loop going to updates it has been at: what it restores, makes again, sends, and what ends it. */
import { describe, expect, test } from 'vitest';
import { keptStates } from '../src/sim/worker/keptStates.ts';
import type { Snapshot } from '../src/sim/worker/protocol.ts';
import { startCommand } from './fixtures/serveHarness.ts';
import { openTested, started, type Loop } from './fixtures/testedLoops.ts';

/** A run of 1,000 updates (a state is kept every 10) that was played to the end. */
async function played(options: Parameters<typeof started>[0] = {}): Promise<Loop> {
  const loop = await started({ total: 1000, ...options }, { play: true });
  await loop.untilLogged('state done');
  await loop.settle();
  loop.events.length = 0;
  loop.engines[0].calls.length = 0;
  return loop;
}

const seek = (loop: Loop, step: number) => loop.send({ type: 'seek', run: 1, step });
const restores = (loop: Loop) => loop.engines[0].calls.filter((call) => call.startsWith('restore'));

describe('a seek', () => {
  test('restores the nearest state before, makes the updates after it again, and stays there', async () => {
    const loop = await played();
    seek(loop, 437);
    await loop.untilLogged('sought 437');
    await loop.settle();
    expect(restores(loop)).toEqual(['restore 430']);
    expect(loop.log()).toEqual(['frame 437', 'sought 437', 'state paused', 'snapshot 437']);
    expect(loop.frames()[0]).toMatchObject({ step: 437, furthest: 1000, updatesPerSecond: 0 });
    expect(loop.engines[0].step).toBe(437);
  });

  test('forwards goes on from where it is, unless a kept state is nearer', async () => {
    const loop = await played();
    seek(loop, 432);
    await loop.untilLogged('sought 432');
    loop.engines[0].calls.length = 0;
    seek(loop, 436);
    await loop.untilLogged('sought 436');
    expect(restores(loop)).toEqual([]);
    seek(loop, 655);
    await loop.untilLogged('sought 655');
    expect(restores(loop)).toEqual(['restore 650']);
  });

  test('to both ends, and to where it is', async () => {
    const loop = await played();
    seek(loop, 1000);
    await loop.untilLogged('sought 1000');
    expect(restores(loop)).toEqual([]);
    seek(loop, 0);
    await loop.untilLogged('sought 0');
    await loop.settle();
    expect(loop.log().slice(-4)).toEqual(['frame 0', 'sought 0', 'state paused', 'snapshot 0']);
    loop.events.length = 0;
    seek(loop, 1000);
    await loop.untilLogged('state done');
    expect(loop.engines[0].step).toBe(1000);
  });

  test('of a run whose frames tell how the last update was made makes that update, also where a state was kept', async () => {
    const loop = await played({ tellsUpdate: true });
    seek(loop, 440);
    await loop.untilLogged('sought 440');
    expect(restores(loop)).toEqual(['restore 430']);
    seek(loop, 0);
    await loop.untilLogged('sought 0');
    expect(loop.engines[0].step).toBe(0);
  });

  test('stops a run that plays; play goes on from there, at the wanted speed, over what is on record', async () => {
    const loop = await started({ total: 1_000_000 }, { play: true });
    await loop.until(() => loop.engines[0].step > 500);
    seek(loop, 100);
    await loop.untilLogged('sought 100');
    await loop.untilLogged('state paused');
    const furthest = loop.frames().at(-1)!.furthest!;
    expect(furthest).toBeGreaterThan(500);
    loop.events.length = 0;
    loop.send({ type: 'play', run: 1 });
    await loop.until(() => loop.engines[0].step > furthest + 200);
    loop.send({ type: 'pause', run: 1 });
    await loop.untilLogged('state paused');
    const steps = loop.frames().map(({ step }) => step);
    expect(steps[0]).toBeGreaterThan(100);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(loop.frames()[0].furthest, 'the record stays').toBe(furthest);
    expect(loop.frames().at(-1)!.furthest).toBe(loop.engines[0].step);
  });

  test.each([['beyond the furthest', 21], ['below 0', -1], ['between two updates', 3.5], ['no number', NaN]])('%s is refused in a sentence, and nothing happens', async (_, step) => {
    const loop = await started({ total: 1000 });
    loop.send({ type: 'step', run: 1, count: 20 });
    await loop.untilLogged('snapshot 20');
    loop.events.length = 0;
    seek(loop, step);
    await loop.untilLogged(`sought ${step}`);
    await loop.settle();
    expect(loop.log()).toEqual([`refused This run can be shown from update 0 to update 20; asked for was update ${step}.`, `sought ${step}`]);
    expect(loop.engines[0].step).toBe(20);
  });
});

describe('while it is under way', () => {
  /** A run whose states are too dear to keep more than that of update 10: a seek makes hundreds of updates, 1 ms each. */
  const far = () => played({ stateMs: 10_000 });

  test('says where it is about every 0.1 s, and looks at the inbox every 8 ms', async () => {
    const loop = await far();
    loop.engines[0].chunks.length = 0;
    seek(loop, 700);
    await loop.untilLogged('sought 700');
    const told = loop.events.flatMap((event) => (event.type === 'seeking' ? [event.step] : []));
    expect(told.length).toBeGreaterThanOrEqual(5);
    expect(told.length).toBeLessThanOrEqual(7);
    expect(Math.max(...loop.engines[0].chunks)).toBeLessThanOrEqual(9);
    expect(loop.frames().map(({ step }) => step), 'one frame, of there').toEqual([700]);
  });

  test('a newer seek takes its place: one frame, of the newest', async () => {
    const loop = await far();
    seek(loop, 900);
    await loop.until(() => loop.engines[0].step > 100 && loop.engines[0].step < 900);
    seek(loop, 800);
    await loop.until(() => loop.engines[0].step > 200 && loop.engines[0].step < 800);
    seek(loop, 50);
    await loop.untilLogged('sought 50');
    await loop.settle();
    expect(loop.log().filter((entry) => !entry.startsWith('seeking'))).toEqual(['frame 50', 'sought 50', 'state paused', 'snapshot 50']);
  });

  test('a pause ends it where it is', async () => {
    const loop = await far();
    seek(loop, 900);
    await loop.until(() => loop.engines[0].step > 100 && loop.engines[0].step < 900);
    loop.send({ type: 'pause', run: 1 });
    await loop.untilLogged('sought 900');
    await loop.settle();
    const { step } = loop.engines[0];
    expect(step).toBeLessThan(200);
    expect(loop.log().slice(-4)).toEqual([`frame ${step}`, 'sought 900', 'state paused', `snapshot ${step}`]);
  });

  test('a pause that comes before it has begun ends it too, and says so', async () => {
    const loop = await started({ total: 1_000_000, updateMs: 3 }, { play: true });
    await loop.until(() => loop.engines[0].step > 50);
    seek(loop, 20);
    loop.send({ type: 'pause', run: 1 });
    await loop.untilLogged('sought 20');
    await loop.settle();
    expect(loop.log().filter((entry) => entry.startsWith('sought'))).toEqual(['sought 20']);
    expect(loop.log().filter((entry) => entry.startsWith('state')).at(-1)).toBe('state paused');
    const { step } = loop.engines[0];
    expect(loop.frames().at(-1)?.step).toBe(step);
    // What comes next is as if it had never been.
    loop.send({ type: 'step', run: 1, count: 1 });
    await loop.until(() => loop.engines[0].step === step + 1);
    seek(loop, 10);
    loop.send({ type: 'pause', run: 1 });
    seek(loop, 30);
    await loop.untilLogged('sought 30');
    expect(loop.engines[0].step).toBe(30);
  });

  test('a reset ends it at the reference, and empties the record', async () => {
    const loop = await far();
    seek(loop, 900);
    await loop.until(() => loop.engines[0].step > 100 && loop.engines[0].step < 900);
    loop.send({ type: 'reset', run: 1, play: false });
    await loop.untilLogged('sought 900');
    await loop.settle();
    expect(loop.engines[0].step).toBe(0);
    expect(loop.frames().at(-1)).toMatchObject({ step: 0, furthest: 0 });
  });

  test('a new run replaces it at once', async () => {
    const loop = await far();
    seek(loop, 900);
    await loop.until(() => loop.engines[0].step > 100 && loop.engines[0].step < 900);
    loop.send(startCommand({ run: 2 }));
    await loop.untilLogged('state paused', 2);
    expect(loop.engines[0].step).toBeLessThan(200);
    expect(loop.log(1).filter((entry) => entry.startsWith('sought'))).toEqual([]);
  });

  test.each([
    ['steps', { type: 'step', run: 1, count: 4 }, 904], ['play', { type: 'play', run: 1 }, 1000],
  ] as const)('%s wait for it', async (_, command, end) => {
    const loop = await far();
    seek(loop, 900);
    loop.send(command);
    await loop.untilLogged(`frame ${end}`);
    await loop.settle();
    expect(loop.engines[0].step).toBe(end);
    expect(loop.frames()[0].step).toBeGreaterThanOrEqual(900);
    expect(loop.log()).toContain('sought 900');
  });

  test('a change of knobs waits for it, and is made there; one that came before is made first', async () => {
    const loop = await far();
    seek(loop, 900);
    loop.send({ type: 'retune', run: 1, beta: 2 });
    await loop.untilLogged('retuned');
    expect(loop.events.find((event) => event.type === 'retuned')).toMatchObject({ step: 900, beta: 2 });
    loop.send({ type: 'retune', run: 1, beta: 3 });
    seek(loop, 10);
    await loop.untilLogged('sought 10');
    expect(loop.events.findLast((event) => event.type === 'retuned')).toMatchObject({ step: 900, beta: 3 });
    expect(loop.engines[0].step).toBe(10);
  });

  test('a failure is one fault', async () => {
    const loop = await far();
    seek(loop, 900);
    await loop.until(() => loop.engines[0].step > 100 && loop.engines[0].step < 900);
    loop.requests[0].onFault({ kind: 'device-lost', sentence: 'The device was lost.', nextBackend: 'wasm' });
    await loop.untilLogged('state failed');
    expect(loop.log().filter((entry) => !entry.startsWith('seeking'))).toEqual(['fault device-lost', 'state failed']);
    expect(loop.engines[0].disposed).toBe(true);
  });
});

describe('knobs', () => {
  /** β changed at 300 and at 600, then played to the end. */
  async function tuned(): Promise<Loop> {
    const loop = await started({ total: 1000 });
    for (const [step, beta] of [[300, 2], [600, 3]]) {
      loop.send({ type: 'step', run: 1, count: 300 });
      await loop.untilLogged(`snapshot ${step}`);
      loop.send({ type: 'retune', run: 1, beta });
      await loop.until(() => loop.events.some((event) => event.type === 'retuned' && event.step === step));
    }
    loop.send({ type: 'play', run: 1 });
    await loop.untilLogged('state done');
    await loop.settle();
    loop.events.length = 0;
    loop.engines[0].calls.length = 0;
    return loop;
  }
  const asked = (loop: Loop) => loop.engines[0].calls.filter((call) => /^(restore|retune|untune|snapshot)/.test(call));

  test('are those of the update it goes to, and change again where they did, the state before kept', async () => {
    const loop = await tuned();
    seek(loop, 295);
    await loop.untilLogged('snapshot 295');
    expect(asked(loop)).toEqual(['restore 290', 'untune', 'snapshot 290', 'snapshot 295']);
    expect(loop.log()).toEqual(['snapshot 290', 'knobs own at 290', 'view mean', 'frame 295', 'sought 295', 'state paused', 'snapshot 295']);
    loop.engines[0].calls.length = 0;
    loop.send({ type: 'play', run: 1 });
    await loop.untilLogged('state done');
    const made = asked(loop);
    expect(made.filter((call) => call.startsWith('retune'))).toEqual(['retune {"beta":2}', 'retune {"beta":3}']);
    for (const [i, call] of made.entries()) if (call.startsWith('retune')) expect(made[i - 1]).toBe(`snapshot ${call.includes('2') ? 300 : 600}`);
  });

  test('at the very update of a change are the new ones', async () => {
    const loop = await tuned();
    seek(loop, 600);
    await loop.untilLogged('sought 600');
    expect(loop.events.filter((event) => event.type === 'knobs'), 'β = 3 already').toEqual([]);
    seek(loop, 300);
    await loop.untilLogged('sought 300');
    expect(loop.log()).toContain('knobs 2 at 300');
    expect(asked(loop).filter((call) => call.startsWith('retune'))).toEqual(['retune {"beta":2}']);
  });

  test('changed in the past, they end the record there', async () => {
    const loop = await tuned();
    seek(loop, 450);
    await loop.untilLogged('sought 450');
    loop.send({ type: 'retune', run: 1, beta: 9 });
    await loop.until(() => loop.frames().at(-1)?.furthest === 450);
    seek(loop, 451);
    await loop.untilLogged('refused This run can be shown from update 0 to update 450; asked for was update 451.');
    loop.send({ type: 'play', run: 1 });
    await loop.untilLogged('state done');
    expect(asked(loop).filter((call) => call.startsWith('retune')), 'the change at 600 is void').toEqual(['retune {"beta":2}', 'retune {"beta":9}']);
  });

  test('after a reset stay as they are, from update 0 on', async () => {
    const loop = await tuned();
    loop.send({ type: 'reset', run: 1, play: true });
    await loop.untilLogged('state done');
    loop.engines[0].calls.length = 0;
    seek(loop, 10);
    await loop.untilLogged('sought 10');
    expect(asked(loop).filter((call) => call.endsWith('tune') || call.startsWith('retune'))).toEqual([]);
  });

  test('a start along a course makes its changes and is there with the first frame', async () => {
    const loop = openTested({ total: 1000 });
    loop.send(startCommand({ to: { step: 420, furthest: 700, changes: [{ step: 100, beta: 2 }, { step: 500, beta: 3 }] } }));
    await loop.untilLogged('state paused');
    await loop.settle();
    expect(loop.frames().map(({ step, furthest }) => [step, furthest])).toEqual([[420, 700]]);
    expect(asked(loop).filter((call) => call.startsWith('retune'))).toEqual(['retune {"beta":2}']);
    expect(loop.log()).toContain('knobs 2 at 100');
    seek(loop, 650);
    await loop.untilLogged('sought 650');
    expect(asked(loop).filter((call) => call.startsWith('retune'))).toEqual(['retune {"beta":2}', 'retune {"beta":3}']);
  });
});

test('a run that began with the state of another goes back no further', async () => {
  const loop = openTested({ total: 1000 });
  loop.send(startCommand({ from: { step: 40, tensors: [] } }));
  await loop.untilLogged('state paused');
  seek(loop, 39);
  await loop.untilLogged('sought 39');
  expect(loop.log()).toContain('refused This run can be shown at update 40 only, because it began at update 40 with the state of another run; asked for was update 39.');
  loop.send({ type: 'step', run: 1, count: 15 });
  await loop.untilLogged('frame 55');
  seek(loop, 40);
  await loop.untilLogged('sought 40');
  expect(loop.engines[0].step).toBe(40);
});

describe('states kept', () => {
  test('take at most a tenth of the training time, however dear they are', async () => {
    const loop = await started({ total: 1000, stateMs: 25 }, { play: true });
    await loop.untilLogged('state done');
    const kept = loop.engines[0].calls.filter((call) => call.startsWith('state'));
    expect(kept.length).toBeGreaterThanOrEqual(3);
    expect(kept.length, 'each costs 25 updates').toBeLessThanOrEqual(1 + 1000 / (9 * 25));
    seek(loop, 999);
    await loop.untilLogged('sought 999');
  });

  test('go no further than the last finite update, and neither does the record', async () => {
    const loop = await started({ total: 1000, breaksAt: 500 }, { play: true });
    await loop.untilLogged('state failed');
    expect(loop.frames().at(-1)).toMatchObject({ step: 499, furthest: 499 });
  });

  const state = (step: number, bytes: number): Snapshot => ({ step, tensors: [{ name: 'parameter0', shape: [bytes / 4], data: new Float32Array(bytes / 4) }] });

  test('are bounded in bytes: the grid gets coarser, the first and the furthest stay', () => {
    const states = keptStates(state(0, 1000), 10, 10_000);
    for (let step = 10; step <= 1000; step += 10) {
      if (states.isDue(step)) states.keep(state(step, 1000));
      expect(states.bytes).toBeLessThanOrEqual(10_000);
      expect(states.steps[0]).toBe(0);
    }
    expect(states.spacing).toBe(160);
    expect(states.steps).toEqual([0, 160, 320, 480, 640, 800, 960]);
    expect(states.nearest(479).step).toBe(320);
    expect(states.nearest(480).step).toBe(480);
    states.keep(state(1003, 1000));
    states.keep(state(207, 1000));
    expect(states.steps, 'beside the grid: the furthest and the last one given').toEqual([0, 160, 207, 320, 480, 640, 800, 960, 1003]);
    states.keep(state(208, 1000));
    expect(states.steps).toEqual([0, 160, 208, 320, 480, 640, 800, 960, 1003]);
    states.dropAfter(480);
    expect(states.steps).toEqual([0, 160, 208, 320, 480]);
  });

  test('larger than the bound, are the first and the furthest one', () => {
    const states = keptStates(state(0, 1000), 1, 100);
    for (let step = 1; step <= 70; step++) states.keep(state(step, 1000));
    expect(states.steps).toEqual([0, 70]);
    states.keep(state(35, 1000));
    expect(states.steps).toEqual([0, 70]);
  });
});
