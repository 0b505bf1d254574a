/** One bar that can be dragged: by the mouse, by a finger, by keys. What it does to the other bars is its owner's. */
import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { msg } from '../../sim/msg.ts';
import { ROUNDING, signed } from '../../sim/sentences2.ts';
import { formatProbability, formatProbabilityOfLog } from '../format.ts';
import { massByKey, RANGE_PERCENT } from './simplex.ts';

export interface Bar {
  id: string;
  /** As it stands beside the bar. */
  name: string;
  /** Under the name: its reward, or how many responses it is. */
  detail: React.ReactNode;
  /** CSS class of the colour role. */
  role: string;
  /** Probability now, under π_ref and under π*. */
  p: number;
  ref: number;
  optimal: number;
  /** Of the run's policy, where the bar shows another one. */
  run: number | null;
  gradient: number;
}

interface MassBarProps {
  bar: Bar;
  /** Gradients of a sixth of this size fill half of the arrow's room. */
  gradientScale: number;
  onMove(mass: number): void;
}

const percent = (p: number) => `${(100 * p).toFixed(3)}%`;
/** Letters of a name that is set smaller, in two lines. */
const LONG = 11;
/** Horizontal movement of a finger after which it drags, px; before that it may be scrolling. */
const SLACK = 6;

export function MassBar({ bar, gradientScale, onMove }: MassBarProps) {
  const { name, detail, role, p, ref, optimal, run, gradient } = bar;
  const { least, most } = RANGE_PERCENT;
  const track = useDrag(p, onMove);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = massByKey(p, event.key, event.shiftKey);
    if (next === null) return;
    event.preventDefault();
    onMove(next);
  };
  return (
    <div className={`mass-row role-${role}`}>
      <span className="mass-name"><b title={name} data-long={name.length > LONG}>{name}</b><small>{detail}</small></span>
      <span
        className="mass-track" role="slider" tabIndex={0} aria-label={msg`π of ${name}`} aria-orientation="horizontal"
        aria-valuemin={least} aria-valuemax={most} aria-valuenow={Math.min(most, Math.max(least, 100 * p))} aria-valuetext={formatProbability(p)}
        data-response={name} data-value={p} onKeyDown={onKeyDown} {...track}
      >
        <span className="mass-rail" />
        {run !== null && <i className="mass-run" style={{ width: percent(run) }} title={msg`the run’s π ${formatProbability(run)}`} />}
        <b data-term="pi" style={{ width: percent(p) }} />
        <i className="bars-ref" data-term="pi-ref" style={{ left: percent(ref) }} title={msg`π_ref ${formatProbabilityOfLog(Math.log(ref))}`} />
        <i className="bars-optimal" data-term="pi-star" style={{ left: percent(optimal) }} title={`π* ${formatProbabilityOfLog(Math.log(optimal))}`} />
        <i className="mass-grip" style={{ left: percent(p) }} />
      </span>
      <GradientArrow gradient={gradient} scale={gradientScale} />
      <span className="mass-numbers" data-response={name} data-gradient={gradient}>
        <b title={String(p)}>{formatProbability(p)}</b>
        <small title={String(gradient)}>{signed(gradient)}</small>
      </span>
    </div>
  );
}

/** An arrow from the middle: to the right where J gains by more probability, to the left where it gains by less; a dot at 0. */
function GradientArrow({ gradient, scale }: { gradient: number; scale: number }) {
  const isZero = Math.abs(gradient) < ROUNDING;
  // Long gradients are shortened, never cut: |g|/(|g| + scale/6).
  const tip = isZero ? 0 : 22 * gradient / (Math.abs(gradient) + scale / 6);
  const size = Math.min(5, Math.abs(tip));
  const head = Math.sign(tip) * size;
  return (
    <svg className="mass-gradient" viewBox="-24 -8 48 16" aria-hidden="true">
      <line className="mass-zero" x1={0} x2={0} y1={-7} y2={7} />
      {isZero ? <circle r={2.6} /> : <path d={`M0,-1.3H${tip - head}V${-size}L${tip},0L${tip - head},${size}V1.3H0z`} />}
    </svg>
  );
}

type Drag = Pick<React.HTMLAttributes<HTMLElement>, 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel'>;

/** A finger drags once it has moved sideways, or taps; a mouse drags at once. Grabbed near its end, the bar does not jump. */
export function useDrag(p: number, onMove: (mass: number) => void): Drag {
  const drag = useRef<{ pointer: number; startX: number; offset: number; begun: boolean } | null>(null);
  const massAt = (event: PointerEvent<HTMLElement>, offset: number) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return (event.clientX - offset - left) / width;
  };
  return {
    onPointerDown(event) {
      if (event.button !== 0) return;
      const { left, width } = event.currentTarget.getBoundingClientRect();
      const fromEnd = event.clientX - left - p * width;
      const isMouse = event.pointerType === 'mouse';
      const offset = Math.abs(fromEnd) <= (isMouse ? 10 : 22) ? fromEnd : 0;
      drag.current = { pointer: event.pointerId, startX: event.clientX, offset, begun: isMouse };
      event.currentTarget.setPointerCapture(event.pointerId);
      event.currentTarget.focus({ preventScroll: true });
      if (isMouse) {
        event.preventDefault();
        if (offset === 0) onMove(massAt(event, 0));
      }
    },
    onPointerMove(event) {
      const now = drag.current;
      if (!now || now.pointer !== event.pointerId) return;
      if (!now.begun && Math.abs(event.clientX - now.startX) < SLACK) return;
      now.begun = true;
      onMove(massAt(event, now.offset));
    },
    onPointerUp(event) {
      const now = drag.current;
      drag.current = null;
      if (now && !now.begun) onMove(massAt(event, now.offset));
    },
    onPointerCancel() { drag.current = null; },
  };
}
