/** "Your report": whose it is, how it looks, and how it is taken along. */
import { useMemo, useRef, useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { Dialog } from '../frame/Dialog.tsx';
import { download } from '../frame/download.ts';
import { usePredict } from '../predict/predictStore.ts';
import { addressOfPage, fileNameOf, makeReport } from './makeReport.ts';
import { doneCount, usePath } from './pathStore.ts';
import { hashOf, printReport, reportHtml } from './reportFile.ts';
import { shortHash } from './reportHash.ts';
import { TASK_IDS } from './taskIds.ts';
import './student.css';

export function ReportDialog() {
  const setReportOpen = usePath((path) => path.setReportOpen);
  return <Dialog opened close={() => setReportOpen(false)} title={msg`Your report`} size="60rem"><Contents /></Dialog>;
}

function Contents() {
  const walk = usePath((path) => path);
  const { student, startedAt, open, expanded, tasks, setStudent } = walk;
  const records = usePredict((predict) => predict.records);
  const [createdAt] = useState(() => new Date().toISOString());
  const report = useMemo(
    () => makeReport({ student, startedAt, open, expanded, tasks }, records, { createdAt, address: addressOfPage(location) }),
    [student, startedAt, open, expanded, tasks, records, createdAt],
  );
  const html = useMemo(() => reportHtml(report), [report]);
  const preview = useRef<HTMLIFrameElement>(null);
  const done = doneCount(tasks);
  const name = fileNameOf(report.student);
  return (
    <div className="report-dialog">
      <div className="report-bar">
        <label className="report-name">{msg`Your name, if you want it in the report`}<input value={student} maxLength={120} autoComplete="name" onChange={(event) => setStudent(event.target.value)} /></label>
        <button type="button" className="outlined report-main" onClick={() => download(`${name}.html`, html, 'text/html')}>{msg`Save`}</button>
        <button type="button" className="outlined" onClick={() => download(`${name}.json`, printReport(report))}>{msg`Save JSON`}</button>
        <button type="button" className="outlined" onClick={() => preview.current?.contentWindow?.print()}>{msg`Print`}</button>
      </div>
      <p className="report-note">
        {done === TASK_IDS.length ? msg`All ${done} tasks are done.` : msg`${done} of ${TASK_IDS.length} tasks are done; the others stand in the report as not done.`}{' '}
        {msg`Nothing is sent anywhere: you hand in the file yourself. Its hash is ${shortHash(hashOf(report))}…; it shows whether the data in the file was changed after saving, and is no signature.`}
      </p>
      <iframe ref={preview} className="report-preview" title={msg`Preview of the report`} srcDoc={html} sandbox="allow-same-origin allow-modals allow-popups" />
      <StartOver />
    </div>
  );
}

/** Asks once. */
function StartOver() {
  const startOver = usePath((path) => path.startOver);
  const setReportOpen = usePath((path) => path.setReportOpen);
  const [asked, setAsked] = useState(false);
  if (!asked) return <p className="report-note"><button type="button" className="textual" onClick={() => setAsked(true)}>{msg`Start the path over`}</button></p>;
  return (
    <div className="report-bar" role="group" aria-label={msg`Start the path over`}>
      <p className="report-note">{msg`All answers and everything that was found are forgotten on this machine. Save the report first if you want to keep it.`}</p>
      <button type="button" className="outlined" onClick={() => { startOver(); setReportOpen(false); }}>{msg`Yes, start over`}</button>
      <button type="button" className="outlined" onClick={() => setAsked(false)}>{msg`No`}</button>
    </div>
  );
}
