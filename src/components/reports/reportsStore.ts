/** The open reports and what came of their replays; it lives as long as the page. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { msg } from '../../sim/msg.ts';
import type { SortColumn } from './classRows.ts';
import { jobKey, type Job } from './jobs.ts';
import { isRefused, MOST_REPORTS, openReport, type OpenReport, type RefusedFile, type ReportFile } from './openReports.ts';
import type { ReplayProgress } from './progress.ts';
import { replay, type Replayed, type ReplayParts, type StoodBefore } from './replay.ts';

export interface ReportsStatus {
  /** In the order in which they were opened. */
  opened: readonly OpenReport[];
  /** What was not opened of the last files. */
  refused: readonly RefusedFile[];
  /** Files that are being read; null = none. */
  reading: { done: number; all: number } | null;
  /** The report that is read; null = the class. */
  shown: string | null;
  sort: { column: SortColumn; descending: boolean };
  /** What came of replays, by `jobKey`. */
  replayed: Readonly<Record<string, Replayed>>;
  /** Replays under way: the first of them runs. */
  waiting: readonly Job[];
  /** Of the replays that were asked for together. */
  asked: number;
  progress: ReplayProgress | null;
}

export interface ReportsActions {
  /** Reads files and opens what is a report. */
  open(files: readonly ReportFile[]): Promise<void>;
  show(id: string | null): void;
  /** Sorts by a column, and the other way round when asked again. */
  sortBy(column: SortColumn): void;
  /** Replays what is asked for and was not yet, one after another. */
  replay(jobs: readonly Job[]): void;
  stop(): void;
  forget(): void;
}

export type ReportsStore = StoreApi<ReportsStatus & ReportsActions>;

const START: ReportsStatus = {
  opened: [], refused: [], reading: null, shown: null, sort: { column: 'student', descending: false }, replayed: {}, waiting: [], asked: 0, progress: null,
};

/** @param engine  made when the first replay begins */
export function createReportsStore(engine: () => ReplayParts): ReportsStore {
  let parts: ReplayParts | null = null;
  let abort: AbortController | null = null;
  /** Files are read one after another, however often they are dropped. */
  let reads: Promise<void> = Promise.resolve();
  /** How often everything was forgotten: what was chosen before that is not opened any more. */
  let generation = 0;

  const store: ReportsStore = createStore<ReportsStatus & ReportsActions>()((set, get) => ({
    ...START,
    open(files) {
      const own = generation;
      reads = reads.then(() => readAll(store, files, () => own !== generation));
      return reads;
    },
    show: (shown) => set({ shown }),
    sortBy(column) {
      const { sort } = get();
      set({ sort: { column, descending: sort.column === column && !sort.descending } });
    },
    replay(jobs) {
      const { waiting, replayed, asked } = get();
      const known = new Set(waiting.map(jobKey));
      const fresh = jobs.filter((job) => !known.has(jobKey(job)));
      if (fresh.length === 0) return;
      const kept = { ...replayed };
      for (const job of fresh) delete kept[jobKey(job)];
      set({ replayed: kept, waiting: [...waiting, ...fresh], asked: asked + fresh.length });
      if (abort) return;
      abort = new AbortController();
      parts ??= engine();
      void runAll(store, parts, abort.signal).finally(() => {
        abort = null;
        // Nothing is left of the engine until it is needed again.
        parts?.restart();
        set({ waiting: [], asked: 0, progress: null });
      });
    },
    stop: () => abort?.abort(),
    forget() {
      abort?.abort();
      generation += 1;
      set({ opened: [], refused: [], reading: null, shown: null, replayed: {} });
    },
  }));
  return store;
}

async function readAll(store: ReportsStore, files: readonly ReportFile[], forgotten: () => boolean): Promise<void> {
  const taken = files.slice(0, MOST_REPORTS);
  const refused: RefusedFile[] = [];
  for (const [done, file] of taken.entries()) {
    if (forgotten()) return;
    store.setState({ reading: { done, all: taken.length } });
    const found = await openReport(file, store.getState().opened);
    if (forgotten()) return;
    if (isRefused(found)) refused.push(found);
    else store.setState(({ opened }) => ({ opened: [...opened, found] }));
  }
  const left = files.length - taken.length;
  if (left > 0) refused.push({ file: msg`${left} more files`, problem: msg`At most ${MOST_REPORTS} files are opened at once.` });
  store.setState({ reading: null, refused });
}

/** Replays what waits until nothing does. */
async function runAll(store: ReportsStore, parts: ReplayParts, signal: AbortSignal): Promise<void> {
  const before: StoodBefore = new Map();
  for (let job = store.getState().waiting[0]; job && !signal.aborted; job = store.getState().waiting[0]) {
    const { report, task } = job;
    const evidence = store.getState().opened.find(({ id }) => id === report)?.report.tasks[task]?.evidence;
    const outcome = evidence ? await replayed(parts, evidence, signal, store, before) : null;
    if (signal.aborted) return;
    store.setState((now) => ({
      waiting: now.waiting.slice(1), progress: null,
      ...(outcome ? { replayed: { ...now.replayed, [jobKey(job)]: outcome } } : {}),
    }));
    // The page draws between replays that are answered from memory.
    await new Promise((resolve) => { setTimeout(resolve); });
  }
}

/** A replay whose failure, whatever it is, is a sentence. */
async function replayed(parts: ReplayParts, evidence: Parameters<typeof replay>[1], signal: AbortSignal, store: ReportsStore, before: StoodBefore): Promise<Replayed | null> {
  try {
    return await replay(parts, evidence, signal, (progress) => {
      const { progress: shown } = store.getState();
      if (shown?.words !== progress.words || shown.share !== progress.share) store.setState({ progress });
    }, before);
  } catch (error) {
    parts.restart();
    return { kind: 'failed', sentence: msg`The replay stopped: ${error instanceof Error ? error.message : String(error)}.` };
  }
}

export const ReportsContext = createContext<ReportsStore | null>(null);

export function useReportsStore(): ReportsStore {
  const store = useContext(ReportsContext);
  if (!store) throw new Error('useReportsStore: no ReportsContext above this component');
  return store;
}

export function useReports<T>(selector: (reports: ReportsStatus & ReportsActions) => T): T {
  return useStore(useReportsStore(), selector);
}
