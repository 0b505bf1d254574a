/** The sheet as the editor's parts see it, with what the reader says of it: made once, in the editor. */
import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import type { Experiment } from '../../sim/experiment.ts';
import { printExperiment } from '../../sim/experimentPrint.ts';
import type { Problem } from '../../sim/problem.ts';
import { useLab } from '../labStore.ts';
import { byPath, LONG_REST, LONG_TEXT, readSheet, readText, type LineProblem } from './reading.ts';
import { shownOf, useSandbox, useSandboxStore, type Said } from './sandboxStore.ts';
import { fileOf, type Sheet } from './sheet.ts';

export interface Shown {
  sheet: Sheet;
  /** The text, where it was typed as such; null = the sheet is what is written. */
  text: string | null;
  /** The experiment that is applied. */
  base: Experiment;
  /** What is written, where it is right; else null, and what is wrong with it. */
  experiment: Experiment | null;
  problems: readonly (Problem | LineProblem)[];
  /** A long text that is not read until typing rests: nothing is said of it yet. */
  unread: boolean;
  /** The experiment as text, where that is what is looked at. */
  printed: string;
  /** Of the fields. */
  byPath: ReadonlyMap<string, Problem>;
  edit: (sheet: Sheet, key?: string, said?: Said) => void;
}

const SheetContext = createContext<Shown | null>(null);
export const SheetProvider = SheetContext.Provider;

const NONE: ReadonlyMap<string, Problem> = new Map();

/** The long text that typing has rested on. */
function useRested(text: string | null): string | null {
  const [rested, setRested] = useState<string | null>(null);
  useEffect(() => {
    if (text === null || text.length <= LONG_TEXT) return undefined;
    const timer = setTimeout(() => setRested(text), LONG_REST);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}

export function useShown(): Shown {
  const store = useSandboxStore();
  const written = useSandbox((sandbox) => sandbox.written);
  const pane = useSandbox((sandbox) => sandbox.pane);
  const base = useLab((lab) => lab.base);
  const rested = useRested(written?.text ?? null);
  return useMemo(() => {
    const { sheet, text } = shownOf({ written }, base);
    const { edit } = store.getState();
    if (text !== null && text.length > LONG_TEXT && text !== rested) return { sheet, text, base, experiment: null, problems: [], unread: true, printed: text, byPath: NONE, edit };
    if (text !== null) return { sheet, text, base, ...readText(text), unread: false, printed: text, byPath: NONE, edit };
    const { experiment, problems } = readSheet(sheet, base);
    if (pane === 'fields') return { sheet, text, base, experiment, problems, unread: false, printed: '', byPath: byPath(problems), edit };
    const printed = experiment ? printExperiment(experiment) : `${JSON.stringify(fileOf(sheet, base), null, 2)}\n`;
    return { sheet, text, base, printed, unread: false, experiment, problems: experiment ? problems : readText(printed).problems, byPath: NONE, edit };
  }, [store, written, base, pane, rested]);
}

export function useSheet(): Shown {
  const shown = useContext(SheetContext);
  if (!shown) throw new Error('useSheet: no SheetProvider above this component');
  return shown;
}
