/**
 * `npm start`: from a fresh clone to the lab in a browser.
 *
 *   npm start [-- --port N] [-- --no-open]
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import util from 'node:util'; // not { parseArgs }: an old Node lacks it, and could then not say that it is old
import { ensureDependencies, filesUnder, requireNode, root, stop } from './setup.mjs';

requireNode();
const { port, open } = readOptions();
await ensureDependencies();
const { build, preview } = await import('vite');
process.chdir(root);

if (buildIsStale()) {
  console.error('Building the lab …');
  try {
    await build({ logLevel: 'warn' });
  } catch (error) {
    console.error(error);
    stop('The lab could not be built: see the message above.');
  }
}

const server = await serve();
// Vite tries the next port when this one is taken, and knows the one it got.
const url = server.resolvedUrls?.local[0] ?? `http://127.0.0.1:${port}/`;
if (!url.includes(`:${port}/`)) console.error(`Port ${port} is taken, so another one is used.`);
console.log(`\n  DPO Lab is running at ${url}\n  Press Ctrl+C to stop it.\n`);
if (open) openBrowser(url);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));

function readOptions() {
  try {
    const { values } = util.parseArgs({
      options: { port: { type: 'string', default: '4173' }, 'no-open': { type: 'boolean', default: false } },
    });
    const number = Number(values.port);
    if (!Number.isInteger(number) || number < 1 || number > 65535) {
      stop(`--port must be a whole number from 1 to 65535, got ${values.port}.`);
    }
    return { port: number, open: !values['no-open'] };
  } catch (error) {
    return stop(`${/** @type {Error} */ (error).message} Usage: npm start -- [--port N] [--no-open]`);
  }
}

/** @returns {boolean} whether a source, or a folder that lost one, is newer than the built page */
function buildIsStale() {
  // Written last: a build that was broken off has none.
  const built = fs.statSync(path.join(root, 'dist', 'sw.js'), { throwIfNoEntry: false });
  if (!built) return true;
  const files = filesUnder(['src', 'public', 'scripts/offline', 'index.html', 'vite.config.ts', 'package-lock.json', 'tsconfig.base.json']);
  const folders = new Set(files.map((file) => path.dirname(file)));
  folders.delete(root);
  return [...files, ...folders].some((file) => fs.statSync(file).mtimeMs > built.mtimeMs);
}

async function serve() {
  try {
    return await preview({ logLevel: 'warn', preview: { host: '127.0.0.1', port, open: false } });
  } catch (error) {
    return stop(`The lab could not be served: ${/** @type {Error} */ (error).message}`);
  }
}

/**
 * Open the page where there is a browser to open it; without one the printed address has to do.
 *
 * @param {string} address
 */
function openBrowser(address) {
  const hasScreen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!hasScreen || process.env.CI) return;
  const [program, ...rest] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  const child = spawn(program, [...rest, address], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
