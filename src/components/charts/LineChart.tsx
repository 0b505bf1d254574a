/** Lines with bands over the updates, labelled at their ends. Own SVG: cheap enough for many redraws a second. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { area, line } from 'd3-shape';
import { useState, type PointerEvent } from 'react';
import type { BandPoint } from '../../sim/history.ts';
import './charts.css';
import { spreadLabels, wrapLabel } from './labels.ts';
import { EndMarker, type MarkerKind } from './marks.tsx';
import { plotFrame } from './plotFrame.ts';

export interface LineSeries {
  id: string;
  /** CSS class of the colour role: "chosen", "ood", … */
  role: string;
  label: string;
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
}

export interface YAxis {
  kind: 'linear' | 'log';
  domain: readonly [number, number];
  ticks: readonly { value: number; text: string }[];
}

interface LineChartProps {
  width: number;
  rem: number;
  heightRem: number;
  steps: number;
  yAxis: YAxis;
  series: readonly LineSeries[];
  ariaLabel: string;
  showXAxis?: boolean;
  formatValue(value: number): string;
}

export function LineChart({ width, rem, heightRem, steps, yAxis, series, ariaLabel, showXAxis = true, formatValue }: LineChartProps) {
  const [pointer, setPointer] = useState<number | null>(null);
  const height = heightRem * rem;
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
  const texts = drawn.map((s) => [...wrapLabel(s.label, frame.narrow ? 13 : 16), s.valueText]);
  const lineHeight = 1.08 * rem;
  const ys = ends.map((end) => (Number.isFinite(end.median) ? at(end.median) : bottom));
  const centres = spreadLabels(ys, texts.map((t) => t.length * lineHeight + 0.25 * rem), top - 0.75 * rem, bottom + (showXAxis ? 0.4 : 0.75) * rem);

  const hover = pointer === null ? null : nearest(drawn[0]?.band ?? [], x.invert(pointer));
  const onPointerMove = (event: PointerEvent<SVGSVGElement>) => {
    const px = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setPointer(px >= frame.left && px <= frame.right ? px : null);
  };
  return (
    <svg className={frame.narrow ? 'chart chart-narrow' : 'chart'} role="img" aria-label={ariaLabel} width={width} height={height} onPointerMove={onPointerMove} onPointerLeave={() => setPointer(null)}>
      {yAxis.ticks.map((tick) => (
        <g key={tick.text}>
          <line className="grid" x1={frame.left} x2={frame.right} y1={y(tick.value)} y2={y(tick.value)} />
          <text x={frame.left - 0.5 * rem} y={y(tick.value)} dy="0.32em" textAnchor="end">{tick.text}</text>
        </g>
      ))}
      {showXAxis && <XAxis x={x} steps={steps} y={bottom} rem={rem} narrow={frame.narrow} middle={(frame.left + frame.right) / 2} />}
      {drawn.map((s) => s.showBand && <path key={s.id} className={`role-${s.role}`} d={band(s.band) ?? ''} style={{ fill: 'var(--role-soft)' }} />)}
      {drawn.map((s) => s.threads?.map((thread, i) => (
        <path key={`${s.id}${i}`} className={`thread role-${s.role}`} d={path(thread) ?? ''} style={{ stroke: 'var(--role)' }} strokeDasharray={s.dash} />
      )))}
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
                {text}
              </text>
            ))}
          </g>
        );
      })}
      {hover !== null && (
        <g pointerEvents="none">
          <line className="hover" x1={x(hover.step)} x2={x(hover.step)} y1={top} y2={bottom} />
          <HoverText series={drawn} index={hover.index} step={hover.step} x={x(hover.step)} y={top} rem={rem} right={frame.right} formatValue={formatValue} at={at} />
        </g>
      )}
    </svg>
  );
}

function nearest(band: readonly BandPoint[], step: number): { index: number; step: number } | null {
  if (band.length === 0) return null;
  let index = 0;
  for (let i = 1; i < band.length; i++) if (Math.abs(band[i].step - step) < Math.abs(band[index].step - step)) index = i;
  return { index, step: band[index].step };
}

interface XAxisProps { x: ReturnType<typeof scaleLinear<number, number>>; steps: number; y: number; rem: number; narrow: boolean; middle: number }

function XAxis({ x, steps, y, rem, narrow, middle }: XAxisProps) {
  return (
    <g>
      {x.ticks(narrow ? 4 : 6).filter((tick) => Number.isInteger(tick) && tick <= steps).map((tick) => (
        <text key={tick} x={x(tick)} y={y + 1.15 * rem} textAnchor="middle">{tick}</text>
      ))}
      <text x={middle} y={y + 2.3 * rem} textAnchor="middle">updates</text>
    </g>
  );
}

interface HoverTextProps {
  series: readonly LineSeries[]; index: number; step: number; x: number; y: number; rem: number; right: number;
  formatValue(value: number): string; at(value: number): number;
}

function HoverText({ series, index, step, x, y, rem, right, formatValue, at }: HoverTextProps) {
  const flip = x > right - 6 * rem;
  const dx = flip ? -0.6 * rem : 0.6 * rem;
  const points = series.map((s) => s.band[index]).filter((p) => p !== undefined);
  const places = spreadLabels(points.map((p) => at(p.median)), points.map(() => 1.15 * rem), y + 0.6 * rem, Infinity);
  return (
    <g className="hover-text">
      <text x={x + dx} y={y} dy="0.32em" textAnchor={flip ? 'end' : 'start'} className="halo">update {step}</text>
      {points.map((p, i) => (
        <text key={series[i].id} className={`halo role-${series[i].role}`} x={x + dx} y={places[i]} dy="0.32em" textAnchor={flip ? 'end' : 'start'} style={{ fill: 'var(--role-text)' }}>
          {formatValue(p.median)}
        </text>
      ))}
    </g>
  );
}
