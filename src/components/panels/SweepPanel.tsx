/** "The same at several β": the experiment at every swept value, from one population. */
import { COLLAPSE_MASS, bandsOf, latestOf, medianNow, membersOf, sweepCount, sweepLabel } from './population.ts';
import { MiniLines } from '../charts/MiniLines.tsx';
import { PiRef } from '../charts/PiRef.tsx';
import { count, formatProbability } from '../format.ts';
import { useThrottledRun } from '../run.ts';
import { EmptyChart, Panel, WAITING } from './Panel.tsx';
import './sweep.css';

const HEIGHT_REM = 15;
const POINTS = 100;
const PROPOSED = [0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** The β to train at: six spread over the range, the one shown now in place of its nearest. */
export function proposedBetas(beta: number): number[] {
  if (PROPOSED.includes(beta)) return [...PROPOSED];
  const distance = (b: number) => Math.abs(Math.log(b / beta));
  const nearest = PROPOSED.reduce((best, b) => (distance(b) < distance(best) ? b : best));
  return PROPOSED.map((b) => (b === nearest ? beta : b)).sort((a, b) => a - b);
}

export function SweepPanel({ onSweep }: { onSweep(betas: number[] | null): void }) {
  const { experiment, history, focus, setFocus } = useThrottledRun((run) => run, 150);
  const head = { title: 'The same at several β' };
  if (!experiment) return <Panel {...head}><EmptyChart heightRem={HEIGHT_REM}>{WAITING}</EmptyChart></Panel>;
  if (!experiment.sweep) {
    const betas = proposedBetas(experiment.algorithm.beta);
    return (
      <Panel {...head}>
        <EmptyChart heightRem={HEIGHT_REM}>
          <div className="sweep-invitation">
            <p>β ties the policy to <PiRef />. The same pair, the same seeds, six values of β, trained side by side as one population of {6 * experiment.seeds.length} policies: watch where the collapse stops. The run begins again at update 0.</p>
            <button type="button" className="quiet-button sweep-button" onClick={() => { onSweep(betas); setFocus({ ...focus, sweepIndex: betas.indexOf(experiment.algorithm.beta) }); }}>Train at β = {betas.join(', ')} at once</button>
          </div>
        </EmptyChart>
      </Panel>
    );
  }
  const indices = Array.from({ length: sweepCount(experiment) }, (_, i) => i);
  const steps = Math.max(experiment.steps, history.last?.step ?? 0);
  const ready = history.last !== null;
  const collapsedOf = (sweepIndex: number) => latestOf(history, 'mass/ood', membersOf(experiment, sweepIndex)).filter((v) => v > COLLAPSE_MASS).length;
  const seeds = experiment.seeds.length;
  const table = () => ({
    caption: `Probability after ${history.last?.step} updates, median over ${count(seeds, 'seed')}`,
    head: ['trained at', 'nobody wrote (OOD)', 'chosen', 'collapsed'],
    rows: indices.map((i) => {
      const members = membersOf(experiment, i);
      const [ood, chosen] = [medianNow(history, 'mass/ood', members), medianNow(history, 'mass/chosen', members)];
      return [sweepLabel(experiment, i), { text: formatProbability(ood), value: ood }, { text: formatProbability(chosen), value: chosen }, `${collapsedOf(i)} of ${seeds}`];
    }),
  });
  const actions = <button type="button" className="quiet-button" onClick={() => onSweep(null)}>Back to one β</button>;
  return (
    <Panel {...head} actions={actions} sub={<>probability of <span className="sweep-ood">everything nobody wrote</span> and of <span className="sweep-chosen">chosen</span>, 0 to 100 %, over {steps} updates; click one to show it in the other panels</>} {...(ready ? { table } : {})}>
      <div className="sweep" style={{ minHeight: `${HEIGHT_REM}rem` }}>
        {indices.map((i) => {
          const members = membersOf(experiment, i);
          const label = sweepLabel(experiment, i);
          const ood = medianNow(history, 'mass/ood', members);
          const kept = (id: 'mass/ood' | 'mass/chosen') => bandsOf(history, id, members, POINTS);
          return (
            <button
              key={i} type="button" className="sweep-cell" aria-pressed={focus.sweepIndex === i} onClick={() => setFocus({ ...focus, sweepIndex: i })}
            >
              <span className="sweep-label">{label}<span className="lab-sr">, on what nobody wrote:</span></span>
              <MiniLines steps={steps} lines={[
                { id: 'chosen', role: 'chosen', band: kept('mass/chosen'), showBand: false },
                { id: 'ood', role: 'ood', band: kept('mass/ood'), showBand: seeds > 1 },
              ]} />
              <span className="sweep-value" data-metric="mass/ood" data-value={String(ood)} title={String(ood)}>{ready ? formatProbability(ood) : ' '}</span>
              <span className="sweep-count">{ready ? `${collapsedOf(i)} of ${seeds} collapsed` : ' '}</span>
            </button>
          );
        })}
      </div>
      {!ready && <p className="lab-panel-note">{WAITING}</p>}
    </Panel>
  );
}
