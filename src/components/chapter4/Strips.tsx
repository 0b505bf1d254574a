/** Quantities over one slider's range, one above the other, each with the present place marked; their headings say in text what the lines show there. */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { useBox } from '../charts/useBox.ts';
import './strips.css';

export interface StripLine {
  /** Its value at every place of the axis; null where it is not defined. */
  values: readonly (number | null)[];
  role: string;
  dash?: string;
  term?: string;
}

export interface Strip {
  id: string;
  /** What it is, and its value at the present place: the strip's heading. */
  heading: React.ReactNode;
  lines: readonly StripLine[];
  /** Words at the lowest and the highest value. */
  low: string;
  high: string;
  domain: readonly [number, number];
}

interface StripsProps {
  strips: readonly Strip[];
  /** Places of the values along the axis, 0..1, ascending. */
  places: readonly number[];
  /** The present place, 0..1. */
  at: number;
  ticks: readonly { at: number; text: string }[];
  axis: React.ReactNode;
}

const HEIGHT_REM = 2.9;
/** Room for the values at the left; a slider over the same range begins where it ends (strips.css). */
const GUTTER_REM = 3;

export function Strips({ strips, places, at, ticks, axis }: StripsProps) {
  const [ref, box] = useBox<HTMLDivElement>();
  const x = scaleLinear([0, 1], [(GUTTER_REM + 0.6) * box.rem, box.width - 0.6 * box.rem]);
  return (
    <div className="strips">
      <div ref={ref} />
      {strips.map((strip) => (
        <div key={strip.id} className="strip">
          <p className="strip-heading">{strip.heading}</p>
          {box.width > 0 && <StripPlot strip={strip} places={places} at={at} x={x} width={box.width} height={HEIGHT_REM * box.rem} rem={box.rem} />}
        </div>
      ))}
      <div className="strip-axis" aria-hidden="true">
        {ticks.map((tick) => <span key={tick.text} style={{ left: `calc(${GUTTER_REM + 0.6}rem + ${tick.at} * (100% - ${GUTTER_REM + 1.2}rem))` }} data-end={tick.at === 0 ? 'low' : tick.at === 1 ? 'high' : undefined}>{tick.text}</span>)}
      </div>
      <p className="strip-axis-label">{axis}</p>
    </div>
  );
}

function StripPlot({ strip: { lines, domain, low, high }, places, at, x, width, height, rem }: { strip: Strip; places: readonly number[]; at: number; x: (place: number) => number; width: number; height: number; rem: number }) {
  const y = scaleLinear([...domain], [height - 0.45 * rem, 0.45 * rem]);
  return (
    <svg className="chart strip-plot" aria-hidden="true" width={width} height={height}>
      {[{ value: domain[0], text: low }, { value: domain[1], text: high }].map(({ value, text }) => (
        <g key={value}>
          <line className="grid" x1={GUTTER_REM * rem} x2={width} y1={y(value)} y2={y(value)} />
          <text className="strip-end" x={(GUTTER_REM - 0.4) * rem} y={y(value)} dy="0.32em" textAnchor="end">{text}</text>
        </g>
      ))}
      <line className="strip-now" x1={x(at)} x2={x(at)} y1={0} y2={height} />
      {lines.map(({ values, role, dash, term }, i) => {
        const points = values.map((value, k) => ({ value, place: places[k] }));
        const here = interpolated(points, at);
        return (
          <g key={i} className={`role-${role}`} data-term={term}>
            <path className="line" d={line<(typeof points)[number]>().defined(({ value }) => value !== null).x((p) => x(p.place)).y((p) => y(p.value ?? NaN))(points) ?? ''} style={{ stroke: 'var(--role)' }} strokeDasharray={dash} />
            {here !== null && <circle cx={x(at)} cy={y(here)} r={0.32 * rem} style={{ fill: 'var(--role)', stroke: 'var(--paper)', strokeWidth: 1.5 }} />}
          </g>
        );
      })}
    </svg>
  );
}

/** The line's height at a place between two of its points; null where it is not defined. */
function interpolated(points: readonly { value: number | null; place: number }[], at: number): number | null {
  const after = points.findIndex(({ place }) => place >= at);
  const [a, b] = [points[Math.max(0, after - 1)], points[after]];
  if (!a || !b || b.value === null) return null;
  if (b.place === at || a.value === null || b.place === a.place) return b.value;
  return a.value + ((at - a.place) / (b.place - a.place)) * (b.value - a.value);
}
