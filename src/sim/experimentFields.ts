/**
 * The pieces the experiment's schema is made of (valibot 1.5).
 *
 * Every piece carries the words for its allowed range as its message; `problemOf` turns an issue into
 * one sentence: path, range, value found. Two habits of valibot are closed off here: arrays pass as objects,
 * and keys such as `constructor` pass a strict object because they are looked up with `in`
 * (tests/experiment.test.ts says when this can go: "reserved keys", "arrays are not objects").
 */
import * as v from 'valibot';
import { describeRange, inRange, quotedList, showValue } from './experimentRanges.ts';
import { msg } from './msg.ts';
import { mustBe } from './problem.ts';
import type { Range } from './experimentRanges.ts';
import type { Problem } from './problem.ts';

/** What a schema expects, for the sentence about a missing field. */
const expectations = new WeakMap<object, string>();

function expecting<T extends object>(schema: T, what: string): T {
  expectations.set(schema, what);
  return schema;
}

export function number(range: Range) {
  const what = describeRange(range);
  // −0 becomes 0: JSON cannot carry it.
  return expecting(v.pipe(v.custom<number>((input) => inRange(input, range), what), v.transform((value) => value + 0)), what);
}

export function text(what: string, accepts: (value: string) => boolean = () => true) {
  return expecting(v.custom<string>((input) => typeof input === 'string' && accepts(input), what), what);
}

export const flag = expecting(v.boolean(msg`true or false`), msg`true or false`);

export function choice<const T extends readonly string[]>(options: T) {
  const what = options.length === 1 ? quotedList(options) : msg`one of ${quotedList(options)}`;
  return expecting(v.picklist(options, what), what);
}

/** A list of `min`..`max` items. */
export function list<S extends v.GenericSchema>(item: S, min: number, max: number, items: string) {
  const what = msg`a list of ${min} to ${max} ${items}`;
  return expecting(v.pipe(v.array(item, what), v.minLength(min, what), v.maxLength(max, what)), what);
}

function isObject(input: unknown): boolean {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

/** A strict object whose missing and unknown keys are explained; the options of `oneOfKinds` are made of it. */
export function fields<const E extends v.ObjectEntries>(entries: E) {
  return v.strictObject(entries, (issue: v.StrictObjectIssue) => {
    const key = issue.path?.at(-1)?.key;
    if (typeof key !== 'string') return msg`an object`;
    if (Object.hasOwn(entries, key)) return expectations.get(entries[key] ?? {}) ?? 'present';
    const near = nearest(key, Object.keys(entries));
    const hint = near === null ? '' : msg` (did you mean '${near}'?)`;
    return msg`one of the keys ${quotedList(Object.keys(entries))}${hint}`;
  });
}

/** An object with exactly these keys. */
export function shape<const E extends v.ObjectEntries>(entries: E) {
  const object = fields(entries);
  return expecting(v.pipe(v.custom<v.InferInput<typeof object>>(isObject, msg`an object`), object), msg`an object`);
}

/** Numbers by word. */
export function wordMap(range: Range) {
  const what = msg`an object of numbers by word`;
  return expecting(v.pipe(v.custom<Record<string, number>>(isObject, what), v.record(v.string(), number(range), what)), what);
}

/** One of several `fields` told apart by `kind`; an option whose `kind` is optional is the default. */
export function oneOfKinds<const O extends v.VariantOptions<'kind'>>(kinds: readonly string[], options: O) {
  const union = v.variant('kind', options, msg`one of ${quotedList(kinds)}`);
  return expecting(v.pipe(v.custom<v.InferInput<typeof union>>(isObject, msg`an object`), union), msg`an object`);
}

/** One sentence for one issue of valibot. */
export function problemOf(issue: v.BaseIssue<unknown>): Problem {
  const items = issue.path ?? [];
  const last = items.at(-1);
  const unknownKey = last !== undefined && last.origin === 'key' && issue.input === last.key;
  const found = unknownKey ? JSON.stringify(last.key) : showValue(issue.input);
  return mustBe(pathText(items.map((item) => item.key)), issue.message, found);
}

/** `a.b[1].c` */
export function pathText(keys: readonly unknown[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    const name = String(key);
    if (!/^[\w$-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
    return path === '' ? name : `${path}.${name}`;
  }, '');
}

/** Keys every object inherits (`constructor`, `__proto__`, …): no field has such a name, and look-ups would find them. */
export function reservedKeys(input: unknown, keys: readonly unknown[] = []): Problem[] {
  if (typeof input !== 'object' || input === null || keys.length > 8) return [];
  if (Array.isArray(input)) return input.flatMap((item: unknown, index) => reservedKeys(item, [...keys, index]));
  return Object.entries(input).flatMap(([key, value]: [string, unknown]) => {
    const path = [...keys, key];
    if (key === 'prototype' || key in {}) return [mustBe(pathText(path), msg`a known key, not a reserved name`, JSON.stringify(key))];
    return reservedKeys(value, path);
  });
}

/** The known key that `key` is most likely a slip of, null where none is close. */
function nearest(key: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = key.length <= 4 ? 1.5 : 2.5;
  for (const candidate of known) {
    const distance = editDistance(key.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Infinity;
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(swap, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? Infinity;
}
