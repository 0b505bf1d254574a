/**
 * How components read the run: one context, one selector hook, one throttled variant.
 */
import { createContext, useContext, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { RunActions, RunStatus, RunStore } from '../sim/runStore.ts';

export const RunContext = createContext<RunStore | null>(null);

export function useRunStore(): RunStore {
  const store = useContext(RunContext);
  if (!store) throw new Error('useRunStore: no RunContext above this component');
  return store;
}

/** Re-renders when the selected value changes (up to 30 times a second while training). */
export function useRun<T>(selector: (run: RunStatus & RunActions) => T): T {
  return useStore(useRunStore(), selector);
}

/**
 * As `useRun`, but at most once every `intervalMs` (charts: 100 ms, see STACK.md's limits of Recharts).
 * The last value always arrives.
 */
export function useThrottledRun<T>(selector: (run: RunStatus & RunActions) => T, intervalMs = 100): T {
  const store = useRunStore();
  const select = useRef(selector);
  select.current = selector;
  const [value, setValue] = useState<T>(() => selector(store.getState()));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lastTime = 0;
    const deliver = () => {
      timer = undefined;
      lastTime = performance.now();
      setValue(() => select.current(store.getState()));
    };
    const unsubscribe = store.subscribe(() => {
      if (timer !== undefined) return;
      timer = setTimeout(deliver, Math.max(0, lastTime + intervalMs - performance.now()));
    });
    deliver();
    return () => { unsubscribe(); clearTimeout(timer); };
  }, [store, intervalMs]);
  return value;
}
