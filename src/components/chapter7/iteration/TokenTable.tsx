/** Every number of one response's tokens; a column appears with the stage that works it out. */
import { useEffect, useRef, type ReactNode } from 'react';
import { END_TOKEN, type TokenRow } from '../../../sim/iteration.ts';
import { STAGES, type Stage } from '../../../sim/iterationWords.ts';
import { msg } from '../../../sim/msg.ts';
import { formatNumber } from '../../format.ts';
import './iteration.css';

interface Column {
  id: string;
  stage: Stage;
  head: ReactNode;
  value: (row: TokenRow) => number;
  /** Whether the number is marked as clipped. */
  clipped?: (row: TokenRow) => boolean;
}

const logPi = (sub: string) => <>{msg`log π`}<sub>{sub}</sub></>;

function columnsOf(critic: boolean, passes: number): Column[] {
  const value: Column = { id: 'value', stage: 'advantage', head: msg`value V`, value: (row) => row.value };
  return [
    { id: 'oldLogp', stage: 'sample', head: logPi('old'), value: (row) => row.oldLogp },
    { id: 'score', stage: 'score', head: msg`score`, value: (row) => row.score },
    { id: 'refLogp', stage: 'kl', head: logPi('ref'), value: (row) => row.refLogp },
    { id: 'klReward', stage: 'kl', head: <>{msg`−β·log π`}<sub>old</sub>/π<sub>ref</sub></>, value: (row) => row.klReward },
    { id: 'reward', stage: 'kl', head: msg`reward`, value: (row) => row.reward },
    ...(critic ? [value] : []),
    { id: 'return', stage: 'advantage', head: msg`return R`, value: (row) => row.return },
    { id: 'advantage', stage: 'advantage', head: msg`advantage A`, value: (row) => row.advantage },
    ...Array.from({ length: passes }, (_, p): Column => ({
      id: `ratio${p + 1}`, stage: 'epochs', head: <>{msg`ρ, step `}{p + 1}</>, value: (row) => row.ratios[p], clipped: (row) => row.clipped[p],
    })),
  ];
}

interface TokenTableProps {
  rows: readonly TokenRow[];
  stage: Stage;
  critic: boolean;
  /** Gradient steps. */
  passes: number;
  /** Of the response. */
  name: string;
}

export function TokenTable({ rows, stage, critic, passes, name }: TokenTableProps) {
  const at = STAGES.indexOf(stage);
  // A gradient step whose minibatch did not have the response has no number for it.
  const columns = columnsOf(critic, passes).filter((column) => STAGES.indexOf(column.stage) <= at && !rows.every((row) => Number.isNaN(column.value(row))));
  const skipped = at >= STAGES.indexOf('epochs') ? passes - columns.filter(({ stage: own }) => own === 'epochs').length : 0;
  const isNew = (column: Column) => column.stage === stage || undefined;
  const scroll = useRef<HTMLDivElement>(null);
  // Where the table is wider than the page, what is new comes into view beside the tokens.
  useEffect(() => {
    const box = scroll.current;
    const [tokens, first] = ['th', '[data-new]'].map((selector) => box?.querySelector<HTMLElement>(selector));
    if (box && tokens && first) box.scrollLeft = first.offsetLeft - tokens.offsetWidth;
  }, [stage]);
  return (
    <div ref={scroll} className="iteration-scroll" role="region" aria-label={msg`Numbers of ${name}, token by token`} tabIndex={0}>
      <table className="iteration-table">
        <caption><span className="iteration-name">{name}</span><span className="lab-sr">{msg`, token by token; logarithms in nats, rewards in reward units`}</span></caption>
        <thead><tr><th scope="col">{msg`token`}</th>{columns.map((column) => <th key={column.id} scope="col" data-new={isNew(column)}>{column.head}</th>)}</tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.place}>
              <th scope="row" data-end={row.name === END_TOKEN || undefined}>{row.name}</th>
              {columns.map((column) => <Cell key={column.id} column={column} row={row} isNew={isNew(column)} />)}
            </tr>
          ))}
        </tbody>
      </table>
      {skipped > 0 && <p className="iteration-times iteration-skipped">{msg`The other `}{skipped}{msg` of `}{passes}{msg` gradient steps ${skipped === 1 ? msg`was` : msg`were`} made on other responses: a minibatch is a part of them.`}</p>}
    </div>
  );
}

function Cell({ column, row, isNew }: { column: Column; row: TokenRow; isNew: true | undefined }) {
  const value = column.value(row);
  const clipped = column.clipped?.(row) ?? false;
  return <td data-new={isNew} data-column={column.id} data-value={String(value)} data-clipped={clipped || undefined} title={String(value)}>{formatNumber(value)}{clipped && <small>{msg` clipped`}</small>}</td>;
}
