/** The OOD mass of one policy over the updates, with the draws below it and a mark wherever a response that nobody wrote was drawn. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { msg } from '../../sim/msg.ts';
import { EndMarker } from '../charts/marks.tsx';
import { plotFrame } from '../charts/plotFrame.ts';
import { formatLogTick, formatProbability, PROBABILITY_FLOOR } from '../format.ts';

const TICKS = [1e-6, 1e-4, 1e-2, 1];
/** More draws than this make a bar instead of strokes. */
const STROKES = 150;

export interface CatchMark {
  step: number;
  /** OOD mass when it was drawn. */
  mass: number;
  /** It lost; else it won. */
  caught: boolean;
}

interface CatchChartProps {
  width: number;
  height: number;
  rem: number;
  steps: number;
  /** OOD mass at the updates kept. */
  points: readonly { step: number; value: number }[];
  /** Updates before which pairs were drawn. */
  draws: readonly number[];
  marks: readonly CatchMark[];
  /** The mark that is told below the chart, and the name of its response. */
  selected: { index: number; name: string } | null;
  onSelect(index: number): void;
  ariaLabel: string;
}

export function CatchChart({ width, height, rem, steps, points, draws, marks, selected, onSelect, ariaLabel }: CatchChartProps) {
  const frame = plotFrame(width, rem);
  const top = 1.2 * rem;
  const rug = height - 0.4 * rem;
  const bottom = rug - 1.5 * rem;
  const x = scaleLinear([0, Math.max(steps, 1)], [frame.left, frame.right]);
  const y = scaleLog([PROBABILITY_FLOOR, 1], [bottom, top]);
  const at = (value: number) => y(Math.min(1, Math.max(PROBABILITY_FLOOR, value)));
  const path = line<{ step: number; value: number }>().defined((p) => Number.isFinite(p.value)).x((p) => x(p.step)).y((p) => at(p.value));
  const last = points.at(-1);
  const chosen = selected && marks[selected.index];
  return (
    <svg className="chart" role="img" aria-label={ariaLabel} width={width} height={height}>
      {TICKS.map((tick) => (
        <g key={tick}>
          <line className="grid" x1={frame.left} x2={frame.right} y1={y(tick)} y2={y(tick)} />
          <text x={frame.left - 0.5 * rem} y={y(tick)} dy="0.32em" textAnchor="end">{tick === PROBABILITY_FLOOR ? '≤ 10⁻⁶' : formatLogTick(tick)}</text>
        </g>
      ))}
      <Draws draws={draws} x={x} y={rug} rem={rem} left={frame.left} />
      <g className="role-ood">
        <path className="line" d={path(points) ?? ''} style={{ stroke: 'var(--role)' }} />
        {chosen && <line className="hover" x1={x(chosen.step)} x2={x(chosen.step)} y1={top - 0.2 * rem} y2={rug} />}
        {marks.map((mark, i) => (
          <path
            key={i} className="catch-mark" data-caught={mark.caught} data-selected={i === selected?.index || undefined} onClick={() => onSelect(i)}
            d={diamond(x(mark.step), at(mark.mass), (i === selected?.index ? 0.5 : 0.32) * rem)}
          />
        ))}
        {last && <EndMarker kind="circle" x={x(last.step)} y={at(last.value)} size={0.28 * rem} />}
        {last && <text className="value" x={x(last.step) + 0.85 * rem} y={at(last.value)} dy="0.32em" style={{ fill: 'var(--role-text)' }}>{msg`now ${formatProbability(last.value)}`}</text>}
        {chosen && (
          <text
            className="label label-name" x={x(chosen.step)} y={top - 0.45 * rem} style={{ fill: 'var(--role-text)' }}
            {...anchorOf(x(chosen.step), frame.left, frame.right, rem)}
          >
            {selected.name}
          </text>
        )}
      </g>
    </svg>
  );
}

/** A label near an edge of the plot grows away from it. */
function anchorOf(px: number, left: number, right: number, rem: number): { textAnchor: 'start' | 'middle' | 'end' } {
  if (px < left + 6 * rem) return { textAnchor: 'start' };
  return { textAnchor: px > right - 2 * rem ? 'end' : 'middle' };
}

function diamond(x: number, y: number, size: number): string {
  return `M${x},${y - size}l${size},${size}l${-size},${size}l${-size},${-size}z`;
}

interface DrawsProps { draws: readonly number[]; x: (step: number) => number; y: number; rem: number; left: number }

/** A stroke for every draw, or one bar where they touch. */
function Draws({ draws, x, y, rem, left }: DrawsProps) {
  const first = draws[0];
  const last = draws.at(-1);
  return (
    <g>
      <text x={left - 0.5 * rem} y={y - 0.25 * rem} dy="0.32em" textAnchor="end">{msg`draws`}</text>
      {first !== undefined && last !== undefined && draws.length > STROKES && <rect className="catch-draws" x={x(first)} width={Math.max(1, x(last) - x(first))} y={y - 0.5 * rem} height={0.5 * rem} />}
      {draws.length <= STROKES && draws.map((step) => <line key={step} className="catch-draw" x1={x(step)} x2={x(step)} y1={y - 0.5 * rem} y2={y} />)}
    </g>
  );
}
