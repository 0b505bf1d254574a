/** One report to read: what the student did, wrote and saw, task by task. */
import { useEffect, useRef } from 'react';
import { msg } from '../../sim/msg.ts';
import { points } from '../../sim/question.ts';
import type { PredictionRecord } from '../predict/records.ts';
import { voidWords } from '../predict/words.ts';
import type { Report } from '../student/report.ts';
import { replayOf, rowOf, sortedRows, studentName } from './classRows.ts';
import { labAddress, sharedWords } from './claims.ts';
import { jobsOf } from './jobs.ts';
import type { OpenReport } from './openReports.ts';
import { UnderWay } from './ReplayBar.tsx';
import { ReplayMark } from './ReplayMark.tsx';
import { useReports, useReportsStore } from './reportsStore.ts';
import { TaskSection } from './TaskSection.tsx';
import { When } from './When.tsx';

export function ReportPage({ opened }: { opened: OpenReport }) {
  const { report, id } = opened;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    heading.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <>
      <Neighbours id={id} />
      <h1 ref={heading} tabIndex={-1} className="report-name"><bdi>{studentName(report)}</bdi></h1>
      <Summary opened={opened} />
      {report.tasks.map((task, i) => <TaskSection key={i} report={id} task={task} index={i} />)}
      <Predictions predictions={report.predictions} />
    </>
  );
}

/** Back to the class, and to the reports beside this one as the table is sorted. */
function Neighbours({ id }: { id: string }) {
  const { opened, replayed, waiting, sort, show } = useReports((reports) => reports);
  const rows = sortedRows(opened.map((one) => rowOf(one, replayed, waiting)), sort.column, sort.descending);
  const at = rows.findIndex((row) => row.id === id);
  const [before, after] = [rows[at - 1], rows[at + 1]];
  return (
    <nav className="reports-buttons report-nav" aria-label={msg`Reports`}>
      <button type="button" className="outlined" onClick={() => show(null)}>{msg`← The class`}</button>
      <button type="button" className="outlined" aria-disabled={!before || undefined} onClick={() => before && show(before.id)}>{msg`Previous report`}</button>
      <button type="button" className="outlined" aria-disabled={!after || undefined} onClick={() => after && show(after.id)}>{msg`Next report`}</button>
      <span className="reports-note">{msg`${at + 1} of ${rows.length}`}</span>
    </nav>
  );
}

function Summary({ opened }: { opened: OpenReport }) {
  const { id, file, intact, report } = opened;
  const store = useReportsStore();
  const replayed = useReports((reports) => reports.replayed);
  const waiting = useReports((reports) => reports.waiting);
  const replay = replayOf(opened, replayed, waiting);
  const jobs = jobsOf([opened]);
  return (
    <section className="report-summary" aria-label={msg`The report`}>
      <dl>
        <dt>{msg`saved`}</dt><dd><When at={report.createdAt} />, {msg`as `}<bdi>{file}</bdi></dd>
        <dt>{msg`made with`}</dt><dd>{msg`DPO Lab ${report.lab}`}{report.address !== '' && <>{msg` at `}<bdi>{report.address}</bdi></>}</dd>
        <dt>{msg`tasks done`}</dt><dd>{msg`${report.tasks.filter(({ done }) => done).length} of ${report.tasks.length}`}</dd>
        <dt>{msg`hash`}</dt><dd data-wrong={!intact}>{intact ? msg`matches what the report says: nothing was changed without hashing again (it is no signature)` : msg`✗ changed: it is not the hash of what the report says now`} <code className="report-hash" title={id}>{id.slice(0, 12)}</code></dd>
        <dt>{msg`replay`}</dt><dd><ReplayMark summary={{ ...replay, detail: sharedWords(report.tasks) }} />{jobs.length > 0 && <p className="reports-note">{msg`A replay shows that the numbers are those of the run that the report names, not that it is the run the task asked for.`}</p>}</dd>
      </dl>
      {jobs.length > 0 && (
        <div className="reports-buttons">
          {waiting.length > 0
            ? <button type="button" className="outlined" onClick={() => store.getState().stop()}>{msg`Stop`}</button>
            : <button type="button" className="outlined reports-primary" onClick={() => store.getState().replay(jobs)}>{msg`Replay this report`}</button>}
          <UnderWay />
        </div>
      )}
    </section>
  );
}

function Predictions({ predictions }: { predictions: Report['predictions'] }) {
  if (predictions.length === 0) return null;
  return (
    <section className="report-task" aria-labelledby="report-predictions">
      <h2 id="report-predictions">{msg`Predictions`}</h2>
      <ol className="report-predictions">{predictions.map((record, i) => <Prediction key={i} record={record} />)}</ol>
    </section>
  );
}

function Prediction({ record: { words, said, outcome, ended, score, committedAt, link } }: { record: PredictionRecord }) {
  return (
    <li>
      <p className="report-asked">{words}</p>
      <p>{said === '' ? msg`No answer of their own.` : said}</p>
      <p className="reports-note">{ended === 'scored' ? outcome?.sentence : voidWords(ended)}{score !== null && msg` ${points(score)}.`}</p>
      <p className="reports-note"><When at={committedAt} /> · <a href={labAddress(link)} target="_blank" rel="noreferrer">{msg`Ask the same in the lab (new tab)`}</a></p>
    </li>
  );
}
