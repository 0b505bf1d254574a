/** The frame of every panel, so that all of them read alike. */
import { useId, type ReactNode } from 'react';
import { msg } from '../../sim/msg.ts';
import { DataTable, type TableContent } from '../charts/DataTable.tsx';
import { PiRef } from '../charts/PiRef.tsx';
import { PictureAction } from '../takeaway/PictureAction.tsx';
import { slugOf } from '../takeaway/slug.ts';
import { useTaking } from '../takeaway/taking.ts';
import '../charts/charts.css';
import './panels.css';

interface PanelProps {
  title: string;
  sub?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** Builds the table behind the chart; absent while there is nothing to tabulate. */
  table?: () => TableContent;
  tableWord?: string;
  /** Words under the chart, beside the table's disclosure. */
  note?: ReactNode;
  /** The heading is for assistive technology only: the chart labels itself. */
  quiet?: boolean;
}

export function Panel({ title, sub, actions, children, table, tableWord, note, quiet = false }: PanelProps) {
  const id = useId();
  const taking = useTaking();
  return (
    <section className="lab-panel" aria-labelledby={id} data-panel={slugOf(title)}>
      <div className={quiet ? 'lab-sr' : 'lab-panel-head'}>
        <h2 className="lab-panel-title" id={id}>{title}</h2>
        {actions && !quiet && <div className="lab-panel-actions">{actions}</div>}
      </div>
      {sub && <p className="lab-panel-sub">{sub}</p>}
      {children}
      {(note || table || taking) && (
        <div className={quiet ? 'lab-panel-foot lab-panel-foot-quiet' : 'lab-panel-foot'}>
          <div className="lab-panel-note">{note}</div>
          {quiet && actions}
          {table && <DataTable build={table} {...(tableWord ? { word: tableWord } : {})} />}
          {taking && <PictureAction stores={taking} title={title} />}
        </div>
      )}
    </section>
  );
}

/** What a panel shows while there is nothing to draw; as high as the chart that will stand there, or as its box. */
export function EmptyChart({ heightRem, children }: { heightRem?: number; children: ReactNode }) {
  return <div className="lab-panel-empty" style={{ height: heightRem === undefined ? '100%' : `${heightRem}rem` }}>{children}</div>;
}

/** Why there is no frame yet, in words. */
export const WAITING = <span>{msg`The reference policy `}<PiRef />{msg` is being prepared; the curves begin when it stands.`}</span>;
