/** Chapter 3 on the built page with a real engine: the run of chapter 5 goes on in it, its numbers move, its loss is the run's, and keys do everything. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { metric, openLab, runAxe, waitForState } from './harness.ts';

const slot = async (page: Page, name: string) => Number(await page.locator(`[data-slot="${name}"]`).getAttribute('data-value'));
const reached = (page: Page) => page.locator('.cancel').getAttribute('data-step');
const update = async (page: Page) => Number(/update ([\d,]+)/.exec(await page.locator('main').innerText())![1].replace(',', ''));

test('the run of chapter 5 goes on in chapter 3 and back: the same updates, moving numbers, the loss of the run', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&seeds=0' });
  await waitForState(page, 'paused');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(() => update(page)).toBeGreaterThan(20);
  await page.getByRole('navigation', { name: 'Chapters' }).getByRole('link', { name: /Policy to reward/ }).click();
  await page.locator('#chapter-3 .cancel').waitFor();
  const [step, implicit] = [await update(page), await slot(page, 'trained/rejected/implicit')];
  expect(step).toBeGreaterThan(20);
  expect(implicit).toBeLessThan(0);
  await waitForState(page, 'running');
  await expect.poll(() => update(page)).toBeGreaterThan(step + 20);
  expect(await slot(page, 'trained/rejected/implicit')).toBeLessThan(implicit);
  // What π* has does not move.
  expect(await slot(page, 'optimal/gap')).toBeCloseTo(1, 9);
  expect(await page.locator('.headline').innerText()).toMatch(/the policy implies that “on the mat” is worth [\d.]+ more than “on a mat”; truly 1\.00 more/);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await waitForState(page, 'paused');
  expect(Math.abs(await slot(page, 'loss/pair') - await metric(page, 'loss'))).toBeLessThan(1e-5);
  await expect.poll(() => page.url()).toMatch(/preset=the-the-the&.*chapter=3/);
  const paused = await update(page);
  await page.getByRole('navigation', { name: 'Chapters' }).getByRole('link', { name: /Why is DPO biased/ }).click();
  await page.locator('#chapter-5').waitFor();
  expect(await update(page)).toBe(paused);
  await expect.poll(() => page.url()).not.toContain('chapter=');
  await close();
});

test('so does a run that is done, and a reload lands in chapter 3 again', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&seeds=0&steps=60' });
  await waitForState(page, 'paused');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await waitForState(page, 'done');
  await page.getByRole('navigation', { name: 'Chapters' }).getByRole('link', { name: /Policy to reward/ }).click();
  await page.locator('#chapter-3 .cancel').waitFor();
  await page.getByRole('navigation', { name: 'Chapters' }).getByRole('link', { name: /Why is DPO biased/ }).click();
  await page.locator('#chapter-5').waitFor();
  expect(await update(page)).toBe(60);
  await page.getByRole('navigation', { name: 'Chapters' }).getByRole('link', { name: /Policy to reward/ }).click();
  await page.locator('#chapter-3 .cancel').waitFor();
  await expect.poll(() => page.url()).toContain('chapter=3');
  await page.reload();
  await page.locator('#chapter-3 .cancel').waitFor();
  await waitForState(page, 'paused');
  expect(await page.getByRole('region', { name: 'Preference pairs' }).innerText()).toContain('on the mat');
  await close();
});

test('the cancellation goes by buttons and arrow keys; what is written later takes no room away', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&chapter=3&steps=40', viewport: { width: 1440, height: 900 } });
  await waitForState(page, 'paused');
  const height = async () => (await page.locator('.cancel').boundingBox())!.height;
  const [before, updates] = [await height(), await update(page)];
  expect(await reached(page)).toBe('invert');
  const visible = (selector: string) => page.locator(selector).first().isVisible();
  expect(await visible('[data-slot="trained/gap"]')).toBe(false);
  await page.locator('.cancel').focus();
  const seen: (string | null)[] = [];
  for (let i = 0; i < 4; i++) {
    await page.keyboard.press('ArrowRight');
    seen.push(await reached(page));
  }
  expect(seen).toEqual(['subtract', 'cancel', 'gap', 'loss']);
  await expect.poll(() => visible('[data-slot="loss/pair"]')).toBe(true);
  expect(await height()).toBe(before);
  await page.keyboard.press('ArrowLeft');
  expect(await reached(page)).toBe('gap');
  await page.keyboard.press('Home');
  expect(await reached(page)).toBe('invert');
  expect(await update(page), 'no key has made an update').toBe(updates);
  // The same with Tab and Enter.
  await page.getByRole('button', { name: 'Previous', exact: true }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await reached(page)).toBe('subtract');
  await page.getByRole('button', { name: 'All', exact: true }).press('Enter');
  expect(await reached(page)).toBe('loss');
  await close();
});

test('reduced motion: states without movement', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&chapter=3&steps=40', reducedMotion: true, viewport: { width: 1440, height: 900 } });
  await waitForState(page, 'paused');
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  expect(await page.locator('.cancel-ghost').evaluateAll((all) => all.map((one) => getComputedStyle(one).transitionDuration))).toEqual(['0s', '0s']);
  expect(await page.locator('.cancel-ghost').first().isVisible()).toBe(true);
  await close();
});

test('the dots go to the line, are named by keys and by pointing, and in pairs the line goes through 0', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&chapter=3&seeds=0', viewport: { width: 1440, height: 900 } });
  await waitForState(page, 'paused');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await waitForState(page, 'done');
  const line = page.locator('.implied-line');
  const offset = Number(await line.getAttribute('data-offset'));
  expect(offset).toBeCloseTo(0.832, 2);
  // Every dot's centre lies on the drawn line.
  const farthest = await page.locator('.implied-box svg').evaluate((svg) => {
    const [x1, y1, x2, y2] = ['x1', 'y1', 'x2', 'y2'].map((name) => Number(svg.querySelector('.implied-line')!.getAttribute(name)));
    return Math.max(...[...svg.querySelectorAll('circle.implied-dot')].map((dot) => {
      const [x, y] = [Number(dot.getAttribute('cx')), Number(dot.getAttribute('cy'))];
      return Math.abs((y2 - y1) * x - (x2 - x1) * y + x2 * y1 - y2 * x1) / Math.hypot(x2 - x1, y2 - y1);
    }));
  });
  expect(farthest).toBeLessThan(0.5);
  const chart = page.locator('.implied-chart');
  await chart.focus();
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => chart.getByRole('status').innerText()).toMatch(/“yes thanks”\s+true 1\.50, implicit 0\.66\d/);
  await page.keyboard.press('End');
  await expect.poll(() => chart.getByRole('status').innerText()).toMatch(/“thanks thanks”\s+true −2\.00/);
  expect(await update(page)).toBe(300);
  await page.locator('circle.implied-dot').first().hover();
  expect(await page.locator('.implied-box .hover-text').textContent()).toMatch(/true .*implicit/);
  await page.getByRole('button', { name: 'in pairs', exact: true }).click();
  expect(Number(await line.getAttribute('data-offset'))).toBe(0);
  await page.getByText('Table of the rewards').click();
  await expect.poll(() => page.getByRole('region', { name: /^78 of 78 pairs/ }).locator('tbody tr').count()).toBe(78);
  await close();
});

test.each([
  { name: 'light', query: '', viewport: { width: 1440, height: 900 } },
  { name: 'dark', query: '&theme=dark', viewport: { width: 1280, height: 800 } },
  { name: 'on a phone', query: '', viewport: { width: 390, height: 844 } },
  { name: 'projected', query: '&projector=1', viewport: { width: 1440, height: 900 } },
])('axe finds nothing, and nothing sticks out: $name', async ({ query, viewport }) => {
  const { page, close } = await openLab({ query: `?backend=wasm&preset=generous-prompt&seeds=0&steps=20${query}`, viewport });
  await waitForState(page, 'paused');
  expect(await runAxe(page)).toEqual([]);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await waitForState(page, 'done');
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await page.waitForTimeout(1000); // until the last term has faded in
  expect(await runAxe(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
  await close();
});
