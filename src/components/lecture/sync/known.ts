/** What a following window knows of the leader's stores, and what it shows: that, but for what was foreseen and is not done yet. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { patched } from './edits.ts';
import { fits } from './plain.ts';
import type { Done, Fields, Patch } from './protocol.ts';

export interface KnownOptions {
  /** Fields that the window has for itself, by store. */
  local: Readonly<Record<string, readonly string[]>>;
  /** Stores without actions, which are followed themselves. */
  adopted: readonly string[];
  /** The adopted stores stay as they are, as long as this says so of the others. */
  held: (stores: Record<string, StoreApi<Fields>>) => boolean;
  /** Does an action of a store. */
  act: (store: string, action: string, args: readonly unknown[]) => unknown;
  /** Fields of an adopted store were set in this window. */
  onSet: (store: string, fields: Fields) => void;
}

export interface Known {
  stores: Record<string, StoreApi<Fields>>;
  isOwn(store: string, field: string): boolean;
  /** The fields of a message that a store of this shape can hold. */
  fitting(store: string, fields: Fields): Fields;
  /** Sets fields in this window alone. */
  setHere(store: string, fields: Fields): void;
  /** Shows fields at once that the window's `nth` action will set. */
  foresee(store: string, fields: Fields, nth: number): void;
  /** @param anew  of another leader: what was foreseen is void */
  takeWhole(whole: Record<string, Fields>, done: number, anew: boolean): void;
  /** @throws RangeError where the patches are for another state */
  takeChanges(patches: Record<string, Patch>, done: number): void;
  stop(): void;
}

/** How many of a follower's actions are done. */
export function doneOf(done: Done, from: string): number {
  return Object.hasOwn(done, from) ? done[from] : 0;
}

/** @param shapes  stores of which the names of fields and actions are taken */
export function createKnown(shapes: Readonly<Record<string, StoreApi<object>>>, { local, adopted, held, act, onSet }: KnownOptions): Known {
  const shape = Object.fromEntries(Object.entries(shapes).map(([name, store]) => [name, store.getState() as Fields]));
  const truth: Record<string, Fields> = {};
  const foreseen = new Map<string, { name: string; field: string; nth: number }>();
  let applying = false;

  const isOwn = (name: string, field: string) => local[name]?.includes(field) === true;
  const stores = Object.fromEntries(Object.entries(shape).map(([name, state]) => [name, adopted.includes(name) ? shapes[name] as StoreApi<Fields> : followerStore(name, state, act)]));
  const stops = adopted.map((name) => stores[name].subscribe((now, before) => {
    const changed = Object.entries(now).filter(([field, value]) => !Object.is(value, before[field]) && !isOwn(name, field));
    if (!applying && changed.length > 0) onSet(name, Object.fromEntries(changed));
  }));

  function setHere(name: string, fields: Fields): void {
    applying = true;
    stores[name].setState(fields);
    applying = false;
  }

  function show(name: string, fields: readonly string[]): void {
    if (!Object.hasOwn(truth, name) || (adopted.includes(name) && held(stores))) return;
    const now = stores[name].getState();
    const shown = fields.filter((field) => Object.hasOwn(truth[name], field) && !Object.is(truth[name][field], now[field]) && !foreseen.has(`${name}.${field}`));
    if (shown.length > 0) setHere(name, Object.fromEntries(shown.map((field) => [field, truth[name][field]])));
  }

  /** Forgets what was foreseen of actions that are done. */
  function settle(done: number): void {
    for (const [key, { name, field, nth }] of foreseen) {
      if (nth > done) continue;
      foreseen.delete(key);
      show(name, [field]);
    }
  }

  function fitting(name: string, fields: Fields): Fields {
    return Object.fromEntries(Object.entries(fields).filter(([field, value]) => Object.hasOwn(shape[name], field) && !isOwn(name, field) && fits(shape[name][field], value)));
  }

  return {
    stores, isOwn, fitting, setHere,
    foresee(name, fields, nth) {
      for (const field of Object.keys(fields)) foreseen.set(`${name}.${field}`, { name, field, nth });
      setHere(name, fields);
    },
    takeWhole(whole, done, anew) {
      if (anew) foreseen.clear();
      for (const [name, fields] of Object.entries(whole)) if (Object.hasOwn(shape, name)) truth[name] = fitting(name, fields);
      settle(done);
      for (const name of Object.keys(truth)) show(name, Object.keys(truth[name]));
    },
    takeChanges(patches, done) {
      const changed = Object.entries(patches).filter(([name]) => Object.hasOwn(truth, name)).map(([name, patch]): [string, Fields] => [name, fitting(name, patched(truth[name], patch))]);
      for (const [name, fields] of changed) truth[name] = { ...truth[name], ...fields };
      settle(done);
      for (const [name, fields] of changed) show(name, Object.keys(fields));
      // What was held back catches up.
      for (const name of adopted) show(name, Object.keys(truth[name] ?? {}));
    },
    stop: () => { for (const stop of stops) stop(); },
  };
}

/** A store with the fields of another one, whose actions are done elsewhere. */
function followerStore(name: string, state: Fields, act: KnownOptions['act']): StoreApi<Fields> {
  return createStore<Fields>()(() => Object.fromEntries(
    Object.entries(state).map(([field, value]) => [field, typeof value === 'function' ? (...args: unknown[]) => act(name, field, args) : value]),
  ));
}
