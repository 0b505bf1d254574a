/**
 * `npm run bench:page`: how smooth the built page stays while it trains flat out, in headless Chromium.
 *
 *   npm run bench:page [-- --seconds 10]
 *
 * Opens the default experiment (8 seeds) with a million updates on WebAssembly and on the software WebGPU
 * adapter, and six methods side by side (48 policies) on WebAssembly, and measures the intervals between animation
 * frames, the speed, and how prompt Pause is.
 */
import path from 'node:path';
import util from 'node:util';
import { cacheFolder, ensureChromium, ensureDependencies, root, stop } from './setup.mjs';

const PAUSES = 10;

const { seconds } = readOptions();
await ensureDependencies();
const executablePath = ensureChromium() ?? stop('The page needs a browser to be measured in.');
const { build, preview } = await import('vite');
const { chromium } = await import('playwright-core');

const outDir = path.join(cacheFolder, 'bench-page');
await build({ root, logLevel: 'warn', build: { outDir, emptyOutDir: true } });
const server = await preview({ root, logLevel: 'warn', build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'] });
const rows = [];
const SIX = 'dpo,online-dpo,ppo,ipo,dpop,dpo-kl';
const SCENES = [
  { name: 'wasm', query: 'backend=wasm' },
  { name: 'webgpu', query: 'backend=webgpu' },
  { name: 'wasm, six methods', query: `backend=wasm&chapter=8&methods=${SIX}` },
];
for (const { name, query } of SCENES) rows.push({ name, ...await measure(query) });
await browser.close();
await server.close();
console.log(`the default experiment, and side by side the methods ${SIX}; 8 seeds, flat out, 1440 × 900, ${seconds} s each; frames in ms between animation frames\n`);
console.table(Object.fromEntries(rows.map(({ name, ...row }) => [name, row])));

/** @param {string} query */
async function measure(query) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
  page.setDefaultTimeout(120_000);
  const address = server.resolvedUrls?.local[0];
  await page.goto(`${address}?${query}&steps=1000000`);
  await page.locator('main[data-run-state="paused"]').waitFor({ state: 'attached' });
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('flat out');
  const idle = await frames(page);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.locator('main[data-run-state="running"]').waitFor({ state: 'attached' });
  const busy = await frames(page);
  const pauses = await page.evaluate(pauseLatencies, PAUSES);
  await page.close();
  const summary = summarise(busy.intervals);
  return {
    'updates/s': Math.round(busy.updates / busy.seconds),
    ...summary,
    'idle p99': summarise(idle.intervals).p99,
    'pause median': quantile(pauses, 0.5),
    'pause max': quantile(pauses, 1),
  };
}

/**
 * Intervals between animation frames for a while.
 *
 * @param {import('playwright-core').Page} page
 */
function frames(page) {
  return page.evaluate(async (duration) => {
    const step = () => Number(document.querySelector('main')?.dataset.step);
    const from = { at: performance.now(), step: step() };
    let last = await new Promise(requestAnimationFrame);
    /** @type {number[]} */
    const intervals = [];
    while (performance.now() - from.at < duration) {
      const now = await new Promise(requestAnimationFrame);
      intervals.push(now - last);
      last = now;
    }
    return { intervals, updates: step() - from.step, seconds: (performance.now() - from.at) / 1000 };
  }, seconds * 1000);
}

/**
 * Runs in the page: ms from a click on Pause to the page saying so, several times over.
 *
 * @param {number} times
 */
async function pauseLatencies(times) {
  const main = /** @type {HTMLElement} */ (document.querySelector('main'));
  const until = (/** @type {string} */ state) => new Promise((resolve) => {
    const look = () => { if (main.dataset.runState === state) { observer.disconnect(); resolve(undefined); } };
    const observer = new MutationObserver(look);
    observer.observe(main, { attributes: true, attributeFilter: ['data-run-state'] });
    look();
  });
  const button = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ ([...document.querySelectorAll('button')].find((element) => element.textContent === name));
  const latencies = [];
  for (let i = 0; i < times; i++) {
    await until('running');
    await new Promise((resolve) => { setTimeout(resolve, 400); });
    const from = performance.now();
    button('Pause').click();
    await until('paused');
    latencies.push(performance.now() - from);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    button('Play').click();
  }
  return latencies;
}

/** @param {number[]} intervals */
function summarise(intervals) {
  return {
    frames: intervals.length,
    p50: quantile(intervals, 0.5),
    p95: quantile(intervals, 0.95),
    p99: quantile(intervals, 0.99),
    max: quantile(intervals, 1),
    'over 50': intervals.filter((ms) => ms > 50).length,
  };
}

/**
 * @param {number[]} values
 * @param {number} q
 */
function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return Number(sorted[Math.round((sorted.length - 1) * q)].toFixed(1));
}

function readOptions() {
  try {
    const { values } = util.parseArgs({ options: { seconds: { type: 'string', default: '10' } } });
    const number = Number(values.seconds);
    if (!(number > 0 && number <= 600)) stop(`--seconds must be a number in (0, 600], got ${values.seconds}.`);
    return { seconds: number };
  } catch (error) {
    return stop(`${/** @type {Error} */ (error).message} Usage: npm run bench:page [-- --seconds 10]`);
  }
}
