/** The sandbox on the built page with a real engine: written by hand, checked while it is written, run when it is right. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Download, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openLab, runAxe, waitForState } from './harness.ts';

const QUERY = '?backend=wasm&chapter=10&preset=three-against-one&seeds=0-1&steps=40';

const standing = (page: Page) => page.locator('.sheet-standing');
const stands = (page: Page, how: 'runs' | 'soon' | 'wrong') => page.locator(`.sheet-standing[data-standing="${how}"]`).waitFor();
const responses = async (page: Page) => Number(await page.locator('.sheet-space').getAttribute('data-responses'));
/** Of the run: "156 responses, all enumerated." */
const enumerated = (page: Page) => page.locator('.chapter-responses .lab-panel-note').innerText();

test('an unknown word is refused at its field and the run goes on; added to the words, it is applied, grows the space and trains', async () => {
  const { page, close } = await openLab({ query: QUERY });
  await waitForState(page, 'paused');
  expect(await responses(page)).toBe(1 + 5 + 25 + 125);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await page.locator('main[data-step="1"]').waitFor();
  // While it has the focus it offers words: a combobox.
  const chosen = page.getByLabel('Chosen of pair 1', { exact: true });
  await chosen.fill('cocoa with milk');
  await stands(page, 'wrong');
  expect(await chosen.getAttribute('aria-invalid')).toBe('true');
  const said = page.locator(`[id="${await chosen.getAttribute('aria-describedby')}"]`);
  expect(await said.innerText()).toContain('“cocoa”');
  expect(await said.innerText()).toMatch(/where "cocoa" is not one of them/);
  expect(await standing(page).innerText()).toContain('One thing is not right yet. The run is still that of “three against one” as it was before.');
  // Nothing of it was applied: the run stands where it stood.
  expect(await page.locator('main').getAttribute('data-step')).toBe('1');
  expect(await chosen.inputValue()).toBe('cocoa with milk');
  await said.getByRole('button', { name: 'Add “cocoa” to the words' }).click();
  await stands(page, 'runs');
  expect(await responses(page)).toBe(1 + 6 + 36 + 216);
  await waitForState(page, 'paused');
  await page.locator('main[data-step="0"]').waitFor();
  await expect.poll(() => enumerated(page)).toContain('259 responses');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await waitForState(page, 'done');
  expect(await page.locator('#chapter-10').innerText()).not.toMatch(/NaN|undefined|Infinity/);
  // Undone, word and all.
  for (let i = 0; i < 2; i++) await page.getByRole('group', { name: 'The experiment as a whole' }).getByRole('button', { name: 'Undo' }).click();
  expect(await chosen.inputValue()).toBe('tea with milk');
  await stands(page, 'runs');
  await expect.poll(() => enumerated(page)).toContain('156 responses');
  await close();
});

test('words and prompts take their lines along, are renamed everywhere, and come back; too large a space says so', async () => {
  const { page, close } = await openLab({ query: QUERY });
  await waitForState(page, 'paused');
  const word = page.getByRole('textbox', { name: 'Word 1', exact: true });
  await word.fill('te a');
  await expect.poll(() => page.locator('.sheet-words .field-problem').innerText()).toContain('without white space');
  await word.fill('chai');
  await word.press('Enter');
  const sentences = page.locator('input[id^="sheet-reference.corpus"][id$="response"]');
  await expect.poll(() => sentences.first().inputValue()).toBe('chai with milk');
  await stands(page, 'runs');
  await page.getByRole('button', { name: 'Add a prompt' }).click();
  await page.getByRole('textbox', { name: 'Prompt 2' }).fill('And to eat?');
  await stands(page, 'runs');
  expect(await responses(page)).toBe(2 * 156);
  // Its last sentence belongs to the second prompt, which becomes the first.
  expect(await page.getByRole('combobox', { name: 'Prompt of sentence 4' }).inputValue()).toBe('1');
  await page.getByRole('button', { name: 'Remove prompt 1 with all that is said to it' }).click();
  expect(await standing(page).innerText()).toContain('The prompt “What would you like?” is gone, and with it 2 sentences, 2 pairs and 2 rewards.');
  await stands(page, 'wrong');
  expect(await page.locator('[id="sheet-preferences.pairs-problem"]').innerText()).toBe('Must be a list of 1 to 1000000 pairs, got [].');
  expect(await sentences.count()).toBe(2);
  await standing(page).getByRole('button', { name: 'Undo' }).click();
  await stands(page, 'runs');
  expect(await sentences.count()).toBe(4);
  const longest = page.getByRole('textbox', { name: 'Words in a row, at most' });
  await longest.fill('12');
  await stands(page, 'wrong');
  expect(await page.locator('.sheet-space').innerText()).toContain('2,000,000 is the most that can be');
  expect(await page.locator('.sheet-space').getAttribute('data-fits')).toBe('false');
  await close();
});

test('the same experiment as text: a slip is named with its line, and what is right is applied, knobs and all', async () => {
  const { page, close } = await openLab({ query: QUERY });
  await waitForState(page, 'paused');
  await page.getByRole('button', { name: 'as text' }).click();
  const text = page.getByRole('textbox', { name: 'The experiment as text (JSON)' });
  const before = await text.inputValue();
  const line = before.split('\n').findIndex((one) => one.includes('"smoothing"')) + 1;
  await text.fill(before.replace('"smoothing": 0.001', '"smoothing": 2'));
  await stands(page, 'wrong');
  expect(await page.locator('.sheet-problems').innerText()).toBe(`Line ${line}: reference.smoothing must be a number in [0, 1), got 2.`);
  await text.fill(`${before.slice(0, 40)}`);
  await expect.poll(() => page.locator('.sheet-problems').innerText()).toMatch(/^Line \d+: The text must be JSON; line \d+, column \d+/);
  await text.fill(before.replace('"maxLength": 3', '"maxLength": 2').replaceAll(' with milk', ' please').replace('"beta": 0.05', '"beta": 0.2'));
  await stands(page, 'runs');
  await page.getByRole('button', { name: 'as fields' }).click();
  expect(await responses(page)).toBe(31);
  expect(await page.getByRole('textbox', { name: 'β value', exact: true }).inputValue()).toBe('0.2');
  await page.getByRole('group', { name: 'The experiment as a whole' }).getByRole('button', { name: 'Undo' }).click();
  await stands(page, 'runs');
  expect(await page.getByRole('textbox', { name: 'β value', exact: true }).inputValue()).toBe('0.05');
  await close();
});

/** What was downloaded. */
async function textOf(download: Download): Promise<string> {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'sandbox-')), 'saved');
  await download.saveAs(file);
  const text = fs.readFileSync(file, 'utf8');
  fs.rmSync(path.dirname(file), { recursive: true });
  return text;
}

/** What a browser does with a file that is dragged over the page and let go. */
async function drop(page: Page, files: { name: string; text: string }[]): Promise<void> {
  const held = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, text } of given) transfer.items.add(new File([text], name));
    return transfer;
  }, files);
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: held });
  await page.dispatchEvent('main', 'dragover', { dataTransfer: held });
  await page.locator('.drop-zone').waitFor();
  expect(await page.locator('.drop-zone').innerText()).toContain('An experiment (JSON)');
  await page.dispatchEvent('main', 'drop', { dataTransfer: held });
  await page.locator('.drop-zone').waitFor({ state: 'detached' });
}

test('what is saved is what is opened again, by a button or dropped; what cannot be opened is named and changes nothing', async () => {
  const { page, close } = await openLab({ query: QUERY });
  await waitForState(page, 'paused');
  await page.getByRole('textbox', { name: 'Name of the experiment' }).fill('my tea');
  await stands(page, 'runs');
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.sheet-tools').getByRole('button', { name: 'Save' }).click()]);
  expect(download.suggestedFilename()).toBe('my-tea.json');
  const saved = await textOf(download);
  await drop(page, [{ name: 'a.json', text: '{"neither": 1}' }]);
  await expect.poll(() => page.locator('[data-notice="problems"]').innerText()).toContain('“a.json” was not opened: it is JSON, but neither an experiment nor a report nor preferences. Nothing has changed.');
  await drop(page, [{ name: 'a.json', text: saved }, { name: 'b.json', text: saved }]);
  await expect.poll(() => page.locator('[data-notice="problems"]').innerText()).toContain('2 files were dropped, and the lab opens one at a time.');
  // Text that is dragged is none of it.
  await page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.setData('text/plain', 'tea');
    document.body.dispatchEvent(new DragEvent('dragover', { dataTransfer: transfer, bubbles: true }));
  });
  expect(await page.locator('.drop-zone').count()).toBe(0);
  await page.locator('.sheet-tools').getByRole('button', { name: /^Start from/ }).click();
  await page.getByRole('menuitem', { name: /almost nothing/ }).click();
  await expect.poll(() => responses(page)).toBe(7);
  await waitForState(page, 'paused');
  await drop(page, [{ name: 'my-tea.json', text: saved }]);
  // Opened in the sandbox, it stays there.
  await expect.poll(() => page.getByRole('textbox', { name: 'Name of the experiment' }).inputValue()).toBe('my tea');
  expect(await page.locator('#chapter-10').count()).toBe(1);
  // The same, pasted where no field has the focus.
  await page.evaluate((text) => {
    const transfer = new DataTransfer();
    transfer.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true }));
  }, saved.replace('"my tea"', '"my pasted tea"'));
  await expect.poll(() => page.getByRole('textbox', { name: 'Name of the experiment' }).inputValue()).toBe('my pasted tea');
  await page.getByLabel('File to open in the sandbox').setInputFiles({ name: 'my-tea.json', mimeType: 'application/json', buffer: Buffer.from(saved) });
  await expect.poll(() => page.getByRole('textbox', { name: 'Name of the experiment' }).inputValue()).toBe('my tea');
  const [again] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'File', exact: true }).click().then(() => page.getByRole('menuitem', { name: 'Save this experiment' }).click())]);
  expect(await textOf(again)).toBe(saved);
  await close();
});

test('by keyboard alone: a word is added, a sentence is written, and both are undone', async () => {
  const { page, close } = await openLab({ query: QUERY });
  await waitForState(page, 'paused');
  await page.getByRole('textbox', { name: 'New words' }).focus();
  await page.keyboard.type('now again');
  await page.keyboard.press('Enter');
  expect(await responses(page)).toBe(1 + 7 + 49 + 343);
  await page.getByRole('button', { name: 'Add a sentence' }).focus();
  await page.keyboard.press('Enter');
  const written = page.locator('[id="sheet-reference.corpus[2].response"]');
  await written.focus();
  await page.keyboard.type('tea now');
  expect(await written.inputValue()).toBe('tea now');
  await stands(page, 'runs');
  await page.keyboard.press('Control+z');
  expect(await written.inputValue()).toBe('');
  await page.keyboard.press('Control+Shift+z');
  expect(await written.inputValue()).toBe('tea now');
  for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z');
  await expect.poll(() => responses(page)).toBe(156);
  await stands(page, 'runs');
  await close();
});

test('axe finds nothing in the editor: wrong and right, as fields and as text, light, dark, projected and on a phone', async () => {
  const { page, close } = await openLab({ query: QUERY });
  await waitForState(page, 'paused');
  await page.locator('[id="sheet-preferences.pairs[0].rejected"]').fill('cocoa');
  await page.locator('[id="sheet-gold.otherwise"]').fill('much');
  await stands(page, 'wrong');
  await page.locator('.sheet-by-word > summary').click();
  expect(await runAxe(page)).toEqual([]);
  await page.getByRole('button', { name: 'Dark theme' }).click();
  expect(await runAxe(page)).toEqual([]);
  await page.getByRole('button', { name: 'as text' }).click();
  expect(await runAxe(page)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.getByRole('button', { name: 'Projector' }).click();
  expect(await runAxe(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
  await page.getByRole('button', { name: 'Projector' }).click();
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await runAxe(page)).toEqual([]);
  await page.getByRole('button', { name: 'as fields' }).click();
  expect(await runAxe(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await close();
});
