/** A store seen at leisure: what is drawn beside the notes must not take time from the audience's page. */
import { createStore, type StoreApi } from 'zustand/vanilla';

/** A store that shows what another one holds, at most every `ms`; the last state always arrives. Its actions are those of the other, which it follows as long as it has listeners itself. */
export function slowed<T extends object>(source: StoreApi<T>, ms: number): StoreApi<T> {
  const store = createStore<T>()(() => source.getState());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = -Infinity;
  function show() {
    clearTimeout(timer);
    timer = undefined;
    last = performance.now();
    store.setState(source.getState(), true);
  }
  function follow() {
    if (store.getState() !== source.getState()) show();
    return source.subscribe(() => {
      const wait = last + ms - performance.now();
      if (wait <= 0) show();
      else timer ??= setTimeout(show, wait);
    });
  }
  let listeners = 0;
  let leave = () => {};
  return {
    ...store,
    subscribe(listener) {
      if (listeners++ === 0) leave = follow();
      const stop = store.subscribe(listener);
      let stopped = false;
      return () => {
        if (stopped) return;
        stopped = true;
        stop();
        if (--listeners > 0) return;
        leave();
        clearTimeout(timer);
        timer = undefined;
      };
    },
  };
}
