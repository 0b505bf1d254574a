/** Time of day, time since the talk began, and whether it goes as planned. */
import { useEffect, useState } from 'react';
import { msg } from '../../../sim/msg.ts';
import { TALK } from '../talk.ts';
import { useTalk } from '../talkStore.ts';
import { clockText, elapsedText, paceWords, planned } from './pace.ts';

const MINUTES = TALK.map(({ minutes }) => minutes);

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => { setNow(Date.now()); }, 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** @param index  of the step whose notes are shown; −1 = none. The pace is that of a talk that is on. */
export function Clock({ index }: { index: number }) {
  const now = useNow();
  const on = useTalk((talk) => talk.on);
  const startedAt = useTalk((talk) => talk.startedAt);
  const startedStep = useTalk((talk) => talk.startedStep);
  const startClock = useTalk((talk) => talk.startClock);
  const elapsed = startedAt === null ? 0 : Math.max(0, now - startedAt);
  const plan = startedAt !== null && on && index >= startedStep ? planned(MINUTES, index, startedStep) : null;
  return (
    <div className="presenter-clock">
      <time className="presenter-time" aria-label={msg`Time of day`}>{clockText(now)}</time>
      <span className="presenter-elapsed"><span className="lab-sr">{msg`Elapsed `}</span>{elapsedText(elapsed)}</span>
      <button type="button" className="outlined" onClick={() => startClock(Math.max(0, index))}>{startedAt === null ? msg`Start the clock` : msg`Reset the clock`}</button>
      <span className="presenter-pace">{plan && <>{paceWords(plan, elapsed / 60_000)}<span className="presenter-plan">{msg` · this step: minutes `}{plan.from}{msg` to `}{plan.to}</span></>}</span>
    </div>
  );
}
