/** The lab as one HTML file, opened from the disk: no server, no network, nothing beside the file. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import zlib from 'node:zlib';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { metric, waitForState } from './harness.ts';

let folder: string;
let file: string;
let browser: Browser;
let context: BrowserContext;
/** Everything that was asked for but pieces of the file itself. */
let asked: Set<string>;
let errors: string[];

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dpo lab & one file '));
  file = path.join(folder, 'dpo-lab.html');
  fs.copyFileSync(path.join(inject('distFolder'), 'dpo-lab.html'), file);
  browser = await chromium.connect(inject('browserEndpoint'));
});
afterAll(async () => {
  await browser.close();
  fs.rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  asked = new Set();
  errors = [];
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
  context.on('request', (request) => { if (!/^(data|blob):/.test(request.url())) asked.add(request.url().replace(/[?#].*/, '')); });
  context.on('page', (page) => {
    page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
    page.on('pageerror', (error) => errors.push(String(error)));
  });
});
afterEach(async () => {
  expect(errors).toEqual([]);
  expect([...asked].filter((address) => address !== pathToFileURL(file).href)).toEqual([]);
  await context.close();
});

async function open(query: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href + query);
  return page;
}

async function openDialog(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Study' }).click();
  await page.getByRole('menuitem', { name: /Use it offline/ }).click();
  await expect.poll(() => page.getByRole('menu').count()).toBe(0);
}

test('it is one file of a size that can be passed on, and lets nothing out', () => {
  const html = fs.readFileSync(file);
  expect(html.length, 'bytes').toBeLessThan(5_500_000);
  expect(zlib.gzipSync(html).length, 'bytes compressed').toBeLessThan(1_900_000);
  const text = html.toString();
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1] ?? '';
  expect(policy.split('; ')).toEqual(expect.arrayContaining(["default-src 'none'", 'connect-src data:', 'worker-src blob: data:', "form-action 'none'"]));
  expect(policy).not.toMatch(/script-src[^;]*('unsafe-inline'|'unsafe-eval'|https?:|\*)/);
  expect(text).not.toMatch(/<link[^>]*href="(?!data:)/);
  expect(text).toContain('TensorFlow');
});

test.each([
  { backend: 'wasm', steps: 40 },
  { backend: 'webgpu', steps: 5 },
])('it trains on $backend', async ({ backend, steps }) => {
  const page = await open(`?backend=${backend}&seeds=0&steps=${steps}`);
  expect(await page.evaluate(() => [...document.scripts].map(({ src, type }) => `${type} ${src}`)), 'one script, inline').toEqual(['module ']);
  await waitForState(page, 'paused');
  await page.keyboard.press('k');
  await waitForState(page, 'done');
  expect(await page.locator('main').getAttribute('data-backend')).toBe(backend);
  expect(await page.locator('main').getAttribute('data-step')).toBe(String(steps));
  expect(await metric(page, 'rewards/margins')).toBeGreaterThan(0);
  expect(await page.evaluate(async () => (await navigator.serviceWorker?.getRegistrations().catch(() => []))?.length ?? 0)).toBe(0);
});

test('its chapters, panels, formulas, pages beside the lab and links work', async () => {
  const page = await open('?chapter=3&beta=0.2&backend=wasm&seeds=0&steps=10');
  await page.locator('#chapter-3 .katex').first().waitFor();
  expect(await page.getByRole('slider', { name: /^β/ }).first().getAttribute('aria-valuetext')).toContain('0.2');
  const fonts = await page.evaluate(async () => { await document.fonts.ready; return [...document.fonts].filter(({ family }) => family.includes('KaTeX')).map(({ status }) => status); });
  expect(fonts).toContain('loaded');
  expect(fonts).not.toContain('error');
  await page.keyboard.press(']');
  await page.locator('#chapter-4').waitFor();
  await page.waitForURL(/chapter=4|preset=/); // the address is the experiment here too
  // A worker of its own, beside the run's.
  await page.goto(`${pathToFileURL(file).href}?selftest&seeds=0&steps=10&backend=wasm`);
  await page.locator('[data-self-check="pass"]').waitFor({ timeout: 60_000 });
  await page.goto(`${pathToFileURL(file).href}?view=bugs`);
  await page.locator('#view-bugs').waitFor();
  await page.locator('.header-name').click();
  await waitForState(page, 'paused');
});

test('it says what it lacks: languages, links for others', async () => {
  const page = await open('?lang=hi&backend=wasm&seeds=0&steps=10');
  await page.getByText('The lab as one file has no translations, so lang hi was not used; the page is in English.').waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await openDialog(page);
  await page.getByText('This is the lab as one file: all of it is in the file, and it asks no network for anything.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByText(/^This is the address of a file on your machine/).waitFor();
});

test('experiments are saved, and a presenter window follows', async () => {
  const page = await open('?backend=wasm&seeds=0&steps=10');
  await waitForState(page, 'paused');
  await page.getByRole('button', { name: 'File', exact: true }).click();
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Save this experiment' }).click()]);
  const copy = path.join(folder, 'saved.json');
  await saved.saveAs(copy);
  expect(JSON.parse(fs.readFileSync(copy, 'utf8'))).toHaveProperty('world');
  const [presenter] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('s')]);
  await presenter.getByText('Where will the probability go?').first().waitFor();
});
