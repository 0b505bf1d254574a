/** Every build of the page also writes the lab as one file, and the service worker that keeps the page for use without a network. */
import path from 'node:path';
import { build } from 'vite';
import { ONE_FILE_MODE } from './oneFile.mjs';
import { writeOffline } from './precache.mjs';

/** @returns {import('vite').Plugin} */
export function offline() {
  /** @type {import('vite').ResolvedConfig} */
  let config;
  return {
    name: 'offline',
    apply: 'build',
    configResolved(resolved) { config = resolved; },
    writeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const { root, configFile, build: { outDir } } = config;
        await build({ root, configFile, mode: ONE_FILE_MODE, logLevel: 'warn', build: { outDir, emptyOutDir: false } });
        writeOffline(path.resolve(root, outDir));
      },
    },
  };
}
