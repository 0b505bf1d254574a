/**
 * Keeps the page in the browser for use without a network: registers the service worker and follows what it does. A newer version
 * is stored beside the one in use and waits until every window of the lab is closed, or until the reader asks for it.
 */
import { offlineStore, type Interruption, type Stored } from './offlineStore.ts';
import { placeNow, refusalOf } from './places.ts';

/** Where the browser remembers that nothing is to be stored. */
const UNWANTED = 'dpo-lab/offline';
/** After the page has loaded, ms: its own files and the first run come first. */
const SETTLE = 3000;

const { setState: set, getState: get } = offlineStore;
let following: ServiceWorkerRegistration | null = null;

/** Begins when the page has loaded and nothing else is to be done. */
export function keepOffline(): void {
  const why = refusalOf(placeNow());
  if (why !== null) return set({ keeping: { kind: 'refused', why } });
  const script = new URL('./sw.js', location.href).href;
  // Another lab of this origin may have a worker that speaks the same way.
  navigator.serviceWorker.addEventListener('message', ({ data, source }) => { if (source instanceof ServiceWorker && source.scriptURL === script) hear(data as Said); });
  if (isUnwanted()) return set({ keeping: { kind: 'unwanted' } });
  const idle = () => ('requestIdleCallback' in window ? requestIdleCallback(() => void store(), { timeout: SETTLE }) : void store());
  const begin = () => setTimeout(idle, SETTLE);
  if (document.readyState === 'complete') begin();
  else addEventListener('load', begin, { once: true });
}

/** Stores the page now; says in the store how that goes. */
export async function store(): Promise<void> {
  remember(false);
  if (get().keeping.kind !== 'stored') set({ keeping: { kind: 'storing', done: 0, of: null } });
  try {
    const registration = await navigator.serviceWorker.register('./sw.js', { updateViaCache: 'none' }) as ServiceWorkerRegistration | undefined;
    // Something in the browser refuses workers without saying so.
    if (!registration) return set({ keeping: { kind: 'refused', why: 'unsupported' } });
    follow(registration);
    // Browsers look for a newer version when they like; without a network there is none to be found.
    if (registration.active) registration.update().catch(() => undefined);
  } catch (error) {
    set({ keeping: { kind: 'failed', file: null, why: error instanceof Error ? error.message : String(error) } });
  }
}

/** Deletes what is stored, and stores nothing at later visits. */
export async function remove(): Promise<void> {
  remember(true);
  const registration = following ?? await navigator.serviceWorker.getRegistration();
  await registration?.unregister();
  if (registration) {
    const ours = `dpo-lab:${registration.scope}:`; // as in scripts/offline/serviceWorker.js
    for (const name of await caches.keys()) if (name.startsWith(ours)) await caches.delete(name);
  }
  following = null;
  set({ keeping: { kind: 'unwanted' }, newer: false });
}

/** Opens the newer version that waits. Other windows stay as they are until they are reloaded. */
export function takeNewer(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  if (following?.waiting) following.waiting.postMessage('take-over');
  else location.reload(); // another window has asked for it already
}

function follow(registration: ServiceWorkerRegistration): void {
  if (following === registration) return look(registration);
  following = registration;
  registration.addEventListener('updatefound', () => watch(registration));
  watch(registration);
  look(registration);
}

/** The worker that is being installed, until it is one of those that are. */
function watch(registration: ServiceWorkerRegistration): void {
  const worker = registration.installing;
  worker?.addEventListener('statechange', () => {
    if (worker.state === 'redundant' && !registration.active && get().keeping.kind === 'storing') set({ keeping: { kind: 'failed', file: null, why: '' } });
    look(registration);
  });
}

function look({ active, waiting }: ServiceWorkerRegistration): void {
  set({ newer: waiting !== null && active !== null });
  if (active?.state === 'activated') void ask(active);
}

type Said = { type: 'progress'; done: number; of: number } | { type: 'kept' } | ({ type: 'failed' } & Interruption);

function hear(said: Said): void {
  // A newer version that is being stored beside the one in use changes nothing yet.
  if (get().keeping.kind === 'stored') return;
  if (said.type === 'progress') set({ keeping: { kind: 'storing', done: said.done, of: said.of } });
  if (said.type === 'kept' && following) look(following);
  if (said.type === 'failed') set({ keeping: { kind: 'failed', file: { name: said.name, status: said.status }, why: '' } });
}

/** What the active worker really has; where the browser has deleted some of it, it is fetched again. */
async function ask(worker: ServiceWorker): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<Stored>((resolve) => { port1.onmessage = ({ data }) => resolve(data as Stored); });
  worker.postMessage('report', [port2]);
  const stored = await answered;
  port1.close();
  if (isUnwanted()) return;
  if (stored.missing > 0) {
    if (get().keeping.kind === 'failed') return;
    set({ keeping: { kind: 'storing', done: 0, of: stored.files } });
    worker.postMessage('keep');
  } else set({ keeping: { kind: 'stored', stored, controlled: navigator.serviceWorker.controller !== null } });
}

function isUnwanted(): boolean {
  try {
    return localStorage.getItem(UNWANTED) === 'off';
  } catch {
    return false; // storage is blocked: workers are too, and say so
  }
}

function remember(unwanted: boolean): void {
  try {
    if (unwanted) localStorage.setItem(UNWANTED, 'off');
    else localStorage.removeItem(UNWANTED);
  } catch { /* as above */ }
}
