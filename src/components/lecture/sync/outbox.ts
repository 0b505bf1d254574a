/** What is still to be told of the leader's stores, and when: changes of one moment are one message, and messages keep their distance. */
import { patchOf } from './edits.ts';
import type { LeadOptions, LedStore } from './leader.ts';
import { isPlain } from './plain.ts';
import type { Fields, Patch } from './protocol.ts';

export interface Outbox {
  /** Number of the last message. */
  seq(): number;
  /** Something changed: sent at once, or as soon as the distance to the last message allows. */
  soon(): void;
  /** A message must follow, even where nothing changes. */
  owe(): void;
  /** Sends what has changed. */
  flush(): void;
  /** Sends it if it is late: the timers of a hidden window may be. */
  flushIfDue(): void;
  /** Everything that has been told so far, and the same of other stores of these names. */
  told(): Record<string, Fields>;
  fieldsOf(others: Readonly<Record<string, LedStore>>): Record<string, Fields>;
  stop(): void;
}

interface OutboxParts {
  /** Whether anybody listens. */
  wanted: () => boolean;
  send: (seq: number, patches: Record<string, Patch>) => void;
}

const plainOnly = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => isPlain(value)));

export function createOutbox(stores: Readonly<Record<string, LedStore>>, { local = {}, thinned = {}, intervalMs = 50 }: LeadOptions, { wanted, send }: OutboxParts): Outbox {
  /** Fields as they were when they were last sent. */
  const sent: Record<string, Fields> = {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  let [queued, owing, seq, due] = [false, false, 0, 0];

  const shared = (name: string, state: object): Fields => Object.fromEntries(Object.entries(state).filter(([field, value]) => typeof value !== 'function' && !local[name]?.includes(field)));
  const thin = (name: string, fields: Fields): Fields => Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, thinned[name]?.[field]?.(value) ?? value]));

  function patches(): Record<string, Patch> {
    const changed: Record<string, Patch> = {};
    for (const [name, store] of Object.entries(stores)) {
      const now = shared(name, store.getState());
      const patch = patchOf(sent[name] ?? {}, now);
      if (patch) changed[name] = { ...patch, set: thin(name, patch.set) };
      sent[name] = now;
    }
    return changed;
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    queued = false;
    const changed = patches();
    if (!wanted() || (Object.keys(changed).length === 0 && !owing)) return;
    owing = false;
    seq++;
    const began = performance.now();
    try {
      send(seq, changed);
    } catch {
      // A field that cannot cross is left out; the others must not wait for it.
      send(seq, Object.fromEntries(Object.entries(changed).map(([name, patch]) => [name, { ...patch, set: plainOnly(patch.set) }])));
    }
    // Large states are sent less often.
    due = began + Math.max(intervalMs, 4 * (performance.now() - began));
  }

  function soon(): void {
    if (!wanted() || queued) return;
    const wait = due - performance.now();
    if (wait > 0) {
      timer ??= setTimeout(flush, wait);
      return;
    }
    queued = true;
    queueMicrotask(flush);
  }

  return {
    seq: () => seq,
    soon, flush,
    owe() {
      owing = true;
      soon();
    },
    flushIfDue: () => { if (performance.now() >= due) flush(); },
    told: () => Object.fromEntries(Object.entries(sent).map(([name, fields]) => [name, plainOnly(thin(name, fields))])),
    fieldsOf: (others) => Object.fromEntries(Object.entries(others).map(([name, store]) => [name, plainOnly(thin(name, shared(name, store.getState())))])),
    stop: () => clearTimeout(timer),
  };
}
