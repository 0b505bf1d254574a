/** The windows of a lecture on the built page: one leads and has the engine, the others follow. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openLab, runAxe, waitForState } from './harness.ts';

const SESSION = 'testsession';
const QUERY = '?backend=wasm&seeds=0-1&steps=400';

/** A lab that leads the session, as after a reload. */
async function openLeader() {
  const opened = await openLab({ query: QUERY });
  await opened.page.evaluate((session) => sessionStorage.setItem('dpo-lab/session', session), SESSION);
  await opened.page.reload();
  await waitForState(opened.page, 'paused');
  const { origin, pathname } = new URL(opened.page.url());
  const open = async (query: string): Promise<Page> => {
    const page = await opened.page.context().newPage();
    page.setDefaultTimeout(30_000);
    page.on('console', (message) => { if (message.type() === 'error') opened.consoleErrors.push(message.text()); });
    page.on('pageerror', (error) => opened.consoleErrors.push(`uncaught: ${error.stack ?? error.message}`));
    await page.goto(`${origin}${pathname}${query}`);
    await page.locator('main[data-run-state]').waitFor();
    return page;
  };
  return { ...opened, open };
}

const stepOf = (page: Page) => page.locator('main').getAttribute('data-step').then(Number);
/** Every number of the sentence, unrounded. */
const numbers = (page: Page) => page.locator('.headline [data-value]').evaluateAll((spans) => spans.map((span) => [span.getAttribute('data-metric'), span.getAttribute('data-value')]));
const said = (page: Page) => page.locator('.headline').innerText();

test('windows are in step, a late one catches up, and all show the same numbers, bit for bit', async () => {
  const { page: lab, open, close } = await openLeader();
  const [speaker, audience] = [await open(`?speaker=${SESSION}`), await open(`?follow=${SESSION}`)];
  await speaker.getByRole('button', { name: 'Step', exact: true }).click();
  await expect.poll(() => stepOf(lab)).toBe(1);
  await expect.poll(() => stepOf(audience)).toBe(1);
  await speaker.getByRole('button', { name: 'Play', exact: true }).click();
  await waitForState(lab, 'running');
  await waitForState(audience, 'running');
  await expect.poll(() => stepOf(audience)).toBeGreaterThan(20);
  await speaker.getByRole('button', { name: 'Pause', exact: true }).click();
  await waitForState(lab, 'paused');
  await waitForState(audience, 'paused');
  const late = await open(`?follow=${SESSION}`);
  const step = await stepOf(lab);
  expect(step).toBeGreaterThan(20);
  const exact = await numbers(lab);
  expect(exact.length).toBeGreaterThan(0);
  for (const page of [audience, late]) {
    await expect.poll(() => stepOf(page)).toBe(step);
    await expect.poll(() => numbers(page)).toEqual(exact);
    await expect.poll(() => said(page)).toBe(await said(lab));
  }
  await expect.poll(() => numbers(speaker)).toEqual(exact);
  await expect.poll(() => speaker.locator('.presenter-update').innerText()).toContain(`update ${step} of 400`);
  // Back by one, another β, another chapter: from whichever window.
  await speaker.getByRole('button', { name: 'Step back' }).click();
  for (const page of [lab, audience, late]) await expect.poll(() => stepOf(page)).toBe(step - 1);
  await audience.getByRole('spinbutton', { name: 'β value' }).or(audience.getByRole('textbox', { name: 'β value' })).first().fill('0.3');
  await audience.keyboard.press('Enter');
  for (const page of [lab, audience, late]) await expect.poll(() => page.getByRole('slider', { name: 'β', exact: true }).getAttribute('aria-valuetext')).toBe('0.3');
  await late.getByRole('navigation', { name: 'Chapters' }).getByRole('link', { name: /Online DPO/ }).click();
  for (const page of [lab, audience, late]) await page.locator('#chapter-6').waitFor();
  await expect.poll(() => speaker.locator('.presenter-where').innerText()).toMatch(/^Chapter 6/);
  // How a window looks is its own affair.
  await audience.getByRole('button', { name: 'Dark theme' }).click();
  await expect.poll(() => audience.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
  expect(await lab.locator('html').getAttribute('data-mantine-color-scheme')).toBe('light');
  // A reload of a follower, and of the leader.
  await audience.reload();
  await audience.locator('#chapter-6').waitFor();
  expect(await audience.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
  await lab.reload();
  await waitForState(lab, 'paused');
  await lab.getByRole('button', { name: 'Step', exact: true }).click();
  for (const page of [audience, late]) await expect.poll(() => stepOf(page)).toBe(1);
  await close();
});

test('blank, the audience sees nothing; frozen, its picture stands still while the presenter goes on; a window that is lost says so', async () => {
  const { page: lab, open, close } = await openLeader();
  const [speaker, audience] = [await open(`?speaker=${SESSION}`), await open(`?follow=${SESSION}`)];
  await speaker.getByRole('button', { name: 'Blank' }).click();
  for (const page of [lab, audience]) await page.locator('.blank-page').waitFor();
  expect(await speaker.locator('.blank-page').count()).toBe(0);
  await speaker.keyboard.press('b');
  for (const page of [lab, audience]) await page.locator('.blank-page').waitFor({ state: 'detached' });
  await speaker.getByRole('button', { name: 'Freeze' }).click();
  await expect.poll(() => speaker.getByRole('button', { name: 'Freeze' }).getAttribute('aria-pressed')).toBe('true');
  for (let i = 1; i <= 3; i++) {
    await speaker.getByRole('button', { name: 'Step', exact: true }).click();
    await expect.poll(() => speaker.locator('.presenter-update').innerText()).toContain(`update ${i} of 400`);
  }
  const late = await open(`?follow=${SESSION}`);
  for (const page of [lab, audience, late]) expect(await stepOf(page)).toBe(0);
  await speaker.getByRole('button', { name: 'Freeze' }).click();
  for (const page of [lab, audience, late]) await expect.poll(() => stepOf(page)).toBe(3);
  await expect.poll(() => numbers(late)).toEqual(await numbers(lab));
  await lab.close();
  await audience.getByRole('alert').filter({ hasText: 'The lecture’s window is closed' }).waitFor();
  expect(await stepOf(audience)).toBe(3);
  await close();
});

test('S opens the presenter window, once; where the browser forbids it, a sentence says so', async () => {
  const { page: lab, close } = await openLab({ query: QUERY });
  await waitForState(lab, 'paused');
  const opening = lab.waitForEvent('popup');
  await lab.keyboard.press('s');
  const speaker = await opening;
  await speaker.locator('.presenter-text h1').waitFor();
  expect(new URL(speaker.url()).search).toMatch(/^\?speaker=[a-z0-9]+$/);
  await speaker.getByRole('button', { name: 'Step', exact: true }).click();
  await expect.poll(() => stepOf(lab)).toBe(1);
  await lab.keyboard.press('s');
  expect(lab.context().pages().length).toBe(2);
  // From the presenter window, one more for the audience.
  await speaker.getByText('Windows and keys').click();
  const another = speaker.waitForEvent('popup');
  await speaker.getByRole('button', { name: 'Open an audience window' }).click();
  const audience = await another;
  await expect.poll(() => stepOf(audience)).toBe(1);
  await speaker.close();
  await lab.evaluate(() => { window.open = () => null; });
  await lab.keyboard.press('s');
  await lab.getByRole('alert').filter({ hasText: 'The browser blocked the presenter window' }).waitFor();
  await close();
});

test('a reload of the leading window keeps the clock, and from the audience what was kept from it', async () => {
  const { page: lab, open, close } = await openLeader();
  const [speaker, audience] = [await open(`?speaker=${SESSION}`), await open(`?follow=${SESSION}`)];
  const pressed = (name: string) => speaker.getByRole('button', { name }).getAttribute('aria-pressed');
  const kept = () => lab.evaluate(() => JSON.parse(sessionStorage.getItem('dpo-lab/talk') ?? '{}') as { startedAt: number; startedStep: number });
  await speaker.getByRole('button', { name: /Begin the talk|Talk from here/ }).click();
  await audience.locator('.lecture-position').waitFor();
  await waitForState(lab, 'paused');
  const { startedAt, startedStep } = await kept();
  expect(startedAt).toBeGreaterThan(0);
  const seen = await audience.locator('.lecture-title').innerText();
  await speaker.getByRole('button', { name: 'Freeze' }).click();
  await expect.poll(() => pressed('Freeze')).toBe('true');
  await speaker.getByRole('button', { name: 'Next', exact: true }).click();
  await expect.poll(() => lab.evaluate(() => location.search)).toContain('talk=');
  const position = await speaker.locator('.presenter-position').innerText();
  await expect.poll(() => kept()).toMatchObject({ at: Number(position.split(' ')[0]) - 1 });
  await lab.waitForTimeout(600); // the address bar follows
  await lab.reload();
  await lab.locator('.blank-page').waitFor();
  await expect.poll(() => pressed('Blank')).toBe('true');
  expect(await pressed('Freeze')).toBe('true');
  expect(await kept()).toMatchObject({ startedAt, startedStep });
  await expect.poll(() => speaker.locator('.presenter-position').innerText()).toBe(position);
  await expect.poll(() => speaker.locator('.presenter-elapsed').innerText()).not.toContain('0:00');
  await speaker.keyboard.press('b');
  await audience.locator('.blank-page').waitFor({ state: 'detached' });
  expect(await audience.locator('.lecture-title').innerText()).toBe(seen);
  await speaker.keyboard.press('z');
  await expect.poll(() => audience.locator('.lecture-title').innerText()).not.toBe(seen);
  expect(await lab.locator('.lecture-title').innerText()).toBe(await audience.locator('.lecture-title').innerText());
  // A presenter window that opens late knows the same clock.
  await speaker.close();
  const late = await open(`?speaker=${SESSION}`);
  await late.getByRole('button', { name: 'Reset the clock' }).waitFor();
  await expect.poll(() => late.locator('.presenter-pace').innerText()).toContain('this step');
  await close();
});

test('windows that are opened look like the lab and speak its language; without one of them nothing is frozen', async () => {
  const { page: lab, close } = await openLab({ query: QUERY });
  await lab.context().route('**/strings/hi.json', (route) => route.fulfill({ json: { 'Start the clock': 'Uhr an' } }));
  await lab.goto(`${lab.url().split('?')[0]}${QUERY}&theme=dark&projector=1&lang=hi`);
  await waitForState(lab, 'paused');
  const opening = lab.waitForEvent('popup');
  await lab.keyboard.press('s');
  const speaker = await opening;
  await speaker.getByRole('button', { name: 'Uhr an' }).waitFor();
  expect(new URL(speaker.url()).search).toMatch(/^\?speaker=[a-z0-9]+&theme=dark&lang=hi$/);
  expect(await speaker.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
  await speaker.keyboard.press('d');
  await expect.poll(() => new URL(speaker.url()).search).toMatch(/&theme=light&lang=hi$/);
  await lab.keyboard.press('z');
  await expect.poll(() => lab.title()).toMatch(/^Frozen/);
  await lab.keyboard.press('z');
  await expect.poll(() => lab.title()).not.toMatch(/^Frozen/);
  await speaker.close();
  const refused = lab.getByRole('alert').filter({ hasText: 'open the presenter window first' });
  await expect.poll(async () => {
    await lab.keyboard.press('z');
    const frozen = (await lab.title()).startsWith('Frozen');
    if (frozen) await lab.keyboard.press('z'); // the presenter window has not said yet that it goes
    return await refused.count();
  }).toBeGreaterThan(0);
  expect(await lab.title()).not.toMatch(/^Frozen/);
  await close();
});

test('what is read beside the run is in step too: the line of the derivation', async () => {
  const { page: lab, open, close } = await openLeader();
  await lab.getByRole('navigation', { name: 'Chapters' }).getByRole('link', { name: /Optimal policy/ }).click();
  await lab.locator('#chapter-2').waitFor();
  const audience = await open(`?follow=${SESSION}`);
  await audience.locator('#chapter-2').waitFor();
  const shown = (page: Page) => page.locator('.derivation').innerText();
  const before = await shown(lab);
  await lab.getByRole('button', { name: 'Next line' }).click();
  await expect.poll(() => shown(lab)).not.toBe(before);
  await expect.poll(async () => await shown(audience) === await shown(lab)).toBe(true);
  await audience.getByRole('button', { name: 'Back', exact: true }).first().click();
  await expect.poll(async () => await shown(audience) === await shown(lab)).toBe(true);
  await close();
});

test('the presenter window has the notes, takes the talk’s keys, and axe finds nothing in light and dark, wide and on a phone', async () => {
  const { page: lab, open, close } = await openLeader();
  const speaker = await open(`?speaker=${SESSION}`);
  await speaker.getByRole('button', { name: /Begin the talk|Talk from here/ }).click();
  const position = () => speaker.locator('.presenter-position').innerText();
  await expect.poll(position).toMatch(/^1 of \d+/);
  const title = () => speaker.locator('.presenter-text h1').innerText();
  const first = await title();
  await speaker.keyboard.press('ArrowRight');
  await expect.poll(position).toMatch(/^2 of/);
  expect(await title()).not.toBe(first);
  await speaker.keyboard.press('PageUp');
  await expect.poll(title).toBe(first);
  await waitForState(lab, 'paused');
  await speaker.keyboard.press('k');
  await waitForState(lab, 'running');
  await speaker.keyboard.press('o');
  const steps = speaker.getByRole('dialog', { name: 'All steps' });
  await steps.getByRole('button').nth(3).click(); // the first closes
  await expect.poll(position).toMatch(/^3 of/);
  await speaker.getByRole('button', { name: 'Start the clock' }).or(speaker.getByRole('button', { name: 'Reset the clock' })).click();
  await expect.poll(() => speaker.locator('.presenter-pace').innerText()).toContain('on time');
  await waitForState(speaker, await lab.locator('main').getAttribute('data-run-state') ?? '');
  expect(await runAxe(speaker)).toEqual([]);
  await speaker.getByText('Windows and keys').click();
  await speaker.keyboard.press('d');
  await expect.poll(() => speaker.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
  expect(await runAxe(speaker)).toEqual([]);
  await speaker.setViewportSize({ width: 390, height: 844 });
  expect(await runAxe(speaker)).toEqual([]);
  expect(await speaker.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  // The fixed bar does not count there.
  const edges = await speaker.locator('.presenter-bar').locator('button, select').evaluateAll((controls) => controls.map((control) => control.getBoundingClientRect()).map(({ left, right }) => [left, right]));
  for (const [left, right] of edges) expect(left >= 0 && right <= 390, `${left} to ${right}`).toBe(true);
  await close();
});
