/** The page "Your bug as a toy" on the built lab: search, a card by its address, a toy in the lab, a run on a card, accessibility. */
import { expect, test } from 'vitest';
import { openLab, runAxe, waitForState } from './harness.ts';

const PAGE = '?view=bugs&backend=wasm';

test('search filters by symptom, metric and repository, says how many, and finds its way back', async () => {
  const { page, close } = await openLab({ query: PAGE });
  const cards = page.locator('.bug');
  const count = page.locator('#gallery-count');
  await cards.first().waitFor();
  const all = await cards.count();
  expect(await page.title()).toBe('DPO Lab: Your bug as a toy');
  expect(await count.innerText()).toBe(`${all} cards`);
  const box = page.getByRole('searchbox', { name: 'What do you see?' });
  await box.fill('trl#2382');
  await expect.poll(() => cards.count()).toBe(2);
  expect(await count.innerText()).toBe(`2 of ${all} cards`);
  await box.fill('segmentation fault');
  await expect.poll(() => cards.count()).toBe(0);
  await page.getByRole('button', { name: 'Show all cards' }).click();
  await expect.poll(() => cards.count()).toBe(all);
  await page.getByRole('button', { name: 'EOS' }).click();
  await expect.poll(() => cards.count()).toBe(1);
  expect(await page.getByRole('heading', { level: 2 }).innerText()).toBe('The answer never stops');
  await close();
});

test('an address names a card: it is open, in sight and marked, also while others are filtered', async () => {
  const { page, close } = await openLab({ query: `${PAGE}#ipo-nan` });
  const card = page.locator('#ipo-nan');
  await card.waitFor();
  expect(await card.locator('details.bug-more').getAttribute('open')).not.toBeNull();
  await expect.poll(async () => (await card.boundingBox())?.y ?? 1e6).toBeLessThan(800);
  await page.getByRole('searchbox').fill('EOS');
  await expect.poll(() => page.locator('.bug').count()).toBe(1);
  await page.evaluate(() => { location.hash = 'longer-answers'; });
  await page.locator('#longer-answers[data-named="true"]').waitFor();
  await expect.poll(async () => Math.abs((await page.locator('#longer-answers').boundingBox())?.y ?? 1e6)).toBeLessThan(800);
  await close();
});

test('a toy opens in the lab, in its chapter and theme, and runs; the way back is the browser’s', async () => {
  const { page, close } = await openLab({ query: '?view=bugs&theme=dark' });
  const card = page.locator('#chosen-reward-negative');
  await card.waitFor();
  await card.getByRole('link', { name: 'Open the toy' }).click();
  await page.locator('#chapter-5').waitFor();
  await waitForState(page, 'paused');
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
  expect(await page.locator('.notice').count()).toBe(0);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await waitForState(page, 'done');
  await page.goBack();
  await page.locator('#chosen-reward-negative').waitFor();
  await close();
});

test('a run on a card: live, with its outcome in words and a table; the remedy beside it; a divergence is explained', async () => {
  const { page, close } = await openLab({ query: PAGE });
  const card = page.locator('#broken-within-steps');
  await card.waitFor();
  await card.getByRole('button', { name: 'Show it here' }).click();
  await card.locator('.bug-picture[data-state="done"]').waitFor();
  const outcome = card.locator('.bug-outcome');
  await expect.poll(() => outcome.innerText()).toMatch(/^After 40 updates, median of 3 seeds: .*“the the the”/);
  await expect.poll(async () => Number(await card.locator('[data-metric="mass/ood"]').getAttribute('data-value'))).toBeGreaterThan(0.9);
  await card.getByText('Table', { exact: true }).click();
  await expect.poll(() => card.locator('table tbody tr').count()).toBeGreaterThan(3);
  await card.getByRole('button', { name: 'With the learning rate 1' }).click();
  await expect.poll(() => outcome.innerText(), { timeout: 30_000 }).toMatch(/“on the mat”/);
  await page.locator('#ipo-nan').getByRole('button', { name: 'Show it here' }).click();
  expect(await card.locator('.bug-picture').count()).toBe(0);
  await expect.poll(() => page.locator('#ipo-nan .bug-outcome').innerText(), { timeout: 30_000 }).toMatch(/finite/);
  await page.locator('#ipo-nan').getByRole('button', { name: 'Close the picture' }).click();
  expect(await page.locator('.bug-picture').count()).toBe(0);
  await close();
});

test('axe finds nothing in light, dark and on a phone, with a run and all reasons open; nothing sticks out', async () => {
  const { page, close } = await openLab({ query: PAGE });
  const card = page.locator('#broken-within-steps');
  await card.waitFor();
  await card.getByRole('button', { name: 'Show it here' }).click();
  await card.locator('.bug-picture[data-state="done"]').waitFor();
  await page.evaluate(() => { for (const details of document.querySelectorAll('details')) details.open = true; });
  expect(await runAxe(page)).toEqual([]);
  await page.getByRole('button', { name: 'Dark theme' }).click();
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
  expect(page.url()).toContain('theme=dark');
  expect(await card.getByRole('link', { name: 'Open the toy' }).getAttribute('href')).toContain('theme=dark');
  expect(await runAxe(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await runAxe(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await close();
});

test('by keyboard: the name, the pages, the theme, the search, then the first card’s buttons', async () => {
  const { page, close } = await openLab({ query: PAGE });
  await page.locator('.bug').first().waitFor();
  const focused = () => page.evaluate(() => (document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '') || document.activeElement?.id || '');
  const order: string[] = [];
  for (let i = 0; i < 12; i++) { await page.keyboard.press('Tab'); order.push(await focused()); }
  expect(order).toEqual([
    'DPO Lab', 'Your bug as a toy', 'Reports of a class', 'Dark theme', 'gallery-query', 'rewards/chosen', 'EOS', 'NaN', 'trl#2382',
    'The model repeats one word', 'Show it here', 'Open the toy',
  ]);
  await close();
});
