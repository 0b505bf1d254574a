/**
 * How components read the run: one context, one selector hook, one throttled variant.
 */
import { createContext, useContext, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { pastOf, type History } from '../sim/history.ts';
import type { RunActions, RunStatus, RunStore } from '../sim/runStore.ts';
import type { Frame } from '../sim/worker/protocol.ts';

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

/** The run as it was at its present update: `history` ends there, and all that is on record is `recorded`. */
export type ShownRun = Run & { recorded: History };

/** The past of a history, made once per frame, so that what did not change is not drawn anew. */
const pasts = new WeakMap<History, { frame: Frame; past: History }>();

export function shownRun(run: Run): ShownRun {
  const { history: recorded, frame } = run;
  if (!frame) return { ...run, recorded };
  const known = pasts.get(recorded);
  const past = known?.frame === frame ? known.past : pastOf(recorded, frame);
  if (known?.frame !== frame) pasts.set(recorded, { frame, past });
  return { ...run, recorded, history: past };
}

/** One picture of the run every `TICK_MS`, the same for all who listen, so that no two numbers on the page are of different updates. */
interface Ticker {
  shown: ShownRun;
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
    shown: shownRun(store.getState()),
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
    ticker.shown = shownRun(store.getState());
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
export function useThrottledRun<T>(selector: (run: ShownRun) => T, intervalMs = TICK_MS): T {
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
