/** A prediction from the question to the record: what makes it stand, what reveals it, what makes it void. */
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ownOrigin, presetOrigin, type Origin } from '../src/components/chapters.ts';
import { createLabStore, LabContext, type LabStatus, type LabStore } from '../src/components/labStore.ts';
import { isPlain } from '../src/components/lecture/sync/plain.ts';
import { askedOf, questionHere } from '../src/components/predict/asking.ts';
import { PredictionCard } from '../src/components/predict/PredictionCard.tsx';
import { createPredictStore, MOST_VOTES, PredictContext, type PredictStore } from '../src/components/predict/predictStore.ts';
import { keepRecords, printRecords, RECORDS_KEPT } from '../src/components/predict/records.ts';
import { RecordsPanel } from '../src/components/predict/RecordsPanel.tsx';
import { equalMasses, movedMasses } from '../src/components/predict/shares.ts';
import { RunContext } from '../src/components/run.ts';
import { readExperiment } from '../src/sim/experimentSchema.ts';
import { setParam } from '../src/sim/params.ts';
import type { Masses } from '../src/sim/question.ts';
import { createRunStore, type RunStore } from '../src/sim/runStore.ts';
import { GROUPS } from '../src/sim/world.ts';
import { createFakeClient, type FakeOptions } from './fixtures/fakeRun.ts';
import { textOf } from './fixtures/singlePage.tsx';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

interface Page { run: RunStore; lab: LabStore; predict: PredictStore }

async function opened(origin: Origin = presetOrigin('the-the-the'), start: Partial<LabStatus> = {}, options: FakeOptions = {}): Promise<Page> {
  const run = createRunStore(createFakeClient({ startMs: 10, ...options }));
  const lab = createLabStore(run, { origin, ...start });
  const predict = createPredictStore(run, lab);
  run.getState().load(lab.getState().base);
  run.getState().setSpeed(400);
  await vi.advanceTimersByTimeAsync(50);
  return { run, lab, predict };
}

const SAID: Masses = [0.4, 0.1, 0, 0.5];
const actions = ({ predict }: Page) => predict.getState();

async function committed(page: Page): Promise<void> {
  actions(page).setAnswer({ kind: 'masses', masses: SAID });
  expect(actions(page).commit()).toBeNull();
  await vi.advanceTimersByTimeAsync(300);
}

/** Lets the run play to its end. */
const playOut = () => vi.advanceTimersByTimeAsync(20_000);

function show({ run, lab, predict }: Page, part: React.ReactNode): string {
  // Rendered to a string, zustand shows what a store began with; here it is to be what it holds now.
  const [runNow, labNow, predictNow] = [{ ...run, getInitialState: run.getState }, { ...lab, getInitialState: lab.getState }, { ...predict, getInitialState: predict.getState }];
  return renderToString(<RunContext value={runNow}><LabContext value={labNow}><PredictContext value={predictNow}>{part}</PredictContext></LabContext></RunContext>).replaceAll('<!-- -->', '');
}
const text = (page: Page) => textOf(show(page, <PredictionCard />));

describe('the question', () => {
  const idOf = ({ run, lab, predict }: Page) => questionHere(run.getState(), lab.getState(), predict.getState().picked)?.id ?? null;

  test('is the preset’s own, the link’s where that applies, or the reader’s', async () => {
    const page = await opened();
    expect(idOf(page)).toBe('where');
    expect(actions(page).open).toBe(false);
    actions(page).pick('loss');
    expect(idOf(page)).toBe('loss');
    page.lab.getState().choosePreset('strong-tie');
    expect(idOf(page), 'another experiment has its own again').toBe('where');
    const linked = await opened(presetOrigin('the-the-the'), { asked: 'collapsed' });
    expect(idOf(linked)).toBe('collapsed');
    expect(actions(linked).open, 'a link that asks opens the card').toBe(true);
    expect(idOf(await opened(presetOrigin('the-the-the'), { asked: 'rate' })), 'it cannot be asked here').toBe('where');
  });

  test('is hidden where it cannot be asked any more, and one is found for an experiment of a reader’s own', async () => {
    const page = await opened(presetOrigin('transformer'));
    expect(idOf(page)).toBe('collapsed');
    page.lab.getState().commit(setParam(page.lab.getState().base, 'seeds', [0]));
    expect(idOf(page)).toBeNull();
    expect(show(page, <PredictionCard />)).toBe('');
    expect(idOf(await opened(ownOrigin(presetOrigin('ppo-gold').experiment)))).toBe('optimum');
    expect(idOf(await opened(ownOrigin(presetOrigin('near-pairs').experiment)))).toBe('where');
  });

  test('an answer and votes belong to it: another question begins anew, the same with another β does not', async () => {
    const page = await opened();
    actions(page).setAnswer({ kind: 'masses', masses: SAID });
    actions(page).setVote('ood', 12);
    page.lab.getState().commit(setParam(page.lab.getState().base, 'beta', 0.3));
    expect(actions(page)).toMatchObject({ answer: { masses: SAID }, votes: { ood: 12 } });
    page.lab.getState().choosePreset('transformer');
    expect(actions(page)).toMatchObject({ answer: null, votes: {} });
  });
});

describe('bars', () => {
  const groups = ['chosen', 'rejected', 'ood'] as const;
  test('are whole per cent that add up to 100, whatever is moved', () => {
    let masses = equalMasses(groups);
    expect(masses).toEqual([0.34, 0.33, 0, 0.33]);
    for (const [group, p] of [['ood', 0.733], ['chosen', 2], ['rejected', -1], ['ood', 0.07], ['rejected', 0.5]] as const) {
      masses = movedMasses(masses, groups, group, p);
      expect(Math.round(100 * masses.reduce((a, b) => a + b, 0))).toBe(100);
      expect(masses[GROUPS.indexOf(group)]).toBe(Math.round(100 * Math.min(1, Math.max(0, p))) / 100);
      for (const mass of masses) expect(Math.abs(100 * mass - Math.round(100 * mass))).toBeLessThan(1e-9);
      expect(masses[2], 'a group without responses has none').toBe(0);
    }
  });

  test('keep their proportions, and share where they have none', () => {
    expect(movedMasses([0.6, 0.2, 0, 0.2], groups, 'ood', 0.6)).toEqual([0.3, 0.1, 0, 0.6]);
    expect(movedMasses([0, 0, 0, 1], groups, 'ood', 0.5)).toEqual([0.25, 0.25, 0, 0.5]);
  });
});

describe('from commit to result', () => {
  test('without an answer nothing stands; with one the run plays from update 0 and shows what was shown', async () => {
    const page = await opened();
    expect(actions(page).commit()).toMatch(/Answer the question first/);
    page.run.getState().setFocus({ seedIndex: 2, sweepIndex: 0 });
    page.run.getState().stepBy(50);
    await committed(page);
    expect(actions(page).stage).toBe('committed');
    expect(page.run.getState()).toMatchObject({ state: 'running', focus: { seedIndex: 2, sweepIndex: 0 } });
    expect(page.run.getState().step).toBeLessThan(200);
  });

  test('what stands cannot be changed', async () => {
    const page = await opened();
    actions(page).setOpen(true);
    await committed(page);
    actions(page).setAnswer({ kind: 'masses', masses: [1, 0, 0, 0] });
    actions(page).setVote('ood', 3);
    actions(page).pick('loss');
    expect(actions(page)).toMatchObject({ stage: 'committed', answer: { masses: SAID }, votes: {}, picked: null, committed: { question: 'where', answer: { masses: SAID } } });
    expect(actions(page).commit()).toMatch(/no question/);
    expect(text(page)).toContain('You said 40 % “on the mat”, 10 % “on a mat”, 50 % responses nobody wrote');
    expect(text(page)).toContain('Start over and take it back');
  });

  test('at the last update it is revealed, scored, and recorded', async () => {
    const page = await opened();
    actions(page).setVote('chosen', 20);
    actions(page).setVote('ood', 11);
    await committed(page);
    await playOut();
    const { stage, result, records } = actions(page);
    expect(stage).toBe('revealed');
    const { answer } = result?.outcome ?? {};
    if (answer?.kind !== 'masses') throw new Error('no masses');
    const moved = answer.masses.reduce((sum, p, g) => sum + Math.abs(p - SAID[g]) / 2, 0);
    expect(result?.score?.score).toBeCloseTo(1 - moved, 12);
    const [record] = records;
    expect(record).toMatchObject({
      version: 1, question: 'where', words: 'Where will the probability be after 800 updates?', seeds: [0, 1, 2, 3, 4, 5, 6, 7], shownSeed: null, backend: 'wasm',
      answer: { kind: 'masses', masses: SAID }, votes: [{ option: 'chosen', text: '“on the mat”', count: 20 }, { option: 'ood', text: 'responses nobody wrote', count: 11 }],
      ended: 'scored', outcome: result?.outcome, score: result?.score?.score, link: expect.stringContaining('ask=where') as string,
    });
    expect(Date.parse(record.endedAt)).toBeGreaterThan(Date.parse(record.committedAt));
    expect(readExperiment(record.experiments[0])).toStrictEqual({ ok: true, experiment: presetOrigin('the-the-the').experiment });
    expect(JSON.parse(printRecords(records))).toEqual({ version: 1, predictions: JSON.parse(JSON.stringify(records)) as unknown });
  });

  test('both stand beside each other, and the votes with their shares', async () => {
    const page = await opened();
    actions(page).setOpen(true);
    actions(page).setVote('chosen', 30);
    actions(page).setVote('ood', 10);
    await committed(page);
    await playOut();
    const said = text(page);
    expect(said).toContain(actions(page).result?.score?.sentence);
    expect(said).toContain('you said50 %it was');
    expect(said).toMatch(/The class, on who would hold most: (10|30) of 40 hands right/);
    expect(said).toContain('30 75 %');
    const records = textOf(show(page, <RecordsPanel />));
    expect(records).toContain('1 scored');
    expect(records).toContain('Class: 30 for “on the mat”, 10 for responses nobody wrote');
  });

  test('a class alone can predict: there is nothing to score, but its hands', async () => {
    const page = await opened();
    actions(page).setVote('ood', 10);
    expect(actions(page).commit()).toBeNull();
    await playOut();
    expect(actions(page)).toMatchObject({ stage: 'revealed', result: { score: null }, records: [{ answer: null, score: null, ended: 'scored' }] });
  });

  test('going back meanwhile changes nothing; the result is that of the last update', async () => {
    const page = await opened();
    await committed(page);
    page.run.getState().seek(10);
    await vi.advanceTimersByTimeAsync(500);
    expect(actions(page).stage).toBe('committed');
    page.run.getState().play();
    await playOut();
    expect(actions(page).stage).toBe('revealed');
  });

  test('the result stays until another experiment is chosen', async () => {
    const page = await opened();
    await committed(page);
    await playOut();
    page.run.getState().reset();
    await vi.advanceTimersByTimeAsync(100);
    expect(actions(page).stage).toBe('revealed');
    page.lab.getState().commit(setParam(page.lab.getState().base, 'beta', 0.3));
    expect(actions(page)).toMatchObject({ stage: 'asked', committed: null, answer: null });
    expect(actions(page).records).toHaveLength(1);
  });
});

describe('void', () => {
  const endings: [string, string, (page: Page) => void][] = [
    ['changed', 'The experiment was changed', ({ lab }) => { lab.getState().commit(setParam(lab.getState().base, 'beta', 0.3)); }],
    ['changed', 'The experiment was changed', ({ lab }) => { lab.setState({ retuning: true }); lab.getState().commit(setParam(lab.getState().base, 'beta', 0.3)); }],
    ['over', 'The run was started over', ({ lab }) => { lab.getState().reset(); }],
    ['over', 'The run was started over', ({ predict }) => { predict.getState().again(); }],
    ['over', 'The run was started over', ({ lab }) => { lab.getState().pinBackend('cpu'); }],
  ];
  test.each(endings)('%s: %s', async (why, sentence, happen) => {
    const page = await opened();
    actions(page).setOpen(true);
    await committed(page);
    expect(page.run.getState().state).toBe('running');
    happen(page);
    await vi.advanceTimersByTimeAsync(20);
    const { records, result } = actions(page);
    expect(records).toMatchObject([{ ended: why, score: null, outcome: null, answer: { masses: SAID } }]);
    expect(result).toBeNull();
    expect(actions(page).stage).toBe('void');
    expect(text(page)).toContain(sentence);
    await playOut();
    expect(actions(page).records, 'a run to the end reveals nothing then').toHaveLength(1);
    actions(page).again();
    expect(actions(page)).toMatchObject({ stage: 'asked', committed: null, why: null, answer: null });
  });

  test('on another experiment a new question is asked at once; the record says what became of the old one', async () => {
    const page = await opened();
    await committed(page);
    page.lab.getState().choosePreset('ppo-gold');
    expect(actions(page)).toMatchObject({ stage: 'asked', committed: null, answer: null, records: [{ question: 'where', ended: 'changed' }] });
  });

  test('a run that stops before its end has no result', async () => {
    const page = await opened(presetOrigin('the-the-the'), {}, { faultAt: 60 });
    await committed(page);
    await playOut();
    expect(page.run.getState().state).toBe('failed');
    expect(actions(page)).toMatchObject({ stage: 'void', why: 'stopped', records: [{ ended: 'stopped' }] });
  });

  test('numbers that are not finite at the end have none either', async () => {
    const page = await opened(presetOrigin('the-the-the'));
    actions(page).pick('optimum');
    actions(page).setAnswer({ kind: 'choice', option: 'near' });
    actions(page).commit();
    await vi.advanceTimersByTimeAsync(100);
    const { history, run, experiment } = page.run.getState();
    const metrics = new Float64Array(history.metricCount * history.policyCount).fill(NaN);
    page.run.setState({ history: { ...history, last: { step: experiment?.steps ?? 0, metrics } }, run });
    expect(actions(page)).toMatchObject({ stage: 'void', why: 'undefined', records: [{ ended: 'undefined' }] });
  });
});

describe('votes', () => {
  test('are whole numbers of hands; 0 takes them away', async () => {
    const page = await opened();
    for (const bad of [-1, 1.5, NaN, MOST_VOTES + 1]) actions(page).setVote('ood', bad);
    expect(actions(page).votes).toEqual({});
    actions(page).setVote('ood', 7);
    actions(page).setVote('chosen', 2);
    actions(page).setVote('ood', 0);
    expect(actions(page).votes).toEqual({ chosen: 2 });
  });
});

describe('records', () => {
  function memory(kept: Record<string, string> = {}) {
    const storage = { getItem: (key: string) => kept[key] ?? null, setItem: (key: string, value: string) => { kept[key] = value; }, removeItem: (key: string) => { delete kept[key]; } };
    return { kept, storage: () => storage as unknown as Storage };
  }

  test('are kept over chapters and visits, newest last, until they are forgotten', async () => {
    const { kept, storage } = memory();
    const page = await opened();
    keepRecords(page.predict, storage);
    await committed(page);
    await playOut();
    page.lab.getState().openChapter(7);
    expect(actions(page).records).toHaveLength(1);
    const later = await opened();
    keepRecords(later.predict, storage);
    expect(actions(later).records).toEqual(actions(page).records);
    actions(later).forget();
    expect(kept).toEqual({});
    const many = Array.from({ length: RECORDS_KEPT + 5 }, () => actions(page).records[0]);
    actions(page).setRecords(many);
    const third = await opened();
    keepRecords(third.predict, storage);
    expect(actions(third).records).toHaveLength(RECORDS_KEPT);
  });

  test.each(['no json', '{"a":1}', '[{"version":1},7,null]'])('what is not ours is left out: %s', async (text) => {
    const page = await opened();
    keepRecords(page.predict, memory({ 'dpo-lab/predictions': text }).storage);
    expect(actions(page).records).toEqual([]);
  });

  test('blocked storage does no harm', async () => {
    const page = await opened();
    keepRecords(page.predict, () => { throw new Error('blocked'); });
    await committed(page);
    await playOut();
    expect(actions(page).records).toHaveLength(1);
  });

  test('and all of the state are plain data, for the windows that follow', async () => {
    const page = await opened();
    const plain = () => Object.entries(actions(page)).filter(([, value]) => typeof value !== 'function').every(([, value]) => isPlain(value));
    expect(plain()).toBe(true);
    await committed(page);
    expect(plain()).toBe(true);
    await playOut();
    expect(plain()).toBe(true);
    expect(structuredClone(actions(page).records)).toEqual(actions(page).records);
  });
});

test('methods side by side are asked about as they train', async () => {
  const page = await opened(presetOrigin('remedies-the-the-the'));
  expect(askedOf(page.run.getState(), page.lab.getState()).others).toHaveLength(7);
  actions(page).setAnswer({ kind: 'count', count: 4 });
  expect(actions(page).commit()).toBeNull();
  await playOut();
  expect(actions(page)).toMatchObject({ stage: 'revealed', records: [{ question: 'holding', experiments: { length: 8 } }] });
});
