/** Two objectives compared, on the built page: chosen by keyboard, live with the run, accessible. */
import { expect, test } from 'vitest';
import { openLab, runAxe, waitForState } from './harness.ts';

test.each([{ viewport: { width: 1440, height: 900 }, dark: false }, { viewport: { width: 390, height: 844 }, dark: true }])('differences are marked, numbers follow the run, axe finds nothing: $viewport.width px', async (options) => {
  const { page, close } = await openLab({ query: '?chapter=4&panel=diff&backend=wasm&seeds=0&steps=60', ...options });
  await waitForState(page, 'paused');
  const total = () => page.locator('[data-diff-row="total"] [data-value]').first().getAttribute('data-value');
  await expect.poll(async () => Number(await total())).toBeCloseTo(Math.LN2, 9);
  const second = page.getByRole('combobox', { name: 'Second objective' });
  await second.focus();
  await second.selectOption('dpop');
  await expect.poll(() => page.locator('.diff-summary').innerText()).toBe('4 parts in common; 1 only in DPOP.');
  expect(await page.locator('.diff-side[data-side="right"] [data-term="penalty"]').getAttribute('data-is')).toBe('only');
  expect(await page.locator('.diff-side[data-side="right"] [data-term="chosen"]').getAttribute('data-is')).toBe('same');
  expect(await page.locator('.diff-side math').count(), 'MathML for screen readers').toBe(2);
  await page.locator('main').click({ position: { x: 2, y: 2 } });
  await page.keyboard.press('k');
  await waitForState(page, 'done');
  await expect.poll(async () => Number(await total())).toBeLessThan(0.6);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  expect(await runAxe(page)).toEqual([]);
  await close();
});
