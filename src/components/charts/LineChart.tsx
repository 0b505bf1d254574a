/** Lines with bands over the updates, labelled at their ends. Own SVG: cheap enough for many redraws a second. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { area, line } from 'd3-shape';
import { useState, type PointerEvent } from 'react';
import type { BandPoint } from '../../sim/history.ts';
import './charts.css';
import { msg } from '../../sim/msg.ts';
import { clearest, spreadLabels, wrapLabel, type Area } from './labels.ts';
import { EndMarker, type MarkerKind } from './marks.tsx';
import { plotFrame } from './plotFrame.ts';

export interface LineSeries {
  id: string;
  /** CSS class of the colour role: "chosen", "ood", … */
  role: string;
  label: string;
  /** Where the chart is narrow or low. */
  shortLabel?: string;
  /** Set in the serif of response names. */
  isName?: boolean;
  dash?: string;
  marker: MarkerKind;
  /** The line (`median`) and its band. */
  band: readonly BandPoint[];
  /** Draw the 10–90 % band. */
  showBand: boolean;
  threads?: readonly (readonly { step: number; value: number }[])[];
  /** The value at the end, as text and in full, with the metric's id. */
  valueText: string;
  value: number;
  metric?: string;
  /** On record beyond the present, from the line's end on: fainter. */
  ahead?: readonly BandPoint[];
}

/** A line of another run beside these: thin, with its name at its end and no values under the pointer. */
export interface BesideLine {
  id: string;
  role: string;
  name: string;
  dash: string;
  line: readonly BandPoint[];
  /** Where it left the run that is drawn; null = nowhere. */
  leftAt: number | null;
  leftWords: string;
  valueText: string;
}

export interface YAxis {
  kind: 'linear' | 'log';
  domain: readonly [number, number];
  ticks: readonly { value: number; text: string }[];
}

interface LineChartProps {
  width: number;
  rem: number;
  /** In pixels, as is the width. */
  height: number;
  steps: number;
  yAxis: YAxis;
  series: readonly LineSeries[];
  beside?: readonly BesideLine[];
  ariaLabel: string;
  showXAxis?: boolean;
  /** What the values at the ends are: "median". */
  valueWord?: string;
  formatValue(value: number): string;
}

export function LineChart({ width, rem, height, steps, yAxis, series, beside = [], ariaLabel, showXAxis = true, valueWord, formatValue }: LineChartProps) {
  const [pointer, setPointer] = useState<number | null>(null);
  const frame = plotFrame(width, rem);
  const top = 0.75 * rem;
  const bottom = height - (showXAxis ? 2.6 : 0.75) * rem;
  const x = scaleLinear([0, Math.max(steps, 1)], [frame.left, frame.right]);
  const [low, high] = yAxis.domain;
  const y = yAxis.kind === 'log' ? scaleLog([low, high], [bottom, top]) : scaleLinear([low, high], [bottom, top]);
  const at = (value: number) => y(Math.min(high, Math.max(low, value)));
  const path = line<{ step: number; value: number }>().defined((p) => Number.isFinite(p.value)).x((p) => x(p.step)).y((p) => at(p.value));
  const median = line<BandPoint>().defined((p) => Number.isFinite(p.median)).x((p) => x(p.step)).y((p) => at(p.median));
  const band = area<BandPoint>().defined((p) => Number.isFinite(p.low)).x((p) => x(p.step)).y0((p) => at(p.low)).y1((p) => at(p.high));

  const drawn = series.filter((s) => s.band.length > 0);
  const ends = drawn.map((s) => s.band[s.band.length - 1]);
  const isLow = height < 15 * rem;
  const texts = drawn.map((s) => {
    const lines = wrapLabel((frame.narrow || isLow ? s.shortLabel : undefined) ?? s.label, frame.narrow && s.isName ? 13 : 16);
    return [...lines, valueWord !== undefined ? `${valueWord} ${s.valueText}` : s.valueText];
  });
  const lineHeight = 1.08 * rem;
  const others = beside.filter((b) => b.line.length > 0);
  const yOf = (end: BandPoint) => (Number.isFinite(end.median) ? at(end.median) : bottom);
  const ys = [...ends.map(yOf), ...others.map((b) => yOf(b.line[b.line.length - 1]))];
  const heights = [...texts.map((t) => t.length * lineHeight + (isLow ? 0.1 : 0.25) * rem), ...others.map(() => lineHeight)];
  const centres = spreadLabels(ys, heights, 0, bottom + (showXAxis ? 0.2 : 0.75) * rem);

  const hover = pointer === null ? null : nearest(drawn[0]?.band ?? [], x.invert(pointer));
  const onPointerMove = (event: PointerEvent<SVGSVGElement>) => {
    const px = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setPointer(px >= frame.left && px <= frame.right ? px : null);
  };
  return (
    <svg className={`chart chart-lines${frame.narrow ? ' chart-narrow' : ''}`} role="img" aria-label={ariaLabel} width={width} height={height} onPointerMove={onPointerMove} onPointerLeave={() => setPointer(null)}>
      {yAxis.ticks.map((tick) => (
        <g key={tick.text}>
          <line className="grid" x1={frame.left} x2={frame.right} y1={y(tick.value)} y2={y(tick.value)} />
          <text x={frame.left - 0.5 * rem} y={y(tick.value)} dy="0.32em" textAnchor="end">{tick.text}</text>
        </g>
      ))}
      <XAxis alone={!showXAxis} x={x} steps={steps} y={showXAxis ? bottom : bottom + 0.6 * rem} rem={rem} count={Math.max(2, Math.min(6, Math.floor((frame.right - frame.left) / (2.75 * rem))))} middle={(frame.left + frame.right) / 2} />
      {drawn.map((s) => s.showBand && <path key={s.id} className={`role-${s.role}`} d={band(s.band) ?? ''} style={{ fill: 'var(--role-soft)' }} />)}
      {drawn.map((s) => s.threads?.map((thread, i) => (
        <path key={`${s.id}${i}`} className={`thread role-${s.role}`} d={path(thread) ?? ''} style={{ stroke: 'var(--role)' }} strokeDasharray={s.dash} />
      )))}
      <Beside lines={others} ys={ys.slice(drawn.length)} centres={centres.slice(drawn.length)} x={x} path={median} rem={rem} top={top} bottom={bottom} most={frame.narrow ? 13 : 16} />
      {drawn.map((s) => s.ahead && s.ahead.length > 1 && <path key={s.id} className={`line line-ahead role-${s.role}`} d={median(s.ahead) ?? ''} style={{ stroke: 'var(--role)' }} strokeDasharray={s.dash} />)}
      {drawn.map((s) => <path key={s.id} className={`line role-${s.role}`} d={median(s.band) ?? ''} style={{ stroke: 'var(--role)' }} strokeDasharray={s.dash} />)}
      {drawn.map((s, i) => {
        const px = x(ends[i].step);
        const first = centres[i] - ((texts[i].length - 1) * lineHeight) / 2;
        return (
          <g key={s.id} className={`role-${s.role}`}>
            {Math.abs(centres[i] - ys[i]) > 0.4 * rem && <line className="leader" x1={px + 0.35 * rem} y1={ys[i]} x2={px + 0.7 * rem} y2={centres[i]} />}
            <EndMarker kind={s.marker} x={px} y={ys[i]} size={0.32 * rem} />
            {texts[i].map((text, k) => (
              <text
                key={k} x={px + 0.85 * rem} y={first + k * lineHeight} dy="0.32em" style={{ fill: 'var(--role-text)' }}
                className={k < texts[i].length - 1 ? `label ${s.isName ? 'label-name' : ''}` : 'value'}
                {...(k === texts[i].length - 1 && s.metric ? { 'data-metric': s.metric, 'data-value': String(s.value) } : {})}
              >
                {k === texts[i].length - 1 && s.metric && <title>{String(s.value)}</title>}
                {k === 0 && text.endsWith('…') && <title>{s.label}</title>}
                {text}
              </text>
            ))}
          </g>
        );
      })}
      {hover !== null && (
        <g pointerEvents="none">
          <line className="hover" x1={x(hover.step)} x2={x(hover.step)} y1={top} y2={bottom} />
          <HoverText series={drawn} index={hover.index} step={hover.step} x={x} at={at} rem={rem} top={top} bottom={bottom} right={frame.right} formatValue={formatValue} />
        </g>
      )}
    </svg>
  );
}

interface BesideProps {
  lines: readonly BesideLine[]; ys: readonly number[]; centres: readonly number[]; rem: number; top: number; bottom: number;
  /** Most characters of a name. */
  most: number;
  x(step: number): number; path(line: readonly BandPoint[]): string | null;
}

/** Lines of other runs under the present one's, and where they left it. */
function Beside({ lines, ys, centres, x, path, rem, top, bottom, most }: BesideProps) {
  return lines.map(({ id, role, name, dash, line, leftAt, leftWords, valueText }, i) => {
    const px = x(line[line.length - 1].step);
    const label = name.length > most ? `${name.slice(0, most - 1).trimEnd()}…` : name;
    return (
      <g key={id} className={`beside role-${role}`} data-beside={id}>
        {leftAt !== null && <line className="left-at" x1={x(leftAt)} x2={x(leftAt)} y1={top} y2={bottom}><title>{leftWords}</title></line>}
        <path className="line-beside" d={path(line) ?? ''} strokeDasharray={dash}><title>{leftWords}</title></path>
        {Math.abs(centres[i] - ys[i]) > 0.4 * rem && <line className="leader" x1={px + 0.2 * rem} y1={ys[i]} x2={px + 0.5 * rem} y2={centres[i]} />}
        <text className="value" x={px + 0.6 * rem} y={centres[i]} dy="0.32em"><title>{name}</title>{label} <tspan className="beside-value">{valueText}</tspan></text>
      </g>
    );
  });
}

function nearest(band: readonly BandPoint[], step: number): { index: number; step: number } | null {
  if (band.length === 0) return null;
  let index = 0;
  for (let i = 1; i < band.length; i++) if (Math.abs(band[i].step - step) < Math.abs(band[index].step - step)) index = i;
  return { index, step: band[index].step };
}

interface XAxisProps {
  x: ReturnType<typeof scaleLinear<number, number>>; steps: number; y: number; rem: number; count: number; middle: number;
  /** Drawn in pictures only, where the chart stands without the one whose axis it shares. */
  alone: boolean;
}

function XAxis({ x, steps, y, rem, count, middle, alone }: XAxisProps) {
  return (
    <g className={alone ? 'axis-alone' : undefined}>
      {x.ticks(count).filter((tick) => Number.isInteger(tick) && tick <= steps).map((tick) => (
        <text key={tick} x={x(tick)} y={y + 1.15 * rem} textAnchor="middle">{tick}</text>
      ))}
      <text x={middle} y={y + 2.3 * rem} textAnchor="middle">{msg`updates`}</text>
    </g>
  );
}

interface HoverTextProps {
  series: readonly LineSeries[]; index: number; step: number; rem: number; top: number; bottom: number; right: number;
  x(step: number): number; at(value: number): number; formatValue(value: number): string;
}

/** The values at one update in a small box that stands where it covers least of the lines, and never the axis. */
function HoverText({ series, index, step, x, at, rem, top, bottom, right, formatValue }: HoverTextProps) {
  const rows = series.map((s) => ({ s, point: s.band[index] })).filter(({ point }) => point !== undefined).sort((a, b) => b.point.median - a.point.median);
  const texts = [msg`update ${step}`, ...rows.map(({ point }) => formatValue(point.median))];
  const line = 1.15 * rem;
  const width = (Math.max(...texts.map((text) => text.length)) * 0.52 + 1) * rem;
  const height = texts.length * line + 0.4 * rem;
  const px = x(step);
  const sides = px + width + rem > right ? [px - 0.6 * rem - width, px + 0.6 * rem] : [px + 0.6 * rem, px - 0.6 * rem - width];
  const ys = [0, 0.25, 0.5, 0.75, 1].map((share) => top + share * Math.max(0, bottom - top - height));
  const places: Area[] = sides.filter((left, i) => i === 0 || left > 0).flatMap((left) => ys.map((y) => ({ x: left, y, width, height })));
  const box = clearest(places, series.flatMap((s) => s.band.filter((p) => Number.isFinite(p.median)).map((p) => ({ x: x(p.step), y: at(p.median) }))));
  return (
    <g className="hover-text">
      <rect className="hover-box" x={box.x} y={box.y} width={width} height={height} rx={0.2 * rem} />
      {texts.map((text, i) => (
        <text key={i} className={i === 0 ? undefined : `role-${rows[i - 1].s.role}`} x={box.x + 0.5 * rem} y={box.y + 0.2 * rem + (i + 0.5) * line} dy="0.32em" style={i === 0 ? undefined : { fill: 'var(--role-text)' }}>{text}</text>
      ))}
    </g>
  );
}
