/** Peaks of OOD mass by resampling rate: a dot for every seed and a bar for the median, on a logarithmic axis of probability. */
import { scaleLog } from 'd3-scale';
import { msg } from '../../sim/msg.ts';
import { formatLogTick, formatProbability, PROBABILITY_FLOOR } from '../format.ts';
import { everyWords } from '../../sim/sentences6.ts';
import type { RatePeaks } from '../../sim/onlineStory.ts';

const TICKS = [1e-6, 1e-4, 1e-2, 1];

interface RateChartProps {
  width: number;
  height: number;
  rem: number;
  /** From most to least often. */
  rates: readonly RatePeaks[];
  /** Sweep index of the rate in focus. */
  shown: number;
  ariaLabel: string;
}

/** The left edge that the names of the rates below the chart start from, in rem. */
export const RATE_LEFT_REM = 3.4;

export function RateChart({ width, height, rem, rates, shown, ariaLabel }: RateChartProps) {
  const left = RATE_LEFT_REM * rem;
  const y = scaleLog([PROBABILITY_FLOOR, 1], [height - 0.75 * rem, 0.75 * rem]);
  const at = (value: number) => y(Math.min(1, Math.max(PROBABILITY_FLOOR, value)));
  const column = Math.max(0, width - left) / rates.length;
  const middle = (i: number) => left + (i + 0.5) * column;
  // Dots side by side, as far apart as the column allows.
  const spread = Math.min(0.62 * column, 7 * rem);
  return (
    <svg className="chart" role="img" aria-label={ariaLabel} width={width} height={height}>
      {TICKS.map((tick) => (
        <g key={tick}>
          <line className="grid" x1={left} x2={width} y1={y(tick)} y2={y(tick)} />
          <text x={left - 0.5 * rem} y={y(tick)} dy="0.32em" textAnchor="end">{tick === PROBABILITY_FLOOR ? '≤ 10⁻⁶' : formatLogTick(tick)}</text>
        </g>
      ))}
      {rates.map(({ every, peaks, median, sweepIndex }, i) => (
        <g key={sweepIndex} className="role-ood">
          {sweepIndex === shown && <rect className="rates-column" x={middle(i) - column / 2} width={column} y={0} height={height} />}
          {peaks.map((peak, s) => (
            <circle key={s} cx={middle(i) + (peaks.length > 1 ? (s / (peaks.length - 1) - 0.5) * spread : 0)} cy={at(peak)} r={0.22 * rem} style={{ fill: 'var(--role)', fillOpacity: 0.55 }}>
              <title>{msg`fresh pairs ${everyWords(every)}: peak ${formatProbability(peak)}`}</title>
            </circle>
          ))}
          {peaks.length > 1 && <line x1={middle(i) - spread / 2 - 0.4 * rem} x2={middle(i) + spread / 2 + 0.4 * rem} y1={at(median)} y2={at(median)} style={{ stroke: 'var(--role)', strokeWidth: 'var(--stroke)' }} />}
        </g>
      ))}
    </svg>
  );
}
