/** E[r] − β·KL = J, and what is missing to β log Z, as steps on one axis. */
import type { ReactNode } from 'react';
import { msg } from '../../sim/msg.ts';
import { niceRange } from '../charts/niceRange.ts';
import { formatNumber, formatTick } from '../format.ts';
import type { Worth } from './worth.ts';

interface Step {
  id: string;
  name: ReactNode;
  /** The bar goes from here … */
  from: number;
  /** … to here. */
  to: number;
  value: number;
  /** How it is painted. */
  look: 'amount' | 'cost' | 'sum' | 'gap' | 'best';
}

const BETA_KL = <><span data-term="beta">β</span>·<span data-term="kl">{msg`KL`}</span></>;

function stepsOf({ reward, klCost, value, gap, best }: Worth): Step[] {
  return [
    { id: 'goldReward', name: <>E[<span data-term="r">r</span>]<small>{msg`reward`}</small></>, from: 0, to: reward, value: reward, look: 'amount' },
    { id: 'klCost', name: <>− {BETA_KL}<small>{msg`its price`}</small></>, from: reward, to: value, value: -klCost, look: 'cost' },
    { id: 'objective', name: <><span data-term="J">= J</span><small>{msg`worth`}</small></>, from: 0, to: value, value, look: 'sum' },
    { id: 'gap', name: <>+ <span data-term="beta">β</span>{msg`·KL(π‖`}<span data-term="pi-star">π*</span>)<small>{msg`gap`}</small></>, from: value, to: best, value: gap, look: 'gap' },
    { id: 'objective/optimal', name: <>= <span data-term="beta">β</span>{msg` log `}<span data-term="Z">Z</span><small>{msg`best`}</small></>, from: 0, to: best, value: best, look: 'best' },
  ];
}

/** @param reach  values the axis must hold besides, so that it stays where it is while bars are dragged */
export function WorthPicture({ worth, reach, over }: { worth: Worth; reach: readonly number[]; over: string }) {
  const { domain: [low, high], ticks, step: distance } = niceRange([0, worth.reward, worth.value, worth.best, ...reach], 4);
  const at = (value: number) => (value - low) / (high - low);
  const percent = (value: number) => `${(100 * at(value)).toFixed(3)}%`;
  const steps = stepsOf(worth);
  return (
    <div className="worth" role="group" aria-label={msg`What the policy is worth${over}`}>
      <div className="worth-rows">
        <div className="worth-grid" aria-hidden="true">
          {ticks.map((tick) => <i key={tick} data-zero={tick === 0} style={{ left: percent(tick) }} />)}
          <i className="worth-line" style={{ left: percent(worth.best) }} />
        </div>
        {steps.map(({ id, name, from, to, value, look }) => (
          <div key={id} className="worth-row" data-look={look}>
            <span className="worth-name">{name}</span>
            <span className="worth-track" aria-hidden="true">
              <b style={{ left: percent(Math.min(from, to)), width: `${(100 * Math.abs(at(to) - at(from))).toFixed(3)}%` }} />
            </span>
            <span className="worth-value" data-metric={id} data-value={id === 'klCost' ? -value : value} title={String(value)}>{formatNumber(value)}</span>
          </div>
        ))}
      </div>
      <div className="worth-axis" aria-hidden="true"><div>{ticks.map((tick) => <span key={tick} style={{ left: percent(tick) }}>{formatTick(tick, distance)}</span>)}</div></div>
    </div>
  );
}
