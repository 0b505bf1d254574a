/** Ready-made choices of what a class sees. */
import { msg } from '../../sim/msg.ts';
import { HIDEABLE, type HideId } from './hideable.ts';

export interface HideSet {
  id: string;
  label: string;
  hide: readonly HideId[];
}

/** What sets speak of: the question before Play is a choice of its own. */
const TICKED = HIDEABLE.filter(({ group }) => group !== null);
const allBut = (...shown: HideId[]): HideId[] => TICKED.flatMap(({ id }) => (shown.includes(id) ? [] : [id]));

export const HIDE_SETS: readonly HideSet[] = [
  { id: 'everything', label: msg`Everything`, hide: [] },
  { id: 'dial', label: msg`Only the dial`, hide: allBut('dial', 'responses', 'sentence', 'speed', 'timeline') },
  { id: 'look', label: msg`Look, don’t touch`, hide: allBut('responses', 'sentence') },
];

/** The parts of a choice that a set speaks of, in the table's order. */
export function tickedOff(hide: readonly HideId[]): HideId[] {
  return TICKED.flatMap(({ id }) => (hide.includes(id) ? [id] : []));
}

/** The set that a choice is; null where it is none of them. */
export function setOf(hide: readonly HideId[]): HideSet | null {
  const off = tickedOff(hide);
  return HIDE_SETS.find((set) => set.hide.length === off.length && off.every((id) => set.hide.includes(id))) ?? null;
}

/** A choice with a set's parts instead of its own; whether a question is asked stays as it is. */
export function withSet(hide: readonly HideId[], set: HideSet): HideId[] {
  return HIDEABLE.flatMap(({ id, group }) => ((group === null ? hide : set.hide).includes(id) ? [id] : []));
}

/** A choice with one part shown or hidden. */
export function withPart(hide: readonly HideId[], part: HideId, shown: boolean): HideId[] {
  return HIDEABLE.flatMap(({ id }) => ((id === part ? !shown : hide.includes(id)) ? [id] : []));
}
