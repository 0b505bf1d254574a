/** Predict, then reveal, on the built page with a real engine: by keyboard, with votes, kept over a reload; axe in light, dark, on a projector and on a phone. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openLab, runAxe, waitForState } from './harness.ts';

const SHORT = '?backend=wasm&seeds=0-1&steps=60';

const card = (page: Page) => page.getByRole('region', { name: 'Prediction', exact: true });
const stage = (page: Page, name: string) => page.locator(`.predict[data-stage="${name}"]`).waitFor();

test('a prediction dragged by keyboard is committed, run, scored, voted on, and kept', async () => {
  const { page, close } = await openLab({ query: SHORT, viewport: { width: 1440, height: 900 } });
  await waitForState(page, 'paused');
  const chartTop = async () => (await page.locator('.chart-box-mass').boundingBox())?.y;
  const top = await chartTop();
  const line = card(page).getByRole('button', { name: /^Predict first: Where will the probability go\?$/ });
  await line.focus();
  await page.keyboard.press('Enter');
  expect(await chartTop(), 'the chart stays where it is').toBe(top);

  const commit = card(page).getByRole('button', { name: 'Commit and run' });
  await commit.focus();
  await page.keyboard.press('Enter');
  expect(await card(page).innerText()).toContain('Answer the question first');
  const chosen = card(page).getByRole('slider', { name: 'Your share for “on the mat”' });
  await chosen.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('ArrowRight');
  expect(await chosen.getAttribute('aria-valuenow')).toBe('91');
  const shares = await card(page).getByRole('slider').evaluateAll((sliders) => sliders.map((slider) => Number(slider.getAttribute('aria-valuenow'))));
  expect(shares.reduce((a, b) => a + b, 0)).toBe(100);
  await card(page).getByText('Votes of a class').click();
  await card(page).getByRole('spinbutton', { name: '“on the mat”' }).fill('20');
  await card(page).getByRole('spinbutton', { name: 'responses nobody wrote' }).fill('12');
  expect(await runAxe(page)).toEqual([]);

  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await commit.focus();
  await page.keyboard.press('Enter');
  await stage(page, 'revealed');
  await waitForState(page, 'done');
  const masses = await Promise.all(['mass/chosen', 'mass/rejected', 'mass/ood'].map((id) => page.locator(`.all-numbers [data-metric="${id}"]`).getAttribute('data-value')));
  // Two seeds: their median is their mean, so the numbers on the page are the outcome.
  const moved = masses.reduce((sum, p, i) => sum + Math.abs(Number(p) - shares[i] / 100) / 2, 0);
  expect(await card(page).locator('.predict-score').innerText()).toContain(`${Math.round(100 * (1 - moved))} of 100`);
  expect(await card(page).innerText()).toMatch(/hands right/);
  expect(await chartTop(), 'the chart stays where it is').toBe(top);
  expect(await runAxe(page)).toEqual([]);
  await page.getByRole('button', { name: 'Dark theme' }).click();
  expect(await runAxe(page)).toEqual([]);

  await card(page).getByRole('button', { name: 'The record' }).click();
  const records = page.getByRole('region', { name: 'Predictions so far' });
  await records.getByRole('table').waitFor();
  expect(await records.innerText()).toContain('Class: 20 for “on the mat”, 12 for responses nobody wrote');
  const download = page.waitForEvent('download');
  await records.getByRole('button', { name: 'Save as JSON' }).click();
  expect((await download).suggestedFilename()).toBe('predictions.json');
  expect(await runAxe(page)).toEqual([]);
  await page.reload();
  await page.getByRole('table').first().waitFor({ state: 'attached' });
  expect(await records.innerText()).toContain('Where will the probability be after 60 updates?');
  await records.getByRole('button', { name: 'Forget all of them' }).click();
  expect(await records.innerText()).toContain('None yet.');
  await close();
});

test('a link asks its question at once; on a phone nothing sticks out, a changed experiment makes the prediction void', async () => {
  const { page, close } = await openLab({ query: `${SHORT}&ask=chosen`, viewport: { width: 390, height: 844 } });
  await waitForState(page, 'paused');
  expect(await card(page).innerText()).toContain('the better side of the pairs');
  await card(page).getByRole('radio', { name: 'It rises, then falls' }).check();
  expect(await runAxe(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('1 / s');
  await card(page).getByRole('button', { name: 'Commit and run' }).click();
  await stage(page, 'committed');
  expect(await card(page).innerText()).toContain('You said It rises, then falls');
  await card(page).getByRole('button', { name: 'Start over and take it back' }).click();
  await stage(page, 'void');
  expect(await card(page).innerText()).toContain('the prediction is taken back');
  await card(page).getByRole('button', { name: 'Predict again' }).click();
  await stage(page, 'asked');
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.getByRole('button', { name: 'Projector' }).click();
  expect(await runAxe(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
  await close();
});
