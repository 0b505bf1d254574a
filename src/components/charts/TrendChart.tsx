/** A small chart of a few metrics over the updates, by Recharts (at most four live at once, 100 points a series). */
import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, XAxis, YAxis } from 'recharts';
import { scaleLinear } from 'd3-scale';
import { formatTick } from '../format.ts';
import { niceRange } from './niceRange.ts';
import './charts.css';

export interface TrendLine {
  key: string;
  role: 'chosen' | 'rejected' | 'otherInDistribution' | 'ood' | 'ink' | 'optimal';
  dash?: string;
  points: readonly { step: number; median: number; low: number; high: number }[];
  showBand: boolean;
}

type Row = { step: number } & Record<string, number | [number, number] | null>;

/** Recharts wants one row per update; a value that is not a number leaves a gap. */
function rowsOf(lines: readonly TrendLine[]): Row[] {
  const first = lines[0]?.points ?? [];
  // Recharts draws an unstyled dot for a series of one point: repeat it.
  const drawn = first.length === 1 ? [first[0], first[0]] : first;
  return drawn.map((point, at) => {
    const i = Math.min(at, first.length - 1);
    const row: Row = { step: point.step };
    for (const { key, points } of lines) {
      const p = points[i];
      row[key] = p && Number.isFinite(p.median) ? p.median : null;
      row[`${key}:band`] = p && Number.isFinite(p.low) ? [p.low, p.high] : null;
    }
    return row;
  });
}

interface TrendChartProps { lines: readonly TrendLine[]; steps: number; width: number; rem: number; heightRem: number; ariaLabel: string; floor?: number }

export function TrendChart({ lines, steps, width, rem, heightRem, ariaLabel, floor }: TrendChartProps) {
  const scale = niceScale(lines, floor);
  const xTicks = scaleLinear([0, steps], [0, 1]).ticks(4).filter((t) => Number.isInteger(t));
  const tick = { fill: 'var(--muted)', fontSize: 'var(--chart-small)' };
  return (
    <div role="img" aria-label={ariaLabel} style={{ height: `${heightRem}rem` }}>
      {width > 0 && (
        <ComposedChart width={width} height={heightRem * rem} data={rowsOf(lines)} margin={{ top: 0.5 * rem, right: rem, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--grid)" />
          <XAxis dataKey="step" type="number" domain={[0, steps]} tick={tick} tickLine={false} axisLine={false} height={1.75 * rem} ticks={xTicks} interval={0} />
          <YAxis width={3.5 * rem} tick={tick} tickLine={false} axisLine={false} tickFormatter={(x: number) => formatTick(x, scale.step)} ticks={scale.ticks} domain={scale.domain} interval={0} />
          <ReferenceLine y={0} stroke="var(--line)" />
          {lines.map(({ key, role, showBand }) => showBand && (
            <Area key={`${key}:band`} dataKey={`${key}:band`} className={`role-${role}`} stroke="none" fill="var(--role-soft)" fillOpacity={1} isAnimationActive={false} activeDot={false} />
          ))}
          {lines.map(({ key, role, dash }) => (
            <Line key={key} dataKey={key} className={`role-${role}`} stroke="var(--role)" strokeWidth="var(--stroke)" strokeDasharray={dash} dot={false} activeDot={false} isAnimationActive={false} />
          ))}
        </ComposedChart>
      )}
    </div>
  );
}

/** An axis for every median and band, with about four ticks. @param floor  the least value that the lines can have */
export function niceScale(lines: readonly Pick<TrendLine, 'points' | 'showBand'>[], floor?: number): { domain: [number, number]; ticks: number[]; step: number } {
  const { domain: [low, high], ticks, step } = niceRange(lines.flatMap(({ points, showBand }) => points.flatMap((p) => (showBand ? [p.low, p.high, p.median] : [p.median]))), 4, floor);
  return { domain: [low, high], ticks: [...ticks], step };
}
