/** What the class predicted: of every question the answers as bars, what happened beside them, and the same as a table. */
import { useMemo } from 'react';
import { msg } from '../../sim/msg.ts';
import { points } from '../../sim/question.ts';
import { DataTable } from '../charts/DataTable.tsx';
import { formatProbability } from '../format.ts';
import { roleOf } from '../predict/MassBars.tsx';
import { classAnswers, type AnswerBar, type ClassAnswers } from './classAnswers.ts';
import { useReports } from './reportsStore.ts';

export function ClassPredictions() {
  const opened = useReports((reports) => reports.opened);
  const all = useMemo(() => classAnswers(opened.map(({ report }) => report)), [opened]);
  return (
    <section className="reports-predictions" aria-labelledby="reports-predictions">
      <h2 id="reports-predictions">{msg`What the class predicted`}</h2>
      {all.length === 0 ? <p className="reports-note">{msg`These reports hold no predictions.`}</p> : <p className="reports-note">{msg`Hatched: what was predicted, thin lines each student. Filled, or the thick line: what happened. Of each student the first answer that was scored counts: a second one was given with the outcome in view.`}</p>}
      <div className="reports-questions">{all.map((answers, i) => <Question key={i} answers={answers} />)}</div>
    </section>
  );
}

function Question({ answers }: { answers: ClassAnswers }) {
  const { title, words, students, score, bars, outcomes } = answers;
  return (
    <article className="reports-question">
      <h3>{title}</h3>
      <p className="reports-asked">{words}</p>
      <p className="reports-note">{students === 1 ? msg`1 student` : msg`${students} students`}{Number.isNaN(score) ? '' : msg`, mean score ${points(score)}`}</p>
      <div className="reports-bars">{bars.map((bar, i) => <Bar key={i} bar={bar} />)}</div>
      {outcomes.map(({ sentence, count }) => (
        <p key={sentence} className="reports-outcome"><span className="reports-note">{outcomes.length === 1 ? msg`What happened: ` : msg`What happened, in ${count} of them: `}</span>{sentence}</p>
      ))}
      <DataTable build={() => tableOf(answers)} />
    </article>
  );
}

function Bar({ bar: { label, group, share, each, text, was } }: { bar: AnswerBar }) {
  const right = was === true;
  return (
    <div className={`reports-answer ${group ? roleOf(group) : 'role-ink'}`} data-right={right}>
      <span className="reports-answer-name">{right && <span aria-hidden="true">✓ </span>}{label}{right && <span className="reports-note"> {msg`it was`}</span>}</span>
      <span className="reports-rail" aria-hidden="true">
        <b style={{ width: `${100 * share}%` }} />
        {each.map((one, i) => <u key={i} style={{ left: `${100 * one}%` }} />)}
        {typeof was === 'number' && <i style={{ left: `${100 * was}%` }} />}
      </span>
      <span className="reports-answer-value">{text}</span>
    </div>
  );
}

function tableOf({ title, bars }: ClassAnswers) {
  const masses = bars.some(({ was }) => typeof was === 'number');
  return {
    caption: title,
    head: masses ? [msg`group`, msg`mean of the predictions`, msg`lowest`, msg`highest`, msg`what happened`] : [msg`answer`, msg`given by`, msg`share`, msg`what happened`],
    rows: bars.map(({ label, share, each, text, was }) => (masses
      ? [label, ...[share, Math.min(...each), Math.max(...each)].map((value) => ({ text: formatProbability(value), value })), typeof was === 'number' ? { text: formatProbability(was), value: was } : '']
      : [label, text, { text: formatProbability(share), value: share }, was === true ? msg`this` : ''])),
  };
}
