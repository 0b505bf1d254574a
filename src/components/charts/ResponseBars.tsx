/** Responses by name as horizontal bars, with a tick for π_ref, a ring for π* and a diamond for the optimum of a learned reward. Plain boxes: they follow any type size. */
import { msg } from '../../sim/msg.ts';
import { formatLogTick, formatProbability, formatProbabilityOfLog, PROBABILITY_FLOOR } from '../format.ts';
import type { ScaleKind } from './Choice.tsx';
import './bars.css';

export interface ResponseBar {
  response: number;
  name: string;
  role: string;
  logp: number;
  refLogp: number;
  /** null without a gold reward. */
  optimalLogp: number | null;
  /** log π̂*(y|x), the optimum of the reward that training is given; left out where that is the gold reward, or none. */
  givenLogp?: number | null;
}

/** Letters of a name that needs two lines in most columns. */
const LONG = 11;
const LOG_FLOOR = Math.log(PROBABILITY_FLOOR);

/** Off the logarithmic scale: at its left edge. */
export const isBelowScale = (logp: number) => logp < LOG_FLOOR;

/** Minor ticks are left out where the bars are narrow. */
const TICKS: Record<ScaleKind, readonly { at: number; text: string; minor: boolean }[]> = {
  log: [1e-6, 1e-4, 1e-2, 1].map((p) => ({ at: 1 - Math.log(p) / LOG_FLOOR, text: formatLogTick(p), minor: false })),
  linear: [0, 0.25, 0.5, 0.75, 1].map((p) => ({ at: p, text: `${100 * p} %`, minor: p === 0.25 || p === 0.75 })),
};

/** Place of a probability on the scale, 0..1. */
function place(logp: number, scale: ScaleKind): number {
  return scale === 'log' ? Math.max(0, 1 - logp / LOG_FLOOR) : Math.exp(logp);
}

const percent = (x: number) => `${(100 * x).toFixed(3)}%`;

/** @param rows  how many rows the chart is high, whatever the number of bars */
export function ResponseBars({ bars, scale, rows, ariaLabel }: { bars: readonly ResponseBar[]; scale: ScaleKind; rows: number; ariaLabel: string }) {
  return (
    <div className="bars-box"><div className="bars" role="img" aria-label={ariaLabel}>
      <div className="bars-rows" style={{ gridTemplateRows: `repeat(${rows}, var(--bar-row))` }}>
        <div className="bars-grid">{TICKS[scale].map((tick) => <i key={tick.text} style={{ left: percent(tick.at) }} />)}</div>
        {bars.map((bar) => {
          const p = Math.exp(bar.logp);
          const below = p < PROBABILITY_FLOOR;
          return (
            <div key={bar.response} className={`bars-row role-${bar.role}`}>
              <span className="bars-name" data-long={bar.name.length > LONG} title={bar.name}><span>{bar.name}</span></span>
              <span className="bars-track">
                <b style={{ width: percent(place(bar.logp, scale)) }} />
                <i className="bars-ref" data-below={scale === 'log' && isBelowScale(bar.refLogp)} style={{ left: percent(place(bar.refLogp, scale)) }} title={msg`π_ref ${formatProbabilityOfLog(bar.refLogp)}`} />
                {bar.optimalLogp !== null && (
                  <i className="bars-optimal" data-below={scale === 'log' && isBelowScale(bar.optimalLogp)} style={{ left: percent(place(bar.optimalLogp, scale)) }} title={`π* ${formatProbabilityOfLog(bar.optimalLogp)}`} />
                )}
                {bar.givenLogp != null && (
                  <i className="bars-given" data-below={scale === 'log' && isBelowScale(bar.givenLogp)} style={{ left: percent(place(bar.givenLogp, scale)) }} title={`π̂* ${formatProbabilityOfLog(bar.givenLogp)}`} />
                )}
              </span>
              <span className="bars-value" data-response={bar.name} data-value={String(p)} title={below ? formatProbabilityOfLog(bar.logp) : String(p)}>
                {formatProbability(p)}
              </span>
            </div>
          );
        })}
      </div>
      <div className="bars-axis">
        <div>{TICKS[scale].map((tick) => <span key={tick.text} data-minor={tick.minor} style={{ left: percent(tick.at) }}>{tick.text}</span>)}</div>
      </div>
    </div></div>
  );
}
