/** The table behind a chart as CSV: copied, or saved. */
import { useState } from 'react';
import { msg } from '../../sim/msg.ts';
import type { TableContent } from '../charts/DataTable.tsx';
import { download } from '../frame/download.ts';
import { copyText } from '../share/copyText.ts';
import { fileName } from './caption.ts';
import { tableCsv } from './tableCsv.ts';
import { useTaking } from './taking.ts';
import './takeaway.css';

export function TableActions({ content }: { content: TableContent }) {
  const taking = useTaking();
  const [said, setSaid] = useState('');
  if (!taking) return null;
  const { run, lab } = taking;
  async function copy(): Promise<void> {
    setSaid(await copyText(tableCsv(content).replace(/^\ufeff/, '')) ? msg`Copied.` : msg`This browser did not let it be copied; save it instead.`);
  }
  function save(): void {
    download(fileName(lab.getState().base.name, content.caption.split(',')[0], run.getState().step, 'csv'), tableCsv(content), 'text/csv;charset=utf-8');
    setSaid(msg`Saved.`);
  }
  return (
    <div className="table-actions">
      <button type="button" className="quiet-button" onClick={() => void copy()}>{msg`Copy as CSV`}</button>
      <button type="button" className="quiet-button" onClick={save}>{msg`Save CSV`}</button>
      <span role="status">{said}</span>
    </div>
  );
}
