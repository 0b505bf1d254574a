/** The lab within another page: the arrow keys, and all others that it does not need, are that page's. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openLab, waitForState } from './harness.ts';
import { serveFolders } from './staticServer.ts';

/** A page that keeps what it hears, keys and messages. */
const host = (src: string) => `<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="data:,"><body><h1>Slides</h1><iframe title="lab" src="${src}" width="1100" height="640"></iframe>
<script>heard = []; document.addEventListener('keydown', (e) => heard.push('key ' + e.key + ' ' + e.keyCode)); addEventListener('message', (e) => heard.push('message ' + (typeof e.data === 'string' ? e.data : e.data.type + ' ' + e.data.key)));</script></body></html>`;

let other: { origin: string; close: () => Promise<void> };
let folder: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dpo-lab-host-'));
  fs.writeFileSync(path.join(folder, 'index.html'), host(`${inject('labUrl')}?backend=wasm&seeds=0-1&embed=1`));
  other = await serveFolders({ '/': folder });
});
afterAll(async () => {
  await other.close();
  fs.rmSync(folder, { recursive: true });
});

const heard = (page: Page) => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard.splice(0));
const lab = (page: Page) => page.frameLocator('iframe');
const stateOf = (frame: FrameLocator) => frame.locator('main').getAttribute('data-run-state');
const stepOf = (frame: FrameLocator) => frame.locator('main').getAttribute('data-step').then(Number);

/** Keys pressed with the focus in the lab: after a click into the page, on a button, and by Tab. */
async function expectHanded(page: Page, said: (key: string) => string[]): Promise<void> {
  const frame = lab(page);
  await expect.poll(() => stateOf(frame), { timeout: 60_000 }).toBe('paused');
  // Messages between origins take their time, and so does seeing that none comes.
  const expectHeard = async (key: string, wanted: string[]) => {
    const said: string[] = [];
    await page.keyboard.press(key);
    if (wanted.length === 0) await page.waitForTimeout(150);
    await expect.poll(async () => { said.push(...await heard(page)); return said; }, { message: key, interval: 20 }).toEqual(wanted);
  };
  await frame.locator('h1').first().click();
  for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'Escape', 'Space', 'f', 'b', 'o', 's', '?']) {
    await expectHeard(key, said(key === 'Space' ? ' ' : key));
  }
  expect(await stepOf(frame)).toBe(0);
  expect(await frame.locator('.lecture-bar, .blank-page, [role="dialog"]').count()).toBe(0);
  // A button that was clicked: Space is still the host's. One that Tab found: its own.
  await frame.getByRole('button', { name: 'Step', exact: true }).click();
  await expect.poll(() => stepOf(frame)).toBe(1);
  await expectHeard('Space', said(' '));
  await expectHeard('ArrowRight', said('ArrowRight'));
  expect(await stepOf(frame)).toBe(1);
  // The lab keeps these.
  await expectHeard('k', []);
  await expect.poll(() => stateOf(frame)).toBe('running');
  await expectHeard('k', []);
  await expect.poll(() => stateOf(frame)).toBe('paused');
  await expectHeard('r', []);
  await expect.poll(() => stepOf(frame)).toBe(0);
  // A slider keeps its arrows, its Home and its End.
  const beta = frame.getByRole('slider', { name: 'β', exact: true }).first();
  await beta.focus();
  const before = await beta.inputValue();
  await expectHeard('ArrowRight', []);
  await expect.poll(() => beta.inputValue()).not.toBe(before);
  await expectHeard('Home', []);
  // Modifiers are the browser's.
  await frame.locator('h1').first().click();
  await expectHeard('Shift+Control+ArrowRight', []);
}

const CODES: Record<string, number> = {
  ' ': 32, PageUp: 33, PageDown: 34, End: 35, Home: 36, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, Escape: 27, b: 66, f: 70, o: 79, s: 83, '?': 191,
};
const METHODS: Record<string, string> = {
  ' ': '"next"', PageUp: '"prev"', PageDown: '"next"', End: '"slide","args":[1000000]', Home: '"slide","args":[0]', ArrowLeft: '"left"', ArrowUp: '"up"', ArrowRight: '"right"', ArrowDown: '"down"',
  Escape: '"toggleOverview"', b: '"togglePause"', o: '"toggleOverview"', '?': '"toggleHelp"',
};

test('a host of the same origin hears the keys themselves', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm' });
  await waitForState(page, 'paused');
  const { origin, pathname } = new URL(page.url());
  await page.context().route(`${origin}/host.html`, (route) => route.fulfill({ contentType: 'text/html', body: host(`${pathname}?backend=wasm&seeds=0-1&embed=1`) }));
  await page.goto(`${origin}/host.html`);
  await expectHanded(page, (key) => [`key ${key} ${CODES[key]}`]);
  await close();
}, 90_000);

test('a host of another origin gets messages', async () => {
  const { page, consoleErrors } = await openLab({ query: '?backend=wasm' });
  await waitForState(page, 'paused');
  await page.goto(`${other.origin}/`);
  await expectHanded(page, (key) => [...(METHODS[key] ? [`message {"method":${METHODS[key]}}`] : []), `message dpo-lab/key ${key}`]);
  expect(consoleErrors).toEqual([]);
  await page.context().close();
}, 90_000);

test('opened by itself, a link for embedding has all keys: there is no page to give them to', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&seeds=0-1&embed=1' });
  await waitForState(page, 'paused');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.locator('main').getAttribute('data-step').then(Number)).toBe(1);
  await close();
}, 60_000);
