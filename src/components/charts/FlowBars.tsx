/** Paired bars: what was lost to the left of zero, what was gained to the right. */
import { msg } from '../../sim/msg.ts';
import { formatChange } from '../format.ts';
import './bars.css';
import './flow.css';

export interface FlowBar {
  key: string;
  name: string;
  /** Set in the serif of response names. */
  isName: boolean;
  role: string;
  delta: number;
}

/** @param reach  half-width of the axis, as a probability */
export function FlowBars({ sections, reach, ariaLabel }: { sections: readonly { title: string; rows: number; bars: readonly FlowBar[] }[]; reach: number; ariaLabel: string }) {
  return (
    <div className="flow" role="img" aria-label={ariaLabel}>
      <div className="flow-axis"><div>{[`−${100 * reach}`, msg`lost`, '0', msg`gained`, `+${100 * reach}`].map((text, i) => <span key={text} style={{ left: `${25 * i}%` }}>{text}</span>)}</div></div>
      {sections.map((section) => (
        <div key={section.title} className="flow-section">
          <div className="flow-title">{section.title}</div>
          <div style={{ minHeight: `${1.75 * section.rows}rem` }}>
            {section.bars.map((bar) => {
              const size = `${Math.min(50, (50 * Math.abs(bar.delta)) / reach).toFixed(3)}%`;
              return (
                <div key={bar.key} className={`flow-row role-${bar.role}`}>
                  <span className={bar.isName ? 'bars-name' : 'flow-name'} title={bar.name}><span>{bar.name}</span></span>
                  <span className="flow-track"><b style={bar.delta < 0 ? { right: '50%', width: size } : { left: '50%', width: size }} /></span>
                  <span className="bars-value" data-value={String(bar.delta)} title={String(bar.delta)}>{formatChange(bar.delta)}</span>
                </div>
              );
            })}
          </div>
        </div>
      ))}
    </div>
  );
}
