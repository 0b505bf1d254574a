/** The task that is open: what to do, what the page shows of it, what is to be entered, and the way on. */
import { useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { usePredict } from '../predict/predictStore.ts';
import { useThrottledRun } from '../run.ts';
import { EntryField } from './EntryField.tsx';
import { Dots, focusTask } from './PathLine.tsx';
import { Row } from './Row.tsx';
import { judgedOf, nextTask, usePath, type TaskWalk } from './pathStore.ts';
import { hasSetUp } from './setUps.ts';
import { TASK_IDS, type TaskId } from './taskIds.ts';
import { taskOf, type PathTask } from './tasks.ts';

export function TaskCard() {
  const open = usePath((path) => path.open);
  const walk = usePath((path) => path.tasks[open]);
  const task = taskOf(open);
  return (
    <section className="path-task" id="path-task" aria-labelledby="path-task-title">
      <div className="path-body" key={open}>
        <div className="path-what">
          <div className="path-phone"><Dots /></div>
          <h2 className="path-head" id="path-task-title" tabIndex={-1}><span className="path-number">{TASK_IDS.indexOf(open) + 1}</span> {task.title}</h2>
          <p className="path-asked">{task.asked}</p>
          {open === 'say' && <Remember />}
          <Hints task={task} />
        </div>
        <div className="path-do">
          {task.check && <StateRow task={task} walk={walk} />}
          <Entries task={task} walk={walk} />
        </div>
        <Ways id={open} walk={walk} />
      </div>
    </section>
  );
}

function Hints({ task: { hint, seen } }: { task: PathTask }) {
  const [shown, setShown] = useState(0);
  return (
    <div className="path-hints">
      <button type="button" className="textual" aria-expanded={shown > 0} onClick={() => setShown(shown > 0 ? 0 : 1)}>{msg`Hint`}</button>
      {shown > 0 && <button type="button" className="textual" aria-expanded={shown > 1} onClick={() => setShown(shown > 1 ? 1 : 2)}>{msg`What will be seen`}</button>}
      <div className="path-hint-words" role="status">
        {shown > 0 && <p>{hint}</p>}
        {shown > 1 && <p>{seen}</p>}
      </div>
    </div>
  );
}

/** What the check finds on the page now; what it found, once it has. */
function StateRow({ task, walk: { found, since } }: { task: PathTask; walk: TaskWalk }) {
  const startedAt = usePath((path) => path.startedAt) ?? '';
  const stage = usePredict((predict) => predict.stage);
  const committed = usePredict((predict) => predict.committed);
  const records = usePredict((predict) => predict.records);
  // The checks read all that is on record, not only what lies before the present.
  const missing = useThrottledRun((run) => {
    const checked = task.check?.({ run: { ...run, history: run.recorded }, predict: { stage, committed, records } }, since ?? startedAt);
    return checked && !checked.ok ? checked.missing : '';
  });
  return <Row met={found !== null}>{found?.sentence ?? missing}</Row>;
}

/** One entry after another: the next one shows its field when the one before is right. */
function Entries({ task: { id, entries, check }, walk }: { task: PathTask; walk: TaskWalk }) {
  const tasks = usePath((path) => path.tasks);
  const rights = entries.map((entry) => judgedOf(tasks, id, entry.id)?.right === true);
  const ready = check === null || walk.found !== null;
  const at = ready ? rights.indexOf(false) : -1;
  return entries.map((entry, i) => <EntryField key={entry.id} task={id} entry={entry} answered={walk.answers[entry.id] ?? null} judged={judgedOf(tasks, id, entry.id)} active={i === at} />);
}

function Ways({ id, walk: { at, found, answers } }: { id: TaskId; walk: TaskWalk }) {
  const setUp = usePath((path) => path.setUp);
  const again = usePath((path) => path.again);
  const openTask = usePath((path) => path.openTask);
  const setReportOpen = usePath((path) => path.setReportOpen);
  const next = usePath((path) => nextTask(path.tasks, id));
  const begun = at !== null || found !== null || Object.keys(answers).length > 0;
  return (
    <div className="path-ways">
      {at !== null && next !== null && <button type="button" className="outlined path-next" onClick={() => focusTask(() => openTask(next))}>{msg`Next: ${taskOf(next).title}`}</button>}
      {at !== null && next === null && <button type="button" className="outlined path-next" onClick={() => setReportOpen(true)}>{msg`All done: your report`}</button>}
      {at === null && hasSetUp(id) && <button type="button" className="outlined" onClick={() => setUp(id)}>{msg`Set it up for me`}</button>}
      {at === null && next !== null && next !== id && <button type="button" className="textual" onClick={() => focusTask(() => openTask(next))}>{msg`Go on without it`}</button>}
      {begun && <button type="button" className="textual" onClick={() => again(id)}>{msg`Do it again`}</button>}
    </div>
  );
}

/** What was predicted and what it was. */
function Remember() {
  const startedAt = usePath((path) => path.startedAt) ?? '';
  const record = usePredict((predict) => predict.records.findLast(({ committedAt, ended, said }) => committedAt >= startedAt && ended === 'scored' && said !== ''));
  if (!record?.outcome) return null;
  return <p className="path-remember">{msg`You predicted: ${record.said}. ${record.outcome.sentence}`}</p>;
}
