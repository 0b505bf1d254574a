/** Dots on two axes, as many as there are: one path for each look, and the name of the nearest dot under the pointer. */
import { useState, type PointerEvent } from 'react';
import { scaleLinear } from 'd3-scale';
import './charts.css';
import './scatter.css';
import { clearest, type Area } from './labels.ts';
import { niceRange } from './niceRange.ts';

export interface Dot {
  x: number;
  y: number;
  /** CSS class of the colour role. */
  role: string;
  /** An outline instead of a disc. */
  hollow?: boolean;
}

export interface ScatterAxis {
  domain: readonly [number, number];
  ticks: readonly { value: number; text: string }[];
  label: string;
}

/** A name beside a dot. */
/** `short`: what stands there where the chart is narrow. */
export interface DotLabel { index: number; text: string; isName: boolean; short?: string }

interface ScatterChartProps {
  width: number;
  height: number;
  rem: number;
  x: ScatterAxis;
  y: ScatterAxis;
  dots: readonly Dot[];
  labels?: readonly DotLabel[];
  /** What is said of the dot under the pointer; without it there is no pointing. */
  describe?: (index: number) => string;
  ariaLabel: string;
}

/** An axis over the finite values, rounded outwards, with about `count` ticks. */
export function axisOf(values: readonly number[], label: string, format: (value: number, step: number) => string, count = 5): ScatterAxis {
  const { domain, ticks, step } = niceRange(values, count);
  return { domain, ticks: ticks.map((value) => ({ value, text: format(value, step) })), label };
}

export function ScatterChart({ width, height, rem, x, y, dots, labels = [], describe, ariaLabel }: ScatterChartProps) {
  const [pointer, setPointer] = useState<readonly [number, number] | null>(null);
  const left = 3.6 * rem;
  const right = width - 0.75 * rem;
  const top = 1.9 * rem;
  const bottom = height - 2.7 * rem;
  const px = scaleLinear([...x.domain], [left, right]);
  const py = scaleLinear([...y.domain], [bottom, top]);
  const size = (dots.length > 400 ? 0.34 : 0.5) * rem;
  const under = pointer && describe ? nearestDot(dots, px, py, pointer, 1.2 * rem) : null;
  const onPointerMove = ({ currentTarget, clientX, clientY }: PointerEvent<SVGSVGElement>) => {
    const { left: x0, top: y0 } = currentTarget.getBoundingClientRect();
    setPointer([clientX - x0, clientY - y0]);
  };
  return (
    <svg
      className="chart scatter" role="img" aria-label={ariaLabel} width={width} height={height}
      {...(describe ? { onPointerMove, onPointerLeave: () => setPointer(null) } : {})}
    >
      {y.ticks.map((tick) => (
        <g key={tick.text}>
          <line className="grid" x1={left} x2={right} y1={py(tick.value)} y2={py(tick.value)} />
          <text x={left - 0.5 * rem} y={py(tick.value)} dy="0.32em" textAnchor="end">{tick.text}</text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <g key={tick.text}>
          <line className="grid" x1={px(tick.value)} x2={px(tick.value)} y1={top} y2={bottom} />
          <text x={px(tick.value)} y={bottom + 1.15 * rem} textAnchor="middle">{tick.text}</text>
        </g>
      ))}
      <text x={(left + right) / 2} y={bottom + 2.3 * rem} textAnchor="middle">{x.label}</text>
      <text x={0} y={0.9 * rem}>{y.label}</text>
      {looksOf(dots, px, py).map(({ role, hollow, path }) => (
        <g key={`${role} ${hollow}`} className={`role-${role}`} data-hollow={hollow}>
          <path className="scatter-dots" d={path} strokeWidth={size} />
          {hollow && <path className="scatter-holes" d={path} strokeWidth={size - 0.2 * rem} />}
        </g>
      ))}
      <Labels labels={labels} dots={dots} px={px} py={py} rem={rem} left={0} right={right} top={top} bottom={bottom} />
      {under !== null && describe && <Pointed text={describe(under)} x={px(dots[under].x)} y={py(dots[under].y)} rem={rem} width={width} top={top} />}
    </svg>
  );
}

type Scale = ReturnType<typeof scaleLinear<number, number>>;

/** One path of points for each role and fill; hollow ones below. */
function looksOf(dots: readonly Dot[], px: Scale, py: Scale): { role: string; hollow: boolean; path: string }[] {
  const looks = new Map<string, { role: string; hollow: boolean; parts: string[] }>();
  for (const { x, y, role, hollow = false } of dots) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    const key = `${role} ${hollow}`;
    let look = looks.get(key);
    if (!look) looks.set(key, (look = { role, hollow, parts: [] }));
    look.parts.push(`M${px(x).toFixed(1)},${py(y).toFixed(1)}h0`);
  }
  return [...looks.values()].sort((a, b) => Number(b.hollow) - Number(a.hollow)).map(({ role, hollow, parts }) => ({ role, hollow, path: parts.join('') }));
}

function nearestDot(dots: readonly Dot[], px: Scale, py: Scale, [x, y]: readonly [number, number], reach: number): number | null {
  let best: number | null = null;
  let nearest = reach;
  dots.forEach((dot, i) => {
    const distance = Math.hypot(px(dot.x) - x, py(dot.y) - y);
    if (distance < nearest) { nearest = distance; best = i; }
  });
  return best;
}

interface Plot { px: Scale; py: Scale }

interface LabelsProps extends Plot { labels: readonly DotLabel[]; dots: readonly Dot[]; rem: number; left: number; right: number; top: number; bottom: number }

/** Names where they cover the fewest dots and no other name. */
export function Labels({ labels, dots, px, py, rem, left, right, top, bottom }: LabelsProps) {
  const points = dots.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)).map(({ x, y }) => ({ x: px(x), y: py(y) }));
  const placed: { label: DotLabel; box: Area }[] = [];
  for (const label of labels) {
    const dot = dots[label.index];
    const [x, y] = [px(dot.x), py(dot.y)];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    const width = label.text.length * (label.isName ? 0.58 : 0.5) * rem;
    const height = 1.2 * rem;
    const places: Area[] = [-0.6, 0.55, -1.7, 1.65, -2.8, 2.75].flatMap((dy) => [0.6 * rem, -0.6 * rem - width].map((dx) => ({ x: x + dx, y: y + dy * rem - height / 2, width, height })))
      .filter((box) => box.x > left && box.x + box.width < right + 0.5 * rem && box.y > top - 0.8 * rem && box.y + box.height < bottom + 0.4 * rem);
    const free = places.filter((box) => !placed.some(({ box: other }) => box.x < other.x + other.width && other.x < box.x + box.width && box.y < other.y + other.height && other.y < box.y + box.height));
    if (free.length > 0) placed.push({ label, box: clearest(free, points) });
  }
  return placed.map(({ label, box }) => {
    const dot = dots[label.index];
    const [x, y] = [px(dot.x), py(dot.y)];
    const towards = box.x > x ? box.x : box.x + box.width;
    return (
      <g key={label.index} className={`role-${dot.role}`}>
        <line className="leader" x1={x} y1={y} x2={towards} y2={box.y + box.height / 2} />
        <text className={`label scatter-label ${label.isName ? 'label-name' : ''}`} x={box.x} y={box.y + box.height / 2} dy="0.32em" style={{ fill: 'var(--role-text)' }}>{label.text}</text>
      </g>
    );
  });
}

function Pointed({ text, x, y, rem, width, top }: { text: string; x: number; y: number; rem: number; width: number; top: number }) {
  const wide = (text.length * 0.48 + 1) * rem;
  const left = Math.max(0, Math.min(width - wide, x - wide / 2));
  const above = y - 2.2 * rem > top - 1.4 * rem ? y - 2.2 * rem : y + 0.8 * rem;
  return (
    <g className="hover-text" pointerEvents="none">
      <circle className="scatter-pointed" cx={x} cy={y} r={0.42 * rem} />
      <rect className="hover-box" x={left} y={above} width={wide} height={1.5 * rem} rx={0.2 * rem} />
      <text x={left + 0.5 * rem} y={above + 0.75 * rem} dy="0.32em">{text}</text>
    </g>
  );
}
