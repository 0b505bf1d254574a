/** The tables of the self-check. */
import type { ReactNode } from 'react';
import { msg } from '../../sim/msg.ts';
import type { SelfTestRow } from '../../sim/worker/selfTestProtocol.ts';
import { formatNumber } from '../format.ts';
import { Indexed } from './DerivationSides.tsx';
import type { CheckedStep, MathematicsCheck } from './selfCheck.ts';

type Mark = 'pass' | 'fail' | 'none';

function Tick({ mark, word }: { mark: Mark; word: string }) {
  return <span className="self-check-tick" data-mark={mark}><span aria-hidden="true">{mark === 'pass' ? '✓' : mark === 'fail' ? '✗' : '–'}</span> {word}</span>;
}

function Table({ caption, head, children }: { caption: string; head: readonly string[]; children: ReactNode }) {
  return (
    <div className="self-check-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table className="self-check-table">
        <caption>{caption}</caption>
        <thead><tr>{head.map((text) => <th key={text} scope="col">{text}</th>)}</tr></thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

const KINDS: Readonly<Record<CheckedStep['kind'], string>> = { definition: msg`definition`, identity: msg`identity`, stationary: msg`stationary`, maximum: msg`maximum` };

const off = (value: number) => (Number.isNaN(value) ? '' : value <= 0 && !Object.is(value, 0) ? msg`none better` : formatNumber(value));

export function StepsTable({ check: { steps, tolerance } }: { check: MathematicsCheck }) {
  const checked = steps.filter(({ verdict }) => verdict !== 'definition').length;
  return (
    <Table caption={msg`The derivation: ${steps.length} lines, ${checked} checked, ${steps.length - checked} definitions; allowed difference ${formatNumber(tolerance)}, relative`} head={[msg`line`, msg`kind`, msg`instances`, msg`largest difference`, msg`result`]}>
      {steps.map(({ id, title, kind, count, off: largest, verdict }) => (
        <tr key={id} data-self-check-row={id} data-verdict={verdict}>
          <th scope="row">{title}</th><td>{KINDS[kind]}</td><td className="number">{count > 0 ? count.toLocaleString('en') : ''}</td><td className="number">{off(largest)}</td>
          <td>{verdict === 'definition' ? <Tick mark="none" word={msg`nothing to check`} /> : <Tick mark={verdict} word={verdict === 'pass' ? msg`holds` : msg`does not hold`} />}</td>
        </tr>
      ))}
    </Table>
  );
}

export function ErrataTable({ check: { errata, words } }: { check: MathematicsCheck }) {
  return (
    <Table caption={msg`The slides’ versions: ${errata.length} evaluated; ${words} more are remarks in words`} head={[msg`no.`, msg`where`, msg`the slide says`, msg`here it should`, msg`it does`, msg`difference`, msg`result`]}>
      {errata.map(({ number, at, slide, expected, found, off: largest, asExpected }) => (
        <tr key={`${number} ${at}`} data-self-check-row={`erratum-${number}`} data-verdict={asExpected ? 'pass' : 'fail'}>
          <th scope="row">{number}</th><td>{at}</td><td><Indexed text={slide} /></td><td>{expected === 'holds' ? msg`hold` : msg`fail`}</td><td>{found === 'holds' ? msg`hold` : msg`fail`}</td><td className="number">{off(largest)}</td>
          <td><Tick mark={asExpected ? 'pass' : 'fail'} word={asExpected ? msg`as expected` : msg`not as expected`} /></td>
        </tr>
      ))}
    </Table>
  );
}

export function EngineTable({ rows, running }: { rows: readonly SelfTestRow[]; running: boolean }) {
  return (
    <Table caption={msg`The engine on this machine`} head={[msg`test`, msg`how`, msg`off by`, msg`allowed`, msg`result`]}>
      {rows.map(({ name, how, off: by, allowed, verdict, note }) => (
        <tr key={name} data-self-check-row={`engine-${name.replaceAll(' ', '-')}`} data-verdict={verdict}>
          <th scope="row">{name}</th><td>{how} <small>{note}</small></td><td className="number">{Number.isNaN(by) ? '' : formatNumber(by)}</td><td className="number">{Number.isNaN(allowed) ? '' : formatNumber(allowed)}</td>
          <td>{verdict === 'not-run' ? <Tick mark="none" word={msg`not run`} /> : <Tick mark={verdict} word={verdict === 'pass' ? msg`passed` : msg`failed`} />}</td>
        </tr>
      ))}
      {running && <tr><td colSpan={5}>{msg`Testing…`}</td></tr>}
    </Table>
  );
}
