/** What moving a control does to the run: one start in flight, nothing lost, nothing by half. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { withDecimalPoint } from '../src/components/controls/TextField.tsx';
import { staysHere } from '../src/components/frame/ShareButton.tsx';
import { chapterFor, neighbourOf, OPEN_CHAPTERS, ownOrigin, presetsOf } from '../src/components/chapters.ts';
import { createLabStore } from '../src/components/labStore.ts';
import { addressOf, linkOf, LONGEST_LINK, openingOf } from '../src/components/link.ts';
import { focusOnOwn } from '../src/components/opening.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { printExperiment } from '../src/sim/experimentSchema.ts';
import { methodsOf } from '../src/sim/methods.ts';
import { setParam } from '../src/sim/params.ts';
import { beginningOf } from '../src/sim/place.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import { createRunStore } from '../src/sim/runStore.ts';
import type { Command } from '../src/sim/worker/protocol.ts';
import { createFakeClient } from './fixtures/fakeRun.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

const preset = PRESETS[0];
const withBeta = (beta: number): Experiment => setParam(preset.experiment, 'beta', beta);

function setUp(startMs = 60) {
  const client = createFakeClient({ startMs });
  const sent: Command[] = [];
  const { send } = client;
  client.send = (command) => { if (command.type !== 'ack') sent.push(command); send(command); };
  const run = createRunStore(client);
  const lab = createLabStore(run, { origin: preset });
  run.getState().load(preset.experiment);
  vi.advanceTimersByTime(startMs);
  const betas = () => sent.flatMap((command) => (command.type === 'start' ? [command.experiment.algorithm.beta] : []));
  return { run, lab, sent, betas };
}

test('many movements become few starts, and the last one always arrives', () => {
  const { run, lab, betas } = setUp();
  for (let i = 1; i <= 60; i++) {
    lab.getState().drag(withBeta(0.05 + i / 100));
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(1000);
  expect(betas().length).toBeLessThan(6);
  expect(betas().at(-1)).toBeCloseTo(0.65);
  expect(run.getState().experiment?.algorithm.beta).toBeCloseTo(0.65);
  expect(lab.getState().draft).toBeNull();
});

test('while a start is in flight a movement waits; letting go does not', () => {
  const { lab, betas } = setUp(5000);
  lab.getState().commit(withBeta(0.1));
  lab.getState().drag(withBeta(0.2));
  vi.advanceTimersByTime(2000);
  expect(betas()).toEqual([0.05, 0.1]);
  lab.getState().commit(withBeta(0.3));
  expect(betas()).toEqual([0.05, 0.1, 0.3]);
});

test('a changed knob plays on where the run was playing or done, and stays at update 0 otherwise', () => {
  const { run, lab, sent } = setUp();
  const lastPlay = () => { const start = sent.findLast((command) => command.type === 'start'); return start?.type === 'start' && start.play; };
  lab.getState().commit(withBeta(0.1));
  expect(lastPlay()).toBe(false);
  vi.advanceTimersByTime(60);
  lab.getState().togglePlay();
  vi.advanceTimersByTime(200);
  lab.getState().commit(withBeta(0.2));
  expect(lastPlay()).toBe(true);
  lab.getState().commit(withBeta(0.3)); // while that start is still being prepared
  expect(lastPlay()).toBe(true);
  vi.advanceTimersByTime(60_000);
  expect(run.getState().state).toBe('done');
  lab.getState().commit(withBeta(0.4));
  expect(lastPlay()).toBe(true);
});

test('with retuning on, β changes in the run itself; other knobs start over', () => {
  const { lab, sent } = setUp();
  lab.getState().set({ retuning: true });
  lab.getState().commit(withBeta(0.3));
  expect(sent.at(-1)).toMatchObject({ type: 'retune', beta: 0.3 });
  lab.getState().commit(setParam(withBeta(0.3), 'smoothing', 0.01));
  expect(sent.at(-1)).toMatchObject({ type: 'start' });
});

test('in a sweep of β the learning rate can still change while it runs; β cannot', () => {
  const { run, lab, sent } = setUp();
  const swept = setParam(preset.experiment, 'sweepBeta', [0.05, 0.5]);
  lab.getState().commit(swept);
  vi.advanceTimersByTime(60);
  lab.getState().set({ retuning: true });
  lab.getState().commit(setParam(swept, 'learningRate', 0.5));
  expect(sent.at(-1)).toEqual({ type: 'retune', run: run.getState().run, learningRate: 0.5 });
  expect(run.getState().experiment?.optimizer.learningRate).toBe(0.5);
  lab.getState().commit(setParam(setParam(swept, 'learningRate', 0.5), 'beta', 0.3));
  expect(sent.at(-1)).toMatchObject({ type: 'start' });
});

test('what is not allowed is refused in a sentence and changes nothing', () => {
  const { run, lab, sent } = setUp();
  const before = run.getState().experiment;
  const count = sent.length;
  expect(lab.getState().commit({ ...preset.experiment, steps: -1 })).toMatch(/steps must be an integer/);
  const exo = setParam(preset.experiment, 'loss', 'exo_pair');
  expect(lab.getState().drag(setParam(exo, 'labelSmoothing', 0))).toMatch(/labelSmoothing must be a number in \(0, 0\.5\) with the loss "exo_pair", got 0/);
  expect(lab.getState().drag(setParam(exo, 'labelSmoothing', 0.1))).toBeNull();
  lab.getState().commit(preset.experiment);
  lab.getState().openFile('x.json', '{"world": 3}');
  expect(lab.getState().notices[0]).toBe('“x.json” was not opened; nothing has changed.');
  expect(sent.length).toBe(count);
  expect(run.getState().experiment).toBe(before);
});

test('restore returns to where the experiment came from, and choosing a preset waits for Play', () => {
  const { run, lab } = setUp();
  lab.getState().commit(withBeta(0.5));
  lab.getState().restore();
  expect(run.getState().experiment).toBe(preset.experiment);
  lab.getState().choosePreset(PRESETS[1].id);
  vi.advanceTimersByTime(60);
  expect(run.getState()).toMatchObject({ experiment: PRESETS[1].experiment, state: 'paused', step: 0 });
});

/** A world that no preset has, with `count` responses in its corpus. */
function ownWorld(count: number): Experiment {
  const words = Array.from({ length: 60 }, (_, i) => `word${i}`);
  const corpus = Array.from({ length: count }, (_, i) => ({ prompt: 0, response: `${words[i % 60]} ${words[Math.floor(i / 60)]}`, weight: 1 }));
  return {
    ...preset.experiment,
    name: 'own words',
    world: { words, maxLength: 2, prompts: ['Well?'] },
    reference: { kind: 'corpus', corpus, smoothing: 0.001 },
    gold: undefined,
    preferences: { pairs: [{ prompt: 0, chosen: 'word0 word0', rejected: 'word1 word0', weight: 1 }] },
  };
}

test('a file is its own origin: no preset asks its question over it', () => {
  const { lab } = setUp();
  lab.getState().openFile('own.json', JSON.stringify(ownWorld(3)));
  expect(lab.getState().notices).toEqual([]);
  expect(lab.getState().origin).toMatchObject({ id: null, title: 'own words', question: '', lookFor: '' });
  expect(ownOrigin({ ...preset.experiment, name: ' ' }).title).toBe('without a name');
});

test('an experiment that is too long for a link stays out of the address bar; the rest of the page stays in', () => {
  const { run, lab } = setUp();
  lab.getState().openFile('short.json', JSON.stringify(ownWorld(3)));
  expect(addressOf(run, lab)).toBe(linkOf(run, lab));
  expect(linkOf(run, lab)).toContain('experiment=');
  lab.getState().openFile('long.json', JSON.stringify(ownWorld(400)));
  lab.getState().set({ theme: 'dark', panel: 'flow' });
  expect(linkOf(run, lab).length).toBeGreaterThan(LONGEST_LINK);
  expect(addressOf(run, lab)).toBe('?theme=dark&panel=flow&v=1');
  lab.getState().set({ theme: 'auto', panel: null });
  expect(addressOf(run, lab)).toBe('');
});

test('a file that holds a preset is that preset: its question and what to look for are there again', () => {
  const { lab } = setUp();
  lab.getState().openFile('saved.json', printExperiment(PRESETS[3].experiment));
  expect(lab.getState().origin).toBe(PRESETS[3]);
});

test('a sweep opens at the β it was saved with', () => {
  const { run, lab } = setUp();
  const swept = setParam(withBeta(0.5), 'sweepBeta', [0.05, 0.2, 0.5]);
  lab.getState().openFile('swept.json', printExperiment(swept));
  expect(run.getState().focus).toEqual({ seedIndex: null, sweepIndex: 2 });
  lab.getState().openFile('swept.json', printExperiment(setParam(swept, 'beta', 0.3)));
  focusOnOwn(run);
  expect(run.getState().focus.sweepIndex, 'a β that is not swept: the first of the sweep').toBe(0);
});

test('a chapter opens with its first preset, paused, and its address leads back to it', () => {
  const { run, lab } = setUp();
  for (const { id } of OPEN_CHAPTERS) {
    lab.getState().openChapter(id);
    vi.advanceTimersByTime(60);
    const [first] = presetsOf(id);
    expect(lab.getState()).toMatchObject({ origin: { id: first.id, chapter: id }, base: first.experiment, methods: first.methods ?? [] });
    expect(run.getState()).toMatchObject({ state: 'paused', step: 0 });
    expect(addressOf(run, lab)).toBe(id === 5 ? '' : `?preset=${first.id}&v=1`);
  }
  const { base } = lab.getState();
  lab.getState().commit(setParam(base, 'beta', 0.07));
  lab.getState().openChapter(OPEN_CHAPTERS.at(-1)?.id ?? 5);
  expect(lab.getState().base.algorithm.beta, 'the open chapter keeps what was changed in it').toBe(0.07);
});

test('a panel stays open in the next chapter where that has it too', () => {
  const { lab } = setUp();
  lab.getState().set({ panel: 'space' });
  lab.getState().openChapter(6);
  expect(lab.getState().panel).toBe('space');
  lab.getState().openChapter(5);
  lab.getState().set({ panel: 'flow' });
  lab.getState().openChapter(6);
  expect(lab.getState().panel).toBeNull();
});

test('a link’s panel that its chapter does not have is not opened, and a sentence says so', () => {
  const none = openingOf('?chapter=2&panel=diff');
  expect(none.problems).toEqual(['The link\'s panel diff was not used: chapter 2 does not have it.']);
  const opened = (panel: string) => createLabStore(createRunStore(createFakeClient()), { origin: none.origin, panel }).getState().panel;
  expect(opened('diff')).toBeNull();
  expect(opened('ternary')).toBe('ternary');
  expect(openingOf('?chapter=2&panel=ternary').problems).toEqual([]);
});

test('the neighbours of a chapter end at the first and the last', () => {
  const ids = OPEN_CHAPTERS.map(({ id }) => id);
  expect(ids.map((id) => neighbourOf(id, 1))).toEqual([...ids.slice(1), ids[ids.length - 1]]);
  expect(ids.map((id) => neighbourOf(id, -1))).toEqual([ids[0], ...ids.slice(0, -1)]);
});

test('an experiment from a file opens in the chapter of its algorithm', () => {
  const kinds = (['dpo', 'exact', 'online-dpo', 'ppo', 'reward-model'] as const).map((kind) => chapterFor(setParam(preset.experiment, 'algorithm', kind)));
  expect(kinds).toEqual([5, 5, 6, 7, 1]);
  const { run, lab } = setUp();
  lab.getState().openFile('own.json', printExperiment(setParam(ownWorld(3), 'learningRate', 0.5)));
  expect(lab.getState().origin).toMatchObject({ id: null, chapter: 5 });
  expect(linkOf(run, lab)).toMatch(/^\?preset=the-the-the&experiment=/);
});

describe('what a link opens', () => {
  test('a chapter alone: its first preset, with the link’s knobs; a preset: its chapter', () => {
    const [first] = presetsOf(6);
    expect(openingOf('?chapter=6&resampleEvery=20')).toMatchObject({ origin: first, methods: [], base: setParam(first.experiment, 'resampleEvery', 20), problems: [] });
    expect(openingOf('?preset=resampling-rarely').origin).toMatchObject({ id: 'resampling-rarely', chapter: 6 });
    expect(openingOf('').origin).toBe(preset);
  });

  test('methods, in the chapters that have them', () => {
    const [first] = presetsOf(8);
    expect(openingOf('?chapter=8')).toMatchObject({ origin: first, methods: first.methods, base: first.experiment, problems: [] });
    expect(openingOf('?chapter=8&methods=ipo,dpo')).toMatchObject({ origin: first, methods: ['ipo', 'dpo'], problems: [] });
    expect(openingOf('?methods=ipo,dpo')).toMatchObject({ origin: preset, methods: [], problems: ['The link\'s methods were not used: chapter 5 trains one method at a time.'] });
  });

  test('what does not go together is said, and the rest is used', () => {
    expect(openingOf('?preset=near-pairs&chapter=6')).toMatchObject({ origin: { id: 'near-pairs', chapter: 5 }, problems: ['The link\'s chapter 6 was not used: its experiment belongs to chapter 5.'] });
    const swept = openingOf('?chapter=8&betas=0.05,0.5');
    expect(swept.problems.join()).toMatch(/one value of every knob/);
    expect(swept.base).toBe(presetsOf(8)[0].experiment);
  });

  test('a world of its own keeps its chapter, also between methods', () => {
    for (const id of [5, 6, 8] as const) {
      const { run, lab } = setUp();
      lab.getState().openChapter(id);
      vi.advanceTimersByTime(60);
      const own = { ...lab.getState().base, name: 'own', gold: { ...lab.getState().base.gold!, otherwise: -3 } };
      expect(lab.getState().commit(own)).toBeNull();
      const opened = openingOf(linkOf(run, lab));
      expect(opened).toMatchObject({ origin: { id: null, chapter: id }, base: own, methods: lab.getState().methods, problems: [] });
    }
  });
});

describe('a chapter that is read on the run of another', () => {
  /** Chapter 5, playing since a second. */
  function playing() {
    const page = setUp();
    page.lab.getState().togglePlay();
    vi.advanceTimersByTime(1000);
    const starts = () => page.sent.filter(({ type }) => type === 'start').length;
    return { ...page, starts };
  }

  test('keeps it, going on as it was, and gives it back to its own chapter', () => {
    const { run, lab, starts } = playing();
    const before = run.getState();
    expect(before).toMatchObject({ state: 'running' });
    expect(before.step).toBeGreaterThan(0);
    for (const id of [3, 5] as const) {
      const { step } = run.getState();
      lab.getState().openChapter(id);
      expect(lab.getState().origin).toEqual({ ...preset, chapter: id });
      expect(run.getState()).toMatchObject({ run: before.run, state: 'running', experiment: preset.experiment });
      vi.advanceTimersByTime(500);
      expect(run.getState().step).toBeGreaterThan(step);
    }
    expect(starts()).toBe(1);
    expect(linkOf(run, lab)).toBe('');
  });

  test('the link lands there again, with what was changed, and on nothing but that', () => {
    const { run, lab } = playing();
    lab.getState().openChapter(3);
    expect(addressOf(run, lab)).toBe('?preset=the-the-the&chapter=3&v=1');
    expect(openingOf('?preset=the-the-the&chapter=3')).toEqual({ link: expect.anything(), origin: { ...preset, chapter: 3 }, methods: [], base: preset.experiment, place: beginningOf(preset.experiment), hidden: [], asked: null, problems: [] });
    lab.getState().commit(withBeta(0.3));
    vi.advanceTimersByTime(60);
    const opened = openingOf(linkOf(run, lab));
    expect(opened).toMatchObject({ origin: { id: 'the-the-the', chapter: 3 }, base: withBeta(0.3), problems: [] });
    expect(lab.getState().origin.chapter, 'a changed knob does not leave the chapter').toBe(3);
    // “Restore” gives back what the reader came with, here.
    lab.getState().restore();
    expect(lab.getState()).toMatchObject({ origin: { id: 'the-the-the', chapter: 3 }, base: preset.experiment });
  });

  test('so it does with an experiment of a file', () => {
    const { run, lab } = setUp();
    const own = { ...preset.experiment, name: 'own', gold: { ...preset.experiment.gold!, otherwise: -3 } };
    lab.getState().openFile('own.json', printExperiment(own));
    vi.advanceTimersByTime(60);
    const { run: number } = run.getState();
    lab.getState().openChapter(3);
    expect(run.getState().run).toBe(number);
    expect(lab.getState()).toMatchObject({ origin: { id: null, chapter: 3 }, base: run.getState().experiment });
    expect(openingOf(linkOf(run, lab))).toMatchObject({ origin: { chapter: 3 }, base: lab.getState().base, problems: [] });
    lab.getState().openChapter(5);
    expect(run.getState().run).toBe(number);
    expect(lab.getState().origin).toMatchObject({ id: null, chapter: 5 });
  });

  test('a chapter that keeps none, and a run that it cannot read, open with a preset of their own', () => {
    const { run, lab } = playing();
    lab.getState().openChapter(6);
    vi.advanceTimersByTime(60);
    expect(lab.getState().origin).toBe(presetsOf(6)[0]);
    expect(run.getState()).toMatchObject({ run: 2, state: 'paused', step: 0 });
    // Online DPO is a run of DPO with a gold reward, too.
    lab.getState().openChapter(3);
    expect(lab.getState().origin).toEqual({ ...presetsOf(6)[0], chapter: 3 });
    // PPO and methods side by side are not.
    for (const id of [7, 8] as const) {
      lab.getState().openChapter(id);
      vi.advanceTimersByTime(60);
      const { run: number } = run.getState();
      lab.getState().openChapter(3);
      expect(lab.getState()).toMatchObject({ origin: presetsOf(3)[0], base: presetsOf(3)[0].experiment, methods: [] });
      expect(run.getState().run).toBe(number + 1);
      vi.advanceTimersByTime(60);
    }
    // Without a gold reward there is nothing to compare with.
    const { gold: _none, ...without } = preset.experiment;
    lab.getState().openFile('without.json', printExperiment({ ...without, name: 'without gold' }));
    vi.advanceTimersByTime(60);
    lab.getState().openChapter(3);
    expect(lab.getState().origin).toBe(presetsOf(3)[0]);
    expect(openingOf('?preset=ppo-gold&chapter=3').problems).toEqual(['The link\'s chapter 3 was not used: its experiment belongs to chapter 7.']);
  });
});

/** Chapter 8 with two methods. */
function sideBySide() {
  const page = setUp();
  page.lab.getState().openChapter(8);
  vi.advanceTimersByTime(60);
  expect(page.lab.getState().setMethods(['dpo', 'ipo'])).toBeNull();
  vi.advanceTimersByTime(60);
  const starts = () => page.sent.flatMap((command) => (command.type === 'start' ? [[command.experiment, ...(command.others ?? [])]] : []));
  return { ...page, starts };
}

test('methods: each trains what it makes of the one experiment that the controls change', () => {
  const { run, lab, starts } = sideBySide();
  const { base } = lab.getState();
  expect(starts().at(-1)).toEqual(methodsOf(['dpo', 'ipo']).map((method) => method.apply(base)));
  expect(run.getState().members).toHaveLength(2 * base.seeds.length);
  lab.getState().commit(setParam(base, 'beta', 0.3));
  expect(starts().at(-1)?.map(({ algorithm }) => algorithm.beta)).toEqual([0.3, 0.3]);
  expect(linkOf(run, lab)).toContain('methods=dpo,ipo');
  lab.getState().restore();
  expect(lab.getState()).toMatchObject({ base, methods: presetsOf(8)[0].methods });
  expect(linkOf(run, lab)).toBe(`?preset=${presetsOf(8)[0].id}&v=1`);
});

test('methods: β changes in all of them while they run; their learning rates do not', () => {
  const { run, lab, sent } = sideBySide();
  expect(lab.getState().setMethods(['dpo', 'dpop'])).toBeNull();
  vi.advanceTimersByTime(60);
  const { base } = lab.getState();
  lab.getState().set({ retuning: true });
  lab.getState().commit(setParam(base, 'beta', 0.3));
  expect(sent.at(-1)).toMatchObject({ type: 'retune', beta: 0.3 });
  expect([run.getState().experiment, ...run.getState().others].map((own) => own?.algorithm.beta)).toEqual([0.3, 0.3]);
  expect(lab.getState().base.algorithm.beta).toBe(0.3);
  lab.getState().commit(setParam(lab.getState().base, 'learningRate', 0.123));
  expect(sent.at(-1)).toMatchObject({ type: 'start', others: [{}] });
});

test('methods: where a learning rate follows β, as IPO’s does, a change of β starts over', () => {
  const { lab, starts } = sideBySide();
  const count = starts().length;
  lab.getState().set({ retuning: true });
  lab.getState().commit(setParam(lab.getState().base, 'beta', 0.02));
  expect(starts().length).toBe(count + 1);
  const [dpo, ipo] = starts().at(-1)!;
  expect(ipo.optimizer.learningRate).toBeLessThan(dpo.optimizer.learningRate);
});

test('methods: a sweep, too few of them, or a chapter that has none is refused in a sentence', () => {
  const { lab, sent } = sideBySide();
  const count = sent.length;
  expect(lab.getState().commit(setParam(lab.getState().base, 'sweepBeta', [0.05, 0.5]))).toMatch(/one value of every knob/);
  expect(lab.getState().setMethods(['dpo'])).toMatch(/2 to 8 methods/);
  expect(sent.length).toBe(count);
  lab.getState().openChapter(5);
  expect(lab.getState().setMethods(['dpo', 'ipo'])).toBe('Chapter 5 trains one method at a time.');
  expect(lab.getState().methods).toEqual([]);
});

test('methods: another backend and a recovery keep all of them; leaving them drops their focus', () => {
  const { run, lab, starts } = sideBySide();
  run.getState().setFocus({ seedIndex: 1, sweepIndex: 1 });
  lab.getState().pinBackend('cpu');
  expect(starts().at(-1)).toHaveLength(2);
  lab.getState().openChapter(5);
  expect(starts().at(-1)).toEqual([preset.experiment]);
  expect(run.getState().focus).toEqual({ seedIndex: 1, sweepIndex: 0 });
});

test('a decimal comma is a decimal point; what may be thousands is left to be refused', () => {
  expect(['0,5', ' 12,25 ', '0,500', '-,5', '1,000', '0.5', '1,2,3', 'abc', ''].map(withDecimalPoint))
    .toEqual(['0.5', '12.25', '0.500', '-.5', '1,000', '0.5', '1,2,3', 'abc', '']);
});

test('a link is promised to others only where its address is not this machine’s own', () => {
  const at = (href: string) => staysHere(new URL(href));
  expect(['http://localhost:5173/', 'http://127.0.0.1:80/x', 'http://[::1]:8080/', 'file:///tmp/index.html'].map(at)).toEqual([true, true, true, true]);
  expect(['https://example.org/lab/', 'http://10.0.0.7/', 'https://localhost.example.org/'].map(at)).toEqual([false, false, false]);
});
