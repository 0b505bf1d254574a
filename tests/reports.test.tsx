/** The teacher's page: what it opens, how it replays a class, and what somebody else's file may hold. */
import { renderToString } from 'react-dom/server';
import { describe, expect, test, vi } from 'vitest';
import type { StoreApi } from 'zustand/vanilla';
import { labAddress } from '../src/components/reports/claims.ts';
import { comparisonOf, type NumberPair } from '../src/components/reports/compare.ts';
import { jobKey, jobsOf } from '../src/components/reports/jobs.ts';
import { isRefused, MOST_REPORTS, openReport, type ReportFile } from '../src/components/reports/openReports.ts';
import type { Replayed, ReplayParts } from '../src/components/reports/replay.ts';
import { ReportsOf } from '../src/components/reports/Reports.tsx';
import { createReportsStore, type ReportsStore } from '../src/components/reports/reportsStore.ts';
import { pictureAddress } from '../src/components/reports/TaskSection.tsx';
import type { Evidence } from '../src/components/student/report.ts';
import { printReport, reportHtml } from '../src/components/student/reportFile.ts';
import { theTheThe } from '../src/sim/presets/the-the-the.ts';
import { createRunStore } from '../src/sim/runStore.ts';
import { exampleReport, exampleTask, EXAMPLE_EVIDENCE, EXAMPLE_PREDICTION } from './fixtures/exampleReport.ts';
import { createFakeClient } from './fixtures/fakeRun.ts';

const fileOf = (text: string, name = 'report.json', size = text.length): ReportFile => ({ name, size, text: async () => text });

describe('opening', () => {
  test('a page and a JSON of the same report are one report', async () => {
    const first = await openReport(fileOf(reportHtml(exampleReport()), 'ada.html'), []);
    if (isRefused(first)) throw new Error(first.problem);
    expect(first).toMatchObject({ file: 'ada.html', intact: true, report: { student: 'Ada Example' } });
    expect(await openReport(fileOf(printReport(exampleReport()), 'again.json'), [first])).toEqual({ file: 'again.json', problem: 'This is the report that is open already from ada.html.' });
  });

  test('one that was changed afterwards is another one, and said to be changed, whatever hash it carries', async () => {
    const first = await openReport(fileOf(printReport(exampleReport())), []);
    if (isRefused(first)) throw new Error(first.problem);
    const text = printReport(exampleReport()).replace('"said":"99.9"', '"said":"12.3"');
    const changed = await openReport(fileOf(text), [first]);
    if (isRefused(changed)) throw new Error(changed.problem);
    expect([changed.intact, changed.id === first.id]).toEqual([false, false]);
  });

  test.each<[string, ReportFile, RegExp]>([
    ['too large', fileOf('', 'film.html', 6e6), /^A report has at most 5 MB, this file has 6 MB\.$/],
    ['unreadable', { name: 'folder', size: 1, text: () => Promise.reject(new Error('no')) }, /^The browser could not read this file\.$/],
    ['empty', fileOf(''), /^The file holds no report of the lab\.$/],
    ['another page', fileOf('<h1>Hello</h1>'), /^The file holds no report of the lab\.$/],
    ['cut off', fileOf(printReport(exampleReport()).slice(0, 300)), /^The file cannot be read: line 1, column \d+: /],
    ['of wrong numbers', fileOf(printReport(exampleReport()).replace('"before":1', '"before":-1')), /^tasks\[0\]\.answers\[0\]\.before must be an integer in /],
  ])('a file that is %s is one clear sentence', async (_, file, sentence) => {
    const found = await openReport(file, []);
    expect(found).toEqual({ file: file.name, problem: expect.stringMatching(sentence) });
    expect(isRefused(found) && found.problem.endsWith('.')).toBe(true);
  });

  test('a wrong file does not keep the next ones from being opened, and too many are not', async () => {
    const store = storeOf();
    const texts = Array.from({ length: MOST_REPORTS + 5 }, (_, i) => (i === 1 ? 'broken' : printReport(exampleReport({ student: `Student ${i}`, tasks: [exampleTask({ evidence: null, pictures: [] })], predictions: [] }))));
    await store.getState().open(texts.map((text, i) => fileOf(text, `r${i}.json`)));
    const { opened: open, refused, reading } = store.getState();
    expect(open).toHaveLength(MOST_REPORTS - 1);
    expect(refused.map(({ file }) => file)).toEqual(['r1.json', '5 more files']);
    expect(reading).toBeNull();
    // One more fits, the next does not.
    await store.getState().open(texts.slice(-2).map((text, i) => fileOf(text, `late${i}.json`)));
    expect(store.getState().opened).toHaveLength(MOST_REPORTS);
    expect(store.getState().refused).toEqual([{ file: 'late1.json', problem: `At most ${MOST_REPORTS} reports are open at once: forget the others first.` }]);
  });
});

test('forgotten while files are being read, none of them comes afterwards; what is opened next does', async () => {
  const store = storeOf();
  const texts = ['Ada', 'Bo', 'Cy', 'Di'].map((student) => printReport(exampleReport({ student })));
  let go = () => {};
  const held = new Promise<void>((resolve) => { go = resolve; });
  const slow: ReportFile = { name: 'bo.json', size: texts[1].length, text: async () => { await held; return texts[1]; } };
  const first = store.getState().open([fileOf(texts[0], 'ada.json'), slow, fileOf('broken', 'broken.json')]);
  const second = store.getState().open([fileOf(texts[2], 'cy.json')]);
  await vi.waitFor(() => expect(store.getState()).toMatchObject({ reading: { done: 1, all: 3 }, opened: [{ file: 'ada.json' }] }));
  store.getState().forget();
  expect(store.getState()).toMatchObject({ opened: [], reading: null });
  const third = store.getState().open([fileOf(texts[3], 'di.json')]);
  go();
  await Promise.all([first, second, third]);
  expect(store.getState().opened.map(({ file }) => file)).toEqual(['di.json']);
  expect(store.getState()).toMatchObject({ refused: [], reading: null });
});

/** A store whose engine is a toy. */
function storeOf(parts: Partial<ReplayParts> = {}): ReportsStore {
  return createReportsStore(() => ({ run: createRunStore(createFakeClient({ startMs: 2 })), restart: () => undefined, ...parts }));
}

describe('replays of a class', () => {
  const evidence: Evidence = { ...EXAMPLE_EVIDENCE, link: '?preset=the-the-the&seeds=0&steps=40&backend=wasm&step=12&v=1', experiments: [{ ...EXAMPLE_EVIDENCE.experiments[0], steps: 40, seeds: [0] }], seeds: [0], step: 12, metrics: { loss: [0.5] }, top: [] };
  const reports = (n: number) => Array.from({ length: n }, (_, i) => fileOf(printReport(exampleReport({
    student: `Student ${i}`, predictions: [], tasks: [exampleTask({ evidence: i === 1 ? { ...evidence, link: '?weather=rain' } : { ...evidence, metrics: { loss: [i] } }, pictures: [] })],
  }))));

  test('one failure does not keep the next ones from being replayed; at the end the engine is let go', async () => {
    const restart = vi.fn();
    const run = createRunStore(createFakeClient({ startMs: 2 }));
    const listeners = new Set<unknown>();
    const { subscribe } = run;
    run.subscribe = (listener) => {
      const stop = subscribe(listener);
      listeners.add(listener);
      return () => { listeners.delete(listener); stop(); };
    };
    const store = storeOf({ run, restart });
    await store.getState().open(reports(4));
    store.getState().replay(jobsOf(store.getState().opened));
    await vi.waitFor(() => expect(store.getState().waiting).toEqual([]), { timeout: 5000 });
    expect(store.getState().opened.map(({ id }) => store.getState().replayed[jobKey({ report: id, task: 0 })]?.kind)).toEqual(['compared', 'failed', 'compared', 'compared']);
    expect(run.getState().run, 'one link, one run').toBe(1);
    expect(restart).toHaveBeenCalledTimes(1);
    expect(listeners.size).toBe(0);
    // Asked again, it is made again.
    store.getState().replay(jobsOf(store.getState().opened).slice(0, 1));
    expect(Object.keys(store.getState().replayed)).toHaveLength(3);
    await vi.waitFor(() => expect(Object.keys(store.getState().replayed)).toHaveLength(4), { timeout: 5000 });
    expect(run.getState().run).toBe(2);
  });

  test('stopped, what was found stays and nothing more is replayed; forgotten, nothing is left', async () => {
    const restart = vi.fn();
    const store = storeOf({ run: createRunStore(createFakeClient({ startMs: 1e6 })), restart });
    await store.getState().open(reports(3));
    store.getState().replay(jobsOf(store.getState().opened).toSorted((a) => (a.report === store.getState().opened[1].id ? -1 : 1)));
    await vi.waitFor(() => expect(Object.keys(store.getState().replayed)).toHaveLength(1));
    expect(store.getState().waiting).toHaveLength(2);
    store.getState().stop();
    await vi.waitFor(() => expect(store.getState().waiting).toEqual([]));
    expect(Object.keys(store.getState().replayed)).toHaveLength(1);
    expect(restart).toHaveBeenCalled();
    store.getState().forget();
    expect(store.getState()).toMatchObject({ opened: [], replayed: {}, shown: null });
  });
});

/** Rendered to a string, zustand shows what a store began with; here it is to be what it holds now. */
const now = <T,>(store: StoreApi<T>) => ({ ...store, getInitialState: store.getState });
const show = (store: ReportsStore) => renderToString(<ReportsOf store={now(store)} />).replaceAll('<!-- -->', '');

describe('on the page', () => {
  const evil = '<img src=x onerror=alert(1)><script>alert(2)</script>';
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><text>&lt;script&gt;alert(4)&lt;/script&gt;\uD800</text></svg>';

  test('without reports it says what to do, and that nothing is sent or kept', () => {
    const html = show(storeOf());
    expect(html).toContain('sends them nowhere');
    expect(html).toContain('has forgotten them');
    expect(html).toContain('href="?path=ood"');
    expect(html).not.toContain('<table');
  });

  test('the table has a row a report, in the order asked for', async () => {
    const store = storeOf();
    await store.getState().open(['Bo', 'Ada'].map((student) => fileOf(printReport(exampleReport({ student })))));
    expect(show(store)).toMatch(/aria-sort="ascending".*>Ada<.*>Bo</s);
    store.getState().sortBy('student');
    expect(show(store)).toMatch(/aria-sort="descending".*>Bo<.*>Ada</s);
    store.getState().sortBy('score');
    expect(show(store)).toMatch(/<th scope="col" aria-sort="ascending"><button[^>]*>predictions/);
  });

  test('nothing that a report says becomes a part of the page', async () => {
    const store = storeOf();
    const task = exampleTask({ title: evil, asked: evil, found: evil, answers: [{ label: evil, said: evil, found: evil, right: false, before: 2 }], pictures: [{ title: evil, svg }], evidence: { ...EXAMPLE_EVIDENCE, headline: evil, top: [{ response: evil, probability: 0.5 }] } });
    await store.getState().open([fileOf(printReport(exampleReport({ student: evil, tasks: [task], predictions: [{ ...EXAMPLE_PREDICTION, words: evil, said: evil }] })), `${evil}.json`)]);
    const [{ id }] = store.getState().opened;
    const pages = [show(store)];
    store.getState().show(id);
    pages.push(show(store));
    for (const html of pages) {
      expect(html).toContain('&lt;script&gt;alert(2)');
      expect(html).not.toMatch(/<script|<svg|onerror=alert\(1\)>|<img src=x/);
    }
    const images = [...pages[1].matchAll(/<img src="([^"]*)"/g)].map(([, src]) => src);
    expect(images).toEqual([pictureAddress(svg)]);
    expect(decodeURIComponent(images[0].replace('data:image/svg+xml;charset=utf-8,', ''))).toBe(svg.replace('\uD800', '\uFFFD'));
  });

  test('a link leads into the lab or nowhere', async () => {
    expect(['?preset=near-pairs&v=1', '', 'javascript:alert(1)', '//example.org', 'https://example.org/?x'].map(labAddress)).toEqual(['?preset=near-pairs&v=1', '?', '?', '?', '?']);
    const store = storeOf();
    await store.getState().open([fileOf(printReport(exampleReport()))]);
    store.getState().show(store.getState().opened[0].id);
    const html = show(store);
    expect(html).toContain(`href="${EXAMPLE_EVIDENCE.link.replaceAll('&', '&amp;')}" target="_blank"`);
  });

  test('an opened report has the student’s words, the evidence and what the replay found beside it', async () => {
    const store = storeOf();
    await store.getState().open([fileOf(printReport(exampleReport()))]);
    const [{ id }] = store.getState().opened;
    store.getState().show(id);
    const before = show(store);
    expect(before, 'what an unkeyed hash is worth').toMatch(/matches what the report says[^<]*it is no signature/);
    expect(before).not.toContain('the file is as it was saved');
    for (const text of ['Ada Example', 'Let the run go to its last update.', '99.9', 'after 1 other answer', EXAMPLE_EVIDENCE.headline, 'the the the', 'not replayed yet', 'median over 8 policies', EXAMPLE_PREDICTION.said]) expect(before).toContain(text);
    const pairs = (EXAMPLE_EVIDENCE.metrics['mass/ood'] ?? []).map((reported, policy): NumberPair => ({ metric: 'mass/ood', policy, reported, here: policy === 2 ? 0.12 : reported }));
    const replayed: Replayed = { kind: 'compared', comparison: comparisonOf(pairs), pairs, experiments: [theTheThe.experiment], backend: 'wasm', headline: 'Something else.', top: EXAMPLE_EVIDENCE.top, topApart: null };
    store.setState({ replayed: { [jobKey({ report: id, task: 0 })]: replayed } });
    const after = show(store);
    for (const text of ['differs: mass/ood of seed 2 is 0.120 here, 0.999 in the report', 'Something else.', '8 numbers compared, on WebAssembly: 1 not equal']) expect(after).toContain(text);
    expect(after).toMatch(/data-metric="mass\/ood" data-apart="true"/);
  });
});
