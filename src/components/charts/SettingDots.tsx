/** A value at every setting of a swept knob: a dot for each seed, a bar for the median, and marks to compare with. */
import type { YAxis } from './LineChart.tsx';
import { scaleLinear } from 'd3-scale';
import './charts.css';
import './scatter.css';

export interface SettingTarget {
  value: number;
  /** A ring for π*, a diamond for the optimum of another reward. */
  shape: 'ring' | 'diamond';
  title: string;
}

export interface Setting {
  sweepIndex: number;
  label: string;
  /** One per seed. */
  values: readonly number[];
  median: number;
  targets: readonly SettingTarget[];
}

interface SettingDotsProps {
  width: number;
  height: number;
  rem: number;
  settings: readonly Setting[];
  /** Sweep index of the setting in focus. */
  shown: number;
  yAxis: YAxis;
  ariaLabel: string;
  format(value: number): string;
}

/** The left edge that the names of the settings below the chart start from, in rem. */
export const SETTINGS_LEFT_REM = 3.4;

export function SettingDots({ width, height, rem, settings, shown, yAxis, ariaLabel, format }: SettingDotsProps) {
  const left = SETTINGS_LEFT_REM * rem;
  const y = scaleLinear([...yAxis.domain], [height - 0.75 * rem, 0.75 * rem]);
  const column = Math.max(0, width - left) / settings.length;
  const spread = Math.min(0.42 * column, 5 * rem);
  return (
    <svg className="chart" role="img" aria-label={ariaLabel} width={width} height={height}>
      {yAxis.ticks.map((tick) => (
        <g key={tick.text}>
          <line className="grid" x1={left} x2={width} y1={y(tick.value)} y2={y(tick.value)} />
          <text x={left - 0.5 * rem} y={y(tick.value)} dy="0.32em" textAnchor="end">{tick.text}</text>
        </g>
      ))}
      {settings.map(({ sweepIndex, label, values, median, targets }, i) => {
        const middle = left + (i + 0.5) * column;
        return (
          <g key={sweepIndex} className="role-ink">
            {sweepIndex === shown && <rect className="setting-column" x={middle - column / 2} width={column} y={0} height={height} />}
            {values.map((value, s) => Number.isFinite(value) && (
              <circle key={s} className="setting-dot" cx={middle + (values.length > 1 ? (s / (values.length - 1) - 0.5) * spread : 0)} cy={y(value)} r={0.2 * rem}>
                <title>{`${label}: ${format(value)}`}</title>
              </circle>
            ))}
            {values.length > 1 && Number.isFinite(median) && <line className="setting-median" x1={middle - spread / 2 - 0.4 * rem} x2={middle + spread / 2 + 0.4 * rem} y1={y(median)} y2={y(median)} />}
            {targets.map(({ value, shape, title }) => Number.isFinite(value) && <TargetMark key={shape} shape={shape} x={middle + spread / 2 + 1 * rem} y={y(value)} size={0.42 * rem} title={title} />)}
          </g>
        );
      })}
    </svg>
  );
}

/** The marks of the two optima, as in the bars. */
export function TargetMark({ shape, x, y, size, title }: { shape: SettingTarget['shape']; x: number; y: number; size: number; title?: string }) {
  const name = title === undefined ? null : <title>{title}</title>;
  if (shape === 'ring') return <circle className="target-ring" cx={x} cy={y} r={size}>{name}</circle>;
  return <path className="target-diamond" d={`M${x},${y - 1.2 * size}l${1.2 * size},${1.2 * size}l${-1.2 * size},${1.2 * size}l${-1.2 * size},${-1.2 * size}z`}>{name}</path>;
}
