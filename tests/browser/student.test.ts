/** The guided path on the built page with a real engine: a whole path by keyboard and mouse, kept over a reload, its report saved and opened; axe in light, dark and on a phone. */
import type { Download, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { readReport } from '../../src/components/student/reportFile.ts';
import { metric, openLab, runAxe, waitForState } from './harness.ts';

const card = (page: Page) => page.locator('.path-task');
const line = (page: Page) => page.getByRole('region', { name: 'Guided path' });
const doneWords = (page: Page) => line(page).locator('.path-count');
const next = (page: Page) => card(page).getByRole('button', { name: /^Next: / });

async function done(page: Page, count: number): Promise<void> {
  await page.waitForFunction((n) => document.querySelector('.path-count')?.textContent?.startsWith(`${n} of 9`), count);
}

async function choose(page: Page, answer: RegExp): Promise<void> {
  await card(page).getByRole('radio', { name: answer }).check();
  await card(page).getByRole('button', { name: 'Check' }).click();
}

async function write(page: Page, text: string): Promise<void> {
  await card(page).getByRole('textbox').fill(text);
  await card(page).getByRole('button', { name: 'Keep it' }).click();
}

/** The way on, by keyboard: the title of the task has the focus then. */
async function goOn(page: Page): Promise<void> {
  await next(page).focus();
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('path-task-title');
}

async function textOf(download: Promise<Download>): Promise<{ name: string; text: string }> {
  const saved = await download;
  const parts: Buffer[] = [];
  for await (const part of await saved.createReadStream()) parts.push(part as Buffer);
  return { name: saved.suggestedFilename(), text: Buffer.concat(parts).toString('utf8') };
}

test('a whole path by keyboard and mouse, with a reload in the middle, ends in a report that can be opened anywhere', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm', viewport: { width: 1440, height: 900 } });
  await waitForState(page, 'paused');
  await page.getByRole('button', { name: 'Study' }).click();
  await page.getByRole('menuitem', { name: /^Guided path/ }).click();
  await card(page).waitFor();
  expect(await doneWords(page).innerText()).toContain('0 of 9');
  const speed = page.getByRole('combobox', { name: 'Speed' });
  await speed.selectOption('flat out');

  // 1: the set-up opens the card; the prediction is made with the keyboard.
  await card(page).getByRole('button', { name: 'Set it up for me' }).click();
  await waitForState(page, 'paused');
  const chosen = page.getByRole('slider', { name: 'Your share for “on the mat”' });
  await chosen.focus();
  await page.keyboard.press('End');
  await page.getByRole('button', { name: 'Commit and run' }).click();
  await done(page, 1);
  await goOn(page);

  // 2: the chart and the bar stay in view; numbers are read off the page.
  await waitForState(page, 'done');
  const inView = await page.evaluate(() => {
    const [chart, bar] = ['.chart-box-mass', '.transport'].map((selector) => document.querySelector(selector)?.getBoundingClientRect());
    return chart && bar ? { chart: chart.bottom, bar: bar.top, end: bar.bottom, height: window.innerHeight } : null;
  });
  expect(inView?.chart).toBeLessThanOrEqual(inView?.bar ?? 0);
  expect(inView?.end).toBeLessThanOrEqual(inView?.height ?? 0);
  await card(page).getByLabel('Probability on responses nobody wrote').fill('12');
  await page.keyboard.press('Enter');
  await card(page).getByText('12 is too small').waitFor();
  const ood = await metric(page, 'mass/ood');
  await card(page).getByLabel('Probability on responses nobody wrote').fill((100 * ood).toFixed(1));
  await page.keyboard.press('Enter');
  const loss = await metric(page, 'loss');
  await card(page).getByLabel('The loss at the end').fill(loss.toPrecision(2));
  await page.keyboard.press('Enter');
  await done(page, 2);
  // Pictures of both panels are taken by the page itself.
  await page.waitForFunction(() => (localStorage.getItem('dpo-lab/path/ood') ?? '').includes('<svg'));
  expect(await runAxe(page)).toEqual([]);
  await goOn(page);

  // 3
  await choose(page, /^Bad luck/);
  await card(page).getByText(/of 8 seeds ended with more than half/).waitFor();
  await choose(page, /the weights are shared/);
  await write(page, 'It raised “the” everywhere & <b>nobody</b> asked for that.');
  await done(page, 3);

  // The state is kept over a reload; the path is in the address.
  await page.waitForFunction(() => location.search.includes('path=ood') && (localStorage.getItem('dpo-lab/path/ood') ?? '').includes('nobody</b> asked'));
  await page.reload();
  await waitForState(page, 'paused');
  expect(await doneWords(page).innerText()).toContain('3 of 9');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await goOn(page);

  // 4: β is typed into its field.
  const beta = page.getByRole('textbox', { name: /^β/ }).first();
  await beta.fill('0.5');
  await page.keyboard.press('Enter');
  await page.locator('main[data-step="0"]').waitFor();
  await waitForState(page, 'paused');
  await page.getByRole('button', { name: /^Play/ }).click();
  await card(page).getByText(/^At β = 0\.5 no seed of 8 ended/).waitFor();
  await choose(page, /a smaller gap is enough/);
  await done(page, 4);
  await goOn(page);

  // 5: by the list of events.
  await card(page).getByRole('button', { name: 'Set it up for me' }).click();
  await page.locator('main[data-step="800"]').waitFor();
  await page.getByRole('button', { name: 'Events' }).click();
  await page.getByRole('button', { name: /more than half of the probability is on responses nobody wrote/ }).first().click();
  await page.keyboard.press('Escape');
  await card(page).getByText(/^The run stands at update/).waitFor();
  await choose(page, /^It fell/);
  await done(page, 5);
  await goOn(page);

  // 6
  await page.getByRole('button', { name: 'Fork' }).click();
  await page.getByRole('textbox', { name: 'KL strength of the fork' }).fill('0.5');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Start the fork' }).click();
  await card(page).getByText(/^The fork left at update/).waitFor();
  await choose(page, /^It stayed/);
  await write(page, 'To the larger β the pair is already far apart: the loss is nearly 0.');
  await done(page, 6);
  await goOn(page);

  // 7 and 8: experiments of their own, one of them in another chapter.
  for (const [found, answer] of [[/^In the reference responses nobody wrote had/, /weights that are shared/], [/^With pairs drawn every 10 updates/, /soon both sides are the same/]] as const) {
    await card(page).getByRole('button', { name: 'Set it up for me' }).click();
    await page.locator('main[data-step="0"]').waitFor();
    await waitForState(page, 'paused');
    await page.getByRole('button', { name: /^Play/ }).click();
    await card(page).getByText(found).waitFor();
    await choose(page, answer);
    await goOn(page);
  }
  await done(page, 8);
  expect(await page.locator('#chapter-6').count()).toBe(1);

  // 9
  expect(await card(page).innerText()).toContain('You predicted: 100 % “on the mat”');
  await choose(page, /^What the policy says now/);
  await write(page, 'The loss sees two responses. Where weights are shared that moves the others too; a larger β, a table or fresh pairs change the ending.');
  await done(page, 9);
  await card(page).getByRole('button', { name: 'All done: your report' }).click();

  const dialog = page.getByRole('dialog', { name: 'Your report' });
  await dialog.getByLabel('Your name').fill('Ada <Example>');
  const preview = page.frameLocator('iframe[title="Preview of the report"]');
  await preview.getByRole('heading', { name: /Why is DPO biased/ }).waitFor();
  expect(await preview.locator('.who').innerText()).toBe('Ada <Example>');
  expect(await runAxe(page)).toEqual([]);
  let waiting = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  const html = await textOf(waiting);
  expect(html.name).toBe('dpo-lab-report-ada-example.html');
  waiting = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save JSON' }).click();
  const json = await textOf(waiting);
  expect(json.name).toBe('dpo-lab-report-ada-example.json');
  await page.evaluate(() => {
    const frame = document.querySelector<HTMLIFrameElement>('iframe[title="Preview of the report"]');
    if (frame?.contentWindow) frame.contentWindow.print = () => { document.documentElement.dataset.printed = 'yes'; };
  });
  await dialog.getByRole('button', { name: 'Print' }).click();
  expect(await page.evaluate(() => document.documentElement.dataset.printed)).toBe('yes');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });

  for (const { text } of [html, json]) {
    const read = readReport(text);
    if (!read.ok) throw new Error(read.problem);
    expect(read.hashMatches).toBe(true);
    expect(read.report.tasks.every((task) => task.done)).toBe(true);
    expect(read.report.tasks[2].answers[1].said).toContain('<b>nobody</b>');
    expect(read.report.tasks[1].pictures.map(({ title }) => title)).toEqual(['Where the probability is', 'The responses by name']);
    expect(read.report.predictions[0]).toMatchObject({ ended: 'scored' });
  }

  // The saved page: no script runs, nothing is asked for, axe finds nothing.
  const saved = await page.context().newPage();
  const asked: string[] = [];
  const errors: string[] = [];
  saved.on('request', (request) => { if (!request.url().startsWith('data:')) asked.push(request.url()); });
  saved.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  await saved.setContent(html.text);
  expect(await saved.locator('.task').count()).toBe(10);
  expect(await saved.locator('b', { hasText: 'nobody' }).count(), 'what a student writes is text').toBe(0);
  expect(await saved.evaluate(() => document.scripts.length)).toBe(1);
  expect(await saved.locator('figure img').first().evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(100);
  expect(await runAxe(saved)).toEqual([]);
  expect([...asked, ...errors]).toEqual([]);
  await saved.close();

  // That very file on the teacher's page: every state is made again and is the same.
  await page.goto(`${new URL(page.url()).origin}${new URL(page.url()).pathname}?view=reports`);
  await page.locator('input[type="file"]').setInputFiles({ name: html.name, mimeType: 'text/html', buffer: Buffer.from(html.text) });
  await page.getByRole('button', { name: 'Replay all', exact: true }).click();
  await page.getByRole('button', { name: 'Replay all again' }).waitFor({ timeout: 60_000 });
  await page.locator('.reports-table').getByRole('button', { name: 'Ada <Example>', exact: true }).click();
  await page.getByText(/^matches what the report says/).waitFor();
  const marks = await page.locator('.report-evidence .replay-mark').allInnerTexts();
  expect(marks, 'run, vary, rewind, fork, control, online').toEqual(Array.from({ length: 6 }, () => '✓ the same to the last digit'));
  await close();
});

test('on a phone nothing sticks out; it can be folded, left and taken up; dark; single keys still work', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&path=ood&seeds=0-3', viewport: { width: 390, height: 844 }, dark: true });
  await waitForState(page, 'paused');
  await card(page).getByRole('button', { name: 'Hint' }).click();
  await card(page).getByRole('button', { name: 'What will be seen' }).click();
  expect(await runAxe(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await card(page).getByRole('button', { name: 'Task 3: Explain it' }).click();
  await card(page).getByRole('radio').first().waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await runAxe(page)).toEqual([]);
  await line(page).getByRole('button', { name: 'Guided path' }).click();
  await card(page).waitFor({ state: 'detached' });
  await page.keyboard.press('.');
  await page.locator('main[data-step="1"]').waitFor();
  await line(page).getByRole('button', { name: 'Report' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your report' });
  await page.frameLocator('iframe[title="Preview of the report"]').getByText('not done').first().waitFor();
  expect(await runAxe(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await dialog.getByRole('button', { name: 'Start the path over' }).click();
  await dialog.getByRole('button', { name: 'No', exact: true }).click();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await line(page).getByRole('button', { name: 'Leave' }).click();
  await line(page).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Study' }).click();
  await page.getByRole('menuitem', { name: /^Guided path/ }).click();
  await line(page).getByText('Explain it').waitFor();
  await close();
});
