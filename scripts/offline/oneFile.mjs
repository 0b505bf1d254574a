/**
 * The lab as one HTML file that is opened from a disk: `vite build --mode single` writes it, and every other build runs that one
 * too (plugin.mjs). A page from file:// may load no module and fetch no file, so scripts, styles, fonts, WebAssembly and the
 * worker are all within it.
 */
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ONE_FILE = 'dpo-lab.html';
/** The mode of the build; the page reads it as `import.meta.env.MODE`. */
export const ONE_FILE_MODE = 'single';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Nothing leaves the file: what is fetched is WebAssembly, written out in a data: address. A worker of a blob: has the page's policy. */
const policyFor = (/** @type {string} */ script) => [
  "default-src 'none'",
  `script-src 'sha256-${crypto.createHash('sha256').update(script).digest('base64')}' 'wasm-unsafe-eval'`,
  'worker-src blob: data:',
  "style-src 'unsafe-inline'",
  'font-src data:',
  'img-src data: blob:',
  'connect-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** @returns {import('vite').Plugin} */
export function oneFile() {
  return {
    name: 'one-file',
    apply: 'build',
    enforce: 'post',
    config: () => ({
      publicDir: false,
      resolve: {
        alias: [
          // Every browser of the last years has SIMD; where one has not, src/sim/worker/backend.ts says so.
          { find: /^@tensorflow\/tfjs-backend-wasm\/dist\/tfjs-backend-wasm\.wasm\?url$/, replacement: path.join(root, 'src/sim/worker/noWasm.ts') },
        ],
      },
      build: {
        assetsInlineLimit: () => true,
        cssCodeSplit: false,
        modulePreload: { polyfill: false },
        rolldownOptions: { output: { codeSplitting: false } },
      },
      // Chromium starts no module worker from a blob: of a page from file://, but a classic one.
      worker: { format: 'iife' },
    }),
    // The worker's code is in the page, and a blob: is what it is loaded from.
    load: {
      order: 'pre',
      filter: { id: /\/src\/components\/offline\/startWorker\.ts$/ },
      handler: () => "import EngineWorker from '../../sim/worker/worker.ts?worker&inline'; export const startWorker = (name) => new EngineWorker({ name });",
    },
    transformIndexHtml: {
      order: 'pre',
      handler: (html) => {
        const icon = fs.readFileSync(path.join(root, 'public/favicon.svg'), 'utf8');
        return html
          .replace(/\s*<link rel="(?:manifest|apple-touch-icon)"[^>]*>/g, '')
          .replace('href="./favicon.svg"', `href="data:image/svg+xml,${encodeURIComponent(icon)}"`);
      },
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        /** @type {Map<string, string>} */
        const texts = new Map();
        for (const [name, file] of Object.entries(bundle)) {
          texts.set(name, file.type === 'chunk' ? file.code : String(file.source));
          delete bundle[name];
        }
        this.emitFile({ type: 'asset', fileName: ONE_FILE, source: inOne(texts) });
      },
    },
  };
}

/**
 * One page of a page, its script and its styles.
 *
 * @param {ReadonlyMap<string, string>} files  what a build made: index.html, one .js, at most one .css, the licences of what is in it
 * @throws Error when there is anything else: the page could not load it
 */
export function inOne(files) {
  const html = files.get('index.html');
  const named = (/** @type {string} */ ending) => [...files.keys()].filter((name) => name.endsWith(ending));
  const [scripts, styles, licences] = [named('.js'), named('.css'), named('licenses.md')];
  if (html === undefined || scripts.length !== 1 || styles.length > 1 || files.size !== 1 + scripts.length + styles.length + licences.length) {
    throw new Error(`one-file: the page must be one script and one style sheet, got ${[...files.keys()].sort().join(', ')}; a worker is started by src/components/offline/startWorker.ts`);
  }
  const script = inScript(files.get(scripts[0]) ?? '');
  const style = styles.length > 0 ? (files.get(styles[0]) ?? '').replace(/<\/style/gi, '<\\/style') : '';
  const bare = html
    .replace(/\s*<script[^>]*\ssrc="[^"]*"[^>]*><\/script>/g, '')
    .replace(/\s*<link rel="(?:stylesheet|modulepreload)"[^>]*>/g, '');
  const policy = `<meta http-equiv="Content-Security-Policy" content="${policyFor(script)}">`;
  // Functions, because the texts are full of $. The script comes last: the page says that it is loading before it is read.
  return bare
    .replace(/<meta charset="utf-8"\s*\/?>/i, (charset) => `${charset}\n    ${policy}`)
    .replace('</head>', () => `  <style>${style}</style>\n  </head>`)
    .replace('</body>', () => `  <script type="module">${script}</script>\n  </body>`)
    .concat(...licences.map((name) => `<!--\n${files.get(name)?.replace(/-(?=-)/g, '- ')}\n-->\n`));
}

/** A script as it may stand in a page: nothing in it ends the element, or begins what HTML would take for a comment. */
export function inScript(/** @type {string} */ code) {
  return code.replace(/\r\n?/g, '\n').replace(/<\/(?=script)/gi, '<\\/').replace(/<!--/g, '<\\!--');
}
