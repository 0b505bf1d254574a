/** A very small chart of probabilities over the updates: for one cell of a row of small multiples. */
import { area, line } from 'd3-shape';
import { scaleLinear } from 'd3-scale';
import type { BandPoint } from '../../sim/history.ts';
import { msg } from '../../sim/msg.ts';
import './charts.css';

export interface MiniLine { id: string; role: string; dash?: string; band: readonly BandPoint[]; showBand: boolean }

const WIDTH = 160;
const HEIGHT = 84;

/** Drawn in a fixed box that stretches with its cell; strokes keep their width. */
export function MiniLines({ lines, steps }: { lines: readonly MiniLine[]; steps: number }) {
  const x = scaleLinear([0, Math.max(1, steps)], [0, WIDTH]);
  const y = scaleLinear([0, 1], [HEIGHT - 2, 2]);
  const median = line<BandPoint>().defined((p) => Number.isFinite(p.median)).x((p) => x(p.step)).y((p) => y(p.median));
  const band = area<BandPoint>().defined((p) => Number.isFinite(p.low)).x((p) => x(p.step)).y0((p) => y(p.low)).y1((p) => y(p.high));
  return (
    <span className="mini-frame" aria-hidden="true">
      <span className="mini-plot">
        {[0, 50, 100].map((percent) => <span key={percent} className="mini-y" style={{ top: `${(100 * y(percent / 100)) / HEIGHT}%` }}>{percent} %</span>)}
        <svg className="chart mini" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
          {[0, 0.5, 1].map((value) => <line key={value} className="grid" x1={0} x2={WIDTH} y1={y(value)} y2={y(value)} vectorEffect="non-scaling-stroke" />)}
          {lines.map((l) => l.showBand && <path key={l.id} className={`role-${l.role}`} d={band(l.band) ?? ''} style={{ fill: 'var(--role-soft)' }} />)}
          {lines.map((l) => <path key={l.id} className={`line role-${l.role}`} d={median(l.band) ?? ''} style={{ stroke: 'var(--role)' }} strokeDasharray={l.dash} vectorEffect="non-scaling-stroke" />)}
        </svg>
      </span>
      <span className="mini-x"><span>0</span><span>{msg`updates`}</span><span>{steps.toLocaleString('en')}</span></span>
    </span>
  );
}
