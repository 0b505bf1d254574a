/** The class in a table, sorted by any column; on a phone every report is a card. */
import { useId } from 'react';
import { msg } from '../../sim/msg.ts';
import { points } from '../../sim/question.ts';
import { rowOf, sortedRows, SORT_COLUMNS, type ClassRow, type SortColumn } from './classRows.ts';
import { jobsOf } from './jobs.ts';
import { ReplayMark } from './ReplayMark.tsx';
import { useReports, useReportsStore } from './reportsStore.ts';
import { When } from './When.tsx';

const HEADS: Record<SortColumn, string> = {
  student: msg`student`, createdAt: msg`saved`, done: msg`tasks done`, score: msg`predictions`, intact: msg`hash`, replay: msg`replay`,
};

export function ClassTable() {
  const opened = useReports((reports) => reports.opened);
  const replayed = useReports((reports) => reports.replayed);
  const waiting = useReports((reports) => reports.waiting);
  const { column, descending } = useReports((reports) => reports.sort);
  const rows = sortedRows(opened.map((one) => rowOf(one, replayed, waiting)), column, descending);
  return (
    <section className="reports-class" aria-label={msg`The class`}>
      <SortChoice />
      <table className="reports-table">
        <caption className="lab-sr">{msg`The class, one report a row`}</caption>
        <thead>
          <tr>
            {SORT_COLUMNS.map((one) => (
              <th key={one} scope="col" aria-sort={one === column ? (descending ? 'descending' : 'ascending') : undefined}><SortButton column={one} /></th>
            ))}
            <th scope="col"><span className="lab-sr">{msg`replay this report`}</span></th>
          </tr>
        </thead>
        <tbody>{rows.map((row) => <Row key={row.id} row={row} />)}</tbody>
      </table>
      <p className="reports-note">{msg`The hash shows that a file was changed after it was saved; it is no signature. Whether the numbers are true, the replay shows: in the browser in which a report was made they are the same to the last digit, while another browser, graphics card or backend rounds differently. Scores of predictions are those of the report.`}</p>
    </section>
  );
}

function SortButton({ column }: { column: SortColumn }) {
  const sort = useReports((reports) => reports.sort);
  const sortBy = useReports((reports) => reports.sortBy);
  const mark = sort.column !== column ? '' : sort.descending ? '▼' : '▲';
  return <button type="button" className="reports-sort" onClick={() => sortBy(column)}>{HEADS[column]}<span className="reports-sort-mark" aria-hidden="true">{mark}</span></button>;
}

/** The same choice where the table has no head. */
function SortChoice() {
  const id = useId();
  const { column, descending } = useReports((reports) => reports.sort);
  const sortBy = useReports((reports) => reports.sortBy);
  return (
    <div className="reports-sort-choice">
      <label htmlFor={id}>{msg`Sort by`}</label>
      <select id={id} value={column} onChange={({ currentTarget }) => { const found = SORT_COLUMNS.find((one) => one === currentTarget.value); if (found) sortBy(found); }}>
        {SORT_COLUMNS.map((one) => <option key={one} value={one}>{HEADS[one]}</option>)}
      </select>
      <button type="button" className="outlined" aria-pressed={descending} onClick={() => sortBy(column)}>{msg`Reversed`}</button>
    </div>
  );
}

function Row({ row }: { row: ClassRow }) {
  const store = useReportsStore();
  const busy = row.replay.state === 'running';
  const again = () => store.getState().replay(jobsOf(store.getState().opened.filter(({ id }) => id === row.id)));
  return (
    <tr data-replay={row.replay.state}>
      <th scope="row" data-head={HEADS.student}>
        <button type="button" id={`report-${row.id}`} className="textual" title={row.file} onClick={() => store.getState().show(row.id)}><bdi>{row.student}</bdi></button>
      </th>
      <td data-head={HEADS.createdAt}><When at={row.createdAt} /></td>
      <td data-head={HEADS.done}>{msg`${row.done} of ${row.tasks}`}</td>
      <td data-head={HEADS.score}>{row.scored === 0 ? msg`none scored` : msg`${points(row.score)}`}{row.scored > 0 && <small>{row.scored === 1 ? msg`1 scored` : msg`mean of ${row.scored}`}</small>}</td>
      <td data-head={HEADS.intact} data-wrong={!row.intact}>{row.intact ? msg`intact` : msg`✗ changed`}</td>
      <td data-head={HEADS.replay} className="reports-replay"><ReplayMark summary={row.replay} /></td>
      <td className="reports-row-tools">
        {row.replay.state !== 'none' && <button type="button" className="outlined" aria-disabled={busy || undefined} aria-label={msg`Replay ${row.student}`} onClick={again}>{msg`Replay`}</button>}
      </td>
    </tr>
  );
}
