/** A link is where a run is: what old links open, that a run is made again bit for bit, and that Reset returns to it. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { presetsOf } from '../src/components/chapters.ts';
import { createLabStore, type LabStore } from '../src/components/labStore.ts';
import { TALK } from '../src/components/lecture/talk.ts';
import { createTalkStore } from '../src/components/lecture/talkStore.ts';
import { addressOf, authoredBy, linkOf, openingOf } from '../src/components/link.ts';
import { bring, resetWords } from '../src/components/opening.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { forkProblem } from '../src/sim/fork.ts';
import { getParam, setParam, type ParamId, type ParamValue } from '../src/sim/params.ts';
import { beginningOf } from '../src/sim/place.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import { createRunStore, type RunStore } from '../src/sim/runStore.ts';
import type { Command } from '../src/sim/worker/protocol.ts';
import { openEngineStore } from './fixtures/engineLoop.ts';
import { createFakeClient } from './fixtures/fakeRun.ts';
import { switchBackend } from './product.ts';

/** The page that a link opens, over a run store. */
function pageOf(run: RunStore, search: string): LabStore {
  const opened = openingOf(search);
  const { link, origin, base, methods, place, hidden, asked, problems } = opened;
  expect(problems).toEqual([]);
  const lab = createLabStore(run, { origin, base, methods, panel: link.extra.panel ?? null, hidden, asked, embedded: link.extra.embed ?? false, opening: authoredBy(opened) });
  bring(run, { place, methods, backend: link.backend, shown: link.extra.shown ?? null });
  return lab;
}

interface Golden {
  search: string;
  preset: string;
  chapter: number;
  knobs?: [ParamId, ParamValue][];
  extra?: object;
  methods?: readonly string[];
  backend?: string;
  step?: number;
}

const dials = { seeds: [0], steps: 60 };
/** Links of the time before links had a version: what they opened then. */
const GOLDEN: Golden[] = [
  { search: '', preset: 'the-the-the', chapter: 5 },
  { search: '?preset=near-pairs', preset: 'near-pairs', chapter: 5 },
  { search: '?preset=near-pairs&beta=0.5&seeds=0-7&backend=wasm', preset: 'near-pairs', chapter: 5, knobs: [['beta', 0.5], ['seeds', [0, 1, 2, 3, 4, 5, 6, 7]]], backend: 'wasm' },
  { search: '?hidden=32,32', preset: 'the-the-the', chapter: 5, knobs: [['hidden', [32, 32]]] },
  { search: '?betas=0.05,0.1', preset: 'the-the-the', chapter: 5, knobs: [['sweepBeta', [0.05, 0.1]]] },
  { search: '?loss=exo_pair', preset: 'the-the-the', chapter: 5, knobs: [['loss', 'exo_pair']] },
  { search: '?algorithm=exact', preset: 'the-the-the', chapter: 5, knobs: [['algorithm', 'exact']] },
  { search: '?algorithm=online-dpo&resamples=1,10,1000', preset: 'the-the-the', chapter: 5, knobs: [['algorithm', 'online-dpo'], ['sweepResample', [1, 10, 1000]]] },
  { search: '?algorithm=ppo&reward=reward-model&whitenAdvantages=off&rewardModel=linear', preset: 'the-the-the', chapter: 5, knobs: [['algorithm', 'ppo'], ['reward', 'reward-model'], ['whitenAdvantages', 'off'], ['rewardModelKind', 'linear']] },
  { search: '?beta=900&learningRate=1e-9', preset: 'the-the-the', chapter: 5, knobs: [['beta', 900], ['learningRate', 1e-9]] },
  { search: '?preset=the-the-the&chapter=3', preset: 'the-the-the', chapter: 3 },
  { search: '?chapter=2&panel=ternary', preset: presetsOf(2)[0].id, chapter: 2, extra: { panel: 'ternary' } },
  { search: '?chapter=4&panel=diff&backend=wasm&seeds=0&steps=60', preset: presetsOf(4)[0].id, chapter: 4, knobs: [['seeds', dials.seeds], ['steps', dials.steps]], extra: { panel: 'diff' }, backend: 'wasm' },
  { search: '?backend=wasm&preset=two-questions', preset: 'two-questions', chapter: 2, backend: 'wasm' },
  { search: '?backend=wasm&preset=generous-prompt&seeds=0&steps=20', preset: 'generous-prompt', chapter: 3, knobs: [['seeds', [0]], ['steps', 20]], backend: 'wasm' },
  { search: '?chapter=6&resampleEvery=20', preset: presetsOf(6)[0].id, chapter: 6, knobs: [['resampleEvery', 20]] },
  { search: '?preset=resampling-rarely', preset: 'resampling-rarely', chapter: 6 },
  { search: '?chapter=8', preset: presetsOf(8)[0].id, chapter: 8, methods: presetsOf(8)[0].methods },
  { search: '?chapter=8&methods=ipo,dpo', preset: presetsOf(8)[0].id, chapter: 8, methods: ['ipo', 'dpo'] },
  { search: '?backend=wasm&loss=ipo&beta=0.0001&policy=tabular&learningRate=900', preset: 'the-the-the', chapter: 5, knobs: [['loss', 'ipo'], ['beta', 0.0001], ['learningRate', 900], ['policy', 'tabular']], backend: 'wasm' },
  { search: '?theme=dark&projector=1&panel=flow', preset: 'the-the-the', chapter: 5, extra: { theme: 'dark', projector: true, panel: 'flow' } },
  { search: '?selftest', preset: 'the-the-the', chapter: 5, extra: { selftest: true } },
  { search: '?preset=near-pairs&beta=0.5&step=80', preset: 'near-pairs', chapter: 5, knobs: [['beta', 0.5]], step: 80 },
  { search: '?backend=webgpu', preset: 'the-the-the', chapter: 5, backend: 'webgpu' },
];

test.each(GOLDEN)('the old link “$search” opens what it opened', ({ search, preset, chapter, knobs = [], extra = {}, methods, backend = null, step }) => {
  const opened = openingOf(search);
  const own = PRESETS.find(({ id }) => id === preset);
  if (!own) throw new Error(`no preset ${preset}`);
  const base = knobs.reduce<Experiment>((experiment, [id, value]) => setParam(experiment, id, value), own.experiment);
  expect(opened).toEqual({
    link: expect.objectContaining({ presetId: preset, backend, step: step ?? null, extra: expect.objectContaining(extra) }),
    origin: expect.objectContaining({ id: preset, chapter }), methods: methods ?? [], base, place: { ...beginningOf(base), step: step ?? 0 },
    hidden: [], asked: null, problems: [],
  });
  for (const [id, value] of knobs) expect(getParam(opened.base, id)).toEqual(value);
  // Only a link to an update is a place that Reset returns to.
  expect(authoredBy(opened) === null).toBe(step === undefined);
});

describe('with the real engine', () => {
  const open: ReturnType<typeof openEngineStore>[] = [];
  beforeEach(() => switchBackend('cpu'));
  afterEach(async () => { for (const store of open.splice(0)) await store.close(); });

  function page(search: string) {
    const engine = openEngineStore('cpu');
    open.push(engine);
    const lab = pageOf(engine.store, search);
    return { engine, lab, to: async (step: number) => { engine.now().stepBy(step - engine.now().step); await engine.settled(step); } };
  }
  const START = '?seeds=0-1&steps=80';
  const stateOf = (engine: ReturnType<typeof openEngineStore>) => {
    const { step, frame, snapshot, experiment, schedule, furthest } = engine.now();
    return { step, metrics: frame?.metrics, logps: frame?.logps, tensors: snapshot?.tensors, experiment, schedule, furthest };
  };

  /** A run whose β was changed at 12, that was forked at 20 and at 30, and whose learning rate was changed at 34; it is at 40. */
  async function travelled() {
    const { engine, lab, to } = page(START);
    await engine.settled(0);
    lab.getState().set({ retuning: true });
    await to(12);
    lab.getState().commit(setParam(lab.getState().base, 'beta', 0.7));
    await to(20);
    expect(lab.getState().forkTo(setParam(lab.getState().base, 'loss', 'robust'))).toBeNull();
    await engine.until(() => engine.now().run === 2);
    await engine.settled(20);
    await to(30);
    expect(lab.getState().forkTo(setParam(setParam(lab.getState().base, 'algorithm', 'online-dpo'), 'resampleEvery', 3))).toBeNull();
    await engine.until(() => engine.now().run === 3);
    await engine.settled(30);
    await to(34);
    lab.getState().commit(setParam(lab.getState().base, 'learningRate', 0.2));
    await to(40);
    return { engine, lab, to };
  }

  test('a forked, retuned run is made again by its link, bit for bit', async () => {
    const { engine, lab } = await travelled();
    const link = linkOf(engine.store, lab, { step: 40 });
    expect(link).toBe('?preset=the-the-the&seeds=0,1&steps=80&backend=cpu&then=12:beta=0.7;20:fork:loss=robust;30:fork:algorithm=online-dpo,resampleEvery=3;34:learningRate=0.2&step=40&v=1');
    for (let time = 0; time < 2; time += 1) {
      const again = page(link);
      await again.engine.settled(40);
      expect(stateOf(again.engine)).toEqual(stateOf(engine));
      expect(again.lab.getState().base).toEqual(lab.getState().base);
      expect(linkOf(again.engine.store, again.lab, { step: 40 })).toBe(link);
    }
  });

  test('so is every update on its way, of the runs before the forks too', async () => {
    const { engine, lab } = await travelled();
    const { steps, points } = engine.now().history;
    // The run stood still at these; what else was recorded depends on the clock.
    expect(steps).toEqual(expect.arrayContaining([12, 20, 30, 34]));
    for (const [at, step] of steps.entries()) {
      if (![12, 20, 30, 34].includes(step) && step % 8 !== 0) continue;
      const again = page(linkOf(engine.store, lab, { step }));
      await again.engine.settled(step);
      expect(again.engine.now().furthest).toBe(step);
      // At a change the record holds what was measured after it.
      expect(again.engine.now().frame?.metrics).toEqual(points[at]);
    }
  });

  test('on the way to a fork Play and Step wait for it', async () => {
    const { engine, lab } = await travelled();
    const again = page(linkOf(engine.store, lab, { step: 40 }));
    for (let i = 0; i < 40 && again.engine.now().run < 3; i += 1) {
      again.lab.getState().togglePlay();
      again.lab.getState().step();
      await new Promise((resolve) => { setImmediate(resolve); });
    }
    await again.engine.settled(40);
    expect(stateOf(again.engine)).toEqual(stateOf(engine));
  });

  test('at its end Play plays a fork again from where it was made', async () => {
    const { engine, lab, to } = page(START);
    await engine.settled(0);
    await to(20);
    expect(lab.getState().forkTo(setParam(lab.getState().base, 'loss', 'robust'), { play: true })).toBeNull();
    await engine.until(() => engine.now().run === 2 && engine.now().state === 'done');
    const ended = stateOf(engine);
    const sent = engine.sent.length;
    lab.getState().togglePlay();
    await engine.until(() => engine.now().state === 'done' && engine.now().seeking === null && engine.sent.slice(sent).some(({ type }) => type === 'play'));
    await engine.until(() => engine.events.slice(-3).every((event) => event.type !== 'frame' || event.frame.step >= 20));
    await engine.settled(80);
    expect(engine.sent.slice(sent).map(({ type }) => type).filter((type) => type !== 'ack')).toEqual(['seek', 'play']);
    expect(engine.now().run).toBe(2);
    expect(engine.now().forkedFrom?.step).toBe(20);
    expect(stateOf(engine).metrics).toEqual(ended.metrics);
  });

  test('without a step its link is the present experiment where it began', async () => {
    const { engine, lab } = await travelled();
    const link = linkOf(engine.store, lab);
    expect(link).toContain('then=12:beta=0.7;20:fork:loss=robust;30:fork:algorithm=online-dpo,learningRate=0.2,resampleEvery=3&v=1');
    const again = page(link);
    await again.engine.settled(30);
    expect(again.lab.getState().base).toEqual(lab.getState().base);
    expect(addressOf(again.engine.store, again.lab)).toBe(link);
  });

  test('the controls follow a run that goes back over a change, and return', async () => {
    const { engine, lab, to } = page(START);
    await engine.settled(0);
    lab.getState().set({ retuning: true });
    await to(10);
    lab.getState().commit(setParam(lab.getState().base, 'beta', 0.7));
    await to(20);
    engine.now().seek(5);
    await engine.settled(5);
    expect(lab.getState().base.algorithm.beta).toBe(0.05);
    engine.now().seek(20);
    await engine.settled(20);
    expect(lab.getState().base.algorithm.beta).toBe(0.7);
  });

  test('Reset returns to a forked place after everything was changed', async () => {
    const { engine, lab } = await travelled();
    const link = linkOf(engine.store, lab, { step: 40 });
    const again = page(link);
    await again.engine.settled(40);
    const before = stateOf(again.engine);
    again.lab.getState().commit(setParam(again.lab.getState().base, 'beta', 3));
    await again.engine.settled(0);
    again.lab.getState().openChapter(2);
    await again.engine.settled(0);
    again.lab.getState().reset();
    await again.engine.settled(40);
    expect(stateOf(again.engine)).toEqual(before);
    expect(again.lab.getState()).toMatchObject({ base: lab.getState().base, origin: { chapter: 5 } });
  });

  test('methods side by side are brought to an update with their β changed on the way', async () => {
    const search = '?chapter=8&methods=dpo,dpo-kl&policy=tabular&seeds=0&steps=40';
    const { engine, lab, to } = page(search);
    await engine.settled(0);
    lab.getState().set({ retuning: true });
    await to(8);
    lab.getState().commit(setParam(lab.getState().base, 'beta', 0.9));
    await to(15);
    const link = linkOf(engine.store, lab, { step: 15 });
    expect(link).toContain('then=8:beta=0.9&step=15');
    const again = page(link);
    await again.engine.settled(15);
    expect(stateOf(again.engine)).toEqual(stateOf(engine));
    expect(again.lab.getState().base).toEqual(lab.getState().base);
  });
});

describe('with a fake engine', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  function page(search: string) {
    const client = createFakeClient({ startMs: 20 });
    const sent: Command[] = [];
    const { send } = client;
    client.send = (command) => { if (command.type !== 'ack') sent.push(command); send(command); };
    const run = createRunStore(client);
    const lab = pageOf(run, search);
    vi.advanceTimersByTime(30);
    return { run, lab, sent };
  }

  test('Reset on an authored page returns to all that its link says, and plays nothing', () => {
    const search = '?preset=near-pairs&beta=0.5&backend=wasm&then=40:beta=0.2&step=60&shown=3&panel=flow&hide=presets,speed&ask=where&embed=1&v=1';
    const { run, lab, sent } = page(search);
    expect(lab.getState()).toMatchObject({ hidden: ['presets', 'speed'], asked: 'where', embedded: true, panel: 'flow', base: { algorithm: { beta: 0.2 } } });
    expect(run.getState()).toMatchObject({ step: 60, state: 'paused', focus: { seedIndex: 3 } });
    expect(addressOf(run, lab)).toBe(search);
    const began = lab.getState();
    lab.getState().commit(setParam(began.base, 'beta', 3));
    lab.getState().togglePlay();
    vi.advanceTimersByTime(500);
    lab.getState().openChapter(6);
    run.getState().setFocus({ seedIndex: null, sweepIndex: 0 });
    lab.getState().set({ panel: null });
    lab.getState().togglePlay();
    vi.advanceTimersByTime(500);
    expect(run.getState().state).toBe('running');
    expect(addressOf(run, lab)).toBe(`?preset=${presetsOf(6)[0].id}&backend=wasm&hide=presets,speed&ask=where&embed=1&v=1`);
    lab.getState().reset();
    expect(sent.findLast(({ type }) => type === 'start')).toMatchObject({ play: false, to: { step: 60, furthest: 60, changes: [{ step: 40, beta: 0.2 }] }, experiment: { algorithm: { beta: 0.5 } } });
    vi.advanceTimersByTime(500);
    expect(run.getState()).toMatchObject({ step: 60, state: 'paused', focus: { seedIndex: 3 } });
    for (const key of ['origin', 'base', 'methods', 'panel', 'draft'] as const) expect(lab.getState()[key]).toEqual(began[key]);
    expect(addressOf(run, lab)).toBe(search);
  });

  test('with methods and hidden controls alone too; elsewhere Reset is update 0 of the present experiment', () => {
    const { run, lab, sent } = page('?chapter=8&methods=ipo,dpo&hide=controls');
    lab.getState().openChapter(5);
    lab.getState().reset();
    vi.advanceTimersByTime(30);
    expect(lab.getState()).toMatchObject({ methods: ['ipo', 'dpo'], origin: { chapter: 8 }, base: presetsOf(8)[0].experiment });
    expect(run.getState().others).toHaveLength(1);
    expect(resetWords(lab.getState().opening)).toBe('Back to what the link opened (R)');
    expect(sent.at(-1)).toMatchObject({ type: 'start', play: false });

    const plain = page('?preset=near-pairs&beta=0.5');
    plain.lab.getState().commit(setParam(plain.lab.getState().base, 'beta', 3));
    vi.advanceTimersByTime(30);
    plain.lab.getState().reset();
    expect(plain.sent.at(-1)).toMatchObject({ type: 'reset', play: false });
    expect(plain.lab.getState().base.algorithm.beta).toBe(3);
    expect(resetWords(plain.lab.getState().opening)).toBe('Back to the reference (R)');
  });

  test('Reset starts an authored run again that has stopped', () => {
    const { run, lab } = page('?preset=near-pairs&hide=controls');
    run.setState({ state: 'failed', fault: { kind: 'worker-crashed', sentence: 'It is dead.', step: 0, nextBackend: null } });
    lab.getState().reset();
    vi.advanceTimersByTime(30);
    expect(run.getState()).toMatchObject({ state: 'paused', fault: null });
  });

  test('the address carries the update of its link only while the run is there', () => {
    const { run, lab } = page('?preset=near-pairs&step=60');
    expect(addressOf(run, lab)).toBe('?preset=near-pairs&backend=wasm&step=60&v=1');
    run.getState().stepBy(1);
    vi.advanceTimersByTime(30);
    expect(addressOf(run, lab)).toBe('?preset=near-pairs&v=1');
    run.getState().seek(60);
    vi.advanceTimersByTime(30);
    expect(addressOf(run, lab)).toBe('?preset=near-pairs&backend=wasm&step=60&v=1');
    // Another experiment's update of the same number is none of it.
    lab.getState().choosePreset('the-the-the');
    vi.advanceTimersByTime(500);
    run.getState().stepBy(60);
    vi.advanceTimersByTime(30);
    expect(run.getState().step).toBe(60);
    expect(addressOf(run, lab)).not.toContain('step');
    // A page that was not opened at an update has none in its address, wherever the run is.
    const plain = page('?preset=near-pairs&hide=controls');
    plain.run.getState().stepBy(60);
    vi.advanceTimersByTime(30);
    expect(addressOf(plain.run, plain.lab)).toBe('?preset=near-pairs&hide=controls&v=1');
    expect(linkOf(plain.run, plain.lab, { step: 60 })).toBe('?preset=near-pairs&backend=wasm&step=60&hide=controls&v=1');
  });

  test('what a builder asks for stands in the link, whatever the page itself hides', () => {
    const { run, lab } = page('?preset=near-pairs&hide=controls&shown=2');
    expect(linkOf(run, lab, { hide: ['link', 'speed'], ask: 'loss', embed: true })).toBe('?preset=near-pairs&shown=2&hide=link,speed&ask=loss&embed=1&v=1');
    expect(linkOf(run, lab, { hide: [], shown: false })).toBe('?preset=near-pairs&v=1');
    expect(linkOf(run, lab, { talk: TALK[0].id, hide: [] })).toBe(`?talk=${TALK[0].id}&v=1`);
  });

  test('a link to a step of the talk, and the address while it is given', () => {
    const opened = openingOf(`?talk=${TALK[1].id}`);
    expect(opened).toMatchObject({ problems: [], link: { extra: { talk: TALK[1].id } } });
    expect(authoredBy(opened)).toBeNull();
    const { run, lab } = page('');
    const talk = createTalkStore(run, lab);
    expect(addressOf(run, lab, talk)).toBe('');
    talk.getState().start(1);
    expect(addressOf(run, lab, talk)).toBe(`?talk=${TALK[1].id}&v=1`);
    talk.getState().stop();
    expect(addressOf(run, lab, talk)).not.toContain('talk');
  });

  test('a fork that cannot be is refused in a sentence and changes nothing', () => {
    const { run, lab, sent } = page('?preset=near-pairs&step=60');
    const { base } = lab.getState();
    const count = sent.length;
    expect(lab.getState().forkTo(setParam(base, 'seeds', [7]))).toMatch(/its seeds must be that of the run it leaves/);
    expect(lab.getState().forkTo(setParam(base, 'steps', 20))).toMatch(/^A fork at update 60 needs more updates than that/);
    expect(lab.getState().forkTo({ ...base, steps: -1 })).toMatch(/steps must be an integer/);
    const table = setParam(base, 'policy', 'tabular');
    expect(forkProblem(table, setParam(table, 'algorithm', 'online-dpo'), 60)).toMatch(/^With a tabular policy offline DPO trains the logits of its pairs/);
    expect(forkProblem(table, setParam(table, 'loss', 'ipo'), 60)).toBeNull();
    expect(lab.getState().base).toBe(base);
    expect(sent.length).toBe(count);
    expect(run.getState()).toMatchObject({ forking: [], refused: null });
    const several = page('?chapter=8');
    expect(several.lab.getState().forkTo(several.lab.getState().base)).toBe('Methods side by side have no forks: open one of them alone.');
  });

  test('a way that methods side by side cannot go is said, and they open at update 0', () => {
    const opened = openingOf('?chapter=8&then=40:fork:beta=0.5&step=60');
    expect(opened.problems).toEqual(['The link\'s then was not used, so the run opens at update 0: methods side by side have no forks.']);
    expect(opened.place).toEqual(beginningOf(presetsOf(8)[0].experiment));
    expect(openingOf('?chapter=8&then=40:learningRate=0.5').problems.join()).toMatch(/learning rates of their own/);
  });
});
