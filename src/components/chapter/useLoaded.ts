/**
 * Parts of the page that are fetched when they are needed.
 *
 * Not React.lazy: React 19.3 retries a suspended part at the lowest priority, and a run that trains at full
 * speed renders often enough to keep it waiting for seconds (tests/browser/chapter5.test.ts opens one then).
 */
import { useEffect, useState, type ComponentType } from 'react';
import { useRun } from '../run.ts';

export interface Loaded<Props> { Part: ComponentType<Props> }

/** A fetched component, null until it is here, or 'failed'; `load` must stay the same function. */
export function useLoaded<Props>(load: () => Promise<ComponentType<Props>>): Loaded<Props> | 'failed' | null {
  const [loaded, setLoaded] = useState<{ load: typeof load; result: Loaded<Props> | 'failed' } | null>(null);
  useEffect(() => {
    let wanted = true;
    const set = (result: Loaded<Props> | 'failed') => { if (wanted) setLoaded({ load, result }); };
    load().then((Part) => set({ Part }), () => set('failed'));
    return () => { wanted = false; };
  }, [load]);
  return loaded?.load === load ? loaded.result : null;
}

/** Fetches parts once the page has shown its first numbers and has nothing else to do: opening one then needs no network. */
export function usePrefetch(loads: readonly (() => Promise<unknown>)[]): void {
  const shown = useRun((run) => run.frame !== null);
  useEffect(() => {
    if (!shown) return;
    // What cannot be fetched says so when it is opened.
    const fetchAll = () => { for (const load of loads) load().catch(() => {}); };
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(fetchAll, 1000);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(fetchAll, { timeout: 5000 });
    return () => cancelIdleCallback(idle);
  }, [shown, loads]);
}
