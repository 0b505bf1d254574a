/**
 * The lab's service worker: keeps every file of one version of the page, and answers from what it keeps. precache.mjs writes it
 * as dist/sw.js, with the list of the files before it. It asks nothing of another origin.
 *
 * @typedef {{ waitUntil(work: Promise<unknown>): void }} Lasting
 * @typedef {Lasting & { request: Request, respondWith(response: Promise<Response>): void }} Asked
 * @typedef {Lasting & { data: unknown, ports: readonly MessagePort[] }} Told
 * @typedef {{ id: string, url: string, postMessage(message: unknown): void }} PageWindow
 * @typedef {object} Scope
 * @property {import('./precache.mjs').Precache} precache
 * @property {{ scope: string }} registration
 * @property {{ claim(): Promise<void>, matchAll(options: object): Promise<PageWindow[]> }} clients
 * @property {() => Promise<void>} skipWaiting
 * @property {{ (type: 'install' | 'activate', listener: (event: Lasting) => void): void, (type: 'fetch', listener: (event: Asked) => void): void, (type: 'message', listener: (event: Told) => void): void }} addEventListener
 */
const worker = /** @type {Scope} */ (/** @type {unknown} */ (globalThis));
const { version, files } = worker.precache;
const { scope } = worker.registration;

/** Names of caches are shared by all pages of an origin: ours say where this lab is. */
const OURS = `dpo-lab:${scope}:`;
const CACHE = OURS + version;
/** An entry beside the files: the windows that were open when this version took over, and may be of an older one. */
const WINDOWS = new URL('.windows', scope).href;
const AT_ONCE = 6;

const addressOf = (/** @type {string} */ name) => new URL(name, scope).href;
const PAGE = addressOf('index.html');
const ASSETS = addressOf('assets/');
const addresses = new Set(files.map(([name]) => addressOf(name)));

const windows = async () => (await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })).filter(({ url }) => url.startsWith(scope));
const tell = async (/** @type {unknown} */ message) => { for (const window of await windows()) window.postMessage(message); };
const kept = (/** @type {string} */ address, cacheName = CACHE) => caches.match(address, { cacheName, ignoreVary: true });
const olderCaches = async () => (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);

worker.addEventListener('install', (event) => event.waitUntil(keepAll()));
worker.addEventListener('activate', (event) => event.waitUntil(takeOver()));

/** All files or none: this version is installed only when each arrived as it was built. */
async function keepAll() {
  const existed = await caches.has(CACHE); // this very version is in use, and is offered again
  const cache = await caches.open(CACHE);
  const waiting = [...files];
  let done = 0;
  const keepSome = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await keep(cache, next[0], next[1]);
      done += 1;
      await tell({ type: 'progress', version, done, of: files.length });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => keepSome().catch((error) => { waiting.length = 0; throw error; })));
  const failed = ends.find((end) => end.status === 'rejected');
  if (!failed) return tell({ type: 'kept', version });
  if (!existed) await caches.delete(CACHE);
  await tell({ type: 'failed', version, ...failed.reason });
  throw new Error(`sw: ${failed.reason.name} did not arrive as it was built`);
}

/** @param {Cache} cache @param {string} name @param {string} integrity */
async function keep(cache, name, integrity) {
  const address = addressOf(name);
  const response = await fetch(address, { cache: 'reload' }).catch(() => null);
  if (!response?.ok) throw { name, status: response?.status ?? null };
  const body = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
  if (integrity !== `sha256-${btoa(String.fromCharCode(...digest))}`) throw { name, status: null };
  // Made anew: a navigation takes no answer that was redirected.
  const { status, statusText, headers } = response;
  await cache.put(address, new Response(body, { status, statusText, headers })).catch(() => { throw { name, status: 'full' }; });
}

async function takeOver() {
  const older = await olderCaches();
  if (older.length > 0) {
    const open = (await windows()).map(({ id }) => id);
    await (await caches.open(CACHE)).put(WINDOWS, new Response(JSON.stringify(open)));
    await forgetOlder();
  }
  await worker.clients.claim();
}

/** Deletes what older versions kept, as soon as no window is open that may still want it. */
async function forgetOlder() {
  const note = await kept(WINDOWS);
  if (!note) return;
  /** @type {string[]} */
  const before = await note.json();
  const open = await windows();
  if (open.some(({ id }) => before.includes(id))) return;
  for (const name of await olderCaches()) await caches.delete(name);
  await (await caches.open(CACHE)).delete(WINDOWS);
}

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || !address.href.startsWith(scope)) return;
  address.hash = '';
  if (request.mode === 'navigate') address.search = '';
  const { href } = address;
  if (href === scope && request.mode === 'navigate') event.respondWith(answer(request, PAGE));
  else if (addresses.has(href)) event.respondWith(answer(request, href));
  else if (href.startsWith(ASSETS)) event.respondWith(answerOlder(request, href));
});

/** @param {Request} request @param {string} address */
async function answer(request, address) {
  return (await kept(address)) ?? fetch(request);
}

/** A window of an older version loads a part of it: its name is that of its content. @param {Request} request @param {string} address */
async function answerOlder(request, address) {
  for (const name of await olderCaches()) {
    const found = await kept(address, name);
    if (found) return found;
  }
  return fetch(request);
}

worker.addEventListener('message', (event) => {
  if (event.data === 'take-over') event.waitUntil(worker.skipWaiting());
  if (event.data === 'keep') event.waitUntil(keepAll());
  if (event.data === 'report') event.waitUntil(report(event.ports[0]));
});

/** What is really there. @param {MessagePort} port */
async function report(port) {
  const found = await Promise.all(files.map(([name]) => kept(addressOf(name))));
  port.postMessage({ version, files: files.length, missing: found.filter((file) => !file).length, bytes: files.reduce((sum, [, , bytes]) => sum + bytes, 0) });
  await forgetOlder();
}
