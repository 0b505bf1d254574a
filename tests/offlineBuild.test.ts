/** What the build writes for use without a network: the list of the service worker, and the page in one file. */
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inOne, inScript } from '../scripts/offline/oneFile.mjs';
import { precacheOf, serviceWorkerFor } from '../scripts/offline/precache.mjs';
import { keepingSentence, megabytes } from '../src/components/offline/offlineWords.ts';
import { refusalOf } from '../src/components/offline/places.ts';

const FILES: [string, string][] = [['index.html', '<p>π</p>'], ['assets/a-1.js', 'one'], ['assets/b-2.css', 'two']];

describe('the list', () => {
  test('has every file with its hash and its bytes, by name', () => {
    const { files } = precacheOf(new Map(FILES));
    expect(files.map(([name]) => name)).toEqual(['assets/a-1.js', 'assets/b-2.css', 'index.html']);
    // printf one | openssl dgst -sha256 -binary | base64
    expect(files[0]).toEqual(['assets/a-1.js', 'sha256-dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=', 3]);
    expect(files[2][2], 'bytes, not letters').toBe(9);
  });

  test('has a version that does not depend on the order, and changes with every content and every name', () => {
    const { version } = precacheOf(new Map(FILES));
    expect(version).toMatch(/^[0-9a-f]{16}$/);
    expect(precacheOf(new Map([...FILES].reverse())).version).toBe(version);
    const versions = new Set([version]);
    for (const at of FILES.keys()) {
      versions.add(precacheOf(new Map(FILES.map(([name, text], i) => [name, i === at ? `${text} ` : text]))).version);
      versions.add(precacheOf(new Map(FILES.map(([name, text], i) => [i === at ? `${name}x` : name, text]))).version);
      versions.add(precacheOf(new Map(FILES.filter((_, i) => i !== at))).version);
    }
    expect(versions.size).toBe(1 + 3 * FILES.length);
  });

  test('stands before the worker, which is a script that runs', () => {
    const precache = precacheOf(new Map(FILES));
    const listeners: Record<string, unknown> = {};
    const scope = { registration: { scope: 'https://lab.example/dpo/' }, addEventListener: (type: string, listener: unknown) => { listeners[type] = listener; } };
    new Function('globalThis', serviceWorkerFor(precache)).call(null, scope);
    expect(scope).toHaveProperty('precache', precache);
    expect(Object.keys(listeners).sort()).toEqual(['activate', 'fetch', 'install', 'message']);
  });
});

describe('the page in one file', () => {
  const html = '<!doctype html><html><head>\n<meta charset="utf-8" />\n<script type="module" crossorigin src="./assets/i.js"></script>\n<link rel="stylesheet" crossorigin href="./assets/i.css">\n</head><body><div id="root"></div></body></html>\n';
  const files = (more: [string, string][] = []) => new Map([['index.html', html], ['assets/i.js', 'let a = "$& </script><!--";'], ['assets/i.css', 'p{color:red}'], ...more]);

  test('has script, style and licences within it, and a policy that knows the script', () => {
    const page = inOne(files([['licenses.md', 'MIT -- all --->']]));
    expect(page).toContain('<script type="module">let a = "$& <\\/script><\\!--";</script>');
    expect(page).toContain('<style>p{color:red}</style>');
    expect(page).not.toMatch(/(?:src|href)="\.\//);
    expect(page.match(/<\/script>/g)).toHaveLength(1);
    expect(page.endsWith('<!--\nMIT - - all - - ->\n-->\n')).toBe(true);
    const changed = inOne(new Map([...files(), ['assets/i.js', 'let b;']]));
    const hashOf = (text: string) => /script-src '(sha256-[^']+)'/.exec(text)?.[1];
    expect(hashOf(page)).toBeDefined();
    expect(hashOf(changed)).not.toBe(hashOf(page));
  });

  test('refuses what it could not load from there', () => {
    expect(() => inOne(files([['assets/worker-1.js', '']]))).toThrow(/one script and one style sheet, got assets\/i\.css, assets\/i\.js, assets\/worker-1\.js, index\.html; a worker is started by/);
    expect(() => inOne(new Map())).toThrow(/one script/);
  });

  test('says the same in a script whatever HTML would read in it', () => {
    const code = 'out.push("</script>", `</SCRIPT >`, "<!-- a", /<\\/p>/.source);\r\n';
    const run = (text: string) => { const out: string[] = []; new Function('out', text)(out); return out; };
    expect(inScript(code)).not.toMatch(/<\/script|<!--|\r/i);
    expect(run(inScript(code))).toEqual(run(code));
  });
});

describe('what the dialog says', () => {
  const place = { oneFile: false, built: true, embedded: false, secure: true, workers: true };

  test('why nothing is stored, the first reason of several', () => {
    expect(refusalOf(place)).toBeNull();
    expect(refusalOf({ ...place, workers: false })).toBe('unsupported');
    expect(refusalOf({ ...place, workers: false, secure: false })).toBe('insecure');
    expect(refusalOf({ ...place, embedded: true, secure: false })).toBe('embedded');
    expect(refusalOf({ ...place, built: false })).toBe('development');
    expect(refusalOf({ ...place, oneFile: true, workers: false })).toBe('one-file');
  });

  test('what is stored, and whether this very page may lose the network', () => {
    const stored = { version: '0123456789abcdef', files: 160, missing: 0, bytes: 4_260_000 };
    expect(keepingSentence({ kind: 'stored', stored, controlled: true })).toBe('The lab works without a network from now on, at this address and in this browser: 160 files, 4.3 MB, version 0123456.');
    expect(keepingSentence({ kind: 'stored', stored, controlled: false })).toContain('from the next time it is opened');
    expect(megabytes(50_000)).toBe('0.1 MB');
  });

  test('which file stopped it', () => {
    expect(keepingSentence({ kind: 'failed', file: { name: 'assets/a.js', status: 500 }, why: '' })).toBe('The lab is not stored: the server answered 500 for assets/a.js. Nothing half is kept; the lab itself goes on.');
    expect(keepingSentence({ kind: 'failed', file: { name: 'index.html', status: null }, why: '' })).toContain('index.html did not arrive, or not as it was built');
    expect(keepingSentence({ kind: 'failed', file: { name: 'index.html', status: 'full' }, why: '' })).toContain('the browser has no room for index.html.');
    expect(keepingSentence({ kind: 'failed', file: null, why: 'access denied' })).toContain('access denied');
  });
});

test('the manifest names no identity: looked up from the root of the origin, it would be shared by all labs there', () => {
  const manifest = JSON.parse(fs.readFileSync('public/manifest.webmanifest', 'utf8'));
  expect(manifest).not.toHaveProperty('id');
  expect(manifest).toMatchObject({ start_url: './', scope: './' });
  for (const { src } of manifest.icons) expect(fs.existsSync(`public/${src}`), src).toBe(true);
});
