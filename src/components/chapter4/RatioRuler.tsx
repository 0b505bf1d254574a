/** The ruler itself: log-ratios from left to right, a rail for each response, and the distance h between the marks. */
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { msg } from '../../sim/msg.ts';
import { formatNumber, formatProbability, formatTick } from '../format.ts';
import { ROLE_NAMES } from '../panels/groupNames.ts';
import { EXAMPLES, farthestLogRatio, LEAST_LOG_RATIO, ratioText, shortNumber, SIDES, signed, SYMBOLS, type Side } from './ruler.ts';
import { moveMark } from './rulerStore.ts';
import type { RulerNow } from './useRuler.ts';

/** Ticks as shares of the reach. */
const TICKS = [-1, -0.5, 0, 0.5, 1];

/** Arrow keys move a mark by this share of the reach, with Page keys by ten times as much. */
const STEP = 0.02;

export function RatioRuler({ ruler }: { ruler: RulerNow }) {
  const { marks, reading, reach: reachNow } = ruler;
  const line = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<{ side: Side; reach: number } | null>(null);
  // The scale stands still under the hand.
  const reach = dragged?.reach ?? reachNow;
  const share = (logRatio: number) => Math.min(1, Math.max(0, 0.5 + logRatio / (2 * reach)));
  const at = (logRatio: number) => `${(100 * share(logRatio)).toFixed(3)}%`;

  function drag(event: PointerEvent, side: Side): void {
    const box = line.current?.getBoundingClientRect();
    if (!box) return;
    const wanted = ((event.clientX - box.left) / box.width - 0.5) * 2 * reach;
    moveMark(marks, side, Math.max(-reach, Math.min(reach, wanted)), reach);
  }
  const handlers = (side: Side) => ({
    onPointerDown(event: PointerEvent<HTMLDivElement>) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setDragged({ side, reach });
    },
    onPointerMove(event: PointerEvent<HTMLDivElement>) { if (dragged?.side === side) drag(event, side); },
    onPointerUp() { setDragged(null); },
    onPointerCancel() { setDragged(null); },
    onKeyDown(event: KeyboardEvent) {
      const target = keyTarget(event, marks[side].logRatio, reach, farthestLogRatio(marks, side));
      if (target === null) return;
      event.preventDefault();
      moveMark(marks, side, target, reach);
    },
  });
  const [left, right] = [share(marks.chosen.logRatio), share(marks.rejected.logRatio)].sort((a, b) => a - b);
  // In the bracket where it fits, else beside it.
  const place = right - left > 0.28 ? 'inside' : right < 0.7 ? 'right' : 'left';
  const anchor = { inside: (left + right) / 2, right, left }[place];
  const ghost = ruler.source.kind === 'example' ? EXAMPLES[ruler.source.id].beside : undefined;
  return (
    <div className="ruler" role="group" aria-label={msg`Log-ratio ruler`}>
      <div className="ruler-line" ref={line}>
        {TICKS.map((tick) => <span key={tick} className="ruler-grid" data-zero={tick === 0} style={{ left: at(tick * reach) }} />)}
        {right > left && <span className="ruler-span" data-term="h" style={{ left: `${100 * left}%`, width: `${100 * (right - left)}%` }} />}
        <span className="ruler-h" data-term="h" data-place={place} style={{ left: `${100 * anchor}%` }}>h = {shortNumber(reading.margin)}</span>
        {SIDES.map((side) => {
          const { logRatio } = marks[side];
          const most = farthestLogRatio(marks, side);
          const { text, term, sub } = SYMBOLS[side];
          return (
            <div key={side} className={`ruler-rail role-${side}`} data-side={side}>
              <span className="ruler-room" title={msg`Here the two probabilities would add up to more than 1.`} style={{ right: `${100 - 100 * share(Math.max(most, logRatio))}%` }} />
              {side === 'chosen' && ghost && <span className="ruler-ghost" data-to={EXAMPLES[ghost].marks.chosen.logRatio > logRatio ? 'right' : 'left'} style={{ left: at(EXAMPLES[ghost].marks.chosen.logRatio) }} title={msg`the slide’s ${EXAMPLES[ghost].label}: log-ratio ${signed(EXAMPLES[ghost].marks.chosen.logRatio)}`}><i>{EXAMPLES[ghost].short}</i></span>}
              <div
                className="ruler-mark" role="slider" tabIndex={0} data-term={term} aria-label={msg`log-ratio of ${text}, ${ROLE_NAMES[side]}`}
                aria-valuemin={Math.min(LEAST_LOG_RATIO, logRatio)} aria-valuemax={Math.max(most, logRatio)} aria-valuenow={logRatio}
                aria-valuetext={msg`${signed(logRatio)}: from ${formatProbability(reading[side].ref)} to ${formatProbability(reading[side].now)}, ratio ${ratioText(logRatio)}`}
                style={{ left: at(logRatio) }} {...handlers(side)}
              >
                <span className="ruler-dot" /><span className="ruler-letter">y<sub>{sub}</sub></span>
              </div>
            </div>
          );
        })}
      </div>
      <div className="ruler-axis" aria-hidden="true">
        {TICKS.map((tick) => <span key={tick} data-half={Math.abs(tick) === 0.5} style={{ left: at(tick * reach) }}>{formatTick(tick * reach, reach / 2)}<small>{tick === 0 ? msg`as in the reference` : `× ${formatNumber(Math.exp(tick * reach))}`}</small></span>)}
      </div>
      <p className="ruler-caption">{msg`log-ratio log π/π`}<sub>ref</sub>{msg` in nats, and the ratio; drag the marks, or use the arrow keys`}</p>
    </div>
  );
}

/** Where a key wants the mark; null for keys that are not the slider's. */
function keyTarget({ key, altKey, ctrlKey, metaKey }: KeyboardEvent, now: number, reach: number, most: number): number | null {
  if (altKey || ctrlKey || metaKey) return null;
  const step = STEP * reach;
  // From where a step lands on a round place, as the tick marks are.
  const onto = (by: number) => Math.round(now / step + by) * step;
  switch (key) {
    case 'ArrowRight': case 'ArrowUp': return onto(1);
    case 'ArrowLeft': case 'ArrowDown': return onto(-1);
    case 'PageUp': return onto(10);
    case 'PageDown': return onto(-10);
    case 'Home': return 0;
    case 'End': return most;
    default: return null;
  }
}
