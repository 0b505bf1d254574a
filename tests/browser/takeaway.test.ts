/** What can be taken from the built page after a short run: pictures that stand alone, numbers to the last digit, the dialog, paper. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Download, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { metric, openLab, runAxe, waitForState, type OpenOptions } from './harness.ts';

const SHORT = '?backend=wasm&seeds=0-1&steps=60';

/** A page whose run is over. */
async function played(query: string, options: OpenOptions = {}) {
  const opened = await openLab({ viewport: { width: 1440, height: 900 }, ...options, query });
  await waitForState(opened.page, 'paused');
  await opened.page.keyboard.press('k');
  await waitForState(opened.page, 'done');
  return opened;
}

async function openDialog(page: Page) {
  await page.getByRole('button', { name: 'File', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Take away…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Take away' });
  await dialog.waitFor();
  return dialog;
}

async function saved(page: Page, click: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [file]: [Download, void] = await Promise.all([page.waitForEvent('download'), click()]);
  const kept = path.join(os.tmpdir(), `dpo-lab-taken-${process.pid}`);
  await file.saveAs(kept);
  const bytes = fs.readFileSync(kept);
  fs.rmSync(kept);
  return { name: file.suggestedFilename(), bytes };
}

/** The SVG of a panel by its own menu. */
async function pictureOf(page: Page, panel: string, kind = 'SVG') {
  const menu = page.locator(`.lab-panel[data-panel="${panel}"] .panel-picture`);
  if (await menu.getAttribute('open') === null) await menu.locator('summary').click();
  return saved(page, () => menu.getByRole('button', { name: kind, exact: true }).click());
}

/** What a reader that knows nothing of the lab would stumble over, and the words, of an SVG. */
function inspect(page: Page, svg: string) {
  return page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    const all = [...parsed.querySelectorAll('*')];
    const foreign = all.flatMap((own) => [
      ...(['foreignObject', 'script', 'style', 'a', 'use', 'iframe'].includes(own.tagName) ? [own.tagName] : []),
      ...[...own.attributes].filter(({ name, value }) => name === 'class' || name === 'style' || name.startsWith('on') || name.startsWith('data-') || /var\(|calc\(|currentColor|color-mix|rgba?\(|oklab/.test(value)
        || (/href$|src$/.test(name) && !value.startsWith('data:image/png;base64,')) || (/url\(/.test(value) && !/^url\(#[\w-]+\)$/.test(value))).map(({ name, value }) => `${own.tagName} ${name}=${value.slice(0, 60)}`),
    ]);
    const ids = all.map(({ id }) => id).filter((id) => id !== '');
    return {
      error: parsed.querySelector('parsererror')?.textContent ?? '', foreign, twice: ids.filter((id, i) => ids.indexOf(id) !== i), words: [...parsed.querySelectorAll('text')].map((own) => own.textContent ?? ''),
      desc: parsed.querySelector('desc')?.textContent ?? '', marks: parsed.querySelectorAll('path, rect, circle, line, polygon, image').length,
      size: [parsed.documentElement.getAttribute('width'), parsed.documentElement.getAttribute('height')].map(Number), fills: [...new Set(all.map((own) => own.getAttribute('fill') ?? ''))],
    };
  }, svg);
}

/** Size and colours of a PNG, as the browser reads it. */
function pixels(page: Page, png: Buffer) {
  return page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no context');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const count: Record<string, number> = {};
    for (let i = 0; i < data.length; i += 4) { const key = [data[i], data[i + 1], data[i + 2], data[i + 3]].join(); count[key] = (count[key] ?? 0) + 1; }
    return { width: canvas.width, height: canvas.height, corner: Array.from(data.subarray(0, 4)), colours: Object.keys(count).length, count };
  }, png.toString('base64'));
}

const OOD = '160,73,125,255';

test('the picture of the masses stands alone, with the words and numbers that are on screen, also from a dark page', async () => {
  const { page, close } = await played(SHORT, { dark: true });
  const { name, bytes } = await pictureOf(page, 'where-is-the-probability');
  expect(name).toBe('the-the-the-where-is-the-probability-update-60.svg');
  const seen = await inspect(page, bytes.toString('utf8'));
  expect(seen).toMatchObject({ error: '', foreign: [], twice: [] });
  const words = seen.words.join(' ');
  const onPage = await page.locator('.headline-sentence').innerText();
  for (const text of ['Where is the probability?', '“on the mat”', '“on a mat”', 'nobody wrote', 'updates', '100 %', '“the the the”: DPO', 'β = 0.05', 'seeds 0, 1', 'update 60 of 60', 'computed by wasm']) expect(words, text).toContain(text);
  for (const role of ['chosen', 'rejected', 'ood']) expect(seen.words, role).toContain(await page.locator(`.chart-lines [data-metric="mass/${role}"]`).evaluate((own) => [...own.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent).join('')));
  expect(seen.desc.replaceAll(/\s+/g, ' ')).toContain(onPage.replaceAll(/\s+/g, ' '));
  const [address] = /https?:\S+/.exec(seen.desc) ?? [''];
  expect(address.startsWith(new URL(page.url()).origin)).toBe(true);
  expect(new URL(address).searchParams.get('step')).toBe('60');
  expect(words.replaceAll(/\s/g, '')).toContain(address);
  expect(seen.fills, 'the light palette').toEqual(expect.arrayContaining(['#ffffff', '#0072b2', '#a0497d']));

  const png = await pictureOf(page, 'where-is-the-probability', 'PNG');
  expect(png.name).toBe(name.replace('.svg', '.png'));
  expect([...png.bytes.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const drawn = await pixels(page, png.bytes);
  expect(drawn.width).toBeGreaterThanOrEqual(1590);
  expect(drawn.width / drawn.height).toBeCloseTo(seen.size[0] / seen.size[1], 2);
  expect(drawn.corner).toEqual([255, 255, 255, 255]);
  expect(drawn.colours).toBeGreaterThan(100);
  expect(drawn.count[OOD]).toBeGreaterThan(500);
  const menu = page.locator('.lab-panel[data-panel="where-is-the-probability"] .panel-picture');
  await menu.getByRole('button', { name: 'Copy' }).click();
  await expect.poll(() => menu.getByRole('status').innerText()).toBe('Copied.');
  expect(await page.evaluate(async () => (await navigator.clipboard.read())[0].types)).toContain('image/png');
  expect(await page.locator('.picture-stage').count(), 'nothing is left behind').toBe(0);
  await close();
});

test('the same picture twice is the same text; one that the browser cannot make is said in a sentence, and addresses are let go', async () => {
  const { page, close } = await played(`${SHORT}&chapter=4`);
  // One whose marks are cut off, which takes ids.
  const panel = 'how-hard-the-gradient-pushes';
  const [once, again] = [await pictureOf(page, panel), await pictureOf(page, panel)];
  expect(once.bytes.toString('utf8')).toContain('<clipPath id="p1-');
  expect(again.bytes.toString('utf8')).toBe(once.bytes.toString('utf8'));

  await page.evaluate(() => { HTMLCanvasElement.prototype.toBlob = (done) => { done(null); }; });
  const menu = page.locator(`.lab-panel[data-panel="${panel}"] .panel-picture`);
  await menu.getByRole('button', { name: 'PNG' }).click();
  await expect.poll(() => menu.getByRole('status').innerText()).toMatch(/^This browser could not make the picture/);

  // Addresses that are made while the dialog draws, and let go when it is closed meanwhile.
  await page.evaluate(() => {
    const [make, free] = [URL.createObjectURL.bind(URL), URL.revokeObjectURL.bind(URL)];
    const [held, made] = [new Set<string>(), { count: 0 }];
    URL.createObjectURL = (object) => {
      const url = make(object);
      held.add(url);
      // The first picture is made: the dialog is closed while others are drawn.
      if (++made.count === 1) queueMicrotask(() => { document.querySelector<HTMLElement>('[role="dialog"] [aria-label="Close"]')?.click(); });
      return url;
    };
    URL.revokeObjectURL = (url) => { held.delete(url); free(url); };
    Object.assign(globalThis, { addresses: () => [made.count, held.size] });
  });
  const addresses = () => page.evaluate(() => (globalThis as unknown as { addresses: () => number[] }).addresses());
  await page.getByRole('button', { name: 'File', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Take away…' }).click();
  await expect.poll(async () => (await addresses())[0]).toBeGreaterThan(0);
  await page.getByRole('dialog', { name: 'Take away' }).waitFor({ state: 'hidden' });
  await expect.poll(async () => (await addresses())[1]).toBe(0);
  await close();
});

test('bars made of HTML and a map on a canvas are drawn as on the page', async () => {
  const { page, close } = await played(`${SHORT}&panel=space`, { dark: true });
  const bars = await inspect(page, (await pictureOf(page, 'the-responses-by-name')).bytes.toString('utf8'));
  expect(bars).toMatchObject({ error: '', foreign: [] });
  const names = (await page.locator('.bars-name').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
  const values = await page.locator('.bars .bars-value').allInnerTexts();
  expect(names.length).toBeGreaterThan(4);
  for (const text of [...names, ...values, '10⁻⁶', 'π*, the exact optimum']) expect(bars.words.join(' | '), text).toContain(text);
  const space = await pictureOf(page, 'the-whole-response-space', 'PNG');
  const { count } = await pixels(page, space.bytes);
  expect(count[OOD] ?? 0, 'the legend and the likeliest cells').toBeGreaterThan(100);
  // A dark page's panel is not in it.
  expect(count['33,31,26,255'] ?? 0).toBe(0);
  await close();
});

test('the numbers are those of the page, to the last digit', async () => {
  const { page, close } = await played(`${SHORT}&shown=1`);
  const dialog = await openDialog(page);
  const curves = await saved(page, () => dialog.getByRole('button', { name: 'Save the curves as CSV' }).click());
  expect(curves.name).toBe('the-the-the-curves-update-60.csv');
  const [head, ...rows] = curves.bytes.toString('utf8').trimEnd().split('\r\n').map((line) => line.split(','));
  const last = rows[rows.length - 1];
  expect(last.slice(0, 2)).toEqual(['60', '1']);
  for (const id of ['mass/ood', 'mass/chosen', 'loss']) expect(Number(last[head.indexOf(id)]), id).toBe(await metric(page, id));
  const responses = await saved(page, () => dialog.getByRole('button', { name: 'Save the responses as CSV' }).click());
  const lines = responses.bytes.toString('utf8').trimEnd().split('\r\n').map((line) => line.split(','));
  expect(lines.length).toBe(157);
  const shown = Number(await page.locator('.bars-value[data-response="the the the"]').getAttribute('data-value'));
  const [names, row] = [lines[0], lines.find((cells) => cells.includes('the the the')) ?? []];
  expect(Math.exp(Number(row[names.indexOf('log_pi')]))).toBe(shown);
  const json = await saved(page, () => dialog.getByRole('button', { name: 'Save all numbers as JSON' }).click());
  const file = JSON.parse(json.bytes.toString('utf8')) as { backend: string; notes: { policiesWithFinal: number; update: number }; runs: { seed: number; metrics: Record<string, number[]>; final: { response: string; logp: number }[] }[] };
  expect(file.backend).toBe('wasm');
  expect(file.notes).toMatchObject({ policiesWithFinal: 2, update: 60 });
  expect(file.runs[1].metrics['mass/ood'].at(-1)).toBe(await metric(page, 'mass/ood'));
  expect(Math.exp(file.runs[1].final.find(({ response }) => response === 'the the the')?.logp ?? NaN)).toBe(shown);
  expect(file.runs[0].final.length).toBe(156);
  await expect.poll(() => dialog.getByRole('status').first().innerText()).toBe('Saved.');
  // The seed that was shown still is.
  expect(Number(await page.locator('.bars-value[data-response="the the the"]').getAttribute('data-value'))).toBe(shown);
  await close();
});

test('the table behind a chart is copied as CSV', async () => {
  const { page, close } = await played(SHORT);
  await page.locator('summary', { hasText: 'Table of the masses' }).click();
  await page.getByRole('button', { name: 'Copy as CSV' }).click();
  await expect.poll(() => page.locator('.table-actions').getByRole('status').innerText()).toBe('Copied.');
  const text = await page.evaluate(() => navigator.clipboard.readText());
  const cells = text.trimEnd().split(/\r?\n/).map((line) => line.split(','));
  expect(cells[cells.length - 1][0]).toBe('60');
  expect(cells[cells.length - 1]).toContain(String(await metric(page, 'mass/ood')));
  await close();
});

test('the dialog lists what there is, works by keyboard, and axe finds nothing in light, dark and on a phone', async () => {
  const { page, close } = await openLab({ query: SHORT, viewport: { width: 1440, height: 900 } });
  await waitForState(page, 'paused');
  let dialog = await openDialog(page);
  expect(await dialog.innerText()).toContain('Nothing has run yet.');
  expect(await dialog.getByRole('button', { name: /CSV|PNG/ }).count()).toBe(0);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await waitForState(page, 'done');
  dialog = await openDialog(page);
  await dialog.locator('.take-pictures img').nth(2).waitFor();
  expect(await dialog.locator('h3').allInnerTexts()).toEqual(expect.arrayContaining(['Numbers', 'Pictures', 'The experiment']));
  expect(await dialog.locator('.take-pictures li').count()).toBe(3);
  const all = await saved(page, async () => { await dialog.getByRole('button', { name: 'Save “all panels” as SVG' }).focus(); await page.keyboard.press('Enter'); });
  const seen = await inspect(page, all.bytes.toString('utf8'));
  expect(seen).toMatchObject({ error: '', foreign: [], twice: [] });
  for (const text of ['Where is the probability?', 'The loss', 'The responses by name']) expect(seen.words).toContain(text);
  for (const [what, viewport] of [['light', null], ['dark', null], ['a phone', { width: 390, height: 844 }]] as const) {
    if (what === 'dark') await page.emulateMedia({ colorScheme: 'dark' });
    if (viewport) await page.setViewportSize(viewport);
    expect(await runAxe(page), what).toEqual([]);
    expect(await dialog.evaluate((own) => own.scrollWidth - own.clientWidth), what).toBeLessThanOrEqual(0);
  }
  await close();
});

test('a running run is pictured as it stands at one update, and goes on', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&seeds=0-1&steps=20000', viewport: { width: 1440, height: 900 } });
  await waitForState(page, 'paused');
  await page.keyboard.press('k');
  await waitForState(page, 'running');
  const { name, bytes } = await pictureOf(page, 'where-is-the-probability');
  const step = /update-(\d+)\.svg$/.exec(name)?.[1] ?? '';
  const { words } = await inspect(page, bytes.toString('utf8'));
  expect(words.join(' ')).toContain(`After ${Number(step).toLocaleString('en')} updates`);
  expect(words.join(' ')).toContain(`update ${step} of 20000`);
  await waitForState(page, 'running');
  await close();
});

test.each([
  { chapter: 1, query: '&seeds=0-1&steps=20', panels: 3 }, { chapter: 2, query: '&steps=20&panel=ternary', panels: 3 }, { chapter: 3, query: '&seeds=0-1&steps=20', panels: 2 }, { chapter: 4, query: '&steps=20&panel=support', panels: 4 },
  { chapter: 6, query: '&seeds=0-1&steps=20', panels: 4 }, { chapter: 7, query: '&seeds=0-1&steps=6&panel=clip', panels: 5 }, { chapter: 8, query: '&seeds=0-1&steps=6', panels: 3 }, { chapter: 9, query: '&seeds=0-1&steps=6', panels: 2 },
])('every panel of chapter $chapter is in the picture of the chapter, and it stands alone', async ({ chapter, query, panels }) => {
  const { page, close } = await played(`?backend=wasm&chapter=${chapter}${query}`);
  const dialog = await openDialog(page);
  await dialog.locator('.take-pictures img').nth(panels - 1).waitFor();
  const { bytes } = await saved(page, () => dialog.getByRole('button', { name: 'Save “all panels” as SVG' }).click());
  const seen = await inspect(page, bytes.toString('utf8'));
  expect(seen).toMatchObject({ error: '', foreign: [], twice: [] });
  for (const title of await dialog.locator('.take-pictures li > span:first-of-type').allInnerTexts()) expect(seen.words).toContain(title);
  expect(seen.marks).toBeGreaterThan(30);
  expect(seen.words.join(' ')).not.toMatch(/NaN|undefined|Infinity/);
  await close();
});

test('the page on paper is white, whole, and says where it is from; what a link hides is not offered', async () => {
  const { page, close } = await played(SHORT, { dark: true });
  await page.evaluate(() => { window.dispatchEvent(new Event('beforeprint')); });
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 680, height: 960 });
  const paper = page.locator('.print-page');
  expect(await paper.innerText()).toContain(await page.locator('main h1').textContent());
  expect(await paper.locator('figure svg').count()).toBe(3);
  expect(await paper.locator('.print-address').innerText()).toContain('step=60');
  expect(await page.locator('main').isVisible()).toBe(false);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(680);
  await page.evaluate(() => { window.dispatchEvent(new Event('afterprint')); });
  expect(await paper.count()).toBe(0);
  await close();
  const taught = await played(`${SHORT}&hide=link`);
  expect(await taught.page.locator('.panel-picture, .table-actions').count()).toBe(0);
  await taught.close();
});
