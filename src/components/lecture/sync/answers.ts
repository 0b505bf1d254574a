/** What the leading window does for its followers. */
import { msg } from '../../../sim/msg.ts';
import type { LeadOptions, LedStore } from './leader.ts';
import { fits, isPlain } from './plain.ts';
import { SETS, type Fields } from './protocol.ts';

/** Does what a follower asks; what forbids it, in a sentence, or null. Nothing that is no action of a store is ever called. */
export function answerOf(stores: Readonly<Record<string, LedStore>>, { local = {}, adopted = [] }: LeadOptions, name: string, action: string, args: readonly unknown[]): string | null {
  const state = Object.hasOwn(stores, name) ? stores[name].getState() as Fields : {};
  const call = Object.hasOwn(state, action) ? state[action] : undefined;
  const sets = action === SETS && adopted.includes(name);
  if ((typeof call !== 'function' && !sets) || !args.every((arg) => isPlain(arg))) return msg`The lecture’s window does not know what “${action}” is; reload both windows.`;
  try {
    if (sets) stores[name].setState?.(fieldsFor(state, local[name] ?? [], args[0]));
    const returned: unknown = typeof call === 'function' ? call(...args) : null;
    return typeof returned === 'string' ? returned : null;
  } catch (error) {
    return msg`The lecture’s window could not do that: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** The fields of a wish that a store has and that are shared. */
function fieldsFor(state: Fields, own: readonly string[], wanted: unknown): Fields {
  const fields = typeof wanted === 'object' && wanted !== null ? Object.entries(wanted) : [];
  return Object.fromEntries(fields.filter(([field, value]) => Object.hasOwn(state, field) && !own.includes(field) && fits(state[field], value)));
}
