/** An objective as named parts in order, so that two of them can be laid side by side. */
import type { Setting } from './setting.ts';

/** What a part does; parts of two objectives with the same key stand in the same row. */
export type PartKey = 'outer' | 'smoothing' | 'scale' | 'chosen' | 'rejected' | 'penalty' | 'length' | 'target' | 'nll' | 'gain' | 'clip' | 'price' | 'kl';

/** The order in which rows are read. */
export const PART_ORDER: readonly PartKey[] = ['outer', 'smoothing', 'gain', 'clip', 'scale', 'chosen', 'rejected', 'penalty', 'length', 'target', 'nll', 'price', 'kl'];

export interface FormulaPart {
  key: PartKey;
  /** LaTeX of the part alone; a function of the rest has a dot for it. */
  tex: string;
  /** What it does, in half a sentence. */
  meaning: string;
  /** Its number for the shown pair or its prompt; a function of the rest has none. */
  value?(setting: Setting): number;
}

/** A number of the objective that the experiment does not have. */
export interface FormulaConstant {
  tex: string;
  name: string;
  value: number;
  source: string;
}

export interface Formula {
  id: string;
  title: string;
  goal: 'maximise' | 'minimise';
  /** The whole as its paper writes it, per pair; the parts are marked `\term{key}{…}`. */
  tex: string;
  /** In the order of PART_ORDER. */
  parts: readonly FormulaPart[];
  constants: readonly FormulaConstant[];
  /** What the parts' numbers combine to, for the shown pair. */
  total(setting: Setting): number;
  source: string;
}

/** A row of two objectives side by side. */
export interface FormulaRow {
  key: PartKey;
  left: FormulaPart | null;
  right: FormulaPart | null;
  /** `same`: both have it, alike; `changed`: both have something in this place; else only one has it. */
  is: 'same' | 'changed' | 'left' | 'right';
}

/** Two objectives side by side: every part of either in one row, common ones in the same. */
export function alignFormulas(a: Formula, b: Formula): FormulaRow[] {
  return PART_ORDER.flatMap((key): FormulaRow[] => {
    const left = a.parts.find((part) => part.key === key) ?? null;
    const right = b.parts.find((part) => part.key === key) ?? null;
    if (left === null && right === null) return [];
    if (left === null || right === null) return [{ key, left, right, is: left === null ? 'right' : 'left' }];
    return [{ key, left, right, is: left.tex === right.tex ? 'same' : 'changed' }];
  });
}

/**
 * A formula whose total is what its parts' numbers combine to.
 *
 * @param combine  from the numbers of the parts by key; of keys that it reads, every one has a value
 */
export function formulaOf<K extends PartKey>(
  given: Omit<Formula, 'total' | 'constants' | 'parts'> & { parts: readonly (FormulaPart & { key: K })[]; constants?: readonly FormulaConstant[]; combine(numbers: Record<K, number>): number },
): Formula {
  const { combine, constants = [], ...rest } = given;
  return {
    ...rest, constants,
    total: (setting) => combine(Object.fromEntries(given.parts.map(({ key, value }) => [key, value ? value(setting) : NaN])) as Record<K, number>),
  };
}
