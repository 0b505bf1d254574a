/** Chapter 4 on the built page: the ruler by hand and by keys, the same loss for another policy, no support, the β bench. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { metric, openLab, runAxe, waitForState } from './harness.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const slider = (page: Page, side: 'chosen' | 'rejected') => page.locator(`.ruler-rail[data-side="${side}"] [role="slider"]`);
const read = async (page: Page, id: string) => Number(await page.locator(`[data-ruler="${id}"]`).getAttribute('data-value'));

/** A slider of the browser's own, moved to one of its places. */
async function slide(page: Page, selector: string, value: string): Promise<void> {
  await page.locator(selector).fill(value);
}

test('the ruler: the slides’ numbers, arrow keys, the mouse; loss and weight follow', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&chapter=4', viewport: { width: 1440, height: 900 } });
  await waitForState(page, 'paused');
  expect(await read(page, 'h')).toBe(0);
  expect(await read(page, 'weight')).toBeCloseTo(0.5, 12);

  await button(page, '0.9 against 0.8').click();
  expect(await read(page, 'chosen/ratio')).toBeCloseTo(1.125, 10);
  expect(await page.locator('[data-ruler="chosen/ratio"]').innerText()).toBe('1.125');
  await button(page, '0.11 against 0.1').click();
  expect(await page.locator('[data-ruler="chosen/ratio"]').innerText()).toBe('1.100');
  await button(page, '0.3, −0.003').click();
  expect(await read(page, 'h')).toBeCloseTo(0.303, 12);
  expect(await page.locator('.headline').innerText()).toContain('are 0.303 apart');

  // Keys: a step is 0.01 here; the chosen one to the right opens the gap, the rejected one as well.
  await slider(page, 'chosen').focus();
  await page.keyboard.press('ArrowRight');
  expect(await read(page, 'chosen/logRatio')).toBeCloseTo(0.31, 12);
  await page.keyboard.press('PageDown');
  expect(await read(page, 'chosen/logRatio')).toBeCloseTo(0.21, 12);
  await slider(page, 'rejected').focus();
  await page.keyboard.press('Home');
  expect(await read(page, 'rejected/logRatio')).toBe(0);
  expect(await read(page, 'h')).toBeCloseTo(0.21, 12);
  const beta = 0.05;
  expect(await read(page, 'loss')).toBeCloseTo(Math.log1p(Math.exp(-beta * 0.21)), 12);
  expect(await read(page, 'weight')).toBeCloseTo(1 / (1 + Math.exp(beta * 0.21)), 12);
  // The page's own keys are not these.
  expect(await page.locator('.track-count').innerText()).toContain('update 0');

  // The mouse: half the ruler to the left is minus the reach.
  const mark = await slider(page, 'rejected').boundingBox();
  const line = await page.locator('.ruler-line').boundingBox();
  if (!mark || !line) throw new Error('no ruler');
  await page.mouse.move(mark.x + mark.width / 2, mark.y + mark.height / 2);
  await page.mouse.down();
  await page.mouse.move(line.x + line.width / 4, mark.y + mark.height / 2, { steps: 5 });
  await page.mouse.up();
  expect(await read(page, 'rejected/logRatio')).toBeCloseTo(-0.25, 2);
  expect(await page.locator('.push [data-pair="weight"]').count(), 'the run’s pair and the ruler').toBe(2);

  // The run's pair again, alive.
  await button(page, 'this run’s pair').click();
  expect(await read(page, 'h')).toBe(0);
  await page.locator('.transport-play').click();
  await expect.poll(() => read(page, 'h')).toBeGreaterThan(5);
  await close();
});

test('the same loss, another policy: every digit of the loss stays while KL, J and E[r] do not', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&chapter=4&steps=25', viewport: { width: 1440, height: 900 } });
  await waitForState(page, 'paused');
  await page.locator('.transport-play').click();
  await waitForState(page, 'done');
  const digits = () => page.locator('[data-metric="iso/loss"]').innerText();
  const before = { digits: await digits(), loss: await metric(page, 'iso/loss'), kl: await metric(page, 'iso/kl'), J: await metric(page, 'iso/J'), reward: await metric(page, 'iso/reward') };
  expect(before.digits).toMatch(/^0\.\d{15}$/);
  expect(before.loss).toBeLessThan(0.6);
  for (const share of ['0.01', '0.3', '0.66', '0.99']) {
    await slide(page, '#iso-share', share);
    expect(await digits()).toBe(before.digits);
    expect(await metric(page, 'iso/loss')).toBe(before.loss);
  }
  expect(await metric(page, 'iso/kl')).toBeGreaterThan(before.kl + 5);
  expect(await metric(page, 'iso/J')).toBeLessThan(before.J - 2);
  expect(await metric(page, 'iso/reward')).toBeLessThan(before.reward - 2);
  expect(await page.locator('.iso-words').innerText()).toContain('the loss is the same to the last digit');
  // Another y₀.
  const choice = page.getByRole('combobox', { name: 'y₀, the response that gets the probability' });
  await choice.selectOption({ index: 3 });
  expect(await digits()).toBe(before.digits);
  expect(await page.locator('.iso-words').innerText()).toContain(`“${await choice.inputValue()}” now has`);
  await close();
});

test('less and less support: the log-ratio grows, the loss stays, and at exactly 0 there are words', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&chapter=4&panel=support' });
  await waitForState(page, 'paused');
  const panel = page.locator('.second-rank-panel');
  await panel.locator('#support-q').waitFor();
  const loss = await panel.locator('[data-metric="support/loss"]').innerText();
  await slide(page, '#support-q', '20');
  const [ratio, kl, optimal] = [await metric(page, 'support/logRatio'), await metric(page, 'support/kl'), await metric(page, 'support/optimalLogp')];
  await slide(page, '#support-q', '24');
  expect(await metric(page, 'support/logRatio')).toBeCloseTo(ratio + Math.LN10, 9);
  expect(await metric(page, 'support/kl')).toBeGreaterThan(kl + 2);
  expect(await metric(page, 'support/optimalLogp')).toBeCloseTo(optimal - Math.LN10, 4);
  await slide(page, '#support-q', '45');
  const text = await panel.innerText();
  expect(text).toContain('exactly 0');
  expect(text).toContain('is undefined: it divides by 0');
  expect(text).toContain('A softmax never gets here');
  expect(text).not.toMatch(/Infinity|NaN|∞/);
  expect(await panel.locator('[data-metric="support/loss"]').innerText()).toBe(loss);
  expect(await runAxe(page)).toEqual([]);
  await close();
});

test('the β bench: one click runs it from the first update to the end, and its table fills', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&chapter=4&panel=bench' });
  await waitForState(page, 'paused');
  const panel = page.locator('.second-rank-panel');
  await panel.getByText('This replaces the present run.').waitFor();
  await panel.getByRole('button', { name: 'Run the bench' }).click();
  await waitForState(page, 'done');
  expect(await page.getByRole('combobox', { name: 'Speed' }).inputValue(), 'the reader’s speed is back').toBe('120');
  const values = async (id: string) => (await panel.locator(`[data-bench="${id}"]`).evaluateAll((marks) => marks.map((mark) => Number(mark.getAttribute('data-value')))));
  await expect.poll(async () => (await values('noiseless/gap')).length).toBe(5);
  const first = await values('first/gap');
  expect(first[4] / first[0]).toBeCloseTo(20, 1);
  for (const gap of await values('noisy/rewardGap')) expect(gap).toBeCloseTo(Math.log(9), 3);
  const noiseless = await values('noiseless/gap');
  expect(noiseless).toEqual(noiseless.toSorted((a, b) => b - a));
  await panel.getByText('Table of the gaps').click();
  await panel.locator('.chart-table tbody tr').first().waitFor();
  expect(await panel.locator('.chart-table tbody tr').count()).toBe(8);
  expect(await panel.locator('.chart-table td').count()).toBe(40);
  expect(await panel.innerText()).toContain('the sentence is true of the first update only');
  expect(await runAxe(page)).toEqual([]);
  await panel.getByRole('button', { name: 'Back to “one pair, read closely”' }).click();
  await waitForState(page, 'paused');
  await panel.getByText('This replaces the present run.').waitFor();
  await close();
});

test.each([
  { name: 'light', query: '', viewport: { width: 1440, height: 900 } },
  { name: 'dark', query: '', viewport: { width: 1280, height: 720 }, dark: true },
  { name: 'a phone', query: '', viewport: { width: 390, height: 844 } },
  { name: 'a projector', query: '&projector=1', viewport: { width: 1280, height: 720 } },
])('axe finds nothing, and nothing sticks out: $name', async ({ query, viewport, dark }) => {
  const { page, close } = await openLab({ query: `?backend=wasm&chapter=4${query}`, viewport, ...(dark ? { dark } : {}) });
  await waitForState(page, 'paused');
  await button(page, '0.9 against 0.8').click();
  await slide(page, '#iso-share', '0.6');
  expect(await runAxe(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
  await close();
});
