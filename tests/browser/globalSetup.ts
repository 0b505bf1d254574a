/**
 * Once for all browser tests: build the lab, build the engine's test page, serve both, start one Chromium.
 * The lab is served below a sub-path, as project pages are.
 */
import path from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { cacheFolder, findChromium, root } from '../../scripts/setup.mjs';
import { serveFolders } from './staticServer.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the playwright server of the one Chromium. */
    browserEndpoint: string;
    /** Where the built lab is served; ends with `/`. */
    labUrl: string;
    /** Where tests/browser/engine is served; ends with `/`. */
    engineUrl: string;
    /** The folder of the built lab. */
    distFolder: string;
  }
}

/** WebGPU on Chromium's own software adapter: slow, but the same shaders as on a graphics card. */
const chromiumFlags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
];

export default async function setup(project: TestProject) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('No Chromium found: install it, or set CHROMIUM_PATH to its program.');

  const distFolder = path.join(root, 'dist');
  const engineFolder = path.join(cacheFolder, 'engine');
  // vitest sets NODE_ENV to "test", and React would then be built in its development version.
  const nodeEnv = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  await build({ root, logLevel: 'warn' });
  await build({
    configFile: false,
    root: path.join(root, 'tests/browser/engine'),
    base: './',
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: engineFolder, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, minify: false },
  });
  process.env.NODE_ENV = nodeEnv;

  const server = await serveFolders({ '/some/sub/path/': distFolder, '/engine/': engineFolder });
  const browserServer = await chromium.launchServer({ executablePath, args: chromiumFlags });
  project.provide('browserEndpoint', browserServer.wsEndpoint());
  project.provide('labUrl', `${server.origin}/some/sub/path/`);
  project.provide('engineUrl', `${server.origin}/engine/`);
  project.provide('distFolder', distFolder);

  return async () => {
    await browserServer.close();
    await server.close();
  };
}
