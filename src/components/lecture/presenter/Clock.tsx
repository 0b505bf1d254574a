/** Time of day, time since the talk began, and whether it goes as planned. */
import { useEffect, useState } from 'react';
import { msg } from '../../../sim/msg.ts';
import { TALK } from '../talk.ts';
import { useTalk } from '../talkStore.ts';
import { clockText, elapsedText, paceWords, planned, type ClockStart } from './pace.ts';

const MINUTES = TALK.map(({ minutes }) => minutes);
const KEPT = 'dpo-lab/clock';
/** A talk that began so recently began at the step that is shown, ms. */
const JUST_NOW = 5000;

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => { setNow(Date.now()); }, 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Where the clock was started last: with the talk, or by hand in this window. */
function useClockStart(): [ClockStart | null, (start: ClockStart) => void] {
  const startedAt = useTalk((talk) => talk.startedAt);
  const at = useTalk((talk) => talk.at);
  const [own, setOwn] = useState<ClockStart | null>(readKept);
  const keep = (start: ClockStart) => { setOwn(start); writeKept(start); };
  useEffect(() => {
    if (startedAt !== null && Date.now() - startedAt < JUST_NOW) keep({ time: startedAt, at });
    // Only when the talk begins: later steps do not move the start.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [startedAt]);
  const start = own && own.time >= (startedAt ?? 0) ? own : startedAt === null ? null : { time: startedAt, at: 0 };
  return [start, keep];
}

/** @param index  of the step whose notes are shown; −1 = none. The pace is that of a talk that is on. */
export function Clock({ index }: { index: number }) {
  const now = useNow();
  const on = useTalk((talk) => talk.on);
  const [start, restart] = useClockStart();
  const elapsed = start ? Math.max(0, now - start.time) / 60_000 : 0;
  const plan = start && on && index >= start.at ? planned(MINUTES, index, start.at) : null;
  return (
    <div className="presenter-clock">
      <time className="presenter-time" aria-label={msg`Time of day`}>{clockText(now)}</time>
      <span className="presenter-elapsed"><span className="lab-sr">{msg`Elapsed `}</span>{elapsedText(start ? now - start.time : 0)}</span>
      <button type="button" className="outlined" onClick={() => restart({ time: Date.now(), at: Math.max(0, index) })}>{start ? msg`Reset the clock` : msg`Start the clock`}</button>
      <span className="presenter-pace">{plan && <>{paceWords(plan, elapsed)}<span className="presenter-plan">{msg` · this step: minutes `}{plan.from}{msg` to `}{plan.to}</span></>}</span>
    </div>
  );
}

function readKept(): ClockStart | null {
  try {
    const [time, at] = (sessionStorage.getItem(KEPT) ?? '').split(' ').map(Number);
    return time > 0 && at >= 0 ? { time, at } : null;
  } catch {
    return null; // storage is blocked: a reload starts the clock anew
  }
}

function writeKept({ time, at }: ClockStart): void {
  try {
    sessionStorage.setItem(KEPT, `${time} ${at}`);
  } catch { /* as above */ }
}
