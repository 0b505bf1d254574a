/** What a student has done is kept on this machine. */
import { FRESH_WALK, isComplete, type Answered, type Found, type PathStore, type TaskWalk, type Walk, type Walks } from './pathStore.ts';
import { isEvidence, isPicture } from './reportSchema.ts';
import { TASK_IDS } from './taskIds.ts';

const KEY = 'dpo-lab/path/ood';
const VERSION = 1;
/** Writing waits for a pause in typing, ms. */
const SETTLE = 300;

type Loose = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isDate = (value: unknown): value is string => isText(value) && Number.isFinite(Date.parse(value));

function answersIn(value: unknown): Record<string, Answered> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).flatMap(([id, one]): [string, Answered][] => (
    isObject(one) && isText(one.said) ? [[id, { said: one.said, before: typeof one.before === 'number' ? one.before : 0 }]] : [])));
}

function foundIn(value: unknown): Found | null {
  if (!isObject(value) || !isText(value.sentence) || !isObject(value.facts)) return null;
  const { sentence, evidence, pictures } = value;
  if (!Object.values(value.facts).every(Number.isFinite) || !(evidence === null || isEvidence(evidence))) return null;
  return { sentence, facts: value.facts as Found['facts'], evidence, pictures: Array.isArray(pictures) ? pictures.filter(isPicture) : [] };
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
      student: isText(kept.student) ? kept.student : '',
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

/** Keeps the walk of a store on this machine, and takes up the one that is there. @param storage  throws where it is blocked */
export function keepWalk(path: PathStore, storage: () => Storage): void {
  const kept = attempt(() => readWalk(storage().getItem(KEY)));
  if (kept) path.getState().restore(kept);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    const walk = path.getState();
    const written = attempt(() => { storage().setItem(KEY, printWalk(walk)); return true; });
    if (!written) attempt(() => storage().setItem(KEY, printWalk(walk, false)));
  };
  path.subscribe((now, before) => {
    if ((['startedAt', 'open', 'expanded', 'student', 'tasks'] as const).every((key) => now[key] === before[key])) return;
    timer ??= setTimeout(write, SETTLE);
  });
  if (typeof window !== 'undefined') window.addEventListener('pagehide', () => { if (timer !== undefined) write(); });
}

/** Null where storage is blocked or full: then nothing is remembered. */
function attempt<T>(what: () => T): T | null {
  try {
    return what();
  } catch {
    return null;
  }
}
