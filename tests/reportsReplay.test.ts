/** Replays of reports, with the real engine in this process: the same to the last digit, and what is found where it is not. */
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLabStore } from '../src/components/labStore.ts';
import { openingOf } from '../src/components/link.ts';
import { bring } from '../src/components/opening.ts';
import { summaryOf } from '../src/components/reports/classRows.ts';
import { replay, type Replayed } from '../src/components/reports/replay.ts';
import { evidenceOf } from '../src/components/student/evidence.ts';
import type { Evidence } from '../src/components/student/report.ts';
import { createRunStore, type RunClient } from '../src/sim/runStore.ts';
import type { Command, Event } from '../src/sim/worker/protocol.ts';
import { openEngineStore } from './fixtures/engineLoop.ts';
import { createFakeClient } from './fixtures/fakeRun.ts';
import { switchBackend, type TestBackend } from './product.ts';

type Engine = ReturnType<typeof openEngineStore>;
const open: Engine[] = [];
afterEach(async () => { for (const engine of open.splice(0)) await engine.close(); });
beforeEach(() => switchBackend('wasm'));

function engineOn(backend: TestBackend): Engine {
  const engine = openEngineStore(backend);
  open.push(engine);
  return engine;
}

/** What a student's page would keep where a link leads. */
async function evidenceAt(search: string, backend: TestBackend = 'wasm'): Promise<Evidence> {
  await switchBackend(backend);
  const student = engineOn(backend);
  const opened = openingOf(search);
  expect(opened.problems).toEqual([]);
  const lab = createLabStore(student.store, { origin: opened.origin, base: opened.base, methods: opened.methods });
  bring(student.store, { place: opened.place, methods: opened.methods, backend, shown: opened.link.extra.shown ?? null });
  await student.settled(opened.place.step);
  const evidence = evidenceOf(student.store, lab);
  if (!evidence) throw new Error('the run shows nothing');
  return evidence;
}

const never = new AbortController().signal;
const quiet = () => undefined;

async function replayOf(evidence: Evidence, engine = engineOn('wasm')): Promise<Replayed | null> {
  return replay({ run: engine.store, restart: () => undefined }, evidence, never, quiet);
}

const words = (outcome: Replayed | null, evidence: Evidence) => (outcome ? summaryOf(outcome, evidence.backend).words : null);

const PLAIN = '?preset=the-the-the&seeds=0,3&steps=40&step=12';
/** β changed at 5, forked at 9, learning rate changed at 11. */
const FORKED = `?preset=the-the-the&seeds=0,3&steps=40&then=${encodeURIComponent('5:beta=0.5;9:fork:loss=robust,labelSmoothing=0.1;11:learningRate=0.3')}&step=14`;

describe('a true report is the same to the last digit', () => {
  test.each([
    ['where a run stands', PLAIN],
    ['at the reference', '?preset=the-the-the&seeds=0&steps=40&step=0'],
    ['at its last update', '?preset=the-the-the&seeds=0,3&steps=20&step=20'],
    ['after a fork and changed knobs', FORKED],
    ['of methods side by side', '?preset=side-by-side&seeds=0,1&steps=20&step=4'],
    ['of a sweep', '?preset=the-the-the&seeds=0,3&betas=0.05,0.5&steps=40&step=6'],
    ['with one seed shown', `${PLAIN}&shown=3`],
    ['of online DPO, which samples', '?preset=resampling-prevents&seeds=0&steps=40&step=7'],
  ])('%s', async (_, search) => {
    const evidence = await evidenceAt(search);
    expect(evidence.step).toBe(openingOf(search).place.step);
    const outcome = await replayOf(evidence);
    if (outcome?.kind !== 'compared') throw new Error(JSON.stringify(outcome));
    const policies = evidence.metrics['mass/ood']?.length ?? 0;
    expect(outcome.comparison).toEqual({ count: policies * Object.keys(evidence.metrics).length, unequal: 0, apart: 0, absolute: 0, relative: 0, worst: null });
    expect(outcome.comparison.count).toBeGreaterThan(10);
    expect(words(outcome, evidence)).toBe('the same to the last digit');
    expect(outcome).toMatchObject({ headline: evidence.headline, top: evidence.top, backend: 'wasm' });
  });
});

describe('with one engine, one after another', () => {
  let plain: Evidence;
  beforeAll(async () => {
    plain = await evidenceAt(PLAIN);
  });

  test('a number that was changed is found, and the next report is the same again', async () => {
    const engine = engineOn('wasm');
    const [, second] = plain.metrics['mass/ood'] ?? [];
    const tampered: Evidence = { ...plain, metrics: { ...plain.metrics, 'mass/ood': [plain.metrics['mass/ood']?.[0] ?? NaN, 0.98] } };
    const outcome = await replayOf(tampered, engine);
    expect(words(outcome, tampered)).toBe(`differs: mass/ood of seed 3 is ${second.toPrecision(3)} here, 0.980 in the report`);
    expect(outcome).toMatchObject({ kind: 'compared', comparison: { unequal: 1, apart: 1, worst: { metric: 'mass/ood', policy: 1, reported: 0.98, here: second } } });
    expect(words(await replayOf(plain, engine), plain)).toBe('the same to the last digit');
  });

  test('a number that was changed in its last bit is not the same to the last digit', async () => {
    const [first, ...rest] = plain.metrics.kl ?? [];
    const outcome = await replayOf({ ...plain, metrics: { kl: [first * (1 + Number.EPSILON), ...rest] } });
    expect(words(outcome, plain)).toMatch(/^the same within 10⁻¹[⁵⁶⁷] \(another browser/);
  });

  test('states that were made before are not made again', async () => {
    const engine = engineOn('wasm');
    const before = new Map();
    for (let i = 0; i < 3; i += 1) {
      expect(words(await replay({ run: engine.store, restart: quiet }, plain, never, quiet, before), plain)).toBe('the same to the last digit');
    }
    expect(engine.sent.filter(({ type }) => type === 'start')).toHaveLength(1);
  });

  test('replay after replay leaves no tensors behind', async () => {
    const engine = engineOn('wasm');
    const forked = await evidenceAt(FORKED);
    const counts: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      for (const evidence of [forked, plain]) expect(words(await replayOf(evidence, engine), plain)).toBe('the same to the last digit');
      counts.push(tf.memory().numTensors);
    }
    expect(new Set(counts.slice(1)).size, counts.join()).toBe(1);
  });

  test.each<[string, Partial<Evidence>, string]>([
    ['another β', { link: PLAIN.replace('&steps', '&beta=0.5&steps') }, 'The link leads to another experiment than the report names: β = 0.5 in the link, β = 0.05 in the report.'],
    ['another way', { link: PLAIN.replace('&step=12', `&then=${encodeURIComponent('5:beta=0.5')}&step=12`) }, 'The link leads to another experiment than the report names: β = 0.5 in the link, β = 0.05 in the report.'],
    ['another update', { link: PLAIN.replace('step=12', 'step=13') }, 'The link leads to update 13, the report speaks of update 12.'],
    ['other seeds', { link: PLAIN.replace('seeds=0,3', 'seeds=0,4') }, 'The link trains seeds 0, 4, the report speaks of seeds 0, 3.'],
    ['another backend', { link: `${PLAIN}&backend=cpu` }, 'The link asks for the backend cpu, the report says wasm ran.'],
    ['too few numbers', { metrics: { loss: [1] } }, 'The link trains 2 policies, so each metric has as many numbers, and the report’s list of loss has 1.'],
    ['more experiments', { link: '?preset=side-by-side&seeds=0,3&steps=40&step=12' }, 'The link trains 4 experiments side by side, the report names 1.'],
  ])('a link to %s is found before anything runs', async (_, change, sentence) => {
    const engine = engineOn('wasm');
    expect(await replayOf({ ...plain, ...change }, engine)).toEqual({ kind: 'forged', sentence });
    expect(engine.sent).toEqual([]);
  });

  test.each<[string, Partial<Evidence>, RegExp]>([
    ['a key that there is not', { link: `${PLAIN}&weather=rain` }, /^The link cannot be used: The link's key "weather" must be one of/],
    ['an update beyond the run', { link: PLAIN.replace('step=12', 'step=99999') }, /^The link cannot be used: /],
    ['no numbers', { metrics: {} }, /^The report holds no numbers of this state/],
    ['a backend that there is not', { backend: 'abacus' }, /^The report's backend must be one of webgpu, wasm, cpu, got "abacus"\.$/],
  ])('a report with %s is not replayed, in a sentence', async (_, change, sentence) => {
    const outcome = await replayOf({ ...plain, ...change });
    expect(outcome).toMatchObject({ kind: 'failed', sentence: expect.stringMatching(sentence) });
  });

  test('what the experiment is called does not matter', async () => {
    const renamed = { ...plain, experiments: plain.experiments.map((file) => ({ ...file, name: 'mine' })) };
    expect(words(await replayOf(renamed), plain)).toBe('the same to the last digit');
  });
});

test('a report of another backend is the same within rounding, and both backends are named', async () => {
  const evidence = await evidenceAt('?preset=the-the-the&seeds=0,3&steps=40&step=3', 'cpu');
  await switchBackend('wasm');
  const outcome = await replayOf(evidence);
  expect(words(outcome, evidence)).toMatch(/^the same within 10⁻[⁵⁶⁷] \(another backend: plain JavaScript in the report, WebAssembly here\)$/);
});

describe('an engine that fails', () => {
  /** A client that answers starts by a script. */
  function scripted(answers: ((emit: (event: Event) => void, run: number, client: RunClient) => void)[]) {
    const sent: Command[] = [];
    const client: RunClient = {
      send(command) {
        sent.push(command);
        if (command.type === 'start') answers.shift()?.((event) => client.onEvent(event), command.run, client);
      },
      restart: vi.fn(),
      onEvent: () => {},
      onCrash: () => {},
    };
    return { sent, client, parts: { run: createRunStore(client), restart: vi.fn() } };
  }
  const evidence: Evidence = {
    link: '?preset=the-the-the&seeds=0&steps=40&step=12', experiments: [{ ...openingOf('?preset=the-the-the&seeds=0&steps=40').base }], seeds: [0], backend: 'webgpu', step: 12,
    headline: '', metrics: { loss: [0.5] }, top: [],
  };

  test('on the backend of the report is tried once more on another one', async () => {
    const fault = (kind: 'backend-failed' | 'not-finite', sentence: string) => (emit: (event: Event) => void, run: number) =>
      emit({ type: 'fault', run, fault: { kind, sentence, step: 0, nextBackend: kind === 'backend-failed' ? 'wasm' : null } });
    const { sent, parts } = scripted([fault('backend-failed', 'No WebGPU here.'), fault('not-finite', 'At update 3 it broke.')]);
    expect(await replay(parts, evidence, never, quiet)).toEqual({ kind: 'failed', sentence: 'At update 3 it broke.' });
    expect(sent.flatMap((command) => (command.type === 'start' ? [command.backend] : []))).toEqual(['webgpu', 'wasm']);
    expect(parts.restart).toHaveBeenCalledTimes(2);
  });

  test('by dying, refusing or never coming there is a sentence', async () => {
    const { parts } = scripted([
      (_emit, _run, client) => client.onCrash('The engine’s worker stopped: out of memory.'),
      (emit, run) => emit({ type: 'refused', run, message: 'This cannot be run.' }),
      () => {},
    ]);
    expect(await replay(parts, evidence, never, quiet)).toEqual({ kind: 'failed', sentence: 'The engine’s worker stopped: out of memory.' });
    expect(await replay(parts, evidence, never, quiet)).toEqual({ kind: 'failed', sentence: 'This cannot be run.' });
    expect(await replay({ ...parts, limitMs: 20 }, evidence, never, quiet)).toMatchObject({ kind: 'failed', sentence: expect.stringMatching(/^It was given up after/) });
  });

  test('ends when it is told to stop, at once, and listens no more', async () => {
    const { parts, client } = scripted([]);
    const stop = new AbortController();
    const told = vi.fn();
    const running = replay(parts, evidence, stop.signal, told);
    stop.abort();
    expect(await running).toBeNull();
    expect(parts.restart).toHaveBeenCalledTimes(1);
    const { calls } = told.mock;
    const before = calls.length;
    client.onEvent({ type: 'progress', run: parts.run.getState().run, progress: { stage: 'reference', done: 0.5, detail: 'x' } });
    expect(calls).toHaveLength(before);
    expect(await replay(parts, evidence, stop.signal, told), 'stopped before it begins').toBeNull();
  });

  test('where the run is on its way the words say where', async () => {
    const said: string[] = [];
    const parts = { run: createRunStore(createFakeClient({ startMs: 40 })), restart: vi.fn() };
    const outcome = await replay(parts, { ...evidence, backend: 'wasm' }, never, ({ words: text }) => said.push(text));
    expect(outcome).toMatchObject({ kind: 'compared', backend: 'wasm' });
    expect(said).toContain('the engine starts');
    expect(said.some((text) => text.startsWith('fitting π_ref'))).toBe(true);
  });
});
