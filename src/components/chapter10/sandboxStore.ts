/**
 * What is being written in the sandbox: plain data, judged on every change, applied a moment after it is right.
 *
 * What was written stands over an experiment. Where another one is opened meanwhile (a file, a preset, Restore), that
 * one's own sheet is shown, and undoing returns to what was written.
 */
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Experiment } from '../../sim/experiment.ts';
import { same } from '../../sim/experimentPrint.ts';
import { contextCount, populationSize } from '../../sim/experimentSizes.ts';
import type { RunStore } from '../../sim/runStore.ts';
import type { Origin } from '../chapters.ts';
import { useLabStore, type LabStore } from '../labStore.ts';
import { useRunStore } from '../run.ts';
import { LONG_REST, LONG_TEXT, readSheet, readText } from './reading.ts';
import { sameSheet, sheetOf, type Sheet } from './sheet.ts';
import type { Taken } from './sheetEdits.ts';

/** What was written, over which experiment, which came from where. */
export interface Written {
  sheet: Sheet;
  /** The whole experiment as text, where it was typed as such; null = as it is printed. */
  text: string | null;
  over: Experiment;
  origin: Origin;
}

/** A state to go back to. `whole`: with the knobs and the origin it had. */
interface Step extends Written { whole: boolean }

/** What the last edit did that is not seen where it was made. */
export interface Said { what: 'word' | 'prompt'; name: string; taken: Taken }

export interface SandboxStatus {
  written: Written | null;
  past: readonly Step[];
  future: readonly Step[];
  /** Fields, or the text of the file. */
  pane: 'fields' | 'text';
  said: Said | null;
  /** Why what is right could not be applied, in a sentence. */
  refused: string | null;
  /** What is right is so large that it begins only when it is asked for. */
  waits: boolean;
}

/** What became of what is written: it is what runs; or why it is not. */
export type Flushed = 'applied' | 'wrong' | 'waits' | 'refused';

export interface SandboxActions {
  /** Another sheet. Changes with the same `key` that follow each other closely are one step of undoing. */
  edit(sheet: Sheet, key?: string, said?: Said): void;
  editText(text: string): void;
  /** Begins with another experiment, its knobs included. */
  begin(origin: Origin): void;
  undo(): void;
  redo(): void;
  /** Begins what waits. */
  runIt(): void;
  /** Applies at once what is right; what waits goes on waiting. */
  flush(): Flushed;
  set(change: Partial<Pick<SandboxStatus, 'pane'>>): void;
}

export type SandboxStore = StoreApi<SandboxStatus & SandboxActions>;

/** Quiet time after an edit until it is applied, ms. */
const QUIET = 500;
/** Typing in one field without a longer rest is one step, ms. */
const ONE_STEP = 1200;
const MOST_STEPS = 300;
/** Token choices of all policies, beyond which a run does not begin by itself: its reference alone takes a minute and more. */
const LARGE = 300_000;

/** Numbers that every update computes: policies × contexts × tokens. */
export function workOf(experiment: Experiment): number {
  return populationSize(experiment) * contextCount(experiment.world) * (experiment.world.words.length + 1);
}

/** What the editor shows: what was written, or the experiment that has taken its place. */
export function shownOf({ written }: Pick<SandboxStatus, 'written'>, base: Experiment): Pick<Written, 'sheet' | 'text'> {
  if (!written || !sameSheet(written.over, base)) return { sheet: sheetOf(base), text: null };
  if (written.text === null || written.over === base) return written;
  // A text is the whole experiment: once it is right and applied, a knob that is moved beside it is a change of it.
  const { experiment } = readText(written.text);
  return experiment !== null && same(written.over, experiment) && !same(base, experiment) ? { sheet: written.sheet, text: null } : written;
}

/** Whether another experiment was opened over what was written. */
export function coveredBy({ written }: Pick<SandboxStatus, 'written'>, base: Experiment): boolean {
  return written !== null && !sameSheet(written.over, base);
}

export function createSandboxStore(run: RunStore, lab: LabStore): SandboxStore {
  return createStore<SandboxStatus & SandboxActions>()((set, get) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last: { key: string; at: number } | null = null;

    /** What is shown, as a state to go back to. */
    const present = (whole: boolean): Step => {
      const { base, origin } = lab.getState();
      return { ...shownOf(get(), base), over: base, origin, whole };
    };
    const plays = () => run.getState().state === 'running' || (run.getState().state === 'starting' && lab.getState().willPlay);
    const readNow = () => {
      const { written } = get();
      if (!written) return null;
      return (written.text === null ? readSheet(written.sheet, lab.getState().base) : readText(written.text)).experiment;
    };

    function apply(asked = false): void {
      clearTimeout(timer);
      const { written } = get();
      const experiment = readNow();
      if (!written || !experiment || !sameSheet(written.over, lab.getState().base)) return;
      const waits = !asked && workOf(experiment) > LARGE && workOf(experiment) > workOf(lab.getState().base);
      set({ waits });
      if (waits) return;
      const refused = lab.getState().commit(experiment, plays());
      set(refused === null ? { refused, written: { ...written, over: experiment, sheet: written.text === null ? written.sheet : sheetOf(experiment) } } : { refused });
    }
    function write(next: Pick<Written, 'sheet' | 'text'>, soon: boolean): void {
      clearTimeout(timer);
      const { base, origin } = lab.getState();
      set({ written: { ...next, over: base, origin }, refused: null, waits: false });
      if (soon) timer = setTimeout(() => apply(), next.text !== null && next.text.length > LONG_TEXT ? LONG_REST : QUIET);
      else apply();
    }
    /** What was written, where another experiment has been opened over it since. */
    const covered = (): Step[] => {
      const { written } = get();
      return written && coveredBy({ written }, lab.getState().base) ? [{ ...written, whole: true }] : [];
    };
    function remember(key: string | undefined, whole: boolean): void {
      const now = performance.now();
      const goesOn = key !== undefined && last !== null && last.key === key && now - last.at < ONE_STEP && get().future.length === 0;
      last = key === undefined ? null : { key, at: now };
      if (!goesOn) set({ past: [...get().past, ...covered(), present(whole)].slice(-MOST_STEPS), future: [] });
    }
    /** Shows a state that was left, and returns the one that is left for it. */
    function travel({ whole, ...to }: Step): Step {
      const from = present(whole);
      const { base, origin, panel, show } = lab.getState();
      last = null;
      set({ said: null });
      if (whole && !(same(base, to.over) && origin.id === to.origin.id)) show({ origin: to.origin, base: to.over, methods: [], panel, play: plays() });
      write(to, false);
      return from;
    }
    return {
      written: null, past: [], future: [], pane: 'fields', said: null, refused: null, waits: false,
      edit(sheet, key, said) {
        remember(key, false);
        set({ said: said ?? null });
        write({ sheet, text: null }, key !== undefined);
      },
      editText(text) {
        remember('text', true);
        set({ said: null });
        write({ sheet: present(true).sheet, text }, true);
      },
      begin(origin) {
        remember(undefined, true);
        clearTimeout(timer);
        lab.getState().show({ origin, base: origin.experiment, methods: [], panel: lab.getState().panel, play: false });
        set({ written: null, said: null, refused: null, waits: false });
      },
      undo() {
        const { past, future } = get();
        const [left] = covered();
        const step = left ?? past.at(-1);
        if (!step) return;
        const from = travel(step);
        set({ past: left ? past : past.slice(0, -1), future: [...future, from] });
      },
      redo() {
        const { past, future } = get();
        const next = future.at(-1);
        if (!next) return;
        const from = travel(next);
        set({ past: [...past, from], future: future.slice(0, -1) });
      },
      runIt: () => apply(true),
      flush() {
        const { base } = lab.getState();
        if (get().written === null || coveredBy(get(), base)) return 'applied';
        const experiment = readNow();
        if (experiment === null) return 'wrong';
        if (same(experiment, base)) return 'applied';
        apply();
        const { waits, refused } = get();
        return waits ? 'waits' : refused === null ? 'applied' : 'refused';
      },
      set,
    };
  });
}

const stores = new WeakMap<LabStore, SandboxStore>();

/** The sandbox of a page; made when it is first asked for. */
export function useSandboxStore(): SandboxStore {
  const [run, lab] = [useRunStore(), useLabStore()];
  const known = stores.get(lab);
  if (known) return known;
  const made = createSandboxStore(run, lab);
  stores.set(lab, made);
  return made;
}

export function useSandbox<T>(selector: (sandbox: SandboxStatus & SandboxActions) => T): T {
  return useStore(useSandboxStore(), selector);
}
