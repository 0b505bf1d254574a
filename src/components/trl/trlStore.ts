/** A preference file that is being looked at, before it becomes an experiment. */
import { createStore } from 'zustand/vanilla';

export interface TrlStatus {
  /** The file; null = none is open. */
  file: { name: string; bytes: Uint8Array } | null;
  open(name: string, bytes: Uint8Array): void;
  close(): void;
}

export const trlStore = createStore<TrlStatus>()((set) => ({
  file: null,
  open: (name, bytes) => set({ file: { name, bytes } }),
  close: () => set({ file: null }),
}));
