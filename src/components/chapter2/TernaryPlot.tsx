/** The triangle of all ways in which three responses divide their probability: J as a hill, the policies, the climb. */
import { useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { msg } from '../../sim/msg.ts';
import { niceRange } from '../charts/niceRange.ts';
import { formatNumber, formatProbability, formatTick } from '../format.ts';
import { between, HEIGHT, outlineOf, placeOf, reachTowards, sharesAt, sharesByKey, type Hill } from './hill.ts';
import { insideShares, type Shares } from './simplex.ts';

interface TernaryPlotProps {
  hill: Hill;
  /** The corners' names, top, left, right. */
  names: readonly [string, string, string];
  now: Shares;
  isOwn: boolean;
  /** The climb from where the policy is. */
  path: readonly Shares[];
  width: number;
  rem: number;
  onMove(shares: Shares): void;
}

const LEVELS = 9;
const STEP = 0.01;

/** Contour levels, lowest first: round numbers between the lowest corner and the top. */
function levelsOf({ lowest, highest }: Hill): { levels: number[]; step: number } {
  const { ticks, step } = niceRange([lowest, highest], LEVELS);
  return { levels: ticks.filter((tick) => tick > lowest && tick < highest), step };
}

export function TernaryPlot({ hill, names, now, isOwn, path, width, rem, onMove }: TernaryPlotProps) {
  const margin = { x: 1.2 * rem, top: 2 * rem, bottom: 2 * rem };
  const side = Math.max(1, width - 2 * margin.x);
  const height = side * HEIGHT + margin.top + margin.bottom;
  const at = (shares: Shares) => { const { x, y } = placeOf(shares); return { x: margin.x + side * x, y: margin.top + side * y }; };
  const { levels, step } = useMemo(() => levelsOf(hill), [hill]);
  const outlines = useMemo(() => levels.map((level) => outlineOf(hill, level)), [hill, levels]);
  const polygon = (shares: readonly Shares[]) => shares.map((own) => { const { x, y } = at(own); return `${x.toFixed(1)},${y.toFixed(1)}`; }).join(' ');
  const corners: readonly Shares[] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
  const point = usePoint({ now, onMove, sharesAtPixel: (x, y) => sharesAt((x - margin.x) / side, (y - margin.top) / side), hill, names });
  const [top, ref, policy] = [at(hill.top), at(hill.ref), at(now)];
  const d = path.map((shares, i) => { const { x, y } = at(shares); return `${i === 0 ? 'M' : 'L'}${x.toFixed(2)},${y.toFixed(2)}`; }).join('');
  return (
    <div className="ternary-plot" role="application" aria-roledescription={msg`triangle`} tabIndex={0} onKeyDown={point.onKeyDown}
      aria-label={msg`${isOwn ? msg`Your policy` : msg`The run’s policy`} in the triangle of ${names.join(', ')}. Arrow up and down: more or less of ${names[0]}; right and left: from ${names[1]} to ${names[2]} and back; with Shift in larger steps.`}>
      <svg className="chart ternary-hill" role="img" aria-label={msg`J over the shares of ${names.join(', ')}: highest ${formatNumber(hill.highest)} at π*, lowest ${formatNumber(hill.lowest)} in a corner.`}
        width={width} height={height} {...point.pointer}>
        <polygon className="ternary-ground" points={polygon(corners)} />
        {outlines.map((outline, k) => (
          <polygon key={levels[k]} className="ternary-band" points={polygon(outline)} style={{ '--share': `${Math.round(4 + 42 * (k + 1) / outlines.length)}%` } as React.CSSProperties} />
        ))}
        <polygon className="ternary-edge" points={polygon(corners)} />
        <LevelLabels hill={hill} levels={levels} step={step} at={at} rem={rem} />
        {path.length > 1 && <><path className="ternary-casing" d={d} /><path className="ternary-path" d={d} /></>}
        <circle className="target-ring" data-term="pi-star" cx={top.x} cy={top.y} r={0.55 * rem}><title>π*</title></circle>
        <path className="ternary-ref" data-term="pi-ref" d={`M${ref.x - 0.45 * rem},${ref.y}h${0.9 * rem}M${ref.x},${ref.y - 0.45 * rem}v${0.9 * rem}`}><title>{msg`π_ref`}</title></path>
        <circle className="ternary-point" data-term="pi" data-own={isOwn} cx={policy.x} cy={policy.y} r={0.5 * rem} />
        <text className="label label-name" x={at([1, 0, 0]).x} y={margin.top - 0.6 * rem} textAnchor="middle">{names[0]}</text>
        <text className="label label-name" x={0} y={height - 0.55 * rem}>{names[1]}</text>
        <text className="label label-name" x={width} y={height - 0.55 * rem} textAnchor="end">{names[2]}</text>
      </svg>
      <span className="lab-sr" aria-live="polite">{point.spoken}</span>
    </div>
  );
}

/** Every contour line's value, down the steepest side that has room for most of them. */
function LevelLabels({ hill, levels, step, at, rem }: { hill: Hill; levels: readonly number[]; step: number; at(shares: Shares): { x: number; y: number }; rem: number }) {
  const towards: readonly Shares[] = [[0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5]];
  const placed = towards.map((b) => {
    const labels: { level: number; x: number; y: number }[] = [];
    for (const level of levels.toReversed()) {
      const t = reachTowards(hill, b, level);
      const place = at(between(hill.top, b, t));
      const last = labels.at(-1) ?? at(hill.top);
      if (t < 0.985 && Math.hypot(place.x - last.x, place.y - last.y) > 1.35 * rem) labels.push({ level, ...place });
    }
    return labels;
  });
  const best = placed.reduce((a, b) => (b.length > a.length ? b : a));
  return <>{best.map(({ level, x, y }) => <text key={level} className="ternary-level" x={x} y={y} dy="0.32em" textAnchor="middle">{formatTick(level, step)}</text>)}</>;
}

/** The point under the pointer and under the keys. */
function usePoint({ now, onMove, sharesAtPixel, hill, names }: {
  now: Shares; onMove(shares: Shares): void; sharesAtPixel(x: number, y: number): Shares; hill: Hill; names: readonly string[];
}) {
  const dragging = useRef(false);
  const [spoken, setSpoken] = useState('');
  const moveTo = (event: PointerEvent<SVGSVGElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    onMove(insideShares(sharesAtPixel(event.clientX - left, event.clientY - top)));
  };
  return {
    spoken,
    pointer: {
      onPointerDown(event: PointerEvent<SVGSVGElement>) {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        dragging.current = true;
        moveTo(event);
      },
      onPointerMove(event: PointerEvent<SVGSVGElement>) { if (dragging.current) moveTo(event); },
      onPointerUp() { dragging.current = false; },
      onPointerCancel() { dragging.current = false; },
    },
    onKeyDown(event: KeyboardEvent) {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const next = event.key === 'Home' ? hill.ref : event.key === 'End' ? hill.top : sharesByKey(now, event.key, event.shiftKey ? 10 * STEP : STEP);
      if (!next) return;
      event.preventDefault();
      const inside = insideShares(next);
      onMove(inside);
      setSpoken(`${names.map((name, i) => `${name} ${formatProbability(inside[i])}`).join(', ')}: J ${formatNumber(hill.value(inside))}`);
    },
  };
}
