/** True against implicit reward: dots, the lines on which π* has them, and the dot that is pointed at or reached by arrow keys. */
import { useId, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { scaleLinear } from 'd3-scale';
import { msg } from '../../sim/msg.ts';
import { Labels, type DotLabel, type ScatterAxis } from '../charts/ScatterChart.tsx';
import type { ImpliedDot, ImpliedLine } from './picture.ts';
import '../charts/charts.css';
import '../charts/scatter.css';

interface ImpliedChartProps {
  width: number;
  height: number;
  rem: number;
  x: ScatterAxis;
  y: ScatterAxis;
  dots: readonly ImpliedDot[];
  labels: readonly DotLabel[];
  lines: readonly ImpliedLine[];
  /** What stands where a line crosses r̂ = 0; empty where nothing does. */
  crossing(line: ImpliedLine): string;
  describe(dot: ImpliedDot): string;
  ariaLabel: string;
}

type Scale = ReturnType<typeof scaleLinear<number, number>>;
interface Plot { px: Scale; py: Scale; rem: number; left: number; right: number; top: number; bottom: number }

/** Where a dot is drawn. */
const heightOf = ({ y, lift }: ImpliedDot) => y + lift;
const isDrawn = ({ x, y }: { x: number; y: number }) => Number.isFinite(x) && Number.isFinite(y);

export function ImpliedChart({ width, height, rem, x, y, dots, labels, lines, crossing, describe, ariaLabel }: ImpliedChartProps) {
  const [at, setAt] = useState<{ index: number; by: 'pointer' | 'keys' } | null>(null);
  const said = useId();
  const plot: Plot = {
    rem, left: 2.6 * rem, right: width - 0.75 * rem, top: 1.9 * rem, bottom: height - 2.7 * rem,
    px: scaleLinear([...x.domain], [2.6 * rem, width - 0.75 * rem]), py: scaleLinear([...y.domain], [height - 2.7 * rem, 1.9 * rem]),
  };
  const { px, py, left, right, top, bottom } = plot;
  const shown = at && dots[at.index] && isDrawn(dots[at.index]) ? dots[at.index] : null;
  /** Dots that training uses lie above the others. */
  const order = dots.map((_, i) => i).filter((i) => isDrawn(dots[i])).sort((a, b) => Number(dots[b].hollow ?? false) - Number(dots[a].hollow ?? false));

  // Where a line crosses r̂ = 0 there is a name as well.
  const points = [...dots.map((dot) => ({ ...dot, y: heightOf(dot) })), ...lines.map(({ offset }) => ({ x: 0, y: offset, role: 'optimal' }))];
  const crossings = lines.map((line, i) => ({ index: dots.length + i, text: crossing(line), isName: false })).filter(({ text }) => text !== '');
  const isNarrow = width < 22 * rem;
  const named = [...crossings, ...labels.map((label) => (isNarrow && label.short ? { ...label, text: label.short } : label))];

  function onPointerMove({ currentTarget, clientX, clientY }: PointerEvent<SVGSVGElement>): void {
    const { left: x0, top: y0 } = currentTarget.getBoundingClientRect();
    let [best, nearest] = [-1, 1.2 * rem];
    for (const i of order) {
      const distance = Math.hypot(px(dots[i].x) - (clientX - x0), py(heightOf(dots[i])) - (clientY - y0));
      if (distance < nearest) [best, nearest] = [i, distance];
    }
    setAt(best < 0 ? null : { index: best, by: 'pointer' });
  }
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.ctrlKey || event.metaKey || event.altKey || order.length === 0) return;
    // From the best to the worst.
    const ranked = order.toSorted((a, b) => dots[b].y - dots[a].y || a - b);
    const now = at ? ranked.indexOf(at.index) : -1;
    const steps: Record<string, number> = { ArrowDown: now + 1, ArrowRight: now + 1, ArrowUp: Math.max(0, now - 1), ArrowLeft: Math.max(0, now - 1), Home: 0, End: ranked.length - 1 };
    if (event.key === 'Escape') setAt(null);
    else if (event.key in steps) setAt({ index: ranked[Math.min(ranked.length - 1, steps[event.key])], by: 'keys' });
    else return;
    event.preventDefault();
  }

  return (
    <div
      className="implied-chart" tabIndex={0} role="group" data-keys="own" aria-describedby={said}
      aria-label={msg`${ariaLabel} Arrow keys go from dot to dot.`} onKeyDown={onKeyDown} onBlur={() => setAt(null)}
    >
      <svg className="chart scatter" role="img" aria-label={ariaLabel} width={width} height={height} onPointerMove={onPointerMove} onPointerDown={onPointerMove} onPointerLeave={() => setAt(null)}>
        <Axes x={x} y={y} plot={plot} />
        {lines.map((line) => <RewardLine key={line.prompt} line={line} x={x} y={y} plot={plot} />)}
        {order.map((i) => <DotMark key={i} dot={dots[i]} cx={px(dots[i].x)} cy={py(heightOf(dots[i]))} rem={rem} isMany={dots.length > 100} />)}
        {lines.map((line) => <Crossing key={line.prompt} line={line} text={crossing(line)} y={y} plot={plot} />)}
        <Labels labels={named} dots={points} px={px} py={py} rem={rem} left={left - 0.4 * rem} right={right} top={top} bottom={bottom} />
        {shown && <Pointed text={describe(shown)} x={px(shown.x)} y={py(heightOf(shown))} rem={rem} width={width} left={left} top={top} />}
      </svg>
      <p className="lab-sr" id={said} role="status">{shown && at?.by === 'keys' ? describe(shown) : ''}</p>
    </div>
  );
}

function Axes({ x, y, plot: { px, py, rem, left, right, top, bottom } }: { x: ScatterAxis; y: ScatterAxis; plot: Plot }) {
  return (
    <>
      {y.ticks.map((tick) => (
        <g key={tick.text}>
          <line className="grid" x1={left} x2={right} y1={py(tick.value)} y2={py(tick.value)} />
          <text x={left - 0.5 * rem} y={py(tick.value)} dy="0.32em" textAnchor="end">{tick.text}</text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <g key={tick.text}>
          <line className={tick.value === 0 ? 'implied-zero' : 'grid'} x1={px(tick.value)} x2={px(tick.value)} y1={top} y2={bottom} />
          <text x={px(tick.value)} y={bottom + 1.15 * rem} textAnchor="middle">{tick.text}</text>
        </g>
      ))}
      <text x={(left + right) / 2} y={bottom + 2.3 * rem} textAnchor="middle" data-term="r-hat">{x.label}</text>
      <text x={0} y={0.9 * rem} data-term="r">{y.label}</text>
    </>
  );
}

/** r = r̂ + β·log Z, as far as the axes go. */
function RewardLine({ line: { offset, prompt }, x: { domain: [x0, x1] }, y: { domain: [y0, y1] }, plot: { px, py } }: { line: ImpliedLine; x: ScatterAxis; y: ScatterAxis; plot: Plot }) {
  const [from, to] = [Math.max(x0, y0 - offset), Math.min(x1, y1 - offset)];
  if (!(from < to)) return null;
  return <line className="implied-line" data-term="Z" data-prompt={prompt} data-offset={offset} x1={px(from)} y1={py(from + offset)} x2={px(to)} y2={py(to + offset)} />;
}

function DotMark({ dot: { role, hollow = false, square }, cx, cy, rem, isMany }: { dot: ImpliedDot; cx: number; cy: number; rem: number; isMany: boolean }) {
  const r = (isMany && hollow ? 0.2 : 0.3) * rem;
  const mark = msg`implied-dot role-${role}`;
  return square
    ? <rect className={mark} data-hollow={hollow} x={cx - 0.9 * r} y={cy - 0.9 * r} width={1.8 * r} height={1.8 * r} />
    : <circle className={mark} data-hollow={hollow} cx={cx} cy={cy} r={r} />;
}

/** Where a line crosses r̂ = 0, there stands β·log Z. */
function Crossing({ line: { offset }, text, y: { domain: [y0, y1] }, plot: { px, py, rem } }: { line: ImpliedLine; text: string; y: ScatterAxis; plot: Plot }) {
  if (text === '' || !(offset >= y0 && offset <= y1)) return null;
  const [cx, cy] = [px(0), py(offset)];
  return <path className="implied-crossing" data-term="Z" d={`M${cx - 0.42 * rem},${cy}L${cx},${cy - 0.42 * rem}L${cx + 0.42 * rem},${cy}L${cx},${cy + 0.42 * rem}Z`} />;
}

function Pointed({ text, x, y, rem, width, left, top }: { text: string; x: number; y: number; rem: number; width: number; left: number; top: number }) {
  const lines = text.split('\n');
  const wide = (Math.max(...lines.map((line) => line.length)) * 0.53 + 1) * rem;
  const high = (lines.length * 1.25 + 0.35) * rem;
  const from = Math.max(Math.min(left, width - wide), Math.min(width - wide, x - wide / 2));
  const above = y - high - 0.7 * rem > top - 1.9 * rem ? y - high - 0.7 * rem : y + 0.8 * rem;
  return (
    <g className="hover-text" pointerEvents="none">
      <circle className="scatter-pointed" cx={x} cy={y} r={0.5 * rem} />
      <rect className="hover-box" x={from} y={above} width={wide} height={high} rx={0.2 * rem} />
      {lines.map((line, i) => <text key={i} x={from + 0.5 * rem} y={above + (0.8 + 1.25 * i) * rem} dy="0.32em">{line}</text>)}
    </g>
  );
}
