/** Chapter 2's derivation on the built page: moved by β, read by keyboard alone, with the slides' versions and lit terms. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openLab, runAxe, waitForState, type OpenOptions } from './harness.ts';

const QUERY = '?chapter=2&backend=wasm';

async function openDerivation(options: OpenOptions = {}) {
  const opened = await openLab({ query: QUERY, ...options });
  await waitForState(opened.page, 'paused');
  await opened.page.locator('[data-derivation-step]').first().waitFor();
  return opened;
}

interface Line { id: string; check: string; look: string; lhs: string; rhs: string; off: number }

/** What every line carries. */
function linesOn(page: Page): Promise<Line[]> {
  return page.locator('.derivation-line').evaluateAll((lines) => lines.map((line) => {
    const of = (name: string) => line.getAttribute(`data-${name}`) ?? '';
    return { id: of('derivation-step'), check: of('check'), look: of('look'), lhs: of('lhs'), rhs: of('rhs'), off: Math.abs(Number(of('lhs')) - Number(of('rhs'))) };
  }));
}

/** The number of the line that is read, from 0. */
const current = async (page: Page) => (await linesOn(page)).findIndex(({ look }) => look === 'now');
const slider = (page: Page) => page.getByRole('slider', { name: 'β', exact: true });
const flip = (page: Page, name: string) => page.getByRole('switch', { name }).press('Space');

async function typeBeta(page: Page, beta: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'β value', exact: true }).or(page.getByRole('spinbutton', { name: 'β value', exact: true }));
  await field.fill(beta);
  await field.press('Enter');
  await expect.poll(() => slider(page).getAttribute('aria-valuetext')).toBe(beta);
}

test('every line holds, at every β that the slider is moved to by keys', async () => {
  const { page, close } = await openDerivation();
  const lines = await linesOn(page);
  expect(lines.length).toBeGreaterThanOrEqual(10);
  const seen = new Set<string>();
  for (const key of ['Home', 'PageUp', 'ArrowRight', 'End', 'PageDown', 'ArrowLeft']) {
    await slider(page).press(key);
    const now = await linesOn(page);
    for (const line of now) expect(['pass', 'definition'], `${line.id} after ${key}`).toContain(line.check);
    const value = now.find(({ id }) => id === 'optimal-value');
    expect(value?.off).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(Number(value?.lhs))));
    seen.add(value?.lhs ?? '');
  }
  expect(seen.size).toBe(6);
  await close();
});

test('the numbers follow the slider within three frames, and no formula is set anew', async () => {
  const { page, close } = await openDerivation();
  await flip(page, 'All at once');
  // One element of every formula is marked: a formula that is set anew loses it.
  await page.locator('.derivation .katex-html').evaluateAll((formulas) => { for (const formula of formulas) formula.setAttribute('data-untouched', ''); });
  const formulas = await page.locator('.derivation .katex-html').count();
  const frames = await slider(page).evaluate(async (input: HTMLInputElement) => {
    const line = document.querySelector('[data-derivation-step="optimal-policy"]');
    const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    const counts: number[] = [];
    for (const value of ['-1.2', '-0.7', '-0.2', '0.3', '0.8']) {
      const before = line?.getAttribute('data-lhs');
      setValue?.call(input, value);
      input.dispatchEvent(new Event('input', { bubbles: true }));
      let count = 0;
      while (line?.getAttribute('data-lhs') === before && count < 60) {
        await new Promise((resolve) => { requestAnimationFrame(resolve); });
        count += 1;
      }
      counts.push(count);
    }
    return counts;
  });
  expect(frames).toHaveLength(5);
  expect(Math.max(...frames)).toBeLessThanOrEqual(3);
  expect(await page.locator('.derivation .katex-html[data-untouched]').count()).toBe(formulas);
  await close();
});

test('as on the slide, the lines without β fail, and hold at β = 1', async () => {
  const { page, close } = await openDerivation();
  const withoutBeta = ['lagrangian-expanded', 'lagrangian-gradient', 'stationarity', 'log-ratio', 'exponentiated', 'optimal-policy'];
  const verdicts = async () => (await linesOn(page)).filter(({ id }) => withoutBeta.includes(id)).map(({ check }) => check);
  await page.locator('.derivation-next').focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown');
  await flip(page, 'As on the slide');
  expect(new Set(await verdicts())).toEqual(new Set(['fail']));
  const now = page.locator('.derivation-line[data-look="now"]');
  expect(await now.innerText()).toMatch(/✗ the sides differ by \d/);
  expect(await now.innerText()).toContain('as on the slide');
  await typeBeta(page, '1');
  expect(new Set(await verdicts())).toEqual(new Set(['pass']));
  expect(await now.innerText()).toContain('The slide’s line is exact here');
  await typeBeta(page, '2');
  expect(new Set(await verdicts())).toEqual(new Set(['fail']));
  await flip(page, 'As on the slide');
  expect((await linesOn(page)).filter(({ check }) => check === 'fail')).toEqual([]);
  await close();
});

test('is read from line to line by keys alone, and leaves the page’s own keys alone', async () => {
  const { page, close } = await openDerivation();
  const count = (await linesOn(page)).length;
  await page.locator('.derivation-line[data-look="now"] .tex-display').focus();
  const steps: [string, number][] = [['ArrowDown', 1], ['n', 2], ['ArrowUp', 1], ['b', 0], ['b', 0], ['End', count - 1], ['ArrowDown', count - 1], ['Home', 0]];
  for (const [key, at] of steps) {
    await page.keyboard.press(key);
    expect(await current(page), `after ${key}`).toBe(at);
    // The focus goes along, so that the next key is heard, and the line is in view above the bar.
    expect(await page.evaluate(() => document.activeElement?.closest('.derivation-line')?.getAttribute('data-look'))).toBe('now');
    const box = await page.locator('.derivation-line[data-look="now"] .tex-display').boundingBox();
    expect(box?.y).toBeGreaterThan(0);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(730);
  }
  expect(await page.getByText(`Line 1 of ${count}:`, { exact: false }).count()).toBe(1);
  // Not a key of the derivation: the page plays.
  await page.keyboard.press('k');
  await waitForState(page, 'running');
  await page.keyboard.press('k');
  await waitForState(page, 'paused');
  // A line of another chapter is one button away.
  await page.keyboard.press(']');
  await page.locator('#chapter-3').waitFor();
  await waitForState(page, 'paused');
  await page.locator('.derivation').getByRole('button', { name: /^line 2\./ }).first().click();
  await page.locator('#chapter-2').waitFor();
  await close();
});

test('a term is lit by keys in all lines and controls, with its card', async () => {
  const { page, close } = await openDerivation();
  await page.locator('.derivation-line[data-look="now"] .tex-display').focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press('n');
  const formula = page.locator('.derivation-line[data-look="now"] .tex-display');
  // Solved for the log-ratio: its numerator comes first.
  await page.keyboard.press('ArrowRight');
  expect(await page.locator('[data-term-card]').getAttribute('data-term-card')).toBe('pi-star');
  const background = (selector: string) => page.locator(selector).first().evaluate((element) => getComputedStyle(element).backgroundColor);
  const dark = 'rgba(0, 0, 0, 0)';
  expect(await background('.derivation-line[data-look="past"] [data-term="pi-star"]')).not.toBe(dark);
  expect(await background('.controls [data-term="beta"]')).toBe(dark);
  for (let i = 0; i < 20 && await page.locator('[data-term-card]').getAttribute('data-term-card') !== 'beta'; i++) await page.keyboard.press('ArrowRight');
  expect(await background('.controls [data-term="beta"]')).not.toBe(dark);
  expect(await background('.derivation-line[data-look="past"] [data-term="beta"]')).not.toBe(dark);
  expect(await background('.derivation-line[data-look="past"] [data-term="pi-star"]')).toBe(dark);
  const card = page.locator('[data-term-card="beta"]');
  expect(await card.innerText()).toMatch(/reference[\s\S]*now\s*0\.5[\s\S]*reward units per nat[\s\S]*beta/);
  expect(await page.locator('.derivation [role="status"]').allInnerTexts()).toEqual(expect.arrayContaining([expect.stringMatching(/^β: .*now 0\.5/)]));
  expect(await runAxe(page)).toEqual([]);
  await page.keyboard.press('Escape');
  expect(await page.locator('[data-term-card]').count()).toBe(0);
  expect(await background('.controls [data-term="beta"]')).toBe(dark);
  // The pointer does the same, and a control lights the lines.
  await page.locator('.controls [data-term="beta"]').hover();
  expect(await background('.derivation-line[data-look="now"] [data-term="beta"]')).not.toBe(dark);
  await formula.locator('[data-term="beta"]').first().hover();
  await card.waitFor();
  await page.locator('h1').hover();
  expect(await page.locator('[data-term-card]').count()).toBe(0);
  await close();
});

test('a tap lights a term, and another puts it out', async () => {
  const { page, close } = await openDerivation({ viewport: { width: 390, height: 844 } });
  const term = page.locator('.derivation-line[data-look="now"] [data-term="pi-ref"]').first();
  const tap = () => term.evaluate((element) => { element.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, pointerType: 'touch' })); });
  await tap();
  expect(await page.locator('[data-term-card="pi-ref"]').count()).toBe(1);
  // The card is inside the window.
  const box = await page.locator('[data-term-card]').boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
  await tap();
  expect(await page.locator('[data-term-card]').count()).toBe(0);
  await close();
});

test('the reader’s own response is the one whose numbers are shown', async () => {
  const { page, close } = await openDerivation();
  const lhs = async () => (await linesOn(page)).find(({ id }) => id === 'optimal-policy')?.lhs;
  const before = await lhs();
  await page.getByRole('combobox', { name: /^y₀/ }).selectOption({ label: 'no' });
  expect(await lhs()).not.toBe(before);
  expect((await linesOn(page)).filter(({ check }) => check === 'fail')).toEqual([]);
  await close();
});

test('every formula is there as MathML, and nothing that takes the focus is hidden', async () => {
  const { page, close } = await openDerivation();
  await flip(page, 'All at once');
  const lines = await linesOn(page);
  expect(await page.locator('.derivation-line math').count()).toBe(lines.length);
  expect(await page.locator('.derivation-line [aria-hidden="true"] math').count()).toBe(0);
  expect(await page.locator('.derivation [aria-hidden="true"] :is([tabindex], button, a)').count()).toBe(0);
  await close();
});

const LOOKS: [string, OpenOptions][] = [
  ['light', {}],
  ['dark', { dark: true }],
  ['on a phone', { viewport: { width: 390, height: 844 } }],
  ['on a projector', { query: `${QUERY}&projector=1`, viewport: { width: 1440, height: 900 } }],
];
test.each(LOOKS)('axe finds nothing, and nothing sticks out: %s', async (_, options) => {
  const { page, close } = await openDerivation(options);
  const within = async () => expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await page.locator('.derivation-line[data-look="now"] .tex-display').focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('n');
  expect(await runAxe(page)).toEqual([]);
  await within();
  await flip(page, 'As on the slide');
  await flip(page, 'All at once');
  await page.locator('.terms-table summary').click();
  await page.locator('.derivation-differs summary').first().click();
  expect(await runAxe(page)).toEqual([]);
  await within();
  await close();
});
