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

type Run = RunStatus & RunActions;

/** One picture of the run every `TICK_MS`, the same for all who listen, so that no two numbers on the page are of different updates. */
interface Ticker {
  shown: Run;
  /** `urgent`: the run has stopped or started; draw now. */
  listen(listener: (urgent: boolean) => void): () => void;
}

/** Charts and text are redrawn at most this often (STACK.md's limits of Recharts). */
const TICK_MS = 100;
const tickers = new WeakMap<RunStore, Ticker>();

function tickerOf(store: RunStore): Ticker {
  const known = tickers.get(store);
  if (known) return known;
  const listeners = new Set<(urgent: boolean) => void>();
  const ticker: Ticker = {
    shown: store.getState(),
    listen(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastTime = 0;
  const tick = (urgent: boolean) => {
    clearTimeout(timer);
    timer = undefined;
    lastTime = performance.now();
    ticker.shown = store.getState();
    for (const listener of listeners) listener(urgent);
  };
  store.subscribe((now, before) => {
    // A run that pauses or ends is shown as it stands, not as it stood a tick ago.
    if (now.state !== before.state) tick(true);
    else timer ??= setTimeout(() => tick(false), Math.max(0, lastTime + TICK_MS - performance.now()));
  });
  tickers.set(store, ticker);
  return ticker;
}

/**
 * As `useRun`, but on the page's common picture, ten times a second, or every `intervalMs` where
 * drawing is dear. The last value always arrives.
 */
export function useThrottledRun<T>(selector: (run: Run) => T, intervalMs = TICK_MS): T {
  const ticker = tickerOf(useRunStore());
  const select = useRef(selector);
  select.current = selector;
  const [value, setValue] = useState<T>(() => selector(ticker.shown));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lastTime = -Infinity;
    const deliver = () => {
      clearTimeout(timer);
      timer = undefined;
      lastTime = performance.now();
      setValue(() => select.current(ticker.shown));
    };
    const stop = ticker.listen((urgent) => {
      const wait = urgent ? 0 : lastTime + intervalMs - performance.now();
      // A tick that comes a little early counts: intervals are whole numbers of ticks.
      if (wait <= TICK_MS / 2) deliver();
      else timer ??= setTimeout(deliver, wait);
    });
    deliver();
    return () => { stop(); clearTimeout(timer); };
  }, [ticker, intervalMs]);
  return value;
}
