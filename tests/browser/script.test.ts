/** A PyTorch script made on the page: in a worker of its own, with the numbers that the page shows, and refused in a sentence. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { metric, openLab, runAxe, waitForState } from './harness.ts';

const SHORT = '?backend=wasm&seeds=0-1&steps=30';

async function entryOf(page: Page) {
  await page.getByRole('button', { name: 'File', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Take away…' }).click();
  const entry = page.locator('.take-entry').filter({ has: page.getByRole('heading', { name: 'A PyTorch script of this run' }) });
  await entry.waitFor();
  return entry;
}

test('is of the run on screen, which goes on meanwhile', async () => {
  const { page, close } = await openLab({ query: `${SHORT}&beta=0.2` });
  await waitForState(page, 'paused');
  await page.keyboard.press('k');
  await waitForState(page, 'done');
  const entry = await entryOf(page);
  const button = entry.getByRole('button', { name: 'Make the script' });
  await button.click();
  const stop = entry.getByRole('button', { name: 'Stop' });
  await stop.waitFor();
  expect(await entry.getByRole('progressbar', { name: 'How far the script is' }).count()).toBe(1);
  await stop.click();
  await entry.getByText('Stopped; nothing was saved.').waitFor();
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
  expect(file.suggestedFilename()).toBe('the-the-the.py');
  const kept = path.join(os.tmpdir(), `dpo-lab-script-${process.pid}`);
  await file.saveAs(kept);
  const script = fs.readFileSync(kept, 'utf8');
  fs.rmSync(kept);
  await entry.getByText(/^Saved as the-the-the\.py, \d+ kB\.$/).waitFor();
  expect(script).toContain('"algorithm": {"kind": "dpo", "loss": "sigmoid", "beta": 0.2,');
  expect(script).toContain('2 policies, 30 updates, recorded on WebAssembly.');
  const ends = [...script.matchAll(/"mass\/ood": \[([^\]]*)\]/g)].map(([, values]) => Number(values.split(',').map((value) => value.trim()).filter((value) => value !== '').at(-1)));
  expect(ends).toHaveLength(2);
  expect((ends[0] + ends[1]) / 2).toBeCloseTo(await metric(page, 'mass/ood'), 7);
  expect(await page.locator('main').getAttribute('data-step')).toBe('30');
  expect(await runAxe(page)).toEqual([]);
  await close();
}, 60_000);

test('is refused for PPO in a sentence', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&preset=ppo-length-bias&seeds=0&steps=2' });
  await waitForState(page, 'paused');
  const entry = await entryOf(page);
  await entry.getByText('There is no PyTorch script for PPO yet').waitFor();
  expect(await entry.getByRole('button').count()).toBe(0);
  await close();
}, 60_000);
