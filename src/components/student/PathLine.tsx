/** Where the student is on the path: one line at the top, which stays while the page is scrolled. */
import { flushSync } from 'react-dom';
import { msg } from '../../sim/msg.ts';
import { useLab } from '../labStore.ts';
import { doneCount, usePath } from './pathStore.ts';
import { TASK_IDS } from './taskIds.ts';
import { taskOf } from './tasks.ts';

export function PathLine() {
  const open = usePath((path) => path.open);
  const expanded = usePath((path) => path.expanded);
  const done = usePath((path) => doneCount(path.tasks));
  const setExpanded = usePath((path) => path.setExpanded);
  const setReportOpen = usePath((path) => path.setReportOpen);
  const leave = useLab((lab) => lab.set);
  return (
    <section className="path-line" aria-label={msg`Guided path`}>
      <button type="button" className="path-toggle" aria-expanded={expanded} aria-controls="path-task" onClick={() => setExpanded(!expanded)}>
        <span className="predict-caret" aria-hidden="true" />
        <span className="path-now">{expanded ? <b>{msg`Guided path`}</b> : <><b>{msg`Task ${TASK_IDS.indexOf(open) + 1}`}</b> <span className="path-title">{taskOf(open).title}</span></>}</span>
      </button>
      <Dots />
      <span className="path-count">{done}{msg` of `}{TASK_IDS.length}<span className="path-wide">{msg` done`}</span></span>
      <div className="path-tools">
        <button type="button" className="quiet" onClick={() => setReportOpen(true)}><span className="path-wide">{msg`Your report`}</span><span className="path-narrow">{msg`Report`}</span></button>
        <button type="button" className="quiet" onClick={() => leave({ path: null })} title={msg`What you did is kept on this machine`}>{msg`Leave`}</button>
      </div>
    </section>
  );
}

/** One mark a task, filled where it is done. */
export function Dots() {
  const open = usePath((path) => path.open);
  const tasks = usePath((path) => path.tasks);
  const openTask = usePath((path) => path.openTask);
  return (
    <ol className="path-dots" aria-label={msg`Tasks`}>
      {TASK_IDS.map((id, i) => {
        const done = tasks[id].at !== null;
        const title = msg`Task ${i + 1}: ${taskOf(id).title}${done ? msg`, done` : ''}`;
        return (
          <li key={id}>
            <button type="button" className="path-dot" data-done={done} aria-current={id === open ? 'step' : undefined} aria-label={title} title={title} onClick={() => { openTask(id); }}>
              <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                <circle cx="8" cy="8" r="5" fill={done ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth="1.5" />
                {done && <path d="m5.6 8.1 1.7 1.7 3.1-3.5" fill="none" stroke="var(--paper)" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />}
              </svg>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

/** Where the keyboard goes on when another task is opened by its button. */
export function focusTask(change: () => void): void {
  flushSync(change);
  document.getElementById('path-task-title')?.focus({ preventScroll: true });
}
