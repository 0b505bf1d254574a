/** The guided path on the real engine: every task can be done, each check takes the right thing and nothing else, and what is said is true. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeReport } from '../src/components/student/makeReport.ts';
import { crossingOf, HEADLINE, LEVEL, withBeta } from '../src/components/student/looked.ts';
import { doneCount, judgedOf } from '../src/components/student/pathStore.ts';
import { printReport, readReport, reportHtml } from '../src/components/student/reportFile.ts';
import { TASK_IDS, type TaskId } from '../src/components/student/taskIds.ts';
import { taskOf } from '../src/components/student/tasks.ts';
import { readLink } from '../src/sim/url.ts';
import { metricOf } from '../src/sim/focus.ts';
import { historyPoints } from '../src/sim/history.ts';
import { metricIndex, type MetricId } from '../src/sim/metrics.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import { openPathPage, PICTURE, type PathPage } from './fixtures/pathPage.ts';
import { switchBackend } from './product.ts';

beforeAll(() => switchBackend('wasm'));

describe('a student who walks the whole path', () => {
  let page: PathPage;
  beforeAll(async () => {
    page = openPathPage();
    page.run.getState().load(HEADLINE);
    await page.settled();
  });
  afterAll(() => page.close());

  const act = () => page.path.getState();
  const values = (id: MetricId) => metricOf(page.run.getState().frame!.metrics, 8, id, HEADLINE.seeds);
  /** OOD mass of every seed at every update on record. */
  const massesOnRecord = () => historyPoints(page.run.getState().history).points.map((point) => metricOf(point, 8, 'mass/ood', HEADLINE.seeds));
  /** What a check says where one seed had so much OOD mass in the middle of the run. */
  const missingIfOnItsWay = (id: TaskId, mass: number) => {
    const { run, predict } = page.looked();
    const points = run.history.points.map((point, i) => (i === 9 ? point.with(metricIndex('mass/ood') * 8 + 2, mass) : point));
    const checked = taskOf(id).check?.({ run: { ...run, history: { ...run.history, points } }, predict }, '');
    return checked && !checked.ok ? checked.missing : 'FOUND';
  };
  const done = (id: TaskId) => page.walk(id).at !== null;
  const judged = (task: TaskId, entry: string) => judgedOf(act().tasks, task, entry);

  test('predicts: what was committed before the path began does not count', async () => {
    expect(page.missing('predict')).toBe('No prediction of this run has been committed yet.');
    page.predict.getState().setAnswer({ kind: 'masses', masses: [0.8, 0.1, 0, 0.1] });
    expect(page.predict.getState().commit()).toBeNull();
    expect(done('predict')).toBe(true);
    expect(page.walk('predict').found?.sentence).toBe('You predicted, before this run began (whether you had watched another one, the page does not know): 80 % “on the mat”, 10 % “on a mat”, 10 % responses nobody wrote.');
    expect(page.missing('predict', '2999-01-01')).toMatch(/^The prediction that stands is about another/);
    expect(act().said).toContain('Task 1 of 9 is done. Next: Run it');
    expect(page.missing('run')).toMatch(/being prepared|going on/);
    await page.until(() => page.run.getState().state === 'done');
  });

  test('runs and reads: numbers that are off are said to be so without giving them away', () => {
    expect(page.walk('run').found?.evidence).toMatchObject({ step: 800, backend: 'wasm', seeds: HEADLINE.seeds });
    const { facts: { ood, loss, lossStart }, evidence } = page.walk('run').found!;
    expect(ood).toBeGreaterThan(0.9);
    expect(loss).toBeLessThan(lossStart / 20);
    expect(evidence?.top[0].response).toBe('the the the');
    act().answer('run', 'ood', '50');
    expect(judged('run', 'ood')).toEqual({ right: false, sentence: expect.stringContaining('50 is too small') });
    act().answer('run', 'ood', '0.9998');
    expect(judged('run', 'ood')?.sentence).toContain('enter it in per cent');
    act().answer('run', 'ood', 'all of it');
    expect(judged('run', 'ood')?.sentence).toBe('Enter a number, such as 12.5.');
    act().answer('run', 'ood', `${(100 * ood).toFixed(1).replace('.', ',')} %`);
    expect(judged('run', 'ood')?.right).toBe(true);
    expect(page.walk('run').answers.ood.before).toBe(3);
    expect(done('run')).toBe(false);
    act().answer('run', 'loss', String(10 * loss));
    expect(judged('run', 'loss')).toEqual({ right: false, sentence: expect.stringContaining('too large') });
    act().answer('run', 'loss', loss.toPrecision(2));
    expect(judged('run', 'loss')?.sentence).toMatch(/^Yes: the loss fell from 0\.69 to 0\.0/);
    expect(done('run')).toBe(true);
    act().answer('run', 'loss', '5');
    expect(judged('run', 'loss')?.right, 'what was right stays').toBe(true);
  });

  test('explains: a wrong choice is explained with the run’s own numbers, a text must be one', () => {
    const { facts } = page.walk('run').found!;
    act().answer('explain', 'why', 'seed');
    expect(judged('explain', 'why')).toEqual({ right: false, sentence: `No: ${facts.collapsed} of 8 seeds ended with more than half of the probability there.` });
    act().answer('explain', 'why', 'reference');
    expect(judged('explain', 'why')?.sentence).toMatch(/^No: in the reference all responses nobody wrote together had 0\.2\d %\.$/);
    act().answer('explain', 'why', 'shared');
    act().write('explain', 'own', 'Too short.');
    act().finish('explain');
    expect(done('explain')).toBe(false);
    act().write('explain', 'own', 'It raised “the” wherever the network could say it.');
    expect(done('explain'), 'nobody is interrupted while writing').toBe(false);
    act().finish('explain');
    expect(done('explain')).toBe(true);
  });

  test('varies β: a value that does not hold in every seed is not enough', async () => {
    expect(page.missing('vary')).toBe('β is still 0.05: raise it.');
    await page.play(withBeta(HEADLINE, 0.2));
    expect(page.missing('vary')).toMatch(/^At β = 0\.2 the run ended with up to \d+ % on responses nobody wrote, and with more than 6 % in [1-8] of 8 seeds: raise β further\.$/);
    await page.play(withBeta(HEADLINE, 0.01));
    expect(page.missing('vary')).toBe('β = 0.01 is smaller than before: raise it.');
    await page.play(withBeta(HEADLINE, 0.5));
    expect(page.walk('vary').found?.facts.worst).toBeLessThanOrEqual(0.06);
    for (const mass of values('mass/chosen')) expect(mass, '“every seed ends on “on the mat””').toBeGreaterThan(0.9);
    act().answer('vary', 'why', 'slow');
    act().answer('vary', 'why', 'gap');
    expect(done('vary')).toBe(true);
  });

  test('rewinds: only to where the median passed one half, and not in passing', async () => {
    expect(page.missing('rewind')).toMatch(/^The page shows another experiment \(β = 0\.5\); this task is about β = 0\.05\.$/);
    act().setUp('rewind');
    await page.settled(800);
    expect(page.missing('rewind')).toMatch(/^The run stands at its end/);
    page.run.getState().seek(20);
    await page.settled(20);
    expect(page.missing('rewind')).toMatch(/^At update 20 responses nobody wrote have .* go further on\.$/);
    page.run.getState().seek(500);
    await page.settled(500);
    expect(page.missing('rewind')).toContain('the median passed one half earlier');
    const crossed = crossingOf(page.run.getState().history)!;
    page.run.getState().seek(crossed.step);
    await page.settled(crossed.step);
    expect(page.walk('rewind').found, 'it may only pass').toBeNull();
    await page.until(() => page.walk('rewind').found !== null);
    const { facts, sentence } = page.walk('rewind').found!;
    expect(sentence).toContain(`stands at update ${crossed.step}`);
    expect(facts.lossBefore).toBeGreaterThan(facts.lossAt);
    act().answer('rewind', 'loss', 'jumped');
    expect(judged('rewind', 'loss')?.sentence).toMatch(/^No\. Medians of the loss: /);
    act().answer('rewind', 'loss', 'fell');
    expect(done('rewind')).toBe(true);
  });

  test('forks there with a larger β: nothing comes back, and the lab says so', async () => {
    expect(page.missing('fork')).toBe('The run on the page is no fork yet.');
    const { facts } = page.walk('rewind').found!;
    page.run.getState().fork(withBeta(HEADLINE, 0.2), { play: true });
    await page.until(() => page.run.getState().forkedFrom !== null && page.run.getState().state === 'done');
    expect(page.missing('fork')).toBe('The fork goes on with β = 0.2; take 0.5 or more.');
    expect(page.check('rewind').ok).toBe(false);
    act().setUp('fork');
    await page.until(() => page.run.getState().furthest === 800 && page.run.getState().step === facts.crossing && page.run.getState().seeking === null);
    await page.settled();
    page.run.getState().fork(withBeta(HEADLINE, 0.5), { play: true });
    await page.until(() => page.run.getState().forkedFrom !== null && page.run.getState().state === 'done');
    const own = page.walk('fork').found!.facts;
    expect(Math.abs(own.oodEnd - own.oodFork)).toBeLessThan(0.05);
    expect(own.lossFork, '“almost 0 at once”').toBeLessThan(0.001);
    act().answer('fork', 'after', 'back');
    expect(judged('fork', 'after')?.right).toBe(false);
    act().answer('fork', 'after', 'stayed');
    act().write('fork', 'why', 'With the larger β the loss is nearly zero already, so nothing pushes.');
    act().finish('fork');
    expect(done('fork')).toBe(true);
  });

  test('controls with a table', async () => {
    act().setUp('control');
    await page.settled(0);
    expect(page.missing('control')).toBe('The run stands at update 0 of 800; let it go to its end.');
    await page.playOut();
    const { facts } = page.walk('control').found!;
    expect(facts.chosen).toBeGreaterThan(0.99);
    expect(facts.oodEnd).toBeLessThanOrEqual(facts.oodStart);
    const [level, ...course] = massesOnRecord();
    for (const masses of course) masses.forEach((mass, r) => expect(mass, `“stay at their level in the reference”, seed ${r}`).toBeLessThanOrEqual(level[r] + LEVEL));
    expect(missingIfOnItsWay('control', 0.3), 'the end alone is not enough').toBe('In 1 of 8 seeds responses nobody wrote rose above their level in the reference.');
    act().answer('control', 'what', 'learns');
    expect(judged('control', 'what')?.sentence).toMatch(/^No: it ended with 99\.\d % on “on the mat”\.$/);
    act().answer('control', 'what', 'weights');
    expect(done('control')).toBe(true);
  });

  test('lets somebody look', async () => {
    act().setUp('online');
    await page.settled(0);
    await page.playOut();
    const { facts } = page.walk('online').found!;
    expect(facts).toMatchObject({ every: 10, pairs: 8 * 80 * 8 });
    expect(facts.worst).toBeLessThan(0.05);
    for (const masses of massesOnRecord()) masses.forEach((mass, r) => expect(mass, `“stay below 5 % in every seed”, seed ${r}`).toBeLessThan(0.05));
    expect(missingIfOnItsWay('online', 0.3), 'the end alone is not enough').toBe('The run had up to 30 % on responses nobody wrote on its way: draw pairs more often.');
    expect(facts.twice / facts.pairs, '“most pairs drawn are one response twice”').toBeGreaterThan(0.9);
    act().answer('online', 'why', 'caught');
    expect(judged('online', 'why')?.right).toBe(false);
    act().answer('online', 'why', 'same');
    expect(done('online')).toBe(true);
  });

  test('says it, and has a report that can be read, with links that lead to each update', async () => {
    act().answer('say', 'ask', 'longer');
    expect(judged('say', 'ask')?.sentence).toMatch(/^Here the loss fell to 0\.0\d+ while .* of the probability left/);
    act().answer('say', 'ask', 'samples');
    act().write('say', 'own', 'It sees two responses. With shared weights that moves others; β, tables or fresh pairs change the ending.');
    act().finish('say');
    expect(doneCount(act().tasks)).toBe(TASK_IDS.length);
    expect(act().said).toContain('All tasks are done');
    await page.until(() => page.walk('online').found!.pictures.length > 0);
    expect(page.walk('online').found?.pictures).toEqual([PICTURE]);
    act().setStudent('Ada');
    const report = makeReport(act(), page.predict.getState().records, { createdAt: new Date().toISOString(), address: '' });
    expect(readReport(reportHtml(report))).toMatchObject({ ok: true, hashMatches: true, report: { student: 'Ada' } });
    expect(readReport(printReport(report))).toMatchObject({ ok: true, hashMatches: true });
    expect(report.predictions).toHaveLength(1);
    for (const { id, evidence } of report.tasks) {
      if (['predict', 'explain', 'say'].includes(id)) { expect(evidence).toBeNull(); continue; }
      expect(evidence?.metrics['mass/ood'], id).toHaveLength(8);
      const link = readLink(evidence!.link, PRESETS, { panels: [], chapters: [], methods: [], hide: [], ask: [], talk: [], path: ['ood'] });
      expect(link.problems, id).toEqual([]);
      expect(link.step, id).toBe(evidence!.step);
      expect(link.backend, id).toBe('wasm');
      expect(evidence!.headline, id).toContain('seeds');
    }
  });

  test('does a task again: only what is done from then on counts, and the page is where the task begins', async () => {
    act().again('predict');
    expect(done('predict')).toBe(false);
    expect(page.predict.getState()).toMatchObject({ stage: 'asked', open: true });
    await page.settled(0);
    act().look();
    expect(done('predict'), 'the old prediction is none').toBe(false);
    act().startOver();
    expect(doneCount(act().tasks)).toBe(0);
    expect(act().student).toBe('Ada');
  });

  test('what is said of β is so: of its first update, and of the seeds at 0.1', async () => {
    // “At the first update the push is proportional to β”: how far the log-ratio gap moves in one update.
    const pushAt = async (beta: number) => {
      page.lab.getState().show({ origin: page.lab.getState().origin, base: withBeta(HEADLINE, beta), methods: [], panel: null, play: false });
      await page.settled(0);
      page.run.getState().stepBy(1);
      await page.settled(1);
      return values('rewards/margins').map((margin) => margin / beta);
    };
    const [small, large] = [await pushAt(0.001), await pushAt(0.01)];
    large.forEach((push, r) => {
      expect(small[r]).toBeGreaterThan(0);
      expect(push / small[r], `seed ${r}`).toBeGreaterThan(9);
      expect(push / small[r], `seed ${r}`).toBeLessThan(11);
    });
    await page.play(withBeta(HEADLINE, 0.1));
    expect(Math.max(...values('mass/ood')) - Math.min(...values('mass/ood')), 'seeds end far apart').toBeGreaterThan(0.5);
  });
});
