/** What a student has done is kept on this machine. */
import { same } from '../../sim/experimentPrint.ts';
import { MOST_CHARACTERS } from './entries.ts';
import { FRESH_WALK, isComplete, type Answered, type Found, type PathStore, type TaskWalk, type Walk, type Walks } from './pathStore.ts';
import { REPORT_LIMITS } from './report.ts';
import { isCount, isDate, isEvidence, isPicture, isProse, isShort } from './reportSchema.ts';
import { TASK_IDS } from './taskIds.ts';

const KEY = 'dpo-lab/path/ood';
const VERSION = 1;
/** Writing waits for a pause in typing, ms. */
const SETTLE = 300;

type Loose = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isAnswer = (value: unknown): value is string => isProse(value) && value.length <= MOST_CHARACTERS;

function answersIn(value: unknown): Record<string, Answered> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).flatMap(([id, one]): [string, Answered][] => (
    isObject(one) && isAnswer(one.said) ? [[id, { said: one.said, before: isCount(one.before) ? one.before : 0 }]] : [])));
}

function foundIn(value: unknown): Found | null {
  if (!isObject(value) || !isProse(value.sentence) || !isObject(value.facts)) return null;
  const { sentence, evidence, pictures } = value;
  if (!Object.values(value.facts).every(Number.isFinite) || !(evidence === null || isEvidence(evidence))) return null;
  return { sentence, facts: value.facts as Found['facts'], evidence, pictures: Array.isArray(pictures) ? pictures.filter(isPicture).slice(0, REPORT_LIMITS.pictures) : [] };
}

function taskIn(value: unknown): TaskWalk {
  if (!isObject(value)) return { since: null, found: null, answers: {}, at: null };
  const { since, at } = value;
  return { since: isDate(since) ? since : null, found: foundIn(value.found), answers: answersIn(value.answers), at: isDate(at) ? at : null };
}

/** What is kept, as far as it is of this version: another program may have written there. */
export function readWalk(text: string | null): Walk | null {
  try {
    const kept: unknown = JSON.parse(text ?? 'null');
    if (!isObject(kept) || kept.version !== VERSION || !isObject(kept.tasks)) return null;
    const parts = kept.tasks;
    const read = Object.fromEntries(TASK_IDS.map((id) => [id, taskIn(Object.hasOwn(parts, id) ? parts[id] : null)])) as unknown as Walks;
    // What was dropped, or is judged otherwise by now, is to be done again.
    const tasks = Object.fromEntries(TASK_IDS.map((id) => [id, isComplete(read, id) ? read[id] : { ...read[id], at: null }])) as unknown as Walks;
    return {
      startedAt: isDate(kept.startedAt) ? kept.startedAt : null,
      open: TASK_IDS.find((id) => id === kept.open) ?? FRESH_WALK.open,
      expanded: kept.expanded !== false,
      student: isShort(kept.student) ? kept.student : '',
      tasks,
    };
  } catch {
    return null;
  }
}

/** As text; without pictures where there is no room for them. */
export function printWalk({ startedAt, open, expanded, student, tasks }: Walk, withPictures = true): string {
  const kept = withPictures ? tasks : Object.fromEntries(Object.entries(tasks).map(([id, task]) => [id, { ...task, found: task.found && { ...task.found, pictures: [] } }]));
  return JSON.stringify({ version: VERSION, startedAt, open, expanded, student, tasks: kept });
}

/**
 * Two walks that began as one, part by part: what this window has not changed is the other's. What is open stays.
 *
 * @param before  what both began with
 */
export function mergedWalk(before: Walk, own: Walk, other: Walk): Walk {
  const tasks = Object.fromEntries(TASK_IDS.map((id) => {
    const [mine, theirs] = [own.tasks[id], other.tasks[id]];
    // Done there and, since, not begun anew here.
    const isDoneThere = theirs.at !== null && mine.at === null && (mine.since ?? '') <= theirs.at;
    return [id, mine === before.tasks[id] || isDoneThere ? theirs : mine];
  })) as unknown as Walks;
  return {
    startedAt: own.startedAt === before.startedAt ? other.startedAt : own.startedAt,
    open: own.open, expanded: own.expanded,
    student: own.student === before.student ? other.student : own.student,
    tasks,
  };
}

/** A walk with the very tasks of the one before wherever they say the same: what waits for a task of this window still knows it. */
function keepingTasks(before: Walk, other: Walk): Walk {
  const tasks = Object.fromEntries(TASK_IDS.map((id) => [id, same(before.tasks[id], other.tasks[id]) ? before.tasks[id] : other.tasks[id]])) as unknown as Walks;
  return { ...other, tasks };
}

const walkOf = ({ startedAt, open, expanded, student, tasks }: Walk): Walk => ({ startedAt, open, expanded, student, tasks });

/**
 * Keeps the walk of a store on this machine, and takes up the one that is there, also what another window writes later.
 *
 * @param storage  throws where it is blocked
 * @param page     tells of what other windows write, and of the end
 */
export function keepWalk(path: PathStore, storage: () => Storage, page: Pick<EventTarget, 'addEventListener'> | null = typeof window === 'undefined' ? null : window): void {
  let known = attempt(() => storage().getItem(KEY));
  const kept = readWalk(known);
  if (kept) path.getState().restore(kept);
  /** What this window last read or wrote. */
  let synced = walkOf(path.getState());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isTaking = false;
  const takeIn = () => {
    const text = attempt(() => storage().getItem(KEY));
    if (text === known) return;
    known = text;
    const read = readWalk(text);
    if (!read) return;
    const other = keepingTasks(synced, read);
    const merged = mergedWalk(synced, path.getState(), other);
    synced = other;
    isTaking = true;
    path.getState().restore(merged);
    isTaking = false;
  };
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    takeIn();
    const walk = walkOf(path.getState());
    for (const withPictures of [true, false]) {
      const text = printWalk(walk, withPictures);
      if (!attempt(() => { storage().setItem(KEY, text); return true; })) continue;
      known = text;
      synced = walk;
      return;
    }
  };
  path.subscribe((now, before) => {
    if (isTaking || (['startedAt', 'open', 'expanded', 'student', 'tasks'] as const).every((key) => now[key] === before[key])) return;
    timer ??= setTimeout(write, SETTLE);
  });
  page?.addEventListener('storage', (event) => { if ((event as StorageEvent).key === KEY) takeIn(); });
  page?.addEventListener('pagehide', () => { if (timer !== undefined) write(); });
}

/** Null where storage is blocked or full: then nothing is remembered. */
function attempt<T>(what: () => T): T | null {
  try {
    return what();
  } catch {
    return null;
  }
}
