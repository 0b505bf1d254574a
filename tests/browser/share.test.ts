/** A link for a class on the built page: built by clicking, opened as a student would, and returned to by Reset. */
import { expect, test } from 'vitest';
import { openLab, runAxe, waitForState } from './harness.ts';
import type { Page } from 'playwright-core';

async function openBuilder(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByRole('dialog', { name: 'Share' }).getByText('For a class').click();
  await page.getByRole('button', { name: 'Only the dial' }).waitFor();
}

test('what is ticked off is absent for the student, and Reset returns to the link’s state', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&seeds=0-1&steps=60&beta=0.1' });
  await waitForState(page, 'paused');
  await openBuilder(page);
  const dialog = page.getByRole('dialog', { name: 'Share' });
  await dialog.getByRole('button', { name: 'Only the dial' }).click();
  await dialog.getByRole('checkbox', { name: 'the speed' }).uncheck();
  const link = await dialog.getByRole('textbox', { name: 'Link for the class' }).inputValue();
  expect(new URL(link).searchParams.get('hide')?.split(',')).toEqual(expect.arrayContaining(['chapters', 'presets', 'controls', 'more', 'panels', 'link', 'slides', 'speed']));
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await dialog.getByRole('button', { name: 'Copy: Link for the class' }).click();
  expect(await copied()).toBe(link);
  await dialog.getByRole('button', { name: 'Copy: Frame for another page' }).click();
  expect(await copied()).toMatch(/^<iframe src="[^"]+&amp;embed=1&amp;v=1" title="DPO Lab: [^"]+" width="800" height="500" .*<\/iframe>$/);
  expect(await dialog.getByRole('link', { name: 'Open as a student' }).getAttribute('href')).toBe(link);
  const [file] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Save as SVG' }).click()]);
  expect(file.suggestedFilename()).toBe('dpo-lab-link.svg');
  expect(await dialog.getByRole('img', { name: /QR code/ }).getAttribute('aria-label')).toContain(link);
  expect(await dialog.getByRole('textbox', { name: 'Frame for another page' }).inputValue()).toContain('embed=1');
  expect(await runAxe(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Show to the room' }).click();
  await page.getByRole('img', { name: /QR code/ }).waitFor();
  expect(await runAxe(page)).toEqual([]);
  // Esc leaves the code, not the dialog, and what was chosen stays.
  await page.keyboard.press('Escape');
  expect(await dialog.getByRole('textbox', { name: 'Link for the class' }).inputValue()).toBe(link);

  await page.goto(link);
  await waitForState(page, 'paused');
  for (const name of [/More controls/, /^Experiment /, 'Share', 'File', 'The whole space']) expect(await page.getByText(name, { exact: typeof name === 'string' }).count(), String(name)).toBe(0);
  expect(await page.getByRole('navigation').count()).toBe(0);
  expect(await page.getByText('What the slides say otherwise').count()).toBe(0);
  expect(await page.getByRole('combobox', { name: 'Speed' }).count()).toBe(0);
  expect(await page.getByRole('slider', { name: /β/ }).count()).toBeGreaterThan(0);
  expect(await runAxe(page)).toEqual([]);
  // The student changes what there is to change, by keyboard, and comes back.
  const dial = page.getByRole('slider', { name: 'β', exact: true }).first();
  await dial.focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
  await expect.poll(() => new URL(page.url()).searchParams.get('beta')).not.toBe('0.1');
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get('beta')).toBe('0.1');
  expect(new URL(page.url()).searchParams.get('hide')).toBe(new URL(link).searchParams.get('hide'));
  await waitForState(page, 'paused');
  await close();
});

test.each([
  { name: 'dark', options: { dark: true } },
  { name: 'a phone', options: { viewport: { width: 390, height: 844 } } },
])('the builder holds in $name: axe finds nothing, nothing sticks out', async ({ options }) => {
  const { page, close } = await openLab({ query: '?backend=wasm&seeds=0', ...options });
  await waitForState(page, 'paused');
  await openBuilder(page);
  expect(await runAxe(page)).toEqual([]);
  const dialog = page.getByRole('dialog', { name: 'Share' });
  expect(await dialog.evaluate((element) => [...element.querySelectorAll('*')].filter((inner) => inner.getBoundingClientRect().right > element.getBoundingClientRect().right + 1).length)).toBe(0);
  await close();
});

test('everything hidden is still a page: a heading, charts and Play', async () => {
  const all = 'chapters,presets,dial,controls,more,panels,responses,sentence,timeline,speed,link,slides,predict';
  const { page, close } = await openLab({ query: `?backend=wasm&seeds=0&steps=30&hide=${all}&embed=1`, viewport: { width: 760, height: 620 } });
  await waitForState(page, 'paused');
  expect(await page.getByRole('slider').count()).toBe(0);
  await page.getByRole('button', { name: 'Play' }).click();
  await waitForState(page, 'done');
  expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
  expect(await page.locator('.headline-sentence').count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Open in the lab' }).getAttribute('href')).not.toContain('embed');
  expect(await runAxe(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(760);
  await close();
});

test.each([{ width: 480, height: 360 }, { width: 800, height: 500 }])('in a frame of $width × $height the sentence, the masses, the dial and Play are in view together', async (viewport) => {
  const hide = 'chapters,presets,controls,more,panels,link,slides';
  const { page, close } = await openLab({ query: `?backend=wasm&seeds=0-3&steps=100&hide=${hide}&embed=1`, viewport });
  await waitForState(page, 'paused');
  await page.keyboard.press('k');
  await waitForState(page, 'done');
  const boxOf = async (selector: string) => (await page.locator(selector).first().boundingBox()) ?? expect.fail(`${selector} is not shown`);
  const bar = await boxOf('.transport');
  expect(bar.y + bar.height).toBeCloseTo(viewport.height, 0);
  const [title, sentence, masses, dial, play] = [await boxOf('h1'), await boxOf('.headline-sentence'), await boxOf('.chart-box-mass'), await boxOf('.quick-dial input[type="range"]'), await boxOf('.transport-play')];
  expect(title.y).toBeGreaterThanOrEqual(0);
  expect(sentence.y + sentence.height).toBeLessThanOrEqual(masses.y + 1);
  expect(masses.y + masses.height).toBeLessThanOrEqual(bar.y + 8);
  for (const inBar of [dial, play]) expect(inBar.y).toBeGreaterThanOrEqual(bar.y);
  expect(dial.width).toBeGreaterThan(60);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
  expect(await runAxe(page)).toEqual([]);
  await close();
});
