/** Time travel on the page: what is shown after going back is what a fresh run shows there, bit for bit; events, forks, keys. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openLab, runAxe, waitForState } from './harness.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const timeline = (page: Page) => page.getByRole('slider', { name: 'Timeline', exact: true });
const isAt = (page: Page, step: number) => page.waitForFunction((k) => document.querySelector('main')?.dataset.step === String(k), step);
const wasAt = (page: Page, step: number) => page.waitForFunction((k) => Number(document.querySelector('main')?.dataset.step) >= k, step);

async function openReady(query = '', options: Parameters<typeof openLab>[0] = {}) {
  const opened = await openLab({ ...options, query: `?backend=wasm&steps=400${query}` });
  await waitForState(opened.page, 'paused');
  return opened;
}

/** The table of the responses, most probable first, which carries their probabilities as full doubles. */
async function openResponses(page: Page): Promise<void> {
  await page.locator('.chapter-responses summary').filter({ hasText: 'Table' }).click();
  await page.locator('.chapter-responses td[data-value]').first().waitFor();
}

/**
 * Every number that the charts and tables carry, unrounded: its name, and its value as text. The bars are left out: which
 * responses have one changes as little as it can from picture to picture (ranking.ts), so it depends on what was shown before.
 */
function numbers(page: Page): Promise<string[]> {
  return page.locator('[data-value]:not([data-response])').evaluateAll((all) => all.map((of) => `${of.getAttribute('data-metric') ?? ''} ${of.getAttribute('data-value')}`));
}
/** The same, once they are those of the update that the page is at. */
async function settledNumbers(page: Page): Promise<string[]> {
  let before = await numbers(page);
  await expect.poll(async () => {
    await page.waitForTimeout(300);
    const now = await numbers(page);
    const same = now.join() === before.join();
    before = now;
    return same;
  }, { timeout: 10_000 }).toBe(true);
  return before;
}

test('the probabilities after going back are those of a fresh run, bit for bit; one step back is one', async () => {
  const { page, close } = await openReady();
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await button(page, 'Play').click();
  await wasAt(page, 200);
  await button(page, 'Pause').click();
  await waitForState(page, 'paused');
  // By the pointer: pressed at a quarter of 400 updates, dragged on to an eighth.
  const box = await timeline(page).boundingBox();
  if (!box) throw new Error('the timeline has no box');
  const x = (share: number) => box.x + share * box.width;
  await page.mouse.move(x(0.25), box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(x(0.2), box.y + box.height / 2);
  await page.mouse.move(x(0.125), box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await isAt(page, 50);
  expect(await timeline(page).getAttribute('aria-valuetext')).toMatch(/^update 50 of 400, recorded up to \d+$/);
  expect(await page.locator('.track-note').innerText()).toMatch(/^recorded up to \d+$/);
  await openResponses(page);
  const came = await settledNumbers(page);
  await button(page, 'Step back').click();
  await isAt(page, 49);
  const back = await settledNumbers(page);

  const fresh = await openReady();
  await openResponses(fresh.page);
  for (let k = 1; k <= 49; k++) await button(fresh.page, 'Step').click();
  await isAt(fresh.page, 49);
  expect(back).toEqual(await settledNumbers(fresh.page));
  await button(fresh.page, 'Step').click();
  await isAt(fresh.page, 50);
  const there = await settledNumbers(fresh.page);
  expect(there.filter((text) => text.startsWith('mass/')).length, 'the masses are among them').toBeGreaterThan(2);
  expect(there.length, 'and π, π_ref and π* of the responses').toBeGreaterThan(150);
  expect(came).toEqual(there);
  expect(back).not.toEqual(there);
  await fresh.close();

  // Played on, the recorded updates come again, and then new ones; from the end, Play starts over.
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('5 / s');
  await button(page, 'Play').click();
  await isAt(page, 50);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await waitForState(page, 'done');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('5 / s');
  await button(page, 'Play').click();
  await page.waitForFunction(() => Number(document.querySelector('main')?.dataset.step) < 10);
  await close();
}, 60_000);

test('an event leads to its update; a fork from there with another β stands beside what was left; axe finds nothing', async () => {
  const { page, close } = await openReady();
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await button(page, 'Play').click();
  await waitForState(page, 'done');
  await button(page, 'Events').click();
  const event = page.locator('[data-event="collapse"]').first();
  expect(await event.innerText()).toMatch(/^By update \d+ more than half of the probability is on responses nobody wrote/);
  const step = Number(await event.getAttribute('data-step'));
  expect(step).toBeGreaterThan(0);
  expect(await runAxe(page)).toEqual([]);
  await event.click();
  await isAt(page, step);
  await waitForState(page, 'paused');

  await button(page, 'Fork').click();
  const dialog = page.getByRole('dialog', { name: 'Fork' });
  expect(await dialog.innerText()).toContain(`Fork at update ${step}`);
  expect(await dialog.innerText()).toContain('64 MB');
  await page.getByRole('textbox', { name: 'KL strength of the fork' }).fill('0.5');
  await page.keyboard.press('Enter');
  await expect.poll(() => dialog.innerText()).toContain('The fork goes on with β = 0.5; the run as it is stays in the charts as β = 0.05.');
  expect(await runAxe(page)).toEqual([]);
  await button(page, 'Start the fork').click();
  await waitForState(page, 'done');
  expect(await timeline(page).getAttribute('aria-valuemin')).toBe(String(step));
  expect(await page.getByRole('slider', { name: 'β', exact: true }).getAttribute('aria-valuetext')).toBe('0.5');
  const chip = page.getByRole('button', { name: `β = 0.05 (left at update ${step})` }).first();
  expect(await chip.getAttribute('aria-pressed')).toBe('true');
  const beside = page.locator('.line-beside');
  await expect.poll(() => beside.count()).toBe(1);
  // Both curves have length, and the one that was left ends higher on the page: more of it is on what nobody wrote.
  expect(await page.locator('.left-at').count()).toBe(1);
  const end = (selector: string) => page.locator(selector).evaluate((path) => (path as SVGPathElement).getPointAtLength((path as SVGPathElement).getTotalLength()).y);
  expect(await end('.line-beside')).toBeLessThan(await end('.line.role-ood'));
  expect(await runAxe(page)).toEqual([]);
  await chip.click();
  await expect.poll(() => beside.count()).toBe(0);
  await close();
}, 60_000);

test('by keyboard alone: back by a tenth, to the start, to the end, an event, a fork', async () => {
  const { page, close } = await openReady('', { reducedMotion: true });
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await page.locator('h1').click();
  await page.keyboard.press('k');
  await waitForState(page, 'done');
  for (let i = 0; i < 40 && !(await timeline(page).evaluate((slider) => slider === document.activeElement)); i++) await page.keyboard.press('Shift+Tab');
  expect(await timeline(page).evaluate((slider) => slider === document.activeElement)).toBe(true);
  for (const [key, step] of [['ArrowLeft', 399], ['PageDown', 359], ['Shift+ArrowLeft', 319], ['ArrowUp', 320], ['Home', 0], ['PageUp', 40], ['End', 400]] as const) {
    await page.keyboard.press(key);
    await isAt(page, step);
  }
  await waitForState(page, 'done');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('[data-event]').first().waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => Number(document.querySelector('main')?.dataset.step) < 400);
  expect(await button(page, 'Events').evaluate((at) => at === document.activeElement), 'the focus comes back').toBe(true);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const field = page.getByRole('textbox', { name: 'KL strength of the fork' });
  for (let i = 0; i < 6 && !(await field.evaluate((input) => input === document.activeElement)); i++) await page.keyboard.press('Tab');
  await page.keyboard.type('1');
  await page.keyboard.press('Enter');
  for (let i = 0; i < 4 && !(await button(page, 'Start the fork').evaluate((at) => at === document.activeElement)); i++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await waitForState(page, 'done');
  await expect.poll(() => page.locator('.line-beside').count()).toBe(1);
  await close();
}, 60_000);

test('the bar keeps its height and its place for every number, on a phone as on a projector; a link can take going back off it', async () => {
  for (const [query, viewport] of [['', { width: 390, height: 844 }], ['&chapter=1', { width: 390, height: 844 }], ['&projector=1', { width: 1280, height: 720 }]] as const) {
    const { page, close } = await openReady(query, { viewport });
    const layout = () => page.locator('.transport').evaluate((bar) => [bar.getBoundingClientRect().height, document.documentElement.scrollWidth - innerWidth, bar.scrollWidth - bar.clientWidth, bar.scrollHeight - bar.clientHeight]);
    const before = await layout();
    expect(before.slice(1)).toEqual([0, 0, 0]);
    const width = (await timeline(page).boundingBox())?.width;
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
    await button(page, 'Play').click();
    await waitForState(page, 'done');
    await timeline(page).press('PageDown');
    await isAt(page, 360);
    // The bar's own parts lie in it, and none on another.
    expect(await page.locator('.transport :is(button, select, [role="slider"], .track-count > span:first-child)').evaluateAll((parts) => {
      const bar = document.querySelector('.transport')?.getBoundingClientRect();
      const boxes = parts.map((part) => part.getBoundingClientRect()).filter(({ width: w, height }) => w > 2 && height > 2);
      const outside = boxes.filter((box) => !bar || box.top < bar.top || box.bottom > bar.bottom || box.right > bar.right);
      const covered = boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5));
      return [outside.length, covered.length];
    })).toEqual([0, 0]);
    expect(await layout()).toEqual(before);
    expect((await timeline(page).boundingBox())?.width).toBe(width);
    await close();
  }
  const { page, close } = await openReady('&hide=timeline,speed');
  expect(await page.getByRole('progressbar', { name: 'Updates made' }).count()).toBe(1);
  for (const name of ['Step back', 'Events', 'Fork']) expect(await button(page, name).count()).toBe(0);
  expect(await timeline(page).count() + await page.getByRole('combobox', { name: 'Speed' }).count()).toBe(0);
  await close();
}, 60_000);
