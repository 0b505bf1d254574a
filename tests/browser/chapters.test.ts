/** Every chapter on the built page with a real engine: it opens by its link and by the nav, trains, says what it sees, and is accessible. */
import { expect, test } from 'vitest';
import { openLab, runAxe, waitForState } from './harness.ts';

/** What each chapter's link opens, made short: few seeds, few updates. */
const CHAPTERS = [
  { chapter: 1, query: '&seeds=0-1&steps=60', says: /pairs?/ },
  { chapter: 2, query: '&steps=60', says: /worth J/ },
  { chapter: 3, query: '&seeds=0-1&steps=60', says: /reward/ },
  { chapter: 4, query: '&steps=60', says: /margin|loss/ },
  { chapter: 6, query: '&seeds=0-1&steps=60', says: /resampl|drawn|pairs?/i },
  { chapter: 7, query: '&seeds=0-1&steps=20', says: /reward/ },
  { chapter: 8, query: '&seeds=0-1&steps=20', says: /.+/ },
  { chapter: 9, query: '&seeds=0-1&steps=20', says: /.+/ },
  { chapter: 10, query: '&seeds=0-1&steps=60', says: /probability/ },
];

test.each(CHAPTERS)('chapter $chapter plays to its end, moves, and axe finds nothing in light, dark, on a projector and on a phone', async ({ chapter, query, says }) => {
  const { page, close } = await openLab({ query: `?backend=wasm&chapter=${chapter}${query}` });
  await waitForState(page, 'paused');
  expect(await page.locator(`#chapter-${chapter} h1`).count()).toBe(1);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  const before = await page.locator(`#chapter-${chapter}`).innerText();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await waitForState(page, 'done');
  const after = await page.locator(`#chapter-${chapter}`).innerText();
  expect(after).not.toBe(before);
  expect(await page.locator('.headline').innerText()).toMatch(says);
  expect(after).not.toMatch(/NaN|undefined|Infinity/);
  expect(await runAxe(page)).toEqual([]);
  await page.getByRole('button', { name: 'Dark theme' }).click();
  expect(await runAxe(page)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.getByRole('button', { name: 'Projector' }).click();
  expect(await page.evaluate(() => document.documentElement.hasAttribute('data-projector'))).toBe(true);
  expect(await runAxe(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
  await page.getByRole('button', { name: 'Projector' }).click();
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await runAxe(page)).toEqual([]);
  // Nothing sticks out on a phone.
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await close();
});

test('the chapters are reached by the nav and by keys, and a reload lands on the same one', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm' });
  await waitForState(page, 'paused');
  await page.getByRole('navigation', { name: 'Chapters' }).getByRole('link', { name: /Online DPO/ }).click();
  await page.locator('#chapter-6').waitFor();
  await waitForState(page, 'paused');
  await page.keyboard.press(']');
  await page.locator('#chapter-7').waitFor();
  await page.keyboard.press('[');
  await page.locator('#chapter-6').waitFor();
  await waitForState(page, 'paused');
  // The address is written when the page has been quiet for a moment.
  await expect.poll(() => page.url()).toContain('preset=resampling-prevents');
  await page.reload();
  await page.locator('#chapter-6').waitFor();
  await waitForState(page, 'paused');
  await close();
});
