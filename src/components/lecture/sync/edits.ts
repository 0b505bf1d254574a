/** What changed between two states of a store, and how to make one of the other. Pure. */
import type { History } from '../../../sim/history.ts';
import type { Fields, ListEdit, Patch } from './protocol.ts';

/** The items of `before` that `after` begins with, in one piece, and what comes after them; null where it begins with none. */
export function listEdit(before: readonly unknown[], after: readonly unknown[]): ListEdit | null {
  if (after.length === 0) return { from: 0, to: 0, added: [] };
  const from = before.indexOf(after[0]);
  if (from < 0) return null;
  let kept = 0;
  while (kept < after.length && from + kept < before.length && before[from + kept] === after[kept]) kept++;
  return { from, to: from + kept, added: after.slice(kept) };
}

/** @throws RangeError where the list is not the one that the edit was made for */
export function editedList(before: readonly unknown[], { from, to, added }: ListEdit): unknown[] {
  if (to > before.length) throw new RangeError(`editedList: the edit keeps items up to ${to}, the list has ${before.length}`);
  return [...before.slice(from, to), ...added];
}

export function isHistory(value: unknown): value is History {
  return typeof value === 'object' && value !== null && 'stride' in value && 'last' in value
    && 'steps' in value && Array.isArray(value.steps) && 'points' in value && Array.isArray(value.points) && value.steps.length === value.points.length;
}

/** The two lists of a history where it goes on from the other, point by point; null where it is another one. */
function historyEdit(before: History, after: History): Patch['histories'][string] | null {
  const points = listEdit(before.points, after.points);
  if (!points || points.to === points.from) return null;
  const { steps, points: _all, ...rest } = after;
  const kept = points.to - points.from;
  if (steps.slice(0, kept).some((step, i) => step !== before.steps[points.from + i])) return null;
  return { points, steps: { ...points, added: steps.slice(kept) }, rest: { ...rest } };
}

/** What the other windows must be told; null where nothing changed. Fields are compared as they are: a field that changed is another object. */
export function patchOf(before: Fields, after: Fields): Patch | null {
  const patch: Patch = { set: {}, lists: {}, histories: {} };
  let changed = false;
  for (const field of Object.keys(after)) {
    const [old, now] = [before[field], after[field]];
    if (Object.is(old, now)) continue;
    changed = true;
    const history = isHistory(old) && isHistory(now) ? historyEdit(old, now) : null;
    const list = Array.isArray(old) && Array.isArray(now) && old.length > 0 ? listEdit(old, now) : null;
    if (history) patch.histories[field] = history;
    else if (list) patch.lists[field] = list;
    else patch.set[field] = now;
  }
  return changed ? patch : null;
}

/** The fields after a patch: those that it names. @throws RangeError where the patch was made for another state */
export function patched(before: Fields, { set, lists, histories }: Patch): Fields {
  const after: Fields = { ...set };
  for (const [field, edit] of Object.entries(lists)) {
    const old = before[field];
    if (!Array.isArray(old)) throw new RangeError(`patched: ${field} is no list`);
    after[field] = editedList(old, edit);
  }
  for (const [field, { steps, points, rest }] of Object.entries(histories)) {
    const old = before[field];
    if (!isHistory(old)) throw new RangeError(`patched: ${field} is no history`);
    after[field] = { ...rest, steps: editedList(old.steps, steps), points: editedList(old.points, points) };
  }
  return after;
}
