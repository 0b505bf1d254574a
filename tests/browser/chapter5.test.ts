/** The first screen as a reader meets it: the built page, a real engine, real keys and clicks. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { METRICS } from '../../src/sim/metrics.ts';
import { metric, openLab, runAxe, waitForState } from './harness.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const sentence = (page: Page) => page.locator('.headline').innerText();
const updates = async (page: Page) => Number(await page.locator('main').getAttribute('data-step'));

async function openReady(query = '', options: Parameters<typeof openLab>[0] = {}) {
  const opened = await openLab({ ...options, query: `?backend=wasm${query}` });
  await waitForState(opened.page, 'paused');
  return opened;
}

test('Play: the loss falls while the probability leaves both sentences; pause is prompt; reset returns', async () => {
  const { page, close } = await openReady();
  expect(await sentence(page)).toBe('Two sentences, half the probability each. Press Play.');
  expect(await metric(page, 'mass/ood')).toBeLessThan(0.02);
  await button(page, 'Play').click();
  await waitForState(page, 'running');
  await page.waitForFunction(() => Number(document.querySelector('[data-metric="mass/ood"]')?.getAttribute('data-value')) > 0.9);
  await button(page, 'Pause').click();
  await waitForState(page, 'paused');
  expect(await metric(page, 'loss')).toBeLessThan(0.3);
  expect(await sentence(page)).toMatch(/After \d+ updates at β = 0.05 \(median over 8 seeds\) the loss has fallen to 0\.\d+, and .*responses nobody ever wrote.*“the the the”.*seeds have collapsed\./);
  const before = await updates(page);
  await button(page, 'Step').click();
  await page.waitForFunction((step) => document.querySelector('main')?.dataset.step === String(step), before + 1);
  await button(page, 'Reset').click();
  await page.waitForFunction(() => document.querySelector('main')?.dataset.step === '0');
  await close();
});

test('at β 0.5 the probability stays; the link carries the change; restore undoes it', async () => {
  const { page, close } = await openReady();
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await page.getByRole('textbox', { name: 'β value' }).fill('0,5');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).toContain('beta=0.5');
  expect(await page.getByRole('slider', { name: 'β', exact: true }).getAttribute('aria-valuetext')).toBe('0.5');
  await waitForState(page, 'paused');
  await button(page, 'Play').click();
  await waitForState(page, 'done');
  expect(await metric(page, 'mass/ood')).toBeLessThan(0.06);
  expect(await sentence(page)).toContain('None of 8 seeds has collapsed.');
  // A knob moved after the end starts over and plays at once.
  await page.getByRole('slider', { name: 'β', exact: true }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => page.url()).not.toContain('beta=0.5&');
  await waitForState(page, 'done');
  expect(await sentence(page)).toContain('β = 0.45');
  await button(page, 'Restore').click();
  await expect.poll(() => page.url()).not.toContain('beta=');
  await waitForState(page, 'paused');
  expect(await updates(page)).toBe(0);
  await close();
});

test('β and learning rate can change while the run goes on', async () => {
  const { page, close } = await openReady();
  await page.getByText('More controls').click();
  await page.getByRole('switch', { name: 'Change β and learning rate while it runs' }).click();
  await button(page, 'Play').click();
  await page.waitForFunction(() => Number(document.querySelector('main')?.dataset.step) > 40);
  await page.getByRole('textbox', { name: 'β value' }).fill('0.4');
  await page.keyboard.press('Enter');
  await expect.poll(() => sentence(page)).toMatch(/^After \d+ updates at β = 0\.05 and \d+ at β = 0\.4 /);
  expect(await updates(page)).toBeGreaterThan(40);
  await button(page, 'Pause').click();
  await expect.poll(() => page.locator('.timeline-mark[data-kind="knobs"]').getAttribute('title')).toMatch(/^After update \d+: β = 0\.4\.$/);
  await button(page, 'Share').click();
  expect(await page.locator('[data-note="mixed"]').innerText()).toContain('not this mixed run');
  expect(await page.getByRole('dialog').innerText()).toContain('works on this machine only');
  await close();
});

test('a panel of the second rank opens while the run trains at full speed', async () => {
  const { page, close } = await openReady('&steps=20000');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await button(page, 'Play').click();
  await page.waitForFunction(() => Number(document.querySelector('main')?.dataset.step) > 100);
  for (const name of ['The whole space', 'Where did y₋’s mass go?', 'Reward gap and KL', 'The same at several β']) {
    await page.locator('.second-rank-tabs').getByRole('button', { name }).click();
    await page.locator('#second-rank-panel h2').first().waitFor({ timeout: 15_000 });
    expect(await page.locator('main').getAttribute('data-run-state')).toBe('running');
  }
  await button(page, 'Pause').click();
  await close();
});

test('keys: space, arrow, reset, help; none of them where the focused control owns the key', async () => {
  const { page, close } = await openReady();
  await page.locator('h1').click();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => document.querySelector('main')?.dataset.step === '1');
  await page.keyboard.press('Space');
  await waitForState(page, 'running');
  await page.keyboard.press('k');
  await waitForState(page, 'paused');
  await button(page, 'Play').focus();
  await page.keyboard.press('Space'); // the button's own key, once
  await waitForState(page, 'running');
  await button(page, 'Pause').click();
  await waitForState(page, 'paused');
  const at = await updates(page);
  await page.getByRole('slider', { name: 'β', exact: true }).focus();
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Seeds' }).or(page.getByRole('combobox', { name: 'Seeds' })).focus();
  await page.keyboard.press('r');
  await page.keyboard.press('Escape');
  expect(await updates(page)).toBe(at);
  await page.locator('h1').click();
  await page.keyboard.press('p');
  await expect.poll(() => page.locator('html').getAttribute('data-projector')).toBe('');
  expect(await page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize))).toBeGreaterThanOrEqual(18);
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.getByRole('switch', { name: 'Use these keys' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.locator('h1').click();
  await page.keyboard.press('r');
  await page.keyboard.press('p');
  expect(await updates(page)).toBe(at);
  expect(await page.locator('html').getAttribute('data-projector')).toBe('');
  await close();
});

test('after a click Space plays and pauses; a button reached by keyboard keeps it', async () => {
  const { page, close } = await openReady();
  const plays = async (what: string) => {
    await page.keyboard.press('Space');
    await page.waitForFunction(() => document.querySelector('main')?.dataset.runState === 'running').catch(() => { throw new Error(`Space after a click on ${what} does not play`); });
    await page.keyboard.press('Space');
    await waitForState(page, 'paused');
  };
  await button(page, 'Reset').click();
  await plays('Reset');
  await button(page, 'each seed').click();
  await plays('each seed');
  expect(await button(page, 'each seed').getAttribute('aria-pressed')).toBe('true');
  await page.getByText('Reward gap and KL').click();
  await plays('a tab');
  await page.locator('.preset-button').click();
  await page.getByRole('menuitem', { name: 'Tabular control' }).click();
  await expect.poll(() => page.locator('.preset-name').innerText()).toBe('Tabular control');
  await waitForState(page, 'paused');
  await expect.poll(() => page.getByRole('menu').count()).toBe(0);
  await plays('a preset');
  await page.locator('h1').click();
  await page.keyboard.press('Tab');
  await button(page, 'Step').focus();
  const before = await updates(page);
  await page.keyboard.press('Space');
  await page.waitForFunction((step) => document.querySelector('main')?.dataset.step === String(step), before + 1);
  await close();
});

test('a β that is not allowed is said and given up on leaving; the next knob starts nothing unseen', async () => {
  const { page, close } = await openReady();
  const field = page.getByRole('textbox', { name: 'β value' });
  await field.fill('abc');
  await page.keyboard.press('Tab');
  expect(await field.inputValue()).toBe('0.05');
  expect(await page.locator('.chapter-setup').getByRole('alert').innerText()).toMatch(/got "abc".* It is 0\.05 as before\./);
  await field.fill('1,000');
  await page.keyboard.press('Enter');
  expect(await field.inputValue()).toBe('0.05');
  await field.fill('0,1');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).toContain('beta=0.1');
  expect(await page.locator('.chapter-setup').getByRole('alert').count()).toBe(0);
  await close();
});

test('a sweep: β stays in view and cannot be moved; the sentence says where the collapse stops', async () => {
  const { page, close } = await openReady('&betas=0.05,0.5&beta=0.5&steps=400');
  const slider = page.getByRole('slider', { name: 'β', exact: true });
  expect(await slider.isDisabled()).toBe(true);
  expect(await slider.getAttribute('aria-valuetext'), 'the link’s β is selected').toBe('0.5');
  expect(await page.locator('.knob-hint').innerText()).toBe('swept: 2 values, 0.05 … 0.5');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await button(page, 'Play').click();
  await waitForState(page, 'done');
  await expect.poll(() => sentence(page)).toMatch(/\d of 8 seeds have collapsed at β = 0\.05, none at β = 0\.5\.$/);
  await close();
});

test('the basics stand beside the pair; panels open without a network', async () => {
  const { page, close } = await openReady('', { expectedErrors: /ERR_INTERNET_DISCONNECTED/ });
  expect(await page.locator('.pairs-basics').innerText()).toMatch(/Where is the cat\?\s+5 words, up to 3 in a row: 156 responses/);
  expect(await page.locator('.pairs-statistic').innerText()).toContain('π: mean of 8 seeds');
  await page.waitForFunction(() => ['Space', 'MassFlow', 'Reward', 'Sweep'].every((name) => performance.getEntriesByType('resource').some((entry) => entry.name.includes(`${name}Panel`))));
  await page.context().setOffline(true);
  await page.locator('.second-rank-tabs').getByRole('button', { name: 'The whole space' }).click();
  await page.locator('#second-rank-panel h2').first().waitFor();
  await close();
});

test('a phone has β in the bar', async () => {
  const { page, close } = await openReady('', { viewport: { width: 390, height: 844 } });
  const slider = page.getByRole('slider', { name: 'β in the bar' });
  const box = await slider.boundingBox();
  expect(box && box.y + box.height).toBeLessThanOrEqual(844);
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.url()).toContain('beta=0.056');
  await close();
});

test.each([
  ['the median over the seeds', '', null],
  ['a seed in focus', '', '3'],
  ['a sweep', '&betas=0.05,0.5', null],
  ['a seed in a sweep, its panel open', '&betas=0.05,0.5&panel=sweep', '3'],
])('every metric has one value on the page, however often it is shown: %s', async (_case, query, seed) => {
  const { page, close } = await openReady(query);
  if (seed !== null) await page.getByRole('combobox', { name: 'Policy shown' }).first().selectOption(seed);
  await page.locator('h1').click();
  await page.keyboard.press('.');
  await page.waitForFunction(() => document.querySelector('main')?.dataset.step === '1');
  await page.waitForTimeout(400);
  for (const row of METRICS) {
    const { id } = row;
    // DPO on given pairs samples nothing and has no reward model.
    const absent = 'sampled' in row || 'needsRewardModel' in row || 'fitsRewardModel' in row;
    // The sweep's panel shows the values at every β, always of the median over the seeds.
    const values = await page.locator(`[data-metric="${id}"]:not(.sweep-cell *)`).evaluateAll((all) => [...new Set(all.map((e) => e.getAttribute('data-value')))]);
    expect(values, id).toHaveLength(absent ? 0 : 1);
    if (!absent) expect(Number.isFinite(Number(values[0])), `${id} = ${values[0]}`).toBe(true);
  }
  await close();
});

test('a bad link is reported in sentences and can be dismissed; what is good in it is used', async () => {
  const { page, close } = await openReady('&preset=zzz&beta=abc&nonsense=1&seeds=0-2&step=3');
  const alert = page.locator('[data-notice="problems"]');
  expect(await alert.innerText()).toMatch(/beta must be a number in \[0\.000001, 1000\], got "abc"\./);
  expect(await alert.innerText()).toContain('"nonsense"');
  expect(await alert.innerText()).toMatch(/preset must be one of .*On the page they are called “the the the”, .*“Tabular control”/);
  await page.waitForFunction(() => document.querySelector('main')?.dataset.step === '3');
  expect(await page.locator('.badge').textContent()).toMatch(/3 policies\s+· up to [\d,]+\/s/);
  await alert.getByRole('button', { name: 'Dismiss' }).click();
  expect(await alert.count()).toBe(0);
  await close();
});

test('a link that brings its own world opens under its own name, not under a preset’s question', async () => {
  const own = { version: 1, name: 'my words', world: { words: ['yes', 'no'], maxLength: 1, prompts: ['Well?'] }, reference: { kind: 'corpus', corpus: [{ prompt: 0, response: 'yes' }, { prompt: 0, response: 'no' }] }, preferences: { pairs: [{ prompt: 0, chosen: 'yes', rejected: 'no' }] }, policy: { kind: 'tabular' }, seeds: [0] };
  const { page, close } = await openReady(`&preset=the-the-the&experiment=${Buffer.from(JSON.stringify(own)).toString('base64url')}`);
  expect(await page.locator('.chapter-lead').innerText()).toBe('The reference knows 2 sentences; training uses 1 pair.');
  expect(await page.locator('.preset-name').innerText()).toBe('my words');
  expect(await page.locator('.changed-from').innerText()).toBe('');
  await close();
});

test('a refused value is said where it was set, or above the page', async () => {
  const { page, close } = await openReady('&loss=exo_pair&labelSmoothing=0.02&seeds=0-170&steps=10&panel=sweep');
  await page.getByText('More controls').click();
  await page.getByRole('slider', { name: 'Label smoothing' }).focus();
  await page.keyboard.press('Home');
  const knob = page.locator('[data-param="labelSmoothing"]');
  expect(await knob.getByRole('alert').innerText()).toMatch(/labelSmoothing must be a number in \(0, 0\.5\)/);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => knob.getByRole('alert').count()).toBe(0);
  await page.getByRole('button', { name: /Train at/ }).click();
  expect(await page.locator('[data-notice="problems"]').innerText()).toContain('at most 1024 policies');
  await expect.poll(() => page.locator('[data-notice="problems"]').evaluate((e) => e.getBoundingClientRect().top)).toBe(0);
  await close();
});

test('files: a malformed one changes nothing, a saved one comes back', async () => {
  const { page, close } = await openReady('&beta=0.2');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dpo-lab-'));
  const bad = path.join(folder, 'bad.json');
  fs.writeFileSync(bad, JSON.stringify({ world: { words: ['a'], maxLength: 0, prompts: ['x'] } }));
  await page.locator('input[type="file"]').setInputFiles(bad);
  const alert = page.locator('[data-notice="problems"]');
  await alert.waitFor();
  expect(await alert.innerText()).toMatch(/“bad\.json” was not opened; nothing has changed\.[^]*world\.maxLength must be/);
  expect(page.url()).toContain('beta=0.2');
  await button(page, 'File').click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Save this experiment' }).click()]);
  const saved = path.join(folder, 'saved.json');
  await download.saveAs(saved);
  expect(JSON.parse(fs.readFileSync(saved, 'utf8')).algorithm.beta).toBe(0.2);
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect.poll(() => page.url()).not.toContain('beta=0.2');
  await page.locator('input[type="file"]').setInputFiles(saved);
  await expect.poll(() => page.url()).toContain('beta=0.2');
  fs.rmSync(folder, { recursive: true });
  await close();
});

test.each([
  ['1440 × 900', { viewport: { width: 1440, height: 900 } }, ''],
  ['dark', { viewport: { width: 1440, height: 900 }, dark: true }, ''],
  ['phone', { viewport: { width: 390, height: 844 }, reducedMotion: true }, ''],
  ['projector', { viewport: { width: 1440, height: 900 } }, '&projector=1'],
])('%s: no axe violation, no sideways scrolling, Play in view', async (_name, options, query) => {
  const { page, close } = await openReady(`&panel=flow${query}`, options);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  await button(page, 'Play').click();
  await waitForState(page, 'done');
  await page.getByText('More controls').click();
  await page.getByText('All the numbers').click();
  expect(await runAxe(page)).toEqual([]);
  const { scroll, width } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, width: innerWidth }));
  expect(scroll).toBeLessThanOrEqual(width);
  await page.evaluate(() => scrollTo(0, 0));
  const play = await button(page, 'Play').boundingBox();
  expect(play && play.y + play.height).toBeLessThanOrEqual(options.viewport.height);
  expect(await page.locator('h1').count()).toBe(1);
  await close();
});
