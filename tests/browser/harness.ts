/** What a browser test needs: open the built lab, wait for a run, read what it shows, check accessibility. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import { type Browser, type Page, chromium } from 'playwright-core';
import { inject } from 'vitest';

let connection: Promise<Browser> | undefined;

/** The one Chromium that globalSetup started, connected once per test file. */
function browser(): Promise<Browser> {
  connection ??= chromium.connect(inject('browserEndpoint'));
  return connection;
}

export interface OpenOptions {
  /** Query and hash of the address, with their `?` and `#`. */
  query?: string;
  /** CSS pixels [1280 × 800]. */
  viewport?: { width: number; height: number };
  /** Ask for the dark colour scheme [false]. */
  dark?: boolean;
  /** Ask for reduced motion [false]. */
  reducedMotion?: boolean;
  /** Errors this test provokes on purpose; every other one makes `close` throw. */
  expectedErrors?: RegExp;
}

export interface OpenedPage {
  page: Page;
  /** Console errors and uncaught errors of the page so far. */
  consoleErrors: string[];
  /** Addresses on other hosts that the page asked for. */
  foreignRequests: string[];
  /** Close the page; throws if it logged an error or asked another host for something. */
  close: () => Promise<void>;
}

/** Open the built lab in a fresh profile. */
export function openLab(options: OpenOptions = {}): Promise<OpenedPage> {
  return open(inject('labUrl') + (options.query ?? ''), options);
}

/** Open tests/browser/engine, whose `globalThis.engineTests` runs the engine on this page's backends. */
export async function openEngine(): Promise<OpenedPage> {
  const opened = await open(inject('engineUrl'), {});
  try {
    await opened.page.waitForFunction('globalThis.engineTests !== undefined');
  } catch (cause) {
    throw new Error(`openEngine: the page did not start: ${opened.consoleErrors.join('\n') || 'no error logged'}`, { cause });
  }
  return opened;
}

async function open(url: string, options: OpenOptions): Promise<OpenedPage> {
  const context = await (await browser()).newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    colorScheme: options.dark ? 'dark' : 'light',
    reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference',
    acceptDownloads: true,
    // Storing the page would take time from what is tested; tests/browser/offline.test.ts is about that.
    serviceWorkers: 'block',
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const consoleErrors: string[] = [];
  const foreignRequests: string[] = [];
  const { origin } = new URL(url);
  context.on('request', (request) => {
    const address = request.url();
    if (/^https?:|^wss?:/.test(address) && new URL(address).origin !== origin) foreignRequests.push(address);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) consoleErrors.push(`HTTP ${response.status()} for ${response.url()}`);
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('console', (message) => {
    if (message.type() === 'error') consoleErrors.push(message.text());
  });
  page.on('pageerror', (error) => consoleErrors.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('crash', () => consoleErrors.push('the page crashed'));
  await page.goto(url);

  const close = async () => {
    await context.close();
    const unexpected = consoleErrors.filter((text) => !options.expectedErrors?.test(text));
    if (unexpected.length > 0) throw new Error(`the page logged errors:\n${unexpected.join('\n')}`);
    if (foreignRequests.length > 0) throw new Error(`the page asked other hosts:\n${foreignRequests.join('\n')}`);
  };
  return { page, consoleErrors, foreignRequests, close };
}

/**
 * Wait until the lab's run is in a state, as `main[data-run-state]` says.
 *
 * @param state    for example `done`
 * @param timeout  ms
 * @throws Error naming the state the run was in instead
 */
export async function waitForState(page: Page, state: string, timeout = 90_000): Promise<void> {
  const main = page.locator('main[data-run-state]');
  try {
    await page.locator(`main[data-run-state="${state}"]`).waitFor({ state: 'attached', timeout });
  } catch (cause) {
    const found = (await main.count()) > 0 ? await main.first().getAttribute('data-run-state') : 'no main[data-run-state]';
    throw new Error(`waitForState: expected ${state} within ${timeout} ms, found ${found}`, { cause });
  }
}

/**
 * Read a metric as the page shows it, unrounded: the `data-value` of `[data-metric="<id>"]`.
 *
 * @param id  the metric's name, for example `mass/ood`
 * @throws Error when the page does not show the metric, or shows no number
 */
export async function metric(page: Page, id: string): Promise<number> {
  const text = await page.locator(`[data-metric="${id}"]`).first().getAttribute('data-value');
  const value = text === null || text === '' ? NaN : Number(text);
  if (Number.isNaN(value)) throw new Error(`metric: expected a number for ${id}, found ${JSON.stringify(text)}`);
  return value;
}

const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Check the page's accessibility with axe.
 *
 * @returns one line per violation, `[]` when there is none; each names the rule, its help and the elements
 */
export async function runAxe(page: Page, options: RunOptions = {}): Promise<string[]> {
  // page.evaluate does not fall under the page's Content Security Policy, a script element would.
  await page.evaluate(axeSource);
  const results = (await page.evaluate(
    // oxlint-disable-next-line typescript/no-explicit-any -- axe adds itself to the page's global object
    (runOptions) => (globalThis as any).axe.run(document, runOptions),
    options as unknown as Record<string, unknown>,
  )) as AxeResults;
  return results.violations.map(
    (violation) =>
      `${violation.id} (${violation.impact}): ${violation.help}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
}
