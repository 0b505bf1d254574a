/** The teacher's page in a browser: reports of real runs are opened, replayed and flagged; files, keys, and what axe finds. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { openingOf } from '../../src/components/link.ts';
import { ranThere } from '../../src/components/reports/claims.ts';
import type { Evidence } from '../../src/components/student/report.ts';
import { printReport, reportHtml } from '../../src/components/student/reportFile.ts';
import { minimalExperiment } from '../../src/sim/experimentPrint.ts';
import { METRICS } from '../../src/sim/metrics.ts';
import { exampleReport, exampleTask } from '../fixtures/exampleReport.ts';
import { openLab, runAxe, type OpenedPage, type OpenOptions } from './harness.ts';

/** One policy whose β was changed at 20 and which was forked at 30. */
const THERE = '?preset=the-the-the&seeds=0&steps=120&backend=wasm&then=20:beta=0.5;30:fork:loss=robust,labelSmoothing=0.1&step=40&v=1';
const LONG = '?preset=the-the-the&seeds=0&steps=1000000&backend=wasm&step=1000000&v=1';

/** What the lab shows of the one policy where a link leads. */
async function evidenceAt(link: string): Promise<Evidence> {
  const opened = openingOf(link);
  const { step } = opened.place;
  const { page, close } = await openLab({ query: link });
  await page.locator(`main[data-run-state="paused"][data-step="${step}"]`).waitFor({ state: 'attached', timeout: 60_000 });
  await page.locator('summary', { hasText: 'All the numbers' }).first().click();
  const read = () => page.locator('main [data-metric][data-value]').evaluateAll((all) => all.map((e) => [e.getAttribute('data-metric') ?? '', Number(e.getAttribute('data-value'))] as const));
  await vi.waitFor(async () => expect((await read()).length).toBeGreaterThan(10), { timeout: 10_000 });
  await page.waitForTimeout(400); // pictures are drawn ten times a second
  const shown = Object.fromEntries(await read());
  const headline = await page.locator('.headline-sentence').first().innerText();
  await close();
  const metrics = Object.fromEntries(METRICS.flatMap(({ id }) => (Number.isFinite(shown[id]) ? [[id, [shown[id]]]] : [])));
  return { link, experiments: ranThere(opened).map(minimalExperiment), seeds: [0], backend: 'wasm', step, headline, metrics, top: [] };
}

let evidence: Evidence;
beforeAll(async () => { evidence = await evidenceAt(THERE); });

const reportOf = (student: string, change: Partial<Evidence> = {}) => exampleReport({ student, tasks: [exampleTask({ title: 'Another ending', evidence: { ...evidence, ...change } })] });
const file = (name: string, text: string) => ({ name, mimeType: name.endsWith('.html') ? 'text/html' : 'application/json', buffer: Buffer.from(text) });

async function openReports(options: OpenOptions = {}): Promise<OpenedPage> {
  const opened = await openLab({ query: '?view=reports', ...options });
  await opened.page.getByRole('heading', { name: 'Reports of a class', level: 1 }).waitFor();
  return opened;
}

const choose = (page: Page, files: ReturnType<typeof file>[]) => page.locator('input[type="file"]').setInputFiles(files);
const row = (page: Page, student: string) => page.locator('.reports-table tbody tr', { has: page.getByRole('button', { name: student, exact: true }) });
const replayOf = (page: Page, student: string) => row(page, student).locator('.replay-mark').innerText();
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

describe('replays', () => {
  test('a true report of a forked run is the same to the last digit, a changed number and a forged link are flagged, and a broken file is a sentence', async () => {
    expect(Object.keys(evidence.metrics).length).toBeGreaterThan(10);
    const { page, close } = await openReports();
    await choose(page, [
      file('ada.html', reportHtml(reportOf('Ada'))),
      file('bo.json', printReport(reportOf('Bo', { metrics: { ...evidence.metrics, 'mass/ood': [0.98] } }))),
      file('cy.json', printReport(reportOf('Cy', { link: THERE.replace('seeds=0', 'seeds=0&learningRate=0.5') }))),
      file('broken.json', '{ "report": '),
      file('ada-again.html', reportHtml(reportOf('Ada'))),
    ]);
    await row(page, 'Cy').waitFor();
    await expect.poll(() => page.locator('.reports-refused').innerText()).toMatch(/broken\.json: The file cannot be read: .*\n.*ada-again\.html: This is the report that is open already from ada\.html\./s);
    expect(await page.locator('.reports-table tbody tr').count()).toBe(3);
    expect(await replayOf(page, 'Ada')).toBe('not yet');
    await button(page, 'Replay all').click();
    await button(page, 'Replay all again').waitFor({ timeout: 60_000 });
    expect(await replayOf(page, 'Ada')).toBe('✓ the same to the last digit');
    const own = evidence.metrics['mass/ood']?.[0] ?? NaN;
    expect(await replayOf(page, 'Bo')).toMatch(new RegExp(`^✗ differs\\s+Another ending: mass/ood of seed 0 is ${own.toPrecision(3)} here, 0\\.980 in the report\\.$`));
    expect(await replayOf(page, 'Cy')).toMatch(/^✗ differs\s+Another ending: The link leads to another experiment than the report names: η = 0\.5 in the link, η = 1 in the report\.$/);

    // The report itself: the numbers beside each other, and the same sentence.
    await button(page, 'Ada').click();
    expect(await page.locator('h1').innerText()).toBe('Ada');
    expect(await page.locator('.report-evidence .replay-mark').innerText()).toBe('✓ the same to the last digit');
    expect(await page.locator('.report-headline').innerText()).toBe(evidence.headline);
    expect(await page.locator('.report-otherwise').count(), 'the sentence reads the same here').toBe(0);
    const [reported, here] = await page.locator('tr[data-metric="mass/ood"] td').allInnerTexts();
    expect(here).toBe(reported);
    expect(await page.locator('.report-pictures img').evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
    const [lab] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name: /Open this state in the lab/ }).click()]);
    await lab.locator('main[data-run-state="paused"][data-step="40"]').waitFor({ state: 'attached', timeout: 60_000 });
    await close();
  });

  test('a replay that takes long is stopped at once, and the next one begins with a new engine', async () => {
    const experiments = ranThere(openingOf(LONG)).map(minimalExperiment);
    const { page, close } = await openReports();
    await choose(page, [file('long.json', printReport(reportOf('Long', { link: LONG, experiments, step: 1_000_000 }))), file('ada.json', printReport(reportOf('Ada')))]);
    await row(page, 'Ada').waitFor();
    await button(page, 'Replay Long').click();
    await expect.poll(() => page.locator('.reports-underway').innerText(), { timeout: 60_000 }).toMatch(/update [1-9]\d* of 1000000/);
    expect(await replayOf(page, 'Long')).toMatch(/^… running: 0 of 1$/);
    await button(page, 'Stop').click();
    await button(page, 'Replay all').waitFor();
    expect(await replayOf(page, 'Long')).toBe('not yet');
    await button(page, 'Replay Ada').click();
    await expect.poll(() => replayOf(page, 'Ada'), { timeout: 60_000 }).toBe('✓ the same to the last digit');
    await close();
  });
});

test('by keyboard alone: choose files, sort, open a report and come back to where it was', async () => {
  const { page, close } = await openReports();
  // Asked for only when the key is pressed, it may be too late for the browser.
  const choosing = page.waitForEvent('filechooser');
  await button(page, 'Open reports…').focus();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Open reports…');
  await page.keyboard.press('Enter');
  const chooser = await choosing;
  expect(chooser.isMultiple()).toBe(true);
  await chooser.setFiles(['Ada', 'Bo', 'Cy'].map((student) => file(`${student}.json`, printReport(reportOf(student)))));
  await row(page, 'Cy').waitFor();
  const names = () => page.locator('.reports-table tbody th').allInnerTexts();
  expect(await names()).toEqual(['Ada', 'Bo', 'Cy']);
  await page.locator('.reports-table thead button', { hasText: 'student' }).focus();
  await page.keyboard.press('Space');
  expect(await names()).toEqual(['Cy', 'Bo', 'Ada']);
  expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
  // From the heads into the rows: first student, its replay, second student.
  while (!(await page.evaluate(() => document.activeElement?.textContent === 'Bo'))) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  expect(await page.locator('h1').innerText()).toBe('Bo');
  await button(page, 'Next report').press('Enter');
  expect(await page.locator('h1').innerText()).toBe('Ada');
  await button(page, '← The class').press('Enter');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Ada');
  await close();
});

test('files that are dropped anywhere are opened, and the table is a file', async () => {
  const { page, close } = await openReports();
  const texts = ['=1+1', 'Bo'].map((student) => printReport(reportOf(student)));
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    all.forEach((text, i) => data.items.add(new File([text], `r${i}.json`, { type: 'application/json' })));
    return data;
  }, texts);
  await page.locator('h1').dispatchEvent('dragover', { dataTransfer: transfer });
  expect(await page.locator('.reports-open').getAttribute('data-over')).toBe('true');
  await page.locator('h1').dispatchEvent('drop', { dataTransfer: transfer });
  await row(page, 'Bo').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Download the table (CSV)').click()]);
  expect(download.suggestedFilename()).toBe('reports.csv');
  const saved = path.join(os.tmpdir(), `dpo-lab-reports-${process.pid}.csv`);
  await download.saveAs(saved);
  const lines = fs.readFileSync(saved, 'utf8').trim().split('\r\n');
  fs.rmSync(saved);
  expect(lines.map((line) => line.split(',')[0])).toEqual(['student', "'=1+1", 'Bo']);
  await page.reload();
  await page.getByRole('heading', { name: 'What it shows then' }).waitFor();
  expect(await page.locator('.reports-table').count(), 'forgotten').toBe(0);
  await close();
});

test.each<[string, OpenOptions]>([
  ['light', {}], ['dark', { dark: true }], ['a phone', { viewport: { width: 390, height: 844 } }],
])('axe finds nothing, and nothing is wider than the page: %s', async (_, options) => {
  const { page, close } = await openReports(options);
  const check = async (what: string) => {
    expect(await runAxe(page), what).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), what).toBeLessThanOrEqual(0);
  };
  await check('without reports');
  const long = 'a-name-without-a-space-'.repeat(8);
  await choose(page, [file('ada.html', reportHtml(reportOf('Ada'))), file('bo.json', printReport(reportOf(long, { metrics: { 'mass/ood': [0.98] } }))), file('broken.json', '{')]);
  await row(page, 'Ada').waitFor();
  await button(page, 'Replay all').click();
  await button(page, 'Replay all again').waitFor({ timeout: 60_000 });
  for (const table of await page.locator('.reports-question summary').all()) await table.click();
  await check('the class');
  await button(page, long).click();
  for (const table of await page.locator('.report-evidence summary').all()) await table.click();
  await check('a report');
  await close();
});
