/** What may cross to another window: numbers, texts, lists, plain objects, typed arrays. */

import { isHistory } from './edits.ts';

const DEEPEST = 24;

/** Whether a value is data and nothing else: no function, no element, no class of its own, no loop. */
export function isPlain(value: unknown, depth = 0): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value !== 'object') return typeof value !== 'function' && typeof value !== 'symbol';
  if (depth > DEEPEST) return false;
  if (ArrayBuffer.isView(value)) return true;
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.keys(value).every((key) => key !== '__proto__' && isPlain((value as Record<string, unknown>)[key], depth + 1));
}

/** Whether a value can stand where another one did: lists, histories and numbers are read without asking. */
export function fits(before: unknown, now: unknown): boolean {
  if (typeof before === 'function' || typeof now === 'function') return false;
  if (isHistory(before)) return isHistory(now);
  if (Array.isArray(before)) return Array.isArray(now);
  return typeof before !== 'number' && typeof before !== 'boolean' || typeof now === typeof before;
}

/** An event that a handler was given and passed on as an argument: it means nothing to an action. */
function isUiEvent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'preventDefault' in value && typeof value.preventDefault === 'function';
}

/** The arguments of an action as they can be sent; null where one of them cannot. */
export function sendableArgs(args: readonly unknown[]): unknown[] | null {
  const kept = args.filter((arg) => !isUiEvent(arg));
  return kept.every((arg) => isPlain(arg)) ? kept : null;
}
