/** A preference file that is being looked at, before it becomes an experiment. */
import { createStore } from 'zustand/vanilla';

export interface TrlStatus {
  /** The file, and how many were opened before it; null = none is open. */
  file: { name: string; bytes: Uint8Array; opened: number } | null;
  opened: number;
  open(name: string, bytes: Uint8Array): void;
  close(): void;
}

export const trlStore = createStore<TrlStatus>()((set, get) => ({
  file: null,
  opened: 0,
  open: (name, bytes) => set({ file: { name, bytes, opened: get().opened }, opened: get().opened + 1 }),
  close: () => set({ file: null }),
}));
