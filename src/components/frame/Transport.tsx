/** The fixed bar at the bottom: play, one update, reset, speed, and how far the run is. */
import { useLab } from '../labStore.ts';
import { useRun, useThrottledRun } from '../run.ts';
import { COLLAPSE, focusMembers } from '../../sim/focus.ts';
import { bandOf } from '../../sim/history.ts';
import { metricIndex } from '../../sim/metrics.ts';
import { QuickDial } from '../controls/Controls.tsx';
import type { KnobChange, RunStatus } from '../../sim/runStore.ts';
import { knobWords } from '../../sim/sentences.ts';
import './Transport.css';

export const SPEEDS = [
  { value: 1, label: '1 / s' }, { value: 5, label: '5 / s' }, { value: 20, label: '20 / s' },
  { value: 60, label: '60 / s' }, { value: 120, label: '120 / s' }, { value: 400, label: '400 / s' },
  { value: Infinity, label: 'flat out' },
] as const;

export function Transport() {
  const state = useRun((run) => run.state);
  const togglePlay = useLab((lab) => lab.togglePlay);
  const step = useLab((lab) => lab.step);
  const reset = useLab((lab) => lab.reset);
  const running = state === 'running';
  const ready = state === 'paused' || state === 'running' || state === 'done';
  return (
    <div className="transport" role="group" aria-label="Run">
      <button type="button" className="transport-play" aria-disabled={state === 'failed' || undefined} aria-describedby={state === 'failed' ? 'transport-stopped' : undefined} onClick={togglePlay} title={running ? 'Pause (Space)' : 'Play (Space)'}>
        <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true" fill="currentColor">
          {running ? <path d="M2 1h3.4v12H2zM8.6 1H12v12H8.6z" /> : <path d="M2 .8 13 7 2 13.2z" />}
        </svg>
        <span className="transport-word">{running ? 'Pause' : 'Play'}</span>
      </button>
      <button type="button" className="outlined" aria-disabled={!ready || state === 'done' || undefined} onClick={step} title="One update (→)">Step</button>
      <button type="button" className="outlined" onClick={reset} title="Back to the reference (R)">Reset</button>
      <Speed />
      <Stopped />
      <Track />
      <QuickDial />
    </div>
  );
}

/** Why Play does nothing, beside it; the whole sentence stands at the top of the page. */
function Stopped() {
  const kind = useRun((run) => (run.state === 'failed' ? run.fault?.kind ?? 'internal' : null));
  if (kind === null) return null;
  return <span className="transport-stopped" id="transport-stopped">{kind === 'not-finite' ? 'Diverged: Reset starts over' : 'Stopped: see the top of the page'}</span>;
}

function Speed() {
  const speed = useRun((run) => run.speed);
  const setSpeed = useRun((run) => run.setSpeed);
  return (
    <label className="transport-speed">
      <span className="transport-speed-word">Speed</span>
      <select aria-label="Speed" value={String(speed)} onChange={(event) => setSpeed(Number(event.target.value))}>
        {SPEEDS.map(({ value, label }) => <option key={label} value={String(value)}>{label}</option>)}
      </select>
    </label>
  );
}

/** Update at which the focus first had more than half of its probability on OOD responses. */
function collapseStep({ experiment, history, focus }: RunStatus): number | null {
  if (!experiment || history.policyCount === 0) return null;
  const band = bandOf(history, metricIndex('mass/ood'), focusMembers(experiment, focus));
  return band.find((point) => point.median > COLLAPSE)?.step ?? null;
}

/** What a change while running set: "From update 308 on: β = 0.5". */
function changeWords(change: KnobChange, before: KnobChange): string {
  const beta = change.beta === before.beta ? [] : [`β = ${knobWords(change.beta)}`];
  const rate = change.learningRate === before.learningRate ? [] : [`learning rate ${knobWords(change.learningRate)}`];
  return `From update ${change.step} on: ${[...beta, ...rate].join(', ')}`;
}

function Track() {
  const step = useRun((run) => run.step);
  const steps = useRun((run) => run.experiment?.steps ?? 0);
  const collapsed = useThrottledRun(collapseStep, 250);
  const schedule = useRun((run) => run.schedule);
  const share = (at: number) => `${steps > 0 ? (100 * at) / steps : 0}%`;
  return (
    <div className="track">
      <div className="track-line" role="progressbar" aria-label="Updates made" aria-valuemin={0} aria-valuemax={steps} aria-valuenow={step} aria-valuetext={`update ${step} of ${steps}`}>
        <div className="track-done" style={{ width: share(step) }} />
        {collapsed !== null && <span className="track-collapse" style={{ left: share(collapsed) }} title={`Update ${collapsed}: more than half of the probability is on responses nobody wrote`} />}
        {schedule.slice(1).map((change, i) => <span key={change.step} className="track-change" style={{ left: share(change.step) }} title={changeWords(change, schedule[i])} />)}
        <span className="track-now" style={{ left: share(step) }} />
      </div>
      <span className="track-count" style={{ minWidth: `${2 * String(steps).length + 10}ch` }}>update {step} / {steps}</span>
    </div>
  );
}
