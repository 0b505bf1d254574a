/** What the page knows of its copy in the browser. */
import { createStore } from 'zustand/vanilla';
import type { Refusal } from './places.ts';

/** What the service worker found, file by file (scripts/offline/serviceWorker.js). */
export interface Stored {
  version: string;
  /** Files of the version. */
  files: number;
  /** Of these, how many are not there. */
  missing: number;
  bytes: number;
}

/** The file that stopped the storing; `status`: the server's answer, null where none came, or not what was built; full: the browser has no room. */
export interface Interruption {
  name: string;
  status: number | 'full' | null;
}

export type Keeping =
  | { kind: 'refused'; why: Refusal }
  /** Not begun: it begins when the page has settled. */
  | { kind: 'waiting' }
  /** The reader wants nothing stored. */
  | { kind: 'unwanted' }
  | { kind: 'storing'; done: number; of: number | null }
  /** `why`: the browser's own words, where no file stopped it. */
  | { kind: 'failed'; file: Interruption | null; why: string }
  | { kind: 'stored'; stored: Stored; controlled: boolean };

/** Chromium's event of an installable page; TypeScript's DOM library does not have it. */
export interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

export interface OfflineState {
  keeping: Keeping;
  /** A newer version is stored whole, and waits. */
  newer: boolean;
  /** The reader has seen that. */
  newerSeen: boolean;
  /** The browser offers to install the page. */
  install: InstallPrompt | null;
}

/** One per page: the browser has one copy. */
export const offlineStore = createStore<OfflineState>()(() => ({ keeping: { kind: 'waiting' }, newer: false, newerSeen: false, install: null }));
