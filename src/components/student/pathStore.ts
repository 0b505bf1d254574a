/**
 * How far a student has come on a guided path.
 *
 * While the path is on, every task's check looks at the page whenever the run stands still or a prediction is made. What
 * a check finds is kept at once with its evidence, so that the page may go elsewhere; until the task is done, a later
 * state that is found right takes its place. All of the state is plain data.
 */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { same } from '../../sim/experimentPrint.ts';
import { msg } from '../../sim/msg.ts';
import type { RunStore } from '../../sim/runStore.ts';
import type { LabStore } from '../labStore.ts';
import type { PredictStore } from '../predict/predictStore.ts';
import { MOST_CHARACTERS, type Judged } from './entries.ts';
import { evidenceOf } from './evidence.ts';
import type { Checked, Facts } from './looked.ts';
import type { Evidence, ReportPicture } from './report.ts';
import { setUp } from './setUps.ts';
import { TASK_IDS, type TaskId } from './taskIds.ts';
import { taskOf, TASKS } from './tasks.ts';

/** What a check found, with what the page showed. */
export interface Found {
  sentence: string;
  facts: Facts;
  /** Null where the task is not about a run. */
  evidence: Evidence | null;
  pictures: readonly ReportPicture[];
}

/** An answer that was given to be checked, or a text as far as it is written. */
export interface Answered {
  said: string;
  /** How many others were given before it. */
  before: number;
}

export interface TaskWalk {
  /** ISO 8601: what was done before does not count; null = from the beginning of the path. */
  since: string | null;
  found: Found | null;
  answers: Readonly<Record<string, Answered>>;
  /** When it was done, ISO 8601; null = it is not. */
  at: string | null;
}

export type Walks = Readonly<Record<TaskId, TaskWalk>>;

/** What is kept on this machine. */
export interface Walk {
  /** ISO 8601; null = it has not begun. */
  startedAt: string | null;
  open: TaskId;
  /** The task is shown, not only its line. */
  expanded: boolean;
  student: string;
  tasks: Walks;
}

export interface PathStatus extends Walk {
  /** What happened last that is worth saying aloud. */
  said: string;
  reportOpen: boolean;
}

export interface PathActions {
  openTask(id: TaskId): void;
  setExpanded(expanded: boolean): void;
  setStudent(name: string): void;
  setReportOpen(open: boolean): void;
  /** An answer to be checked; the same again is no further try. */
  answer(task: TaskId, entry: string, said: string): void;
  /** A text of one's own, as it is written: it counts as soon as it is left (`finish`). */
  write(task: TaskId, entry: string, said: string): void;
  /** Whoever wrote has left the field. */
  finish(task: TaskId): void;
  setUp(id: TaskId): void;
  /** The task from its beginning, and the page where it begins. */
  again(id: TaskId): void;
  startOver(): void;
  restore(walk: Walk): void;
  /** Looks at the page now. */
  look(): void;
}

export type PathStore = StoreApi<PathStatus & PathActions>;

const UNTOUCHED: TaskWalk = { since: null, found: null, answers: {}, at: null };
const EMPTY = Object.fromEntries(TASK_IDS.map((id) => [id, UNTOUCHED])) as unknown as Walks;
export const FRESH_WALK: Walk = { startedAt: null, open: 'predict', expanded: true, student: '', tasks: EMPTY };

/** The page's panels follow the run with some delay, ms: pictures are taken after it. */
const DRAWN = 400;

/** A run that stands this long has been brought there on purpose, ms. */
const STOPPED = 500;

/** What is found of an answer; null while there is none. */
export function judgedOf(tasks: Walks, task: TaskId, entry: string): Judged | null {
  const answered = tasks[task].answers[entry];
  const row = taskOf(task).entries.find(({ id }) => id === entry);
  return answered && row ? row.judge(answered.said, (id) => tasks[id].found?.facts ?? null) : null;
}

/** Whether everything that a task asks for is there. */
export function isComplete(tasks: Walks, id: TaskId): boolean {
  const { check, entries } = taskOf(id);
  return (check === null || tasks[id].found !== null) && entries.every((entry) => judgedOf(tasks, id, entry.id)?.right === true);
}

export function doneCount(tasks: Walks): number {
  return TASK_IDS.filter((id) => tasks[id].at !== null).length;
}

/** The first task after one that is not done, else the first that is not; null where all are. */
export function nextTask(tasks: Walks, after: TaskId): TaskId | null {
  const at = TASK_IDS.indexOf(after);
  return [...TASK_IDS.slice(at + 1), ...TASK_IDS.slice(0, at)].find((id) => tasks[id].at === null) ?? null;
}

/** Fetched when the first picture is taken. */
const ofPage = async (caption: string): Promise<ReportPicture[]> => (await import('./pagePictures.ts')).pagePictures(caption);

interface Options {
  pictures?: (caption: string) => Promise<ReportPicture[]>;
  now?: () => string;
}

export function createPathStore(run: RunStore, lab: LabStore, predict: PredictStore, { pictures = ofPage, now = () => new Date().toISOString() }: Options = {}): PathStore {
  const path: PathStore = createStore<PathStatus & PathActions>()((set, get) => {
    /** Runs while the page stands where the rewind may be meant to stand. */
    let standing: ReturnType<typeof setTimeout> | undefined;
    /** Puts in what changed of a task, and says so when that completes it. */
    function change(id: TaskId, part: Partial<TaskWalk>): void {
      const tasks: Walks = { ...get().tasks, [id]: { ...get().tasks[id], ...part } };
      if (tasks[id].at !== null || !isComplete(tasks, id)) return set({ tasks });
      const done: Walks = { ...tasks, [id]: { ...tasks[id], at: now() } };
      set({ tasks: done, said: doneWords(done, id) });
    }
    return {
      ...FRESH_WALK, said: '', reportOpen: false,
      openTask: (open) => set({ open, expanded: true }),
      setExpanded: (expanded) => set({ expanded }),
      setStudent: (student) => set({ student: student.slice(0, 120) }),
      setReportOpen: (reportOpen) => set({ reportOpen }),
      answer(task, entry, text) {
        const said = text.trim();
        const { answers } = get().tasks[task];
        const known = answers[entry];
        if (known?.said === said || judgedOf(get().tasks, task, entry)?.right === true) return;
        change(task, { answers: { ...answers, [entry]: { said, before: known ? known.before + 1 : 0 } } });
        const judged = judgedOf(get().tasks, task, entry);
        if (judged && get().tasks[task].at === null) set({ said: judged.sentence });
      },
      write(task, entry, said) {
        const { answers, ...rest } = get().tasks[task];
        set({ tasks: { ...get().tasks, [task]: { ...rest, answers: { ...answers, [entry]: { said: said.slice(0, MOST_CHARACTERS), before: 0 } } } } });
      },
      finish: (task) => change(task, {}),
      setUp: (id) => setUp(id, { run, lab, predict }),
      again(id) {
        clearTimeout(standing);
        set({ tasks: { ...get().tasks, [id]: { ...UNTOUCHED, since: now() } }, open: id, expanded: true });
        get().setUp(id);
      },
      startOver() {
        clearTimeout(standing);
        set({ ...FRESH_WALK, student: get().student, startedAt: now(), said: msg`The path begins anew.` });
      },
      restore(walk) {
        clearTimeout(standing);
        set(walk);
      },
      look() {
        clearTimeout(standing);
        if (lab.getState().path === null) return;
        const startedAt = get().startedAt ?? now();
        if (get().startedAt === null) set({ startedAt });
        for (const { id, check } of TASKS) {
          const { at, since, found } = get().tasks[id];
          if (!check || at !== null) continue;
          const checkNow = () => check({ run: run.getState(), predict: predict.getState() }, since ?? startedAt);
          const checked = checkNow();
          if (!checked.ok || (found?.sentence === checked.found && same(found.facts, checked.facts))) continue;
          if (id !== 'rewind') keep(id, checked);
          // Who drags over the place has not stopped there.
          else standing = setTimeout(() => { if (same(checkNow(), checked)) keep(id, checked); }, STOPPED);
        }
      },
    };

    function keep(id: TaskId, { found: sentence, facts }: Checked & { ok: true }): void {
      const evidence = id === 'predict' ? null : evidenceOf(run, lab);
      if (id !== 'predict' && !evidence) return;
      change(id, { found: { sentence, facts, evidence, pictures: [] } });
      if (get().tasks[id].at === null) set({ said: sentence });
      if (evidence) setTimeout(() => { void takePictures(id, evidence); }, DRAWN);
    }

    /** Of the state that was found, if the page still shows it. */
    async function takePictures(id: TaskId, evidence: Evidence): Promise<void> {
      const still = () => get().tasks[id].found?.evidence === evidence && evidenceOf(run, lab)?.link === evidence.link;
      if (!still()) return;
      // Without a network a part of the page may not come: then the report has no pictures.
      const taken = await pictures(msg`Update ${evidence.step}, seeds ${evidence.seeds.join(', ')}, ${evidence.backend}`).catch((): ReportPicture[] => []);
      const { found } = get().tasks[id];
      if (taken.length > 0 && found && still()) set({ tasks: { ...get().tasks, [id]: { ...get().tasks[id], found: { ...found, pictures: taken } } } });
    }
  });
  watch(run, lab, predict, path);
  return path;
}

function doneWords(tasks: Walks, id: TaskId): string {
  const next = nextTask(tasks, id);
  const done = msg`Task ${TASK_IDS.indexOf(id) + 1} of ${TASK_IDS.length} is done.`;
  return next === null ? msg`${done} All tasks are done: save your report.` : msg`${done} Next: ${taskOf(next).title}.`;
}

/** Looks when something changed that a check may read: not at every update of a run that is going on. */
function watch(run: RunStore, lab: LabStore, predict: PredictStore, path: PathStore): void {
  run.subscribe((now, before) => {
    if (now.state === 'running' || now.state === 'starting') return;
    if ((['state', 'step', 'seeking', 'frame', 'backend', 'replacing', 'forking', 'schedule'] as const).some((key) => now[key] !== before[key])) path.getState().look();
  });
  predict.subscribe((now, before) => {
    if (now.stage !== before.stage || now.records !== before.records) path.getState().look();
  });
  lab.subscribe((now, before) => {
    if (now.path !== before.path) path.getState().look();
  });
}

/** Null in windows that only show what another one does. */
export const PathContext = createContext<PathStore | null>(null);

/** @throws Error where there is no path: only parts of the path ask */
export function usePath<T>(selector: (path: PathStatus & PathActions) => T): T {
  const store = useContext(PathContext);
  if (!store) throw new Error('usePath: no PathContext above this component');
  return useStore(store, selector);
}
