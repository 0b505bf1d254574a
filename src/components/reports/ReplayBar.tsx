/** Replays every report, one state after another; what is under way, and how to stop it. */
import { msg } from '../../sim/msg.ts';
import { download } from '../frame/download.ts';
import { classCsv, rowOf, sortedRows, studentName } from './classRows.ts';
import { jobKey, jobsOf } from './jobs.ts';
import { useReports, useReportsStore } from './reportsStore.ts';

export function ReplayBar() {
  const store = useReportsStore();
  const opened = useReports((reports) => reports.opened);
  const replayed = useReports((reports) => reports.replayed);
  const waiting = useReports((reports) => reports.waiting);
  const jobs = jobsOf(opened);
  const fresh = jobs.filter((job) => !replayed[jobKey(job)]);
  const again = fresh.length === 0;
  return (
    <section className="reports-bar" aria-label={msg`Replay`}>
      <div className="reports-buttons">
        {waiting.length > 0
          ? <button type="button" className="outlined" onClick={() => store.getState().stop()}>{msg`Stop`}</button>
          : <button type="button" className="outlined reports-primary" aria-disabled={jobs.length === 0 || undefined} onClick={() => store.getState().replay(again ? jobs : fresh)}>{again && jobs.length > 0 ? msg`Replay all again` : msg`Replay all`}</button>}
        <button type="button" className="outlined" onClick={() => saveTable(store)}>{msg`Download the table (CSV)`}</button>
        <button type="button" className="outlined" onClick={() => store.getState().forget()}>{msg`Forget all reports`}</button>
      </div>
      {waiting.length > 0 ? <UnderWay /> : <p className="reports-note">{statesWords(jobs.length, opened.length)}</p>}
      <Done />
    </section>
  );
}

function statesWords(states: number, reports: number): string {
  if (states === 0) return msg`None of these reports holds a state that can be replayed.`;
  const these = reports === 1 ? msg`the report` : msg`${reports} reports`;
  return states === 1 ? msg`1 state in ${these}: its run is made again from its link, and every number compared.` : msg`${states} states in ${these}: each run is made again from its link, and every number compared.`;
}

function saveTable(store: ReturnType<typeof useReportsStore>): void {
  const { opened, replayed, waiting, sort } = store.getState();
  const rows = sortedRows(opened.map((one) => rowOf(one, replayed, waiting)), sort.column, sort.descending);
  download('reports.csv', classCsv(rows), 'text/csv;charset=utf-8');
}

/** The replay that runs. */
export function UnderWay() {
  const waiting = useReports((reports) => reports.waiting);
  const asked = useReports((reports) => reports.asked);
  const progress = useReports((reports) => reports.progress);
  const opened = useReports((reports) => reports.opened);
  const [job] = waiting;
  const report = opened.find(({ id }) => id === job?.report)?.report;
  if (!job || !report) return null;
  const done = asked - waiting.length;
  return (
    <div className="reports-underway">
      <p>{msg`Replaying ${done + 1} of ${asked}: `}<bdi>{studentName(report)}</bdi>, {report.tasks[job.task]?.title}{progress && <span className="reports-note"> · {progress.words}</span>}</p>
      <progress aria-label={msg`Replays done`} max={asked} value={done + (progress?.share ?? 0)} />
    </div>
  );
}

/** Says aloud how far the replays are: at every tenth of them, and at the end. */
function Done() {
  const waiting = useReports((reports) => reports.waiting.length);
  const asked = useReports((reports) => reports.asked);
  const opened = useReports((reports) => reports.opened);
  const replayed = useReports((reports) => reports.replayed);
  const known = Object.keys(replayed).length;
  const done = asked - waiting;
  const tenth = Math.max(1, Math.round(asked / 10));
  const differ = opened.filter((one) => rowOf(one, replayed, []).replay.state === 'differs').length;
  const found = differ === 0 ? msg`no report differs` : differ === 1 ? msg`1 report differs` : msg`${differ} reports differ`;
  const words = waiting > 0 ? msg`${Math.floor(done / tenth) * tenth} of ${asked} replayed.` : known > 0 ? msg`${known} states replayed, ${found}.` : '';
  return <p className="lab-sr" role="status">{words}</p>;
}
