/** What the presenter does without looking at the other screen: the talk, the run, and what the audience sees of it. */
import { msg } from '../../../sim/msg.ts';
import { SPEEDS } from '../../frame/Transport.tsx';
import { useLab } from '../../labStore.ts';
import { useRun } from '../../run.ts';
import { useTalk } from '../talkStore.ts';

export function PresenterBar({ index, count, showSteps }: { index: number; count: number; showSteps: () => void }) {
  return (
    <div className="presenter-bar">
      <TalkButtons index={index} count={count} showSteps={showSteps} />
      <RunButtons />
      <AudienceButtons />
    </div>
  );
}

function TalkButtons({ index, count, showSteps }: { index: number; count: number; showSteps: () => void }) {
  const on = useTalk((talk) => talk.on);
  const begun = useTalk((talk) => talk.begun);
  const next = useTalk((talk) => talk.next);
  const previous = useTalk((talk) => talk.previous);
  const start = useTalk((talk) => talk.start);
  const stop = useTalk((talk) => talk.stop);
  return (
    <div className="presenter-group" role="group" aria-label={msg`Talk`}>
      {on ? (
        <>
          <button type="button" className="outlined" aria-disabled={index <= 0 || undefined} onClick={previous} title={msg`Previous step (←)`}>{msg`Previous`}</button>
          <button type="button" className="presenter-main" aria-disabled={index >= count - 1 || undefined} onClick={next} title={msg`Next step (→ or Space)`}>{msg`Next`}</button>
          <button type="button" className="outlined" onClick={showSteps} title={msg`All steps (O)`}>{msg`All steps`}</button>
          <button type="button" className="outlined" onClick={stop} title={msg`Back to the lab (L)`}>{msg`End the talk`}</button>
        </>
      ) : (
        <>
          {begun && <button type="button" className="presenter-main" onClick={() => start()} title={msg`At the step where it was left (L)`}>{msg`Go on with the talk`}</button>}
          <button type="button" className={begun ? 'outlined' : 'presenter-main'} onClick={() => start(Math.max(0, index))} title={msg`The page is given step by step`}>{index > 0 ? msg`Talk from here` : msg`Begin the talk`}</button>
          <button type="button" className="outlined" onClick={showSteps} title={msg`All steps (O)`}>{msg`All steps`}</button>
        </>
      )}
    </div>
  );
}

function RunButtons() {
  const state = useRun((run) => run.state);
  const speed = useRun((run) => run.speed);
  const setSpeed = useRun((run) => run.setSpeed);
  const stepBack = useRun((run) => run.stepBack);
  const atStart = useRun((run) => (run.seeking?.target ?? run.step) <= run.earliest);
  const togglePlay = useLab((lab) => lab.togglePlay);
  const step = useLab((lab) => lab.step);
  const reset = useLab((lab) => lab.reset);
  const running = state === 'running';
  const ready = state === 'paused' || state === 'running' || state === 'done';
  return (
    <div className="presenter-group" role="group" aria-label={msg`Run`}>
      <button type="button" className="outlined presenter-play" aria-disabled={state === 'failed' || undefined} onClick={togglePlay} title={running ? msg`Pause (K)` : msg`Play (K)`}>{running ? msg`Pause` : msg`Play`}</button>
      <button type="button" className="outlined" aria-disabled={!ready || atStart || undefined} onClick={() => { if (ready && !atStart) stepBack(); }} title={msg`One update back`}>{msg`Step back`}</button>
      <button type="button" className="outlined" aria-disabled={!ready || state === 'done' || undefined} onClick={step} title={msg`One update`}>{msg`Step`}</button>
      <button type="button" className="outlined" onClick={reset} title={msg`Back to where it began (R)`}>{msg`Reset`}</button>
      <select aria-label={msg`Speed`} value={String(speed)} onChange={(event) => setSpeed(Number(event.target.value))}>
        {SPEEDS.map(({ value, label }) => <option key={label} value={String(value)}>{label}</option>)}
      </select>
    </div>
  );
}

function AudienceButtons() {
  const blank = useTalk((talk) => talk.blank);
  const frozen = useTalk((talk) => talk.frozen);
  const set = useTalk((talk) => talk.set);
  return (
    <div className="presenter-group" role="group" aria-label={msg`What the audience sees`}>
      <button type="button" className="outlined presenter-toggle" aria-pressed={blank} onClick={() => set({ blank: !blank })} title={msg`The audience sees an empty page (B)`}>{msg`Blank`}</button>
      <button type="button" className="outlined presenter-toggle" aria-pressed={frozen} onClick={() => set({ frozen: !frozen })} title={msg`The audience’s picture stands still (Z)`}>{msg`Freeze`}</button>
    </div>
  );
}
