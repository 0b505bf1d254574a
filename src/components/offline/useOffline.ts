/** The offline store as React reads it. */
import { useStore } from 'zustand';
import { offlineStore, type OfflineState } from './offlineStore.ts';

export function useOffline<T>(select: (state: OfflineState) => T): T {
  return useStore(offlineStore, select);
}
