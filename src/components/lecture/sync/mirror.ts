/** What the audience sees of a store: the same, until it stands still. */
import { createStore, type StoreApi } from 'zustand/vanilla';

/** A store that follows another one, and how to make it catch up. */
export interface Mirror<T extends object> {
  store: StoreApi<T>;
  /** Follows again, where nothing holds it: to be called when `isFrozen` may have changed. */
  update(): void;
  /** Follows no longer. */
  stop(): void;
}

/**
 * A store that shows what another one holds, except while `isFrozen`: then it stays as it was, all but the `live` fields,
 * and catches up on `update`. Its actions are those of the other.
 */
export function mirror<T extends object>(source: StoreApi<T>, isFrozen: () => boolean, live: readonly (keyof T)[] = []): Mirror<T> {
  const store = createStore<T>()(() => source.getState());
  function update() {
    const now = source.getState();
    if (!isFrozen()) {
      if (store.getState() !== now) store.setState(now, true);
      return;
    }
    const shown = store.getState();
    const moved = live.filter((field) => !Object.is(shown[field], now[field]));
    if (moved.length > 0) store.setState(Object.fromEntries(moved.map((field) => [field, now[field]])) as Partial<T>);
  }
  return { store, update, stop: source.subscribe(update) };
}
