/** The table behind a chart, built only while it is open. */
import { useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { TableActions } from '../takeaway/TableActions.tsx';
import { PiRef } from './PiRef.tsx';
import './charts.css';

export interface TableCell {
  text: string;
  /** A second, quieter line. */
  detail?: string;
  value?: number;
}
export interface TableContent {
  caption: string;
  head: readonly string[];
  /** The first cell of a row is its header. */
  rows: readonly (readonly (string | TableCell)[])[];
}

function Cell({ cell, header }: { cell: string | TableCell; header: boolean }) {
  const { text, value, detail } = typeof cell === 'string' ? { text: cell, value: undefined, detail: undefined } : cell;
  const data = value === undefined ? {} : { 'data-value': String(value), title: String(value) };
  return header ? <th scope="row" {...data}>{text}</th> : <td {...data}>{unbroken(text)}{detail !== undefined && <small>{unbroken(detail)}</small>}</td>;
}

/** A column narrower than its cell breaks it between numbers, not inside one. */
const unbroken = (text: string) => text.replaceAll(/(?<=[\d<>≈]) (?=[\d%])/g, '\u00a0');

export function DataTable({ build, word = msg`Table` }: { build: () => TableContent; word?: string }) {
  const [open, setOpen] = useState(false);
  const content = open ? build() : null;
  return (
    <details className="chart-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{word}</summary>
      {content && <TableActions content={content} />}
      {content && (
        <div className="chart-table-scroll" tabIndex={0} role="region" aria-label={content.caption}>
          <table data-names={content.head[0] === 'response' || content.head[0] === 'what'}>
            <caption>{content.caption}</caption>
            <thead><tr>{content.head.map((text) => <th key={text} scope="col">{text === 'π_ref' ? <PiRef /> : text}</th>)}</tr></thead>
            <tbody>
              {content.rows.map((row, i) => (
                // Rows have no identity beyond their place: the whole table is rebuilt with the data.
                <tr key={i}>{row.map((cell, k) => <Cell key={content.head[k]} cell={cell} header={k === 0} />)}</tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
