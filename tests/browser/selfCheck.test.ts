/** The self-check on the built page: mathematics and engine, on WebAssembly and on real WebGPU, its table and its file. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openLab, runAxe, waitForState } from './harness.ts';

const CHECK = '[data-self-check]';

test.each(['wasm', 'webgpu'] as const)('a link with selftest checks everything on %s, and all is as it should be', async (backend) => {
  const { page, close } = await openLab({ query: `?selftest&seeds=0-1&backend=${backend}` });
  await waitForState(page, 'paused');
  await page.waitForFunction((selector) => ['pass', 'fail'].includes(document.querySelector(selector)?.getAttribute('data-self-check') ?? ''), CHECK, { timeout: 110_000 });
  const failed = await page.locator('[data-self-check-row][data-verdict="fail"]').allInnerTexts();
  expect(failed).toEqual([]);
  expect(await page.locator(CHECK).getAttribute('data-self-check')).toBe('pass');
  expect(await page.locator('.self-check-summary').innerText()).toMatch(/^\d+ lines and \d+ of the slides’ versions were evaluated, 6 tests of the engine run: all as they should be\.$/);
  expect(await page.locator('[data-self-check-row="engine-gradient-of-the-loss"]').innerText()).toContain(backend === 'wasm' ? 'on WebAssembly' : 'on WebGPU');
  await close();
});

test('by its button: what is training goes on, the results can be saved, axe finds nothing', async () => {
  const { page, close } = await openLab({ query: '?chapter=4&panel=selftest&backend=wasm&seeds=0-1&steps=5000' });
  await waitForState(page, 'paused');
  expect(await page.locator(CHECK).getAttribute('data-self-check')).toBe('idle');
  await page.keyboard.press('k');
  await waitForState(page, 'running');
  await page.getByRole('button', { name: 'Run the self-check' }).click();
  await page.locator(`${CHECK}[data-self-check="pass"]`).waitFor({ timeout: 60_000 });
  expect(Number(await page.locator('main').getAttribute('data-step')), 'the run was not disturbed').toBeGreaterThan(0);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save the results' }).click()]);
  const saved = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'self-check-')), 'results.json');
  await download.saveAs(saved);
  const file = JSON.parse(fs.readFileSync(saved, 'utf8'));
  fs.rmSync(path.dirname(saved), { recursive: true });
  expect(file).toMatchObject({ page: 'DPO Lab self-check', backend: 'wasm', problem: null, experiment: { version: 1 } });
  expect(file.engine).toHaveLength(6);
  expect(file.mathematics.steps.length).toBeGreaterThan(20);
  expect(await runAxe(page)).toEqual([]);
  await close();
});
