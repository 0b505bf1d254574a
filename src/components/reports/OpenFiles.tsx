/** Chooses report files, or takes those that are dropped anywhere on the page; says what was not opened. */
import { useEffect, useId, useRef, useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { MOST_REPORTS, shortName } from './openReports.ts';
import { useReports, useReportsStore } from './reportsStore.ts';

export function OpenFiles() {
  const input = useRef<HTMLInputElement>(null);
  const hint = useId();
  const open = useReports((reports) => reports.open);
  const reading = useReports((reports) => reports.reading);
  const over = useDropped();
  return (
    <section className="reports-open" data-over={over} aria-label={msg`Open reports`}>
      <input
        ref={input} type="file" multiple accept=".html,.htm,.json,text/html,application/json" hidden aria-label={msg`Report files`}
        onChange={({ currentTarget }) => { void open([...currentTarget.files ?? []]); currentTarget.value = ''; }}
      />
      <button type="button" className="outlined reports-choose" aria-describedby={hint} onClick={() => input.current?.click()}>{msg`Open reports…`}</button>
      <p id={hint}>{reading ? msg`Reading file ${reading.done + 1} of ${reading.all}.` : msg`or drop the files on this page: HTML or JSON, several at once, at most ${MOST_REPORTS}.`}</p>
      <Outcome />
    </section>
  );
}

/** Files dropped anywhere on the page: beside its mark the browser would leave the page for them. Returns whether some hover. */
function useDropped(): boolean {
  const store = useReportsStore();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const hover = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => { if (event.relatedTarget === null) setOver(false); };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      void store.getState().open([...event.dataTransfer?.files ?? []]);
    };
    addEventListener('dragover', hover);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', hover);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, [store]);
  return over;
}

/** What came of the last files. */
function Outcome() {
  const refused = useReports((reports) => reports.refused);
  const open = useReports((reports) => reports.opened.length);
  const reading = useReports((reports) => reports.reading !== null);
  const words = open === 1 ? msg`1 report is open.` : msg`${open} reports are open.`;
  return (
    <>
      <p className="lab-sr" role="status">{reading || (open === 0 && refused.length === 0) ? '' : msg`${words}${refused.length === 0 ? '' : refused.length === 1 ? msg` 1 file was not opened.` : msg` ${refused.length} files were not opened.`}`}</p>
      {refused.length > 0 && !reading && (
        <div className="reports-refused">
          <h2>{refused.length === 1 ? msg`Not opened: 1 file` : msg`Not opened: ${refused.length} files`}</h2>
          <ul>{refused.map(({ file, problem }, i) => <li key={i}><bdi>{shortName(file)}</bdi>: {problem}</li>)}</ul>
        </div>
      )}
    </>
  );
}
