/**
 * Run one entry of the simulation in Node, without a browser.
 *
 * The entry is bundled with Vite to one CommonJS file in node_modules/.cache, named after a hash of everything it
 * is made of, so that the second start costs nothing. Dependencies stay outside the bundle: the CommonJS builds of
 * tfjs start fast in Node and find their own .wasm files.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cacheFolder, ensureDependencies, filesUnder, root } from './setup.mjs';

/**
 * @param {string} entry  a file of src/sim that exports `main(argv: string[]): Promise<number>`
 */
export async function runHeadless(entry) {
  await ensureDependencies();
  const bundle = await bundleOf(entry);
  // npm starts scripts in the project's folder; file names on the command line are the caller's.
  if (process.env.npm_lifecycle_event && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
  const { main } = createRequire(import.meta.url)(bundle);
  process.exitCode = await main(process.argv.slice(2));
}

/**
 * @param {string} entry
 * @returns {Promise<string>} the path of the bundle
 */
async function bundleOf(entry) {
  const name = path.basename(entry, '.ts');
  const hash = createHash('sha256');
  for (const file of filesUnder(['src/sim', 'src/derivation', 'scripts/headless.mjs', 'package-lock.json'])) {
    hash.update(path.relative(root, file)).update('\0').update(fs.readFileSync(file)).update('\0');
  }
  const fileName = `${name}-${hash.digest('hex').slice(0, 16)}.cjs`;
  const bundle = path.join(cacheFolder, fileName);
  if (fs.existsSync(bundle)) return bundle;
  const { build } = await import('vite');
  const building = path.join(cacheFolder, `${name}-${process.pid}`);
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    // As in vitest.config.ts: in Node the union package is what registers the gradients of tfjs-core.
    resolve: { alias: { '@tensorflow/tfjs-core/dist/register_all_gradients': '@tensorflow/tfjs' } },
    ssr: { external: true },
    build: {
      ssr: path.join(root, entry),
      outDir: building,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { format: 'cjs', entryFileNames: fileName, codeSplitting: false } },
    },
  });
  for (const old of fs.readdirSync(cacheFolder)) {
    if (old.startsWith(`${name}-`) && old.endsWith('.cjs')) fs.rmSync(path.join(cacheFolder, old));
  }
  fs.renameSync(path.join(building, fileName), bundle);
  fs.rmSync(building, { recursive: true, force: true });
  return bundle;
}
