/** The fixed bar at the bottom: play, one update, reset, speed, and how far the run is. */
import { msg } from '../../sim/msg.ts';
import { QuickDial } from '../controls/Controls.tsx';
import { useLab } from '../labStore.ts';
import { resetWords } from '../opening.ts';
import { useRun } from '../run.ts';
import { useHidden } from '../share/hideable.ts';
import { Events } from '../timeline/Events.tsx';
import { ForkButton } from '../timeline/ForkButton.tsx';
import { Timeline } from '../timeline/Timeline.tsx';
import { futureWords, playWords } from '../timeline/timelineWords.ts';
import './Transport.css';

export const SPEEDS = [
  { value: 1, label: '1 / s' }, { value: 5, label: '5 / s' }, { value: 20, label: '20 / s' },
  { value: 60, label: '60 / s' }, { value: 120, label: '120 / s' }, { value: 400, label: '400 / s' },
  { value: Infinity, label: msg`flat out` },
] as const;

export function Transport() {
  const fixed = useHidden('timeline');
  const hasSpeed = !useHidden('speed');
  return (
    <div className="transport" role="group" aria-label={msg`Run`}>
      <div className="transport-row">
        <Play />
        {!fixed && <StepBack />}
        <Step />
        <Reset />
        {hasSpeed && <Speed />}
        <Stopped fixed={fixed} />
        <div className="transport-record">
          <Timeline />
          {!fixed && <><Events /><ForkButton /></>}
        </div>
        <QuickDial />
      </div>
    </div>
  );
}

function Play() {
  const state = useRun((run) => run.state);
  const title = useRun(playWords);
  const future = useRun(futureWords);
  const togglePlay = useLab((lab) => lab.togglePlay);
  const running = state === 'running';
  const described = state === 'failed' ? 'transport-stopped' : future !== null && !running ? 'transport-future' : undefined;
  return (
    <>
      <button type="button" className="transport-play" aria-disabled={state === 'failed' || undefined} aria-describedby={described} onClick={togglePlay} title={future !== null && !running ? `${title}\n${future}` : title}>
        <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true" fill="currentColor">
          {running ? <path d="M2 1h3.4v12H2zM8.6 1H12v12H8.6z" /> : <path d="M2 .8 13 7 2 13.2z" />}
        </svg>
        <span className="transport-word">{running ? msg`Pause` : msg`Play`}</span>
      </button>
      {described === 'transport-future' && <span className="lab-sr" id="transport-future">{future}</span>}
    </>
  );
}

function Step() {
  const ready = useRun(({ state }) => state === 'paused' || state === 'running');
  const step = useLab((lab) => lab.step);
  return (
    <button type="button" className="outlined transport-step" aria-disabled={!ready || undefined} onClick={step} title={msg`One update (→)`}>
      <span className="transport-step-word">{msg`Step`}</span>
      <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true" fill="currentColor"><path d="M1.5 1 9 7l-7.5 6zM10 1h2.4v12H10z" /></svg>
    </button>
  );
}

function StepBack() {
  const stepBack = useRun((run) => run.stepBack);
  const off = useRun(({ state, seeking, step, earliest }) => (state === 'starting' && !seeking) || (seeking?.target ?? step) <= earliest);
  return (
    <button type="button" className="outlined transport-step" aria-label={msg`Step back`} aria-disabled={off || undefined} onClick={() => { if (!off) stepBack(); }} title={msg`One update back (←)`}>
      <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true" fill="currentColor"><path d="M12.5 1 5 7l7.5 6zM1.6 1H4v12H1.6z" /></svg>
    </button>
  );
}

function Reset() {
  const reset = useLab((lab) => lab.reset);
  const title = resetWords(useLab((lab) => lab.opening));
  return <button type="button" className="outlined" onClick={reset} title={title}>{msg`Reset`}</button>;
}

/** Why Play does nothing, beside it; the whole sentence stands at the top of the page. */
function Stopped({ fixed }: { fixed: boolean }) {
  const words = useRun(({ state, fault, earliest }) => {
    if (state !== 'failed') return null;
    if (fault?.kind !== 'not-finite') return msg`Stopped: see the top of the page`;
    return fixed || earliest > 0 ? msg`Diverged: Reset starts over` : msg`Diverged: go back, or Reset`;
  });
  return words && <span className="transport-stopped" id="transport-stopped">{words}</span>;
}

function Speed() {
  const speed = useRun((run) => run.speed);
  const setSpeed = useRun((run) => run.setSpeed);
  return (
    <label className="transport-speed">
      <span className="transport-speed-word">{msg`Speed`}</span>
      <select aria-label={msg`Speed`} value={String(speed)} onChange={(event) => setSpeed(Number(event.target.value))}>
        {SPEEDS.map(({ value, label }) => <option key={label} value={String(value)}>{label}</option>)}
      </select>
    </label>
  );
}
