/** The built page on its real engines: what it claims holds on each, a pause is prompt, and every fault has a way on. */
import { chromium, type Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { findChromium } from '../../scripts/setup.mjs';
import { metric, openLab, waitForState } from './harness.ts';

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const sentence = (page: Page) => page.locator('.headline').innerText();
const updates = async (page: Page) => Number(await page.locator('main').getAttribute('data-step'));
const reaches = (page: Page, step: number, timeout = 60_000) =>
  page.waitForFunction((wanted) => Number(document.querySelector('main')?.dataset.step) >= wanted, step, { timeout });
const fault = (page: Page) => page.locator('[data-notice="fault"]');

// The software adapter makes some four updates a second: there the preset takes five times the learning rate.
test.each([
  ['wasm', 'steps=300', 300],
  ['webgpu', 'learningRate=5&steps=60', 60],
])('on %s: at β 0.05 the probability leaves, at β 0.5 it stays', async (backend, query, steps) => {
  const { page, close } = await openLab({ query: `?backend=${backend}&seeds=0-1&${query}` });
  await waitForState(page, 'paused');
  expect(await page.locator('main').getAttribute('data-backend')).toBe(backend);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await button(page, 'Play').click();
  await page.waitForFunction(() => Number(document.querySelector('[data-metric="mass/ood"]')?.getAttribute('data-value')) > 0.9, undefined, { timeout: 90_000 });
  expect(await metric(page, 'loss')).toBeLessThan(0.3);
  await waitForState(page, 'done');
  await page.getByRole('textbox', { name: 'β value' }).fill('0.5');
  await page.keyboard.press('Enter'); // done: the changed run plays at once
  await expect.poll(() => sentence(page), { timeout: 30_000 }).toContain('β = 0.5');
  await waitForState(page, 'done');
  expect(await updates(page)).toBe(steps);
  expect(await metric(page, 'mass/ood')).toBeLessThanOrEqual(0.06);
  expect(await sentence(page)).toContain('None of 2 seeds has collapsed.');
  await close();
}, 240_000);

test('after Pause at most 100 ms of updates are still made', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&steps=20000' });
  await waitForState(page, 'paused');
  const speed = 120;
  const frames = Math.ceil(speed * 2 * 0.033); // the page's counter is up to two frames old
  await page.evaluate(() => {
    document.addEventListener('pointerdown', () => { document.documentElement.dataset.stepAtClick = document.querySelector('main')?.dataset.step; }, true);
  });
  const late: number[] = [];
  for (let i = 0; i < 5; i++) {
    const from = await updates(page);
    await button(page, 'Play').click();
    await reaches(page, from + 60);
    await button(page, 'Pause').click();
    await waitForState(page, 'paused');
    const atClick = Number(await page.locator('html').getAttribute('data-step-at-click'));
    expect(atClick).toBeGreaterThan(from);
    late.push(await updates(page) - atClick);
  }
  late.sort((a, b) => a - b);
  expect(late[2], `updates after Pause: ${late.join(', ')}`).toBeLessThanOrEqual(speed * 0.1 + frames);
  await close();
});

test('divergence: said in a sentence, the last finite numbers stay, starting over works', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&loss=ipo&beta=0.0001&policy=tabular&learningRate=900' });
  await waitForState(page, 'paused');
  await button(page, 'Play').click();
  await waitForState(page, 'failed');
  expect(await fault(page).innerText()).toMatch(/finite/);
  for (const id of ['loss', 'mass/chosen', 'mass/ood', 'kl']) {
    expect(Number.isFinite(await metric(page, id)), id).toBe(true);
  }
  expect(await fault(page).getByRole('button', { name: /Go on/ }).count(), 'going on would break again').toBe(0);
  await fault(page).getByRole('button', { name: 'Start over' }).click();
  await waitForState(page, 'paused');
  expect(await fault(page).count()).toBe(0);
  expect(await updates(page)).toBe(0);
  await button(page, 'Step').click();
  await reaches(page, 1);
  await close();
});

test('the worker dies: a sentence, and the run goes on from its last snapshot', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm', expectedErrors: /provoked by the test/ });
  await waitForState(page, 'paused');
  await button(page, 'Play').click();
  await reaches(page, 60);
  await button(page, 'Pause').click();
  await waitForState(page, 'paused');
  const step = await updates(page);
  const loss = await metric(page, 'loss');
  const [worker] = page.workers();
  await worker.evaluate(() => { setTimeout(() => { throw new Error('provoked by the test'); }); });
  await waitForState(page, 'failed');
  expect(await fault(page).innerText()).toContain('The engine\'s worker stopped');
  await fault(page).getByRole('button', { name: `Go on from update ${step}` }).click();
  await waitForState(page, 'paused');
  expect(await fault(page).count()).toBe(0);
  expect(await updates(page)).toBe(step);
  await expect.poll(() => metric(page, 'loss')).toBeCloseTo(loss, 6);
  await button(page, 'Play').click();
  await reaches(page, step + 20);
  await close();
});

test('the graphics process dies: a sentence, and WebAssembly goes on from the snapshot', async () => {
  // A browser of its own: after such a crash Chromium may refuse WebGPU to everyone.
  const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'] });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(`${inject('labUrl')}?backend=webgpu&seeds=0-1`);
    await waitForState(page, 'paused');
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('20');
    await button(page, 'Play').click();
    await reaches(page, 10);
    await button(page, 'Pause').click();
    await waitForState(page, 'paused');
    const step = await updates(page);
    const loss = await metric(page, 'loss');
    const devtools = await browser.newBrowserCDPSession();
    await devtools.send('Browser.crashGpuProcess').catch(() => { /* the answer may be lost with the process */ });
    await waitForState(page, 'failed');
    expect(await fault(page).innerText()).toContain('graphics device was lost');
    await fault(page).getByRole('button', { name: 'Go on with wasm' }).click();
    await waitForState(page, 'paused');
    expect(await page.locator('main').getAttribute('data-backend')).toBe('wasm');
    expect(await updates(page)).toBe(step);
    await expect.poll(() => metric(page, 'loss')).toBeCloseTo(loss, 3);
    await button(page, 'Play').click();
    await reaches(page, step + 20);
  } finally {
    await browser.close();
  }
});
