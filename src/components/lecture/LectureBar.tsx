/** The head of the page while the talk is on: where it is, the way on and back, and what else a lecturer needs without keys. */
import { useRef, type TouchEvent } from 'react';
import { msg } from '../../sim/msg.ts';
import { LectureMenu } from './LectureMenu.tsx';
import { TALK } from './talk.ts';
import { useTalk } from './talkStore.ts';
import './lecture.css';

export function LectureBar() {
  const at = useTalk((talk) => talk.at);
  const next = useTalk((talk) => talk.next);
  const previous = useTalk((talk) => talk.previous);
  const stop = useTalk((talk) => talk.stop);
  const swipe = useSwipe(next, previous);
  const step = TALK[at];
  return (
    <header className="lecture-bar" {...swipe}>
      <div className="lecture-steps" role="group" aria-label={msg`Talk`}>
        <Way label={msg`Previous step`} title={msg`Previous step (←)`} off={at <= 0} act={previous} path="M10 2 4 8l6 6" />
        <span className="lecture-position"><span className="lab-sr">{msg`Step `}</span>{at + 1}<span aria-hidden="true"> / </span><span className="lab-sr">{msg` of `}</span>{TALK.length}</span>
        <Way label={msg`Next step`} title={msg`Next step (→ or Space)`} off={at >= TALK.length - 1} act={next} path="m6 2 6 6-6 6" />
      </div>
      {step && <p className="lecture-title"><span className="lecture-chapter">{msg`Chapter `}{step.chapter}</span> {step.title}</p>}
      <div className="lecture-tools">
        <LectureMenu />
        <button type="button" className="quiet" onClick={stop} title={msg`Back to the lab (L)`}>{msg`End`}</button>
      </div>
    </header>
  );
}

function Way({ label, title, off, act, path }: { label: string; title: string; off: boolean; act: () => void; path: string }) {
  return (
    <button type="button" className="quiet lecture-way" aria-label={label} title={title} aria-disabled={off || undefined} onClick={act}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d={path} fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" /></svg>
    </button>
  );
}

/** Shortest way of a finger that is a swipe, CSS pixels. */
const SWIPE = 48;

/** Swipes along the bar, which has no slider: to the left the next step, to the right the previous one. */
function useSwipe(next: () => void, previous: () => void) {
  const from = useRef<{ x: number; y: number } | null>(null);
  return {
    onTouchStart({ touches }: TouchEvent) {
      from.current = touches.length === 1 ? { x: touches[0].clientX, y: touches[0].clientY } : null;
    },
    onTouchEnd({ changedTouches }: TouchEvent) {
      if (!from.current || changedTouches.length !== 1) return;
      const [x, y] = [changedTouches[0].clientX - from.current.x, changedTouches[0].clientY - from.current.y];
      from.current = null;
      if (Math.abs(x) < SWIPE || Math.abs(y) > Math.abs(x) / 2) return;
      if (x < 0) next();
      else previous();
    },
  };
}
