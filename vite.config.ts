import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { ONE_FILE_MODE, oneFile } from './scripts/offline/oneFile.mjs';
import { offline } from './scripts/offline/plugin.mjs';

/**
 * Content Security Policy of the built page. A meta policy does not reach a worker loaded by URL, and the
 * development server needs inline scripts, so it is added on build only. COOP/COEP stay off on purpose: they
 * switch tfjs-wasm 4.22 to its threaded build, which hangs when minified.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function injectContentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** The page itself is loaded by a small script that sets its language first: it is fetched at the same time as that one. */
function preloadPage(): Plugin {
  return {
    name: 'preload-page',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) => {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
        const page = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith('/src/components/openPage.ts'));
        if (!page) throw new Error('preload-page: the build has no chunk of src/components/openPage.ts');
        // The small script imports nothing of it, but a bundler may let the page import from that one.
        return [page.fileName, ...page.imports].filter((name) => !chunks.some(({ fileName, isEntry }) => isEntry && fileName === name)).map((name) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `./${name}` }, injectTo: 'head' as const }));
      },
    },
  };
}

/** KaTeX lists every font as woff2, woff and ttf; every browser with module workers reads woff2. */
function keepOnlyWoff2(): Plugin {
  return {
    name: 'katex-woff2-only',
    enforce: 'pre',
    transform: {
      filter: { id: /katex(\.min)?\.css/ },
      handler: (css) => css.replace(/,\s*url\([^)]+\.(?:woff|ttf)\)\s*format\(["'](?:woff|truetype)["']\)/g, ''),
    },
  };
}

/**
 * tfjs repeats its licence text a thousand times (0.8 MB). The page's licences are in dist/licenses.md instead;
 * Vite does not list those of workers, so the worker starts with its own line.
 */
const withoutLegalComments = { comments: { legal: false } };
const workerNotice =
  '/*! Contains TensorFlow.js (c) Google LLC and long.js (c) Daniel Wirtz, both Apache-2.0, https://www.apache.org/licenses/LICENSE-2.0, and seedrandom (c) David Bau, MIT. */';

export default defineConfig(({ mode }) => ({
  base: './',
  plugins: [react(), keepOnlyWoff2(), ...(mode === ONE_FILE_MODE ? [oneFile()] : [preloadPage(), injectContentSecurityPolicy(), offline()])],
  worker: { format: 'es', rolldownOptions: { output: { ...withoutLegalComments, postBanner: workerNotice } } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    sourcemap: false,
    license: { fileName: 'licenses.md' },
    chunkSizeWarningLimit: 1500, // kB; the worker carries tfjs with three backends
    // The plugin that writes the lab as one file takes as long as the page: that is no news at every build.
    rolldownOptions: { output: withoutLegalComments, checks: { bundlerTimings: false } },
  },
}));
