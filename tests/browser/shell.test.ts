import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import type {} from './engine/page.ts';
import { openEngine, openLab } from './harness.ts';

test('the page loads below a sub-path, without an error and without another host', async () => {
  const { page, close } = await openLab();
  await page.locator('h1').first().waitFor();
  expect(await page.title()).toContain('DPO Lab');
  await page.waitForLoadState('networkidle');
  await close();
});

test('the harness notices errors and requests to other hosts', async () => {
  const { page, consoleErrors, foreignRequests, close } = await openLab();
  await page.evaluate(() => console.error('on purpose'));
  await page.evaluate(() => fetch('http://127.0.0.2:9/').catch(() => undefined));
  await expect.poll(() => foreignRequests.length + consoleErrors.length).toBeGreaterThan(1);
  await expect(close()).rejects.toThrow('on purpose');
});

test('the built page carries the Content Security Policy, and it is in force', async () => {
  const { page, close } = await openLab({ expectedErrors: /Content Security Policy/ });
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(policy).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'");
  expect(await runsInlineScript(page)).toBe(false);
  await close();
  const engine = await openEngine(); // a page without the policy, to see that the question can be answered with yes
  expect(await runsInlineScript(engine.page)).toBe(true);
  await engine.close();
});

test('the first paint does not wait for JavaScript', () => {
  const html = fs.readFileSync(path.join(inject('distFolder'), 'index.html'), 'utf8');
  expect(html).toContain('The lab is loading…');
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
});

test('tfjs is in no file that the page loads before it starts a worker', () => {
  const dist = inject('distFolder');
  const html = fs.readFileSync(path.join(dist, 'index.html'), 'utf8');
  const first = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]);
  expect(first.length).toBeGreaterThan(0);
  for (const file of withStaticImports(dist, first)) {
    const code = fs.readFileSync(path.join(dist, file), 'utf8');
    // The engine's global registry and its kernel registry; both names survive minification.
    expect(code.includes('_tfengine') || code.includes('KERNEL_FUNC') || /tensorflow/i.test(code), file).toBe(false);
  }
});

test('fonts come as woff2 only', () => {
  const files = fs.readdirSync(path.join(inject('distFolder'), 'assets'));
  expect(files.filter((file) => /\.(?:woff|ttf)$/.test(file))).toEqual([]);
});

test('WebGPU has an adapter in a worker-capable, secure page', async () => {
  const { page, close } = await openLab();
  const adapter = await page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter()));
  expect(adapter, 'Chromium must give a WebGPU adapter; see the flags in globalSetup.ts').toBe(true);
  await close();
});

test('tfjs differentiates on webgpu, wasm and cpu alike', async () => {
  const { page, close } = await openEngine();
  const x = [-1.5, 0.25, 2];
  const truth = x.map((value) => (2 * value) / (1 + Math.exp(-value * value)));
  for (const backend of ['cpu', 'wasm', 'webgpu']) {
    const result = await page.evaluate(([name, values]) => globalThis.engineTests.softplusGradient(name, values), [backend, x] as const);
    expect(result.backend).toBe(backend);
    result.gradient.forEach((value, index) => expect(value).toBeCloseTo(truth[index], 5));
  }
  await close();
});

function runsInlineScript(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.documentElement.dataset.inline = "ran"';
    document.head.append(script);
    return document.documentElement.dataset.inline === 'ran';
  });
}

/** The files and everything they import statically, as paths below `dist`. */
function withStaticImports(dist: string, files: string[]): string[] {
  const found = new Set<string>();
  const visit = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    const code = fs.readFileSync(path.join(dist, file), 'utf8');
    for (const match of code.matchAll(/(?:from|import)\s*["'](\.\/[^"']+\.js)["']/g)) {
      visit(path.posix.join(path.posix.dirname(file), match[1]));
    }
  };
  files.forEach(visit);
  return [...found];
}
