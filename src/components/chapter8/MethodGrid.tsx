/** Small multiples: one column per method, one row per quantity, every row on one axis. */
import { scaleLinear, scaleSymlog } from 'd3-scale';
import { area, line } from 'd3-shape';
import { useState } from 'react';
import type { BandPoint } from '../../sim/history.ts';
import type { MethodFacts } from '../../sim/methodFacts.ts';
import { msg } from '../../sim/msg.ts';
import { costWords } from '../../sim/sentences8.ts';
import { linesWords } from '../../sim/words.ts';
import { Choice, SCALES, type ScaleKind } from '../charts/Choice.tsx';
import { useRun } from '../run.ts';
import { EmptyChart, Panel, WAITING } from '../panels/Panel.tsx';
import { bandsOf } from '../panels/population.ts';
import { costAt, GRID_ROWS, rowAxis, X_KINDS, type GridRow, type XKind } from './gridRows.ts';
import { useMethodRun, type MethodRun } from './useMethods.ts';
import './methods.css';

const POINTS = 100;
/** The box that cells are drawn in; it stretches with the cell. */
const WIDTH = 120;
const HEIGHT = 60;
/** Below this many responses or calls the axis of costs is linear, above it logarithmic. */
const LINEAR_UP_TO = 20;

export function MethodGrid() {
  const run = useMethodRun();
  const [kind, setKind] = useState<XKind>('updates');
  const [shares, setShares] = useState<ScaleKind>('linear');
  const head = { title: msg`Side by side` };
  if (!run) return <Panel {...head}><EmptyChart heightRem={24}>{WAITING}</EmptyChart></Panel>;
  const actions = (
    <>
      <Choice label={msg`Scale of the probability`} options={SCALES} value={shares} onChange={setShares} />
      <Choice label={msg`Horizontal axis`} options={X_KINDS} value={kind} onChange={setKind} />
    </>
  );
  const several = run.experiment.seeds.length > 1;
  const focus = { ...run.focus, seedIndex: null };
  const note = kind === 'updates' ? undefined : (
    <>{run.methods.map((method) => <span className="grid-cost" key={method.index}><b>{method.label}</b>: {costWords(method, costAt('samples', method.experiment, run.frame.step), costAt('judge', method.experiment, run.frame.step))}. </span>)}</>
  );
  return (
    <Panel {...head} actions={actions} sub={<>{linesWords(run.experiment, focus)}{run.view.optimalLogps && <>; <span className="grid-optimum">{msg`dashes: π*`}</span></>}{msg`; click a method to show it in the panels below`}</>} note={note} table={() => tableOf(run)}>
      <div className="method-scroll" tabIndex={0} role="region" aria-label={msg`Small multiples of the methods`}>
        <div className="method-grid" style={{ gridTemplateColumns: `var(--grid-head) repeat(${run.methods.length}, minmax(var(--grid-cell), 1fr))` }}>
          <MethodHeads methods={run.methods} shown={run.focus.sweepIndex} />
          {GRID_ROWS.map((row) => <Row key={row.id} row={row} run={run} kind={kind} shares={shares} several={several} />)}
          <XAxis run={run} kind={kind} />
        </div>
      </div>
    </Panel>
  );
}

function MethodHeads({ methods, shown }: { methods: readonly MethodFacts[]; shown: number }) {
  const setFocus = useRun((run) => run.setFocus);
  const focus = useRun((run) => run.focus);
  return (
    <>
      <span className="grid-corner" />
      {methods.map(({ index, label, explanation }) => (
        <button key={index} type="button" className="grid-method" title={explanation} aria-pressed={index === shown} onClick={() => { setFocus({ ...focus, sweepIndex: index }); }}>{label}</button>
      ))}
    </>
  );
}

interface RowProps {
  row: GridRow;
  run: MethodRun;
  kind: XKind;
  shares: ScaleKind;
  several: boolean;
}

function Row({ row, run, kind, shares, several }: RowProps) {
  const { history, methods, experiment, view } = run;
  // A quantity that is nowhere defined, as the gold reward without one, has no row.
  const lines = row.lines.filter(({ metric }) => methods.some((method) => method.now(metric).values.some((value) => Number.isFinite(value) && (row.domain === undefined || value > 0 || metric === 'mass/ood'))));
  if (lines.length === 0) return null;
  const bands = methods.map(({ members }) => lines.map(({ metric }) => bandsOf(history, metric, { shown: members, seeds: members }, POINTS)));
  const optima = methods.map((method) => row.optimum?.(method, view.beta) ?? NaN);
  const axis = rowAxis(row, [...bands.flat(2).flatMap(({ median, low, high }) => [median, low, high]), ...optima], shares);
  const y = (value: number) => HEIGHT - 1 - axis.place(value) * (HEIGHT - 2);
  // Where pairs are drawn, every seed has its own, and so its own chosen responses: their spread says nothing of the method.
  const given = 'pairs' in experiment.preferences;
  return (
    <>
      <div className="grid-title" data-tall={row.tall}>
        <span className="grid-name">{row.title}</span>
        {row.lines.length > 1 ? <span className="grid-legend">{lines.toReversed().map(({ role, name }) => <span key={role} className={`role-${role}`}>{name}</span>)}</span> : <span className="grid-detail">{row.detail}</span>}
        <span className="grid-axis" aria-hidden="true"><i>{axis.top}</i><i>{axis.foot}</i></span>
      </div>
      {methods.map((method, m) => {
        const x = xScale(kind, methods, method, experiment.steps, run.frame.step);
        const last = lines[lines.length - 1];
        const value = method.now(last.metric).median;
        return (
          <div key={method.index} className="grid-cell" data-tall={row.tall}>
            <svg className="chart mini" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
              {[1, HEIGHT - 1].map((edge) => <line key={edge} className="grid" x1={0} x2={WIDTH} y1={edge} y2={edge} vectorEffect="non-scaling-stroke" />)}
              {Number.isFinite(optima[m]) && <line className="grid-optimum-line" x1={0} x2={WIDTH} y1={y(optima[m])} y2={y(optima[m])} vectorEffect="non-scaling-stroke" />}
              {lines.map(({ metric, role, dash }, l) => <Line key={metric} band={bands[m][l]} role={role} x={x} y={y} showBand={several && (given || l === lines.length - 1)} {...(dash ? { dash } : {})} />)}
            </svg>
            <span className={`grid-value role-${last.role}`} data-metric={last.metric} data-value={String(value)} title={String(value)}>{row.format(value)}</span>
          </div>
        );
      })}
    </>
  );
}

function Line({ band, role, dash, x, y, showBand }: { band: readonly BandPoint[]; role: string; dash?: string; x: (step: number) => number; y: (value: number) => number; showBand: boolean }) {
  const median = line<BandPoint>().defined((p) => Number.isFinite(p.median)).x((p) => x(p.step)).y((p) => y(p.median));
  const spread = area<BandPoint>().defined((p) => Number.isFinite(p.low)).x((p) => x(p.step)).y0((p) => y(p.low)).y1((p) => y(p.high));
  return (
    <g className={`role-${role}`}>
      {showBand && <path d={spread(band) ?? ''} style={{ fill: 'var(--role-soft)' }} />}
      <path className="line" d={median(band) ?? ''} style={{ stroke: 'var(--role)' }} strokeDasharray={dash} vectorEffect="non-scaling-stroke" />
    </g>
  );
}

/** The largest cost of any method at the end of the run: all columns share the axis. */
function largestCost(kind: XKind, methods: readonly MethodFacts[], steps: number): number {
  return Math.max(1, ...methods.map(({ experiment }) => costAt(kind, experiment, steps)));
}

function xScale(kind: XKind, methods: readonly MethodFacts[], method: MethodFacts, steps: number, now: number): (step: number) => number {
  const end = largestCost(kind, methods, Math.max(steps, now));
  const scale = kind === 'updates' ? scaleLinear([0, end], [0, WIDTH]) : scaleSymlog([0, end], [1, WIDTH]).constant(LINEAR_UP_TO);
  return (step) => scale(costAt(kind, method.experiment, step));
}

function XAxis({ run, kind }: { run: MethodRun; kind: XKind }) {
  const end = largestCost(kind, run.methods, Math.max(run.experiment.steps, run.frame.step));
  return (
    <>
      <span className="grid-x-name">{X_KINDS.find(({ value }) => value === kind)?.text}{kind === 'updates' ? '' : msg` per seed, log`}</span>
      {run.methods.map(({ index }) => <span key={index} className="grid-x"><i>0</i><i>{end.toLocaleString('en')}</i></span>)}
    </>
  );
}

function tableOf({ methods, frame, experiment }: MethodRun) {
  const rows = GRID_ROWS.flatMap(({ lines, title, format }) => lines.map(({ metric, name }) => ({ metric, format, name: name === undefined ? title : msg`probability, ${name}` })));
  return {
    caption: msg`After ${frame.step} updates: median over ${experiment.seeds.length} seeds (lowest to highest)`,
    head: [msg`method`, ...rows.map(({ name }) => name)],
    rows: methods.map((method) => [method.label, ...rows.map(({ metric, format }) => {
      const { median, low, high } = method.now(metric);
      return { text: format(median), value: median, detail: msg`${format(low)} to ${format(high)}` };
    })]),
  };
}
