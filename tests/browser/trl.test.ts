/** Preference files on the built page: chosen in the File menu, looked at, opened in the sandbox; and the lab's pairs saved and read back. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { readTrl } from '../../src/sim/trl/read.ts';
import { finish } from '../fixtures/trlFinish.ts';
import { FORMATS, jsonLines, plainRows } from '../fixtures/trlRows.ts';
import { openLab, runAxe, waitForState } from './harness.ts';

/** The 300 rows of our own, which are written in each format. */
const ROWS = plainRows();
const SHORT = '?backend=wasm&seeds=0-1&steps=20';

async function choose(page: Page, name: string, content: string | Buffer | { line: string; times: number }): Promise<void> {
  if (typeof content === 'object' && 'times' in content) return chooseLarge(page, name, content);
  await page.getByRole('button', { name: 'File', exact: true }).click();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('menuitem', { name: 'Open a file…' }).click()]);
  await chooser.setFiles({ name, mimeType: 'application/jsonl', buffer: Buffer.from(content) });
}
/** A file that is too large to be sent to the browser quickly is made there. */
async function chooseLarge(page: Page, name: string, { line, times }: { line: string; times: number }): Promise<void> {
  await page.locator('input[type=file]').first().evaluate((input: HTMLInputElement, made) => {
    const files = new DataTransfer();
    files.items.add(new File([made.line.repeat(made.times)], made.name, { type: 'application/jsonl' }));
    input.files = files.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, { name, line, times });
}
const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'A preference file' });
const sum = (page: Page) => page.locator('.trl-sum').innerText();
/** The address, once the page writes it. */
async function addressOf(page: Page): Promise<string> {
  await expect.poll(() => page.url()).toContain('v=1');
  return page.url();
}
const stepOf = async (page: Page) => Number(await page.locator('main').getAttribute('data-step'));

test('a file from the File menu: what was read, choices with their price, the sandbox, and it trains', async () => {
  const { page, close } = await openLab({ query: SHORT });
  await waitForState(page, 'paused');
  await choose(page, 'ours.jsonl', jsonLines(ROWS.map(FORMATS['conversational implicit'])));
  const dialog = dialogOf(page);
  await dialog.getByText('300 rows in TRL’s preference format: conversational (messages), with an implicit prompt.').waitFor();
  await expect.poll(() => sum(page)).toMatch(/^300 of 300 rows kept: \d+ different pairs in 9 words and [\d,]+ responses\.$/);
  expect(await runAxe(page)).toEqual([]);

  // A choice says at once what it costs, and the numbers add up.
  const kept = async () => Number(await dialog.locator('[data-trl="kept"]').innerText());
  await dialog.getByRole('slider', { name: 'Most words' }).fill('4');
  await expect.poll(kept).toBeLessThan(300);
  const lost = (await dialog.locator('.trl-minus td').allInnerTexts()).map((text) => Number(text.replace('−', '')));
  expect(lost.reduce((a, b) => a + b, 0) + await kept()).toBe(300);
  await dialog.getByRole('combobox', { name: 'Any other word' }).selectOption({ label: 'is written as ‹other›' });
  await dialog.locator('.trl-words').getByText('‹other›').waitFor();
  await dialog.getByRole('slider', { name: 'Most words' }).fill('64');
  await dialog.getByRole('slider', { name: 'Longest response, in words' }).fill('12');
  await dialog.getByRole('combobox', { name: 'Any other word' }).selectOption({ label: 'drops its row' });
  await dialog.getByText(/^world must be small enough for at most 2000000 responses/).waitFor();
  await dialog.getByRole('button', { name: 'Open in the sandbox' }).click({ force: true });
  expect(await dialog.isVisible(), 'too large a world is not opened').toBe(true);
  await dialog.getByRole('button', { name: 'Suggest' }).click();
  await expect.poll(() => sum(page)).toMatch(/^300 of 300 rows kept/);

  // One word each: all responses differ in it, and the reference is fitted soon.
  await dialog.getByRole('slider', { name: 'Longest response, in words' }).fill('1');
  await expect.poll(() => sum(page)).toMatch(/^300 of 300 rows kept: \d+ different pairs in 5 words and 24 responses\.$/);
  await dialog.getByRole('button', { name: 'Open in the sandbox' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await waitForState(page, 'paused');
  expect(await page.getByRole('navigation').first().locator('[aria-current]').innerText()).toContain('10');
  await page.getByRole('button', { name: /^Play/ }).click();
  await expect.poll(() => stepOf(page), { timeout: 60_000 }).toBeGreaterThan(5);
  await close();
});

/** The experiment that is open, as its file. */
async function experimentOf(page: Page): Promise<Record<string, unknown>> {
  await page.getByRole('button', { name: 'File', exact: true }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Save this experiment' }).click()]);
  const saved = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'experiment-')), 'experiment.json');
  await file.saveAs(saved);
  return JSON.parse(fs.readFileSync(saved, 'utf8')) as Record<string, unknown>;
}

test('300 rows in all four formats: each is read with its counts, and all lead to the same world', async () => {
  const { page, close } = await openLab({ query: SHORT });
  await waitForState(page, 'paused');
  const dialog = dialogOf(page);
  const seen: { numbers: string[]; sum: string; experiment: Record<string, unknown> }[] = [];
  for (const [format, said] of [
    ['standard explicit', 'standard (texts), with an explicit prompt'], ['standard implicit', 'standard (texts), with an implicit prompt'],
    ['conversational explicit', 'conversational (messages), with an explicit prompt'], ['conversational implicit', 'conversational (messages), with an implicit prompt'],
  ]) {
    const name = format.replace(' ', '-');
    await choose(page, `${name}.jsonl`, jsonLines(ROWS.map(FORMATS[format])));
    await dialog.getByText(`300 rows in TRL’s preference format: ${said}.`).waitFor();
    await expect.poll(() => sum(page)).toMatch(/^300 of 300 rows kept: \d+ different pairs in 9 words and [\d,]+ responses\.$/);
    expect(await dialog.locator('[data-trl="total"], [data-trl="kept"]').allInnerTexts()).toEqual(['300', '300']);
    const [numbers, kept] = [await dialog.locator('.trl-numbers').allInnerTexts(), await sum(page)];
    await dialog.getByRole('button', { name: 'Open in the sandbox' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const { name: opened, ...experiment } = await experimentOf(page);
    expect(opened).toBe(name);
    seen.push({ numbers, sum: kept, experiment });
  }
  const [first] = seen;
  for (const one of seen) expect(one).toEqual(first);
  const { world: { words, prompts }, preferences: { pairs } } = first.experiment as { world: { words: string[]; prompts: string[] }; preferences: { pairs: { weight?: number }[] } };
  expect(words.toSorted()).toEqual([...new Set(ROWS.flatMap(({ chosen, rejected }) => `${chosen} ${rejected}`.split(' ')))].toSorted());
  expect(prompts.toSorted()).toEqual([...new Set(ROWS.map(({ prompt }) => prompt))].toSorted());
  expect(pairs.reduce((all, { weight = 1 }) => all + weight, 0), 'every row is in it').toBe(300);
  await close();
});

test('markup, scripts and marks of direction in a file are text, and cancelling leaves the run as it was', async () => {
  const { page, close } = await openLab({ query: SHORT });
  await waitForState(page, 'paused');
  const address = await addressOf(page);
  const evil = '<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script> $\\frac{1}{0}$ \u202Eback\u0007';
  await choose(page, `${evil}.jsonl`, jsonLines([{ prompt: evil, chosen: `${evil} yes`, rejected: `${evil} no`, [evil]: 1 }, { prompt: evil, chosen: 3, rejected: evil }]));
  const dialog = dialogOf(page);
  await dialog.getByText(/1 of 2 rows in TRL’s preference format/).waitFor();
  await dialog.getByText(/1 row could not be read/).click();
  await dialog.getByText(/Line 2: chosen must be a text or a list of messages/).waitFor();
  await expect.poll(() => sum(page)).toMatch(/^1 of 2 rows kept/);
  expect(await dialog.locator('img, script, .katex, b b').count()).toBe(0);
  expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
  const text = await dialog.innerText();
  expect(text).toContain('\\u202e');
  expect([...text].filter((character) => /[\p{Cc}\p{Cf}]/u.test(character) && !'\n\t'.includes(character))).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect([page.url(), await stepOf(page)]).toEqual([address, 0]);
  await close();
});

test.each([
  ['rows of another type', jsonLines([{ prompt: 'p', completion: 'c', label: true }]), /unpaired preferences, as for KTO/],
  ['a list that is broken off', `[${JSON.stringify(ROWS[0])},`, null],
  ['UTF-16', Buffer.from(`\uFEFF${jsonLines(ROWS)}`, 'utf16le'), null],
  ['a million rows', { line: '{"chosen":"a","rejected":"b"}\n', times: 1_000_000 }, /The number of rows must be at most 200,000, got 1,000,000\./],
  ['more than 50 MB', { line: '{"chosen":"a","rejected":"b"}\n', times: 1_700_000 }, null],
] as const)('%s: refused in a sentence, the page and the run are as they were', async (_, content, sentence) => {
  const { page, close } = await openLab({ query: SHORT });
  await waitForState(page, 'paused');
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect.poll(() => stepOf(page)).toBe(1);
  const before = [await addressOf(page), await page.locator('main h1').innerText()];
  await choose(page, 'hostile.jsonl', content);
  // Files that no reader takes for preferences are refused before the dialog.
  if (sentence === null) await page.getByText(/“hostile.jsonl” was not opened/).waitFor();
  else {
    await dialogOf(page).getByText(sentence).waitFor();
    await dialogOf(page).getByText(/“hostile.jsonl” was not opened; nothing has changed\./).waitFor();
    expect(await runAxe(page)).toEqual([]);
    await dialogOf(page).locator('.trl').getByRole('button', { name: 'Close' }).click();
    await dialogOf(page).waitFor({ state: 'hidden' });
  }
  expect([page.url(), await page.locator('main h1').innerText()]).toEqual(before);
  expect(await stepOf(page)).toBe(1);
  await close();
});

async function savePairs(page: Page, format: string) {
  const label = page.getByRole('dialog', { name: 'Take away' });
  if (!(await label.isVisible())) {
    await page.getByRole('button', { name: 'File', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Take away…' }).click();
  }
  const entry = label.locator('section').filter({ has: page.getByRole('heading', { name: 'Preference pairs for TRL' }) });
  await entry.getByRole('combobox', { name: 'Format' }).selectOption({ label: format });
  const [file] = await Promise.all([page.waitForEvent('download'), entry.getByRole('button', { name: /^Save .*-pairs\.jsonl$/ }).click()]);
  const saved = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'pairs-')), 'pairs.jsonl');
  await file.saveAs(saved);
  const read = finish(readTrl(fs.readFileSync(saved)));
  if (!read.ok) throw new Error(read.problems[0].message);
  return { name: file.suggestedFilename(), said: await entry.innerText(), rows: read.file.rows, format: read.file.format };
}

test('the pairs of a run are saved in each format and read back; drawn ones are those of the seed in focus', async () => {
  const { page, close } = await openLab({ query: SHORT });
  await waitForState(page, 'paused');
  for (const [label, shape, prompt] of [
    ['preference: texts, with a prompt', 'standard', 'explicit'], ['preference: messages, with a prompt', 'conversational', 'explicit'],
    ['preference: messages, the prompt inside them', 'conversational', 'implicit'],
  ]) {
    const saved = await savePairs(page, label);
    expect(saved.name).toBe('the-the-the-pairs.jsonl');
    expect(saved.format).toEqual({ shape, prompt });
    expect(saved.rows.map((row) => [row.prompt, row.chosen.trim(), row.rejected.trim()])).toEqual([['Where is the cat?', 'on the mat', 'on a mat']]);
  }
  // Both begin with "on": a reader of texts takes it for part of the prompt, which the entry says.
  const inside = await savePairs(page, 'preference: texts, the prompt inside them');
  expect(inside.rows.map((row) => [row.prompt, row.chosen.trim(), row.rejected.trim()])).toEqual([['Where is the cat? on', 'the mat', 'a mat']]);
  expect(inside.said).toContain('TRL takes that beginning for part of the prompt');
  await page.goto(`${page.url().split('?')[0]}?preset=sampled-preferences&backend=wasm&seeds=3-4&steps=5`);
  await waitForState(page, 'paused');
  const drawn = await savePairs(page, 'preference: texts, with a prompt');
  const count = Number(/The ([\d,]+) pairs that were drawn from the reference of seed 3/.exec(drawn.said)?.[1].replace(',', ''));
  const equal = Number(/([\d,]+) of them are the same response twice/.exec(drawn.said)?.[1].replace(',', '') ?? 0);
  expect(count).toBeGreaterThan(10);
  expect(drawn.rows).toHaveLength(count - equal);
  await close();
});

/** As a file that is dragged over the page and let go: the projector's page has no File menu. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const held = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([given.text], given.name));
    return transfer;
  }, { name, text });
  await page.dispatchEvent('main', 'drop', { dataTransfer: held });
}

test.each([
  { name: 'dark', options: { dark: true } },
  { name: 'a phone', options: { viewport: { width: 390, height: 844 } } },
  { name: 'a projector', options: { query: `${SHORT}&projector=1` } },
])('axe finds nothing, and nothing is wider than the window: $name', async ({ options }) => {
  const { page, close } = await openLab({ query: SHORT, ...options });
  await waitForState(page, 'paused');
  await drop(page, 'ours.jsonl', jsonLines([...ROWS.map(FORMATS['standard explicit']), { prompt: 'p' }]));
  await expect.poll(() => sum(page)).toMatch(/^300 of 301 rows kept/);
  expect(await runAxe(page)).toEqual([]);
  expect(await page.evaluate(() => document.querySelector('.mantine-Modal-body')!.scrollWidth - document.querySelector('.mantine-Modal-body')!.clientWidth)).toBeLessThanOrEqual(0);
  await close();
});
