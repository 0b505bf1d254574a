/** A dot for every token on two axes; tokens on one spot are one larger dot. Plain SVG: one path for each look and size. */
import { useState, type PointerEvent } from 'react';
import { scaleLinear } from 'd3-scale';
import type { TokenDot } from '../../../sim/iteration.ts';
import '../../charts/charts.css';
import './iteration.css';

export interface DotAxis {
  domain: readonly [number, number];
  ticks: readonly { value: number; text: string }[];
  label: string;
}

interface TokenDotsProps {
  width: number;
  height: number;
  rem: number;
  x: DotAxis;
  y: DotAxis;
  dots: readonly TokenDot[];
  /** A shaded strip of x. */
  band?: readonly [number, number];
  /** The line y = x. */
  diagonal?: boolean;
  /** Words in the corner above on the right, and below on the left. */
  corners?: readonly [string, string];
  /** Two lines for the dot under the pointer. */
  describe(dot: TokenDot): readonly [string, string];
  ariaLabel: string;
}

type Scale = ReturnType<typeof scaleLinear<number, number>>;

/** Sizes: 1 token, 2–3, 4–7, …; the last holds all larger ones. */
const SIZES = 7;
const sizeOf = (dot: TokenDot) => Math.min(SIZES - 1, Math.floor(Math.log2(dot.places.length)));
const diameter = (size: number, rem: number) => (0.45 + 0.17 * size) * rem;

export function TokenDots({ width, height, rem, x, y, dots, band, diagonal = false, corners, describe, ariaLabel }: TokenDotsProps) {
  const [pointer, setPointer] = useState<readonly [number, number] | null>(null);
  const left = 3.6 * rem, right = width - 1 * rem, top = 1.9 * rem, bottom = height - 2.7 * rem;
  const px = scaleLinear([...x.domain], [left, right]);
  const py = scaleLinear([...y.domain], [bottom, top]);
  const drawn = dots.filter((dot) => Number.isFinite(dot.x) && Number.isFinite(dot.y));
  const under = pointer && nearest(drawn, px, py, pointer, 1.2 * rem);
  const onPointerMove = ({ currentTarget, clientX, clientY }: PointerEvent<SVGSVGElement>) => {
    const { left: x0, top: y0 } = currentTarget.getBoundingClientRect();
    setPointer([clientX - x0, clientY - y0]);
  };
  const inside = (value: number) => Math.min(right, Math.max(left, px(value)));
  return (
    <svg className="chart" role="img" aria-label={ariaLabel} width={width} height={height} onPointerMove={onPointerMove} onPointerLeave={() => setPointer(null)}>
      {band && <rect className="iteration-band" x={inside(band[0])} width={inside(band[1]) - inside(band[0])} y={top} height={bottom - top} />}
      {y.ticks.map((tick) => (
        <g key={tick.value}>
          <line className="grid" x1={left} x2={right} y1={py(tick.value)} y2={py(tick.value)} />
          <text x={left - 0.5 * rem} y={py(tick.value)} dy="0.32em" textAnchor="end">{tick.text}</text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <g key={tick.value}>
          <line className="grid" x1={px(tick.value)} x2={px(tick.value)} y1={top} y2={bottom} />
          <text x={px(tick.value)} y={bottom + 1.15 * rem} textAnchor="middle">{tick.text}</text>
        </g>
      ))}
      <text x={(left + right) / 2} y={bottom + 2.3 * rem} textAnchor="middle">{x.label}</text>
      <text x={0} y={0.9 * rem}>{y.label}</text>
      {diagonal && <Diagonal x={x.domain} y={y.domain} px={px} py={py} />}
      {corners && <text className="iteration-corner" x={right} y={top - 0.5 * rem} textAnchor="end">{corners[0]}</text>}
      {corners && <text className="iteration-corner" x={left + 0.4 * rem} y={width > 45 * rem ? bottom + 2.3 * rem : bottom - 0.5 * rem}>{corners[1]}</text>}
      {looksOf(drawn, px, py).map(({ size, hollow, path }) => (
        <g key={`${size} ${hollow}`} className="iteration-dots" data-hollow={hollow}>
          <path d={path} strokeWidth={diameter(size, rem)} />
          {hollow && <path className="iteration-holes" d={path} strokeWidth={diameter(size, rem) - 0.2 * rem} />}
        </g>
      ))}
      {under && <Pointed lines={describe(under)} x={px(under.x)} y={py(under.y)} radius={diameter(sizeOf(under), rem) / 2} rem={rem} width={width} top={top} />}
    </svg>
  );
}

/** Larger dots below, so that a small one is never hidden; filled ones above hollow ones of the same size. */
function looksOf(dots: readonly TokenDot[], px: Scale, py: Scale): { size: number; hollow: boolean; path: string }[] {
  const looks: { size: number; hollow: boolean; path: string }[] = [];
  for (let size = SIZES - 1; size >= 0; size--) {
    for (const hollow of [true, false]) {
      const path = dots.filter((dot) => dot.hollow === hollow && sizeOf(dot) === size).map(({ x, y }) => `M${px(x).toFixed(1)},${py(y).toFixed(1)}h0`).join('');
      if (path !== '') looks.push({ size, hollow, path });
    }
  }
  return looks;
}

function nearest(dots: readonly TokenDot[], px: Scale, py: Scale, [x, y]: readonly [number, number], reach: number): TokenDot | null {
  let best: TokenDot | null = null;
  let least = reach;
  for (const dot of dots) {
    const distance = Math.hypot(px(dot.x) - x, py(dot.y) - y);
    if (distance < least) { least = distance; best = dot; }
  }
  return best;
}

function Diagonal({ x, y, px, py }: { x: readonly [number, number]; y: readonly [number, number]; px: Scale; py: Scale }) {
  const [from, to] = [Math.max(x[0], y[0]), Math.min(x[1], y[1])];
  return to > from && <line className="iteration-diagonal" x1={px(from)} y1={py(from)} x2={px(to)} y2={py(to)} />;
}

interface PointedProps { lines: readonly [string, string]; x: number; y: number; radius: number; rem: number; width: number; top: number }

function Pointed({ lines, x, y, radius, rem, width, top }: PointedProps) {
  const wide = Math.min(width, (Math.max(...lines.map(({ length }) => length)) * 0.47 + 1) * rem);
  const left = Math.max(0, Math.min(width - wide, x - wide / 2));
  const above = y - 3.4 * rem > top - 1.4 * rem ? y - 3.4 * rem : y + 0.8 * rem;
  return (
    <g className="hover-text" pointerEvents="none">
      <circle className="iteration-pointed" cx={x} cy={y} r={radius + 0.15 * rem} />
      <rect className="hover-box" x={left} y={above} width={wide} height={2.7 * rem} rx={0.2 * rem} />
      {lines.map((line, i) => <text key={line} x={left + 0.5 * rem} y={above + (0.8 + 1.1 * i) * rem} dy="0.32em">{line}</text>)}
    </g>
  );
}
