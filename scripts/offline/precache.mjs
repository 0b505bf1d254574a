/** What the service worker keeps: every file of the built page, each with the hash that it must have. */
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ONE_FILE } from './oneFile.mjs';

export const SERVICE_WORKER = 'sw.js';
/** Tells the page about the lab as one file, which it does not load. */
export const OFFLINE_FACTS = 'offline.json';

/**
 * @typedef {object} Precache
 * @property {string} version  changes exactly when the content or the name of a file does
 * @property {readonly (readonly [name: string, integrity: string, bytes: number])[]} files  names as in addresses, ascending
 */

/** @param {string | Uint8Array} content */
const sha256 = (content) => crypto.createHash('sha256').update(content);

/**
 * @param {ReadonlyMap<string, string | Uint8Array>} contents  by name, in any order
 * @returns {Precache}
 */
export function precacheOf(contents) {
  const files = [...contents]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, content]) => /** @type {const} */ ([name, `sha256-${sha256(content).digest('base64')}`, Buffer.byteLength(content)]));
  return { version: sha256(files.map(([name, integrity]) => `${name} ${integrity}\n`).join('')).digest('hex').slice(0, 16), files };
}

/** @param {Precache} precache */
export function serviceWorkerFor(precache) {
  const source = fs.readFileSync(fileURLToPath(new URL('serviceWorker.js', import.meta.url)), 'utf8');
  return `globalThis.precache = ${JSON.stringify(precache)};\n${source}`;
}

/**
 * Writes what makes a built page work without a network. The service worker is written last: a build that has it is whole.
 *
 * @param {string} folder  where the page was built
 * @returns {Precache}
 */
export function writeOffline(folder) {
  const oneFile = fs.statSync(path.join(folder, ONE_FILE));
  fs.writeFileSync(path.join(folder, OFFLINE_FACTS), `${JSON.stringify({ oneFile: { name: ONE_FILE, bytes: oneFile.size } })}\n`);
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => fs.statSync(path.join(folder, name)).isFile())
    .map((name) => name.replaceAll(path.sep, '/'))
    .filter((name) => name !== SERVICE_WORKER && name !== ONE_FILE);
  const precache = precacheOf(new Map(names.map((name) => [name, fs.readFileSync(path.join(folder, name))])));
  fs.writeFileSync(path.join(folder, SERVICE_WORKER), serviceWorkerFor(precache));
  return precache;
}
