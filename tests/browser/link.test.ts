/** A link is where a run is: opened again it shows the same numbers, Reset returns to it, and links of older versions open. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openLab } from './harness.ts';

/** A run whose β was changed at 20, that was forked at 40, and whose learning rate was changed at 50. */
const THEN = 'then=20:beta=0.5;40:fork:loss=robust,labelSmoothing=0.1;50:learningRate=0.3&step=60';
const LINK = `?preset=the-the-the&seeds=0,1&steps=120&backend=wasm&${THEN}&shown=1&v=1`;

async function openAt(query: string, step: number) {
  const opened = await openLab({ query });
  await standsAt(opened.page, step);
  return opened;
}

function standsAt(page: Page, step: number) {
  return page.locator(`main[data-run-state="paused"][data-step="${step}"]`).waitFor({ state: 'attached', timeout: 60_000 });
}

/** Every number of the table of all numbers and of the screen, unrounded. */
async function numbers(page: Page): Promise<string[]> {
  await page.waitForTimeout(400); // pictures are drawn ten times a second
  return page.locator('main [data-metric][data-value]').evaluateAll((all) => all.map((e) => `${e.getAttribute('data-metric')} ${e.getAttribute('data-value')}`));
}

const search = (page: Page) => new URL(page.url()).search;
const beta = (page: Page) => page.getByRole('slider', { name: 'β', exact: true });

test('a link into a forked, retuned run shows the same numbers each time, to the last bit, and after a reload', async () => {
  const first = await openAt(LINK, 60);
  const seen = await numbers(first.page);
  expect(seen.length).toBeGreaterThan(4);
  expect(await beta(first.page).getAttribute('aria-valuetext')).toBe('0.5');
  await first.page.reload();
  await standsAt(first.page, 60);
  expect(await numbers(first.page)).toEqual(seen);
  const second = await openAt(LINK, 60);
  expect(await numbers(second.page)).toEqual(seen);
  // The run that was not changed on its way is another one.
  const plain = await openAt(LINK.replace(THEN, 'step=60'), 60);
  expect(await numbers(plain.page)).not.toEqual(seen);
  for (const { close } of [first, second, plain]) await close();
});

test('on the page of such a link Reset returns to it, whatever was changed', async () => {
  const { page, close } = await openAt(LINK, 60);
  const seen = await numbers(page);
  await beta(page).focus();
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('ArrowRight');
  await standsAt(page, 0);
  await expect.poll(() => search(page)).not.toContain('then=');
  await page.getByRole('combobox', { name: 'Policy shown' }).first().selectOption('0');
  await page.locator('h1').first().click();
  await page.keyboard.press(']');
  await expect.poll(() => search(page)).toContain('preset=resampling-prevents');
  await page.getByRole('button', { name: 'Reset' }).click();
  await standsAt(page, 60);
  expect(await numbers(page)).toEqual(seen);
  await expect.poll(() => search(page)).toBe(LINK);
  expect(await page.getByRole('combobox', { name: 'Policy shown' }).first().inputValue()).toBe('1');
  await close();
});

test('links without a version open; one of a newer version says what it left aside', async () => {
  const old = await openAt('?preset=near-pairs&beta=0.5&seeds=0-1&backend=wasm&step=5', 5);
  expect(await beta(old.page).getAttribute('aria-valuetext')).toBe('0.5');
  expect(await old.page.locator('[data-notice="problems"]').count()).toBe(0);
  await old.close();
  const newer = await openAt('?preset=near-pairs&seeds=0-1&backend=wasm&weather=rain&v=9', 0);
  expect(await newer.page.locator('[data-notice="problems"]').innerText()).toContain('This link is newer than the page (its version v is 9, the page reads 1)');
  await newer.close();
});
