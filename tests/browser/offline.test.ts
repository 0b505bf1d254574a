/** The built page without a network: what the service worker stores, a newer version beside it, an install that breaks off. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { writeOffline } from '../../scripts/offline/precache.mjs';
import { metric, runAxe, waitForState } from './harness.ts';
import { serveFolders } from './staticServer.ts';

const BELOW = '/some/sub/path/';
const RUN = '?backend=wasm&seeds=0&steps=30';

let temporary: string;
let server: Awaited<ReturnType<typeof serveFolders>>;
let browser: Browser;
let context: BrowserContext;
let problems: string[];
let url: string;

beforeAll(async () => {
  temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'dpo-lab-offline-'));
  browser = await chromium.connect(inject('browserEndpoint'));
});
afterAll(async () => {
  await browser.close();
  fs.rmSync(temporary, { recursive: true });
});

beforeEach(async () => {
  server = await serveFolders({ [BELOW]: inject('distFolder') });
  url = server.origin + BELOW;
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  problems = [];
  context.on('request', (request) => {
    const address = request.url();
    if (!/^(data|blob):/.test(address) && !address.startsWith(server.origin)) problems.push(`asked ${address}`);
  });
});
afterEach(async () => {
  await context.close();
  await server.close();
});

async function open(query = RUN): Promise<Page> {
  const page = await context.newPage();
  page.on('console', (message) => { if (message.type() === 'error') problems.push(message.text()); });
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(url + query);
  await waitForState(page, 'paused');
  return page;
}

async function openDialog(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Study' }).click();
  await page.getByRole('menuitem', { name: /Use it offline/ }).click();
  await expect.poll(() => page.getByRole('menu').count()).toBe(0);
}

/** Stores the page at once, without waiting until it has settled. */
async function storeNow(page: Page): Promise<void> {
  await openDialog(page);
  await page.getByRole('button', { name: 'Store it now' }).click();
  await page.locator('[data-offline="stored"]').waitFor();
  await page.keyboard.press('Escape');
}

async function goOn(dist: string, instead?: Parameters<typeof serveFolders>[2]): Promise<void> {
  server = await serveFolders({ [BELOW]: dist }, server.port, instead);
}

/** A build as it could be a day later: the page says so, and chapter 4 has another name. */
function newerBuild(mark: string): string {
  const dist = path.join(temporary, mark);
  fs.cpSync(inject('distFolder'), dist, { recursive: true });
  const [chapter] = fs.readdirSync(path.join(dist, 'assets')).filter((name) => /^Chapter4-.*\.js$/.test(name));
  for (const name of fs.readdirSync(path.join(dist, 'assets')).filter((file) => file.endsWith('.js'))) {
    const file = path.join(dist, 'assets', name);
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replaceAll(chapter, `Chapter4-${mark}.js`));
  }
  fs.renameSync(path.join(dist, 'assets', chapter), path.join(dist, 'assets', `Chapter4-${mark}.js`));
  const page = path.join(dist, 'index.html');
  fs.writeFileSync(page, fs.readFileSync(page, 'utf8').replace('<title>', `<meta name="build" content="${mark}"><title>`));
  writeOffline(dist);
  return dist;
}

const buildOf = (page: Page) => page.evaluate(() => document.querySelector('meta[name="build"]')?.getAttribute('content') ?? 'first');
const cacheNames = (page: Page) => page.evaluate(() => caches.keys());
const versionIn = (dist: string) => /"version":"(\w+)"/.exec(fs.readFileSync(path.join(dist, 'sw.js'), 'utf8'))?.[1] ?? 'none';

/** Looks for a newer version and says how that ends. */
function updateOf(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration?.update().catch(() => undefined);
    const worker = registration?.installing;
    if (!registration || !worker) return registration?.waiting ? 'installed' : 'nothing new';
    return new Promise<string>((resolve) => worker.addEventListener('statechange', () => resolve(worker.state), { once: true }));
  });
}

test('one visit stores every file; without the server a link opens, trains, and the rest of the page is there', async () => {
  const first = await open();
  await openDialog(first);
  // Not asked for: it begins by itself when the page has settled.
  await first.locator('[data-offline="stored"]').waitFor();
  const said = await first.locator('[data-offline]').innerText();
  const files = fs.readdirSync(inject('distFolder'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length - 2; // all but sw.js and the lab as one file
  expect(said).toContain(`The lab works without a network from now on, at this address and in this browser: ${files} files, `);
  expect(said).toContain(versionIn(inject('distFolder')).slice(0, 7));
  await first.close();
  await server.close();

  const page = await open('?chapter=3&beta=0.2&backend=wasm&seeds=0&steps=30');
  await page.keyboard.press('k');
  await waitForState(page, 'done');
  expect(await page.locator('main').getAttribute('data-backend')).toBe('wasm');
  expect(await metric(page, 'rewards/margins')).toBeGreaterThan(0);
  await page.evaluate(() => document.fonts.ready);
  const fonts = await page.evaluate(() => [...document.fonts].filter(({ family }) => family.includes('KaTeX')).map(({ status }) => status));
  expect(fonts).toContain('loaded');
  expect(fonts).not.toContain('error');
  await page.getByRole('link', { name: /^4/ }).or(page.getByRole('button', { name: /^4/ })).first().click();
  await page.locator('#chapter-4').waitFor();
  await page.goto(`${url}?chapter=4&panel=support&backend=wasm&seeds=0&steps=30`);
  await waitForState(page, 'paused');
  await page.locator('main svg').first().waitFor();
  expect(problems).toEqual([]);
});

test('a newer version is announced, opens only when it is asked for, and leaves older windows whole', async () => {
  const older = await open();
  await storeNow(older);
  const first = versionIn(inject('distFolder'));
  await server.close();
  const dist = newerBuild('second');
  await goOn(dist);

  const page = await open();
  expect(await buildOf(page)).toBe('first');
  const notice = page.getByText('A newer version of the lab is ready; it opens at the next visit.');
  await notice.waitFor();
  expect(await runAxe(page)).toEqual([]);
  await page.reload();
  await notice.waitFor();
  expect(await buildOf(page), 'a reload is not a next visit').toBe('first');
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Reload now' }).click()]);
  await waitForState(page, 'paused');
  expect(await buildOf(page)).toBe('second');

  // The window that was open before has another version: what it has not loaded yet is still there, though the server lost it.
  expect(await buildOf(older)).toBe('first');
  await older.bringToFront();
  await older.keyboard.press('[');
  await older.locator('#chapter-4').waitFor();
  expect((await cacheNames(older)).filter((name) => name.endsWith(first))).toHaveLength(1);
  await older.close();
  await page.reload();
  await waitForState(page, 'paused');
  await openDialog(page);
  await page.locator('[data-offline="stored"]').waitFor();
  await expect.poll(() => cacheNames(page)).toEqual([`dpo-lab:${url}:${versionIn(dist)}`]);
  expect(problems).toEqual([]);
});

test('a version that arrives in part never replaces the one that works, and caches of others stay', async () => {
  const page = await open();
  const others = ['somebody else’s', `dpo-lab:${server.origin}/another/lab/:1`];
  await page.evaluate((names) => Promise.all(names.map((name) => caches.open(name))), others);
  await storeNow(page);
  const whole = `dpo-lab:${url}:${versionIn(inject('distFolder'))}`;
  const dist = newerBuild('third');
  const missing = (pathname: string) => (pathname.endsWith('Chapter4-third.js') ? { status: 500, body: 'no' } : undefined);
  const wrong = (pathname: string) => (pathname.endsWith('Chapter4-third.js') ? { status: 200, body: 'alert(1)' } : undefined);
  for (const instead of [missing, wrong]) {
    await server.close();
    await goOn(dist, instead);
    expect(await updateOf(page)).toBe('redundant');
    expect((await cacheNames(page)).sort()).toEqual([...others, whole].sort());
  }
  await server.close();
  await page.reload();
  await waitForState(page, 'paused');
  expect(await buildOf(page)).toBe('first');
  // The whole version is taken when it comes, and the caches of others are still there.
  await goOn(dist);
  expect(await updateOf(page)).toBe('installed');
  await page.close();
  await expect.poll(async () => {
    const again = await open();
    const build = await buildOf(again);
    const names = await cacheNames(again);
    await again.close();
    return [build, ...names.sort()];
  }).toEqual(['third', ...[...others, `dpo-lab:${url}:${versionIn(dist)}`].sort()]);
});

test('what is stored can be removed, stays removed at later visits, and a first visit that breaks off says which file', async () => {
  const page = await open();
  await storeNow(page);
  await openDialog(page);
  await page.getByRole('button', { name: 'Remove what is stored' }).click();
  await page.locator('[data-offline="unwanted"]').waitFor();
  expect(await cacheNames(page)).toEqual([]);
  await page.reload();
  await waitForState(page, 'paused');
  await openDialog(page);
  await page.locator('[data-offline="unwanted"]').waitFor();
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);

  await server.close();
  await goOn(inject('distFolder'), (pathname) => (pathname.endsWith('favicon.svg') ? { status: 503, body: 'later' } : undefined));
  await page.getByRole('button', { name: 'Store it now' }).click();
  await page.getByText('The lab is not stored: the server answered 503 for favicon.svg. Nothing half is kept; the lab itself goes on.').waitFor();
  expect(await cacheNames(page)).toEqual([]);
  await server.close();
  await goOn(inject('distFolder'));
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('[data-offline="stored"]').waitFor();
});

test('the page can be installed, as an app of its own address', async () => {
  const page = await open();
  const session = await context.newCDPSession(page);
  const { errors, data } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const { icons } = JSON.parse(data ?? '') as { icons: { src: string; sizes: string; type: string }[] };
  for (const { src, sizes, type } of icons) {
    const found = await page.evaluate(async (address) => {
      const picture = new Image();
      picture.src = address;
      await picture.decode();
      return `${picture.naturalWidth}x${picture.naturalHeight}`;
    }, new URL(src, url).href);
    if (type === 'image/png') expect(found, src).toBe(sizes);
  }
  // Without an `id`, which would be looked up from the root of the origin, two labs of one origin are two apps.
  expect((await session.send('Page.getAppId')).appId).toBe(url);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
});

test('the dialog is accessible in light, in dark and on a phone', async () => {
  const page = await open();
  await openDialog(page);
  await page.getByRole('link', { name: /^Download dpo-lab\.html \(\d\.\d MB\)$/ }).waitFor();
  for (const { colorScheme, width, height } of [{ colorScheme: 'light', width: 1440, height: 900 }, { colorScheme: 'dark', width: 1280, height: 720 }, { colorScheme: 'light', width: 390, height: 844 }] as const) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
    expect(await runAxe(page), `${colorScheme}, ${width} pixels`).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  }
  await page.keyboard.press('Escape');
  await expect.poll(() => page.locator('.offline').count()).toBe(0);
});
