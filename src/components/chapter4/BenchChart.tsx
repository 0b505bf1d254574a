/** One situation of the β bench: log-ratio gap and reward gap over β, both axes logarithmic, so that a slope is a power of β. */
import { scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import type { BenchCell } from '../../sim/betaBench.ts';
import { msg } from '../../sim/msg.ts';
import { formatNumber, superscript } from '../format.ts';
import { useBox } from '../charts/useBox.ts';
import { EndMarker } from '../charts/marks.tsx';

interface BenchChartProps {
  id: string;
  cells: readonly BenchCell[];
  /** The same for all charts of the bench. */
  domain: readonly [number, number];
  ariaLabel: string;
}

const LINES = [
  { key: 'gap', label: 'h', marker: 'circle', term: 'h' },
  { key: 'rewardGap', label: msg`βh`, marker: 'square', dash: '6 4', term: 'beta' },
] as const;

export function BenchChart({ id, cells, domain, ariaLabel }: BenchChartProps) {
  const [ref, box] = useBox<HTMLDivElement>();
  const { width, height, rem } = box;
  const x = scaleLog([cells[0].beta, cells[cells.length - 1].beta], [3 * rem, width - 1 * rem]);
  const y = scaleLog([...domain], [height - 2.6 * rem, 0.5 * rem]);
  const [low, high] = domain.map((value) => Math.round(Math.log10(value)));
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  const drawn = (key: (typeof LINES)[number]['key']) => cells.filter((cell) => cell[key] > 0);
  return (
    <div ref={ref} className="chart-box bench-box">
      {width > 0 && (
        <svg className="chart" role="img" aria-label={ariaLabel} width={width} height={height}>
          {ticks.map((power) => (
            <g key={power}>
              <line className="grid" x1={2.6 * rem} x2={width - 0.6 * rem} y1={y(10 ** power)} y2={y(10 ** power)} />
              <text x={2.3 * rem} y={y(10 ** power)} dy="0.32em" textAnchor="end">{Math.abs(power) <= 2 ? String(10 ** power) : `10${superscript(power)}`}</text>
            </g>
          ))}
          {cells.map(({ beta }) => <text key={beta} x={x(beta)} y={height - 1.45 * rem} textAnchor="middle">{beta}</text>)}
          <text x={(3 * rem + width - 1 * rem) / 2} y={height - 0.3 * rem} textAnchor="middle" data-term="beta">{msg`β, logarithmic`}</text>
          {LINES.map(({ key, label, marker, term, ...look }) => {
            const own = drawn(key);
            const begin = own[0];
            return (
              <g key={key} className="role-ink" data-term={term}>
                <path className="line" d={line<BenchCell>().x((cell) => x(cell.beta)).y((cell) => y(cell[key]))(own) ?? ''} style={{ stroke: 'var(--role)' }} strokeDasharray={'dash' in look ? look.dash : undefined} />
                {own.map((cell) => (
                  <g key={cell.beta} data-bench={`${id}/${key}`} data-beta={cell.beta} data-value={String(cell[key])}>
                    <title>{`β = ${cell.beta}: ${label} = ${formatNumber(cell[key])}`}</title>
                    <EndMarker kind={marker} x={x(cell.beta)} y={y(cell[key])} size={0.3 * rem} />
                  </g>
                ))}
                {begin && <text className="label" x={x(begin.beta) - 0.25 * rem} y={y(begin[key]) - 0.7 * rem} style={{ fill: 'var(--role-text)' }}>{label}</text>}
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}
