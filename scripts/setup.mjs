/**
 * What every script needs before it can work: a new enough Node, the locked dependencies, a Chromium.
 * Uses nothing but Node itself, because it runs before anything is installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const cacheFolder = path.join(root, 'node_modules', '.cache', 'dpo-lab');

const oldestNode = [20, 19];

/**
 * Print one sentence on stderr and end the process.
 *
 * @param {string} sentence
 * @returns {never}
 */
export function stop(sentence) {
  console.error(`\n${sentence}`);
  process.exit(1);
}

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    stop(`DPO Lab needs Node ${oldestNode.join('.')} or newer, and this is Node ${process.versions.node}: please update Node.`);
  }
}

/** @returns {boolean} whether node_modules holds exactly what the lockfile asks for */
function dependenciesAreCurrent() {
  // npm writes this file last, so an interrupted installation has none.
  const installedFile = path.join(root, 'node_modules', '.package-lock.json');
  if (!fs.existsSync(installedFile)) return false;
  const locked = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(fs.readFileSync(installedFile, 'utf8')).packages;
  return Object.keys(locked).every(
    (name) =>
      name === '' ||
      (installed[name] ? installed[name].version === locked[name].version : Boolean(locked[name].optional)),
  );
}

/**
 * Install the locked dependencies where they are missing or not those of the lockfile.
 * Ends the process with one clear sentence where that is impossible.
 */
export async function ensureDependencies() {
  requireNode();
  if (dependenciesAreCurrent()) return;
  const started = Date.now();
  console.error('Installing the locked dependencies with npm ci (once; usually well under a minute) …');
  const heartbeat = setInterval(
    () => console.error(`  … still installing, ${Math.round((Date.now() - started) / 1000)} s`),
    5000,
  );
  const { code, output } = await runNpmCi();
  clearInterval(heartbeat);
  if (code === 0) {
    console.error(`Dependencies installed in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
    return;
  }
  if (code === 'no npm') stop('npm was not found: it comes with Node, so please reinstall Node from its official package.');
  process.stderr.write(output);
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|network/i.test(output)) {
    stop('The dependencies could not be downloaded: please check the network (or the proxy settings of npm) and try again.');
  }
  if (/ENOSPC/.test(output)) stop('The dependencies could not be installed: the disk is full.');
  if (/EACCES|EPERM|EROFS/.test(output)) stop(`The dependencies could not be installed: no permission to write in ${root}.`);
  stop('The dependencies could not be installed: npm ci failed with the message above.');
}

/** @returns {Promise<{ code: number | 'no npm' | null, output: string }>} */
function runNpmCi() {
  const retries = ['--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=10000']; // ms; npm's own make "no network" take minutes
  const argumentsOfNpm = ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...retries];
  const npmScript = process.env.npm_execpath;
  const child =
    npmScript && /npm-cli\.c?js$/.test(npmScript)
      ? spawn(process.execPath, [npmScript, ...argumentsOfNpm], { cwd: root })
      : spawn('npm', argumentsOfNpm, { cwd: root, shell: process.platform === 'win32' });
  return new Promise((resolve) => {
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    child.on('error', () => resolve({ code: 'no npm', output }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** @returns {string | undefined} the path of an installed Chromium or Chrome */
export function findChromium() {
  const named = [process.env.CHROMIUM_PATH, process.env.CHROME_PATH].find((file) => file && fs.existsSync(file));
  if (named) return named;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const files = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  if (process.platform === 'darwin') {
    files.push('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium');
  }
  if (process.platform === 'win32') {
    for (const folder of [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]) {
      if (folder) files.push(path.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'));
    }
  }
  return files.find((file) => fs.existsSync(file));
}

/**
 * Find a Chromium, and install Debian's where there is none and that is possible.
 *
 * @returns {string | undefined} its path; undefined, after saying on stderr what to do, where there is none
 */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.platform === 'linux' && process.getuid?.() === 0 && fs.existsSync('/usr/bin/apt-get')) {
    console.error('The browser tests need Chromium: installing it with apt-get (once) …');
    /** @type {import('node:child_process').SpawnSyncOptions} */
    const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['-qq', 'update'], options);
    spawnSync('apt-get', ['-qq', 'install', '-y', 'chromium'], options);
  }
  const installed = findChromium();
  if (!installed) {
    console.error(
      'The browser tests need Chromium or Chrome: please install it (Debian: apt-get install chromium), or set CHROMIUM_PATH to its program.',
    );
  }
  return installed;
}

/**
 * Every file below some files and folders of the project.
 *
 * @param {string[]} names  relative to the project
 * @returns {string[]} absolute paths, sorted; folders that do not exist have no files
 */
export function filesUnder(names) {
  return names
    .flatMap((name) => {
      const file = path.join(root, name);
      const stat = fs.statSync(file, { throwIfNoEntry: false });
      if (!stat) return [];
      if (!stat.isDirectory()) return [file];
      return fs.readdirSync(file).flatMap((child) => filesUnder([path.join(name, child)]));
    })
    .sort();
}
