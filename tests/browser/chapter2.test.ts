/** Chapter 2 on the built page: bars dragged by mouse and by keys, π* by button and by training, the hill, and axe. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openLab, runAxe, waitForState } from './harness.ts';

const QUERY = '?backend=wasm&chapter=2';
const number = async (page: Page, id: string) => Number(await page.locator(`.worth [data-metric="${id}"]`).getAttribute('data-value'));
const numbers = (page: Page, attribute: string, within: string) => page.locator(within).evaluateAll((all, name) => all.map((one) => Number(one.getAttribute(name))), attribute);
const masses = (page: Page) => numbers(page, 'data-value', '.mass-track');
const gradients = (page: Page) => numbers(page, 'data-gradient', '.mass-numbers');
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const largest = (values: readonly number[]) => Math.max(...values.map(Math.abs));

async function expectOnSimplex(page: Page): Promise<void> {
  const all = await masses(page);
  expect(sum(all)).toBeCloseTo(1, 12);
  expect(Math.min(...all)).toBeGreaterThan(0);
  // J is what its parts say, and what it lacks is the gap.
  const [value, reward, klCost, gap, best] = await Promise.all(['objective', 'goldReward', 'klCost', 'gap', 'objective/optimal'].map((id) => number(page, id)));
  expect(reward - klCost).toBeCloseTo(value, 10);
  expect(value + gap).toBeCloseTo(best, 10);
}

test('a bar follows the mouse and the keys; the sum stays 1 and J answers', async () => {
  const { page, close } = await openLab({ query: QUERY, viewport: { width: 1440, height: 900 } });
  await waitForState(page, 'paused');
  await expectOnSimplex(page);
  const before = await masses(page);
  const track = page.locator('.mass-track[data-response="yes"]');
  const box = (await track.boundingBox())!;
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + before[0] * box.width + 1, y);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.6 * box.width + 1, y, { steps: 6 });
  await page.mouse.up();
  const dragged = await masses(page);
  expect(dragged[0]).toBeCloseTo(0.6, 2);
  expect(dragged[1] / dragged[2], 'the others keep their proportions').toBeCloseTo(before[1] / before[2], 8);
  await expectOnSimplex(page);
  expect(await page.locator('.mass-whose').innerText()).toBe('your policy');
  expect(await page.locator('.headline').innerText()).toMatch(/^Your policy is worth/);

  await track.focus();
  await page.keyboard.press('ArrowLeft');
  expect((await masses(page))[0]).toBeCloseTo(dragged[0] - 0.01, 8);
  await page.keyboard.press('Shift+ArrowRight');
  expect((await masses(page))[0]).toBeCloseTo(dragged[0] + 0.09, 8);
  await page.keyboard.press('End');
  expect(await track.getAttribute('aria-valuetext')).toBe('> 99.9 %');
  await expectOnSimplex(page);
  await page.keyboard.press('Home');
  expect((await masses(page))[0]).toBeCloseTo(1e-6, 10);
  await expectOnSimplex(page);
  expect(await page.locator('main').getAttribute('data-step'), 'the keys are the bar’s own').toBe('0');

  await page.getByRole('button', { name: 'back to the run’s policy' }).click();
  expect(await masses(page)).toEqual(before);
  expect(await page.locator('.headline').innerText()).toMatch(/^The reference is worth/);
  await close();
});

test('at π* every gradient is 0 and J is at its best; mass that leaves it lowers J; β moves π* at once', async () => {
  const { page, close } = await openLab({ query: QUERY });
  await waitForState(page, 'paused');
  expect(largest(await gradients(page))).toBeGreaterThan(0.5);
  await page.getByRole('button', { name: 'to π*', exact: true }).click();
  expect(largest(await gradients(page))).toBeLessThan(1e-9);
  expect(await number(page, 'gap')).toBeCloseTo(0, 9);
  const best = await number(page, 'objective');
  expect(best).toBeCloseTo(await number(page, 'objective/optimal'), 9);
  expect(await page.locator('.mass-pull').innerText()).toContain('every gradient is 0');

  let last = best;
  await page.locator('.mass-track[data-response="yes"]').focus();
  for (let i = 0; i < 5; i++) {
    await page.keyboard.press('ArrowLeft');
    const now = await number(page, 'objective');
    expect(now).toBeLessThan(last);
    last = now;
  }
  expect(largest(await gradients(page))).toBeGreaterThan(1e-3);

  await page.getByRole('button', { name: 'to π*', exact: true }).click();
  // π* of this β is no longer π* of the next one.
  const slider = page.getByRole('slider', { name: 'β', exact: true });
  await slider.focus();
  await slider.press('ArrowRight');
  await expect.poll(() => number(page, 'gap')).toBeGreaterThan(1e-6);
  await page.getByRole('button', { name: 'to π*', exact: true }).click();
  expect(largest(await gradients(page))).toBeLessThan(1e-9);
  await slider.press('End');
  await page.getByRole('button', { name: 'to π*', exact: true }).click();
  const [yes, no] = await masses(page);
  expect([yes, no]).toEqual([expect.closeTo(0.223, 2), expect.closeTo(0.505, 2)]);
  await slider.press('Home');
  await page.getByRole('button', { name: 'to π*', exact: true }).click();
  expect((await masses(page))[0]).toBeGreaterThan(0.999999);
  await close();
});

test('Play moves the bars to π*', async () => {
  const { page, close } = await openLab({ query: QUERY });
  await waitForState(page, 'paused');
  const gap = await number(page, 'gap');
  expect(gap).toBeGreaterThan(0.4);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await waitForState(page, 'done');
  await expect.poll(() => number(page, 'gap')).toBeLessThan(1e-3);
  expect((await masses(page))[0]).toBeCloseTo(0.73, 2);
  expect(await page.locator('.headline').innerText()).toMatch(/^After 300 updates the policy is worth/);
  await close();
});

test('the hill: its point is the policy of the bars, and moves by mouse and keys', async () => {
  const { page, close } = await openLab({ query: `${QUERY}&panel=ternary`, viewport: { width: 1440, height: 900 } });
  await waitForState(page, 'paused');
  const hill = page.locator('.ternary-hill');
  await hill.scrollIntoViewIfNeeded();
  const value = async (id: string) => Number(await page.locator(`[data-metric="hill/${id}"]`).getAttribute('data-value'));
  expect(await value('now')).toBeCloseTo(await number(page, 'objective'), 10);
  expect(await value('climb')).toBeCloseTo(await value('top'), 6);
  const ring = (await page.locator('.ternary-hill .target-ring').boundingBox())!;
  await page.mouse.click(ring.x + ring.width / 2, ring.y + ring.height / 2);
  expect((await masses(page))[0]).toBeCloseTo(0.73, 1);
  await expectOnSimplex(page);
  expect(await value('now')).toBeCloseTo(await number(page, 'objective'), 10);
  await page.locator('.ternary-plot').focus();
  const [before] = await masses(page);
  await page.keyboard.press('Shift+ArrowDown');
  expect((await masses(page))[0]).toBeCloseTo(before - 0.1, 5);
  await page.keyboard.press('End');
  expect(largest(await gradients(page))).toBeLessThan(1e-6);
  await close();
});

test.each([
  { what: 'three answers', query: QUERY }, { what: 'two questions', query: '?backend=wasm&preset=two-questions' },
])('axe finds nothing and nothing sticks out: $what, light, dark, phone, projector', async ({ query }) => {
  const { page, close } = await openLab({ query: `${query}&panel=ternary`, viewport: { width: 1440, height: 900 } });
  await waitForState(page, 'paused');
  await page.locator('.ternary-hill').waitFor();
  const noOverflow = async () => expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  expect(await runAxe(page)).toEqual([]);
  await noOverflow();
  await page.getByRole('button', { name: 'Dark theme' }).click();
  expect(await runAxe(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await runAxe(page)).toEqual([]);
  await noOverflow();
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.keyboard.press('p');
  await page.locator('html[data-projector]').waitFor();
  expect(await runAxe(page)).toEqual([]);
  await noOverflow();
  await close();
});

test('a finger drags a bar sideways, and scrolls the page over it', async () => {
  const { page, close } = await openLab({ query: QUERY, viewport: { width: 390, height: 844 } });
  await waitForState(page, 'paused');
  const track = page.locator('.mass-track[data-response="yes"]');
  await track.scrollIntoViewIfNeeded();
  const box = (await track.boundingBox())!;
  const [before] = await masses(page);
  const send = (type: string, x: number) => track.dispatchEvent(type, { pointerId: 7, pointerType: 'touch', isPrimary: true, button: type === 'pointermove' ? -1 : 0, clientX: x, clientY: box.y + 5, bubbles: true });
  // setPointerCapture refuses a pointer that no hardware has.
  await track.evaluate((element) => { element.setPointerCapture = () => {}; });
  const start = box.x + before * box.width;
  await send('pointerdown', start);
  expect((await masses(page))[0], 'a touch alone may be the beginning of a scroll').toBe(before);
  await send('pointermove', start + 3);
  expect((await masses(page))[0]).toBe(before);
  await send('pointermove', box.x + 0.7 * box.width);
  await send('pointerup', box.x + 0.7 * box.width);
  expect((await masses(page))[0]).toBeCloseTo(0.7, 2);
  expect(await track.evaluate((element) => getComputedStyle(element).touchAction)).toBe('pan-y');
  await expectOnSimplex(page);
  await close();
});
