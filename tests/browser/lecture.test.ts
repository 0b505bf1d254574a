/** The lecture on the built page, given by keyboard only; and what lies over the page in it. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { TALK } from '../../src/components/lecture/talk.ts';
import { PRESETS } from '../../src/sim/presets/index.ts';
import { openLab, runAxe, waitForState } from './harness.ts';

const position = (page: Page) => page.locator('.lecture-position').innerText().then((text) => text.replaceAll(/\s+/g, ' '));
const at = (index: number) => new RegExp(`^Step ${index + 1} / of ${TALK.length}$`);
const stateOf = (page: Page) => page.locator('main').getAttribute('data-run-state');
const stepOf = (page: Page) => page.locator('main').getAttribute('data-step').then(Number);

/** What the page must show at a step. */
async function expectScene(page: Page, index: number): Promise<void> {
  const { id, title, scene } = TALK[index];
  const name = `${index + 1}, ${id}`;
  await expect.poll(() => position(page), { message: name }).toMatch(at(index));
  expect(await page.locator('.lecture-title').innerText(), name).toContain(title);
  await page.locator(`#chapter-${scene.chapter}`).waitFor();
  expect(await page.locator('.preset-name').innerText(), name).toBe(PRESETS.find((preset) => preset.id === scene.preset)?.title);
  if (scene.run === 'ready') {
    await waitForState(page, 'paused', 20_000);
    await expect.poll(() => stepOf(page), { message: name }).toBe(0);
  } else await expect.poll(async () => ['running', 'done'].includes(await stateOf(page) ?? ''), { message: name, timeout: 20_000 }).toBe(true);
  if (scene.panel) await page.locator('#second-rank-panel').waitFor();
  const above = () => page.evaluate(() => scrollY);
  if (scene.at) {
    // What the step is about begins in the upper half, below the bar, or as far up as the page lets it.
    await expect.poll(() => page.locator(scene.at ?? '').first().evaluate((element) => {
      const bar = document.querySelector('.lecture-bar')?.getBoundingClientRect().bottom ?? 0;
      const { top } = element.getBoundingClientRect();
      const atEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
      return top >= bar - 1 && (top < innerHeight / 2 || atEnd);
    }), { message: name, timeout: 15_000 }).toBe(true);
  } else await expect.poll(above, { message: name }).toBe(0);
  expect(await page.locator('.notice').allInnerTexts(), name).toEqual([]);
}

test('the whole lecture by keyboard, from the first step to the last and back: chapter, experiment, run, place, no notice', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm', viewport: { width: 1280, height: 720 } });
  await waitForState(page, 'paused');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption({ label: 'flat out' });
  await page.locator('body').click({ position: { x: 640, y: 2 } });
  await page.keyboard.press('l');
  const keys = ['ArrowRight', 'Space', 'PageDown', 'n', 'ArrowDown'];
  for (let index = 0; index < TALK.length; index++) {
    if (index > 0) await page.keyboard.press(keys[index % keys.length]);
    await expectScene(page, index);
  }
  await page.keyboard.press('PageUp');
  await expectScene(page, TALK.length - 2);
  await page.keyboard.press('Home');
  await expectScene(page, 0);
  await page.keyboard.press('ArrowRight');
  await waitForState(page, 'done');
  await page.keyboard.press('ArrowLeft');
  await expectScene(page, 0);
  await close();
}, 150_000);

test('overview, jump, blank page, pressed keys, freeze: by keys, and axe finds nothing', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&seeds=0-1', viewport: { width: 1280, height: 720 } });
  await waitForState(page, 'paused');
  await page.keyboard.press('l');
  await expect.poll(() => position(page)).toMatch(at(0));
  await page.keyboard.press('o');
  const overview = page.getByRole('dialog', { name: 'All steps of the talk' });
  await overview.waitFor();
  expect(await overview.getByRole('button', { name: /^\d+ / }).count()).toBe(TALK.length);
  expect(await overview.locator('[aria-current="step"]').innerText()).toContain(TALK[0].title);
  expect(await runAxe(page)).toEqual([]);
  for (const key of ['ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
  await page.keyboard.press('Enter');
  await overview.waitFor({ state: 'detached' });
  await expectScene(page, TALK.findIndex(({ id }) => id === 'reward-model-run'));
  await page.keyboard.press('o');
  await page.keyboard.press('Escape');
  await overview.waitFor({ state: 'detached' });

  await page.keyboard.press('g');
  const field = page.getByRole('combobox', { name: /Number, or words/ });
  await field.waitFor();
  await page.keyboard.type('xylophone');
  await page.getByText(`No step has “xylophone”. The talk has ${TALK.length} steps.`).waitFor();
  await field.fill('');
  await page.keyboard.type('plus or minus');
  expect(await page.locator('.jump-step[aria-selected="true"]').innerText()).toContain('Plus or minus log Z?');
  expect(await runAxe(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expectScene(page, TALK.findIndex(({ id }) => id === 'sign-of-z'));
  await page.keyboard.press('g');
  await page.keyboard.type('1'); // ahead of the dialog
  await page.keyboard.press('Enter');
  await expectScene(page, 0);

  await page.keyboard.press('.');
  const blank = page.getByRole('button', { name: /^The page is blank/ });
  await blank.waitFor();
  expect(await blank.evaluate((element) => [getComputedStyle(element).backgroundColor, element.getBoundingClientRect().width, element.getBoundingClientRect().height])).toEqual(['rgb(0, 0, 0)', 1280, 720]);
  await expect.poll(() => page.locator('[data-live-region]').innerText(), { timeout: 8000 }).toContain('The page is blank. Any key brings it back.');
  await page.keyboard.press('ArrowRight'); // only brings the page back
  await blank.waitFor({ state: 'detached' });
  await expectScene(page, 0);
  await page.keyboard.press('b');
  await blank.click();
  await blank.waitFor({ state: 'detached' });

  await page.keyboard.press('v');
  await page.keyboard.press('k');
  await page.locator('.pressed-keys', { hasText: 'play or pause' }).waitFor();
  expect(await page.locator('.pressed-keys kbd').innerText()).toBe('K');
  await waitForState(page, 'running');
  await page.locator('.pressed-keys').waitFor({ state: 'detached' });
  await page.keyboard.press('v');
  await page.keyboard.press('k');
  await waitForState(page, 'paused');
  expect(await page.locator('.pressed-keys').count()).toBe(0);

  await page.keyboard.press('z');
  await page.getByRole('alert').getByText('open the presenter window first').waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  const [speaker] = await Promise.all([page.context().waitForEvent('page'), page.keyboard.press('s')]);
  await speaker.locator('main.presenter').waitFor();
  await page.bringToFront();
  await page.keyboard.press('z');
  await expect.poll(() => page.title()).toMatch(/^Frozen · /);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => speaker.locator('.presenter-position').innerText()).toMatch(/^2 of/);
  expect(await position(page), 'the audience sees what it saw').toMatch(at(0));
  await page.keyboard.press('z');
  await expect.poll(() => position(page)).toMatch(at(1));
  expect(await page.title()).not.toContain('Frozen');
  await close();
}, 90_000);

test('all keys off, keys of a focused control, the talk by touch, in the address and on a phone', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&seeds=0-1', viewport: { width: 390, height: 844 }, dark: true });
  await waitForState(page, 'paused');
  await page.getByRole('button', { name: 'Help: keys' }).click();
  const help = page.getByRole('dialog', { name: 'Keys' });
  for (const what of ['next step', 'one update back', 'blank page', 'full screen']) await help.getByText(what, { exact: true }).first().waitFor();
  expect(await runAxe(page)).toEqual([]);
  await help.getByRole('switch', { name: 'Use these keys' }).click();
  await page.keyboard.press('Escape');
  for (const key of ['l', 'o', 'k', 'b', 'ArrowRight', '?']) await page.keyboard.press(key);
  expect(await page.locator('.lecture-bar, [role="dialog"], .blank-page').count()).toBe(0);
  expect(await stepOf(page)).toBe(0);
  await page.getByRole('button', { name: 'Help: keys' }).click();
  await help.getByRole('switch', { name: 'Use these keys' }).click();
  await help.getByRole('button', { name: 'Begin the talk' }).click();
  await expectScene(page, 0);
  await page.getByRole('button', { name: 'Next step' }).click();
  await expectScene(page, 1);
  await page.getByRole('button', { name: 'Previous step' }).click();
  await expectScene(page, 0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await runAxe(page)).toEqual([]);
  await swipe(page, -120);
  await expectScene(page, 1);
  await swipe(page, 120);
  await expectScene(page, 0);
  // A slider keeps its arrows.
  const beta = page.getByRole('slider', { name: 'β', exact: true }).first();
  await beta.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => beta.getAttribute('aria-valuetext')).not.toBe('0.05');
  expect(await position(page)).toMatch(at(0));
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'All steps' }).click();
  await page.getByRole('dialog', { name: 'All steps of the talk' }).getByRole('button', { name: new RegExp(TALK[4].title.replace('?', '\\?')) }).click();
  await expectScene(page, 4);
  await expect.poll(() => new URL(page.url()).searchParams.get('talk')).toBe(TALK[4].id);
  await page.reload();
  await expectScene(page, 4);
  await page.getByRole('button', { name: 'End', exact: true }).click();
  await page.getByRole('navigation', { name: 'Chapters' }).first().waitFor();
  await expect.poll(() => new URL(page.url()).searchParams.get('talk')).toBeNull();
  await close();
}, 90_000);

/** A finger along the bar. @param by  CSS pixels to the right */
async function swipe(page: Page, by: number): Promise<void> {
  await page.locator('.lecture-title').evaluate((target, distance) => {
    const { left, top, width, height } = target.getBoundingClientRect();
    const touch = (x: number) => new Touch({ identifier: 1, target, clientX: x, clientY: top + height / 2 });
    const from = left + width / 2;
    target.dispatchEvent(new TouchEvent('touchstart', { bubbles: true, touches: [touch(from)], changedTouches: [touch(from)] }));
    target.dispatchEvent(new TouchEvent('touchend', { bubbles: true, touches: [], changedTouches: [touch(from + distance)] }));
  }, by);
}
