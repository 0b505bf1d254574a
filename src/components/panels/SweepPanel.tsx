/** "The same at several β": the experiment at every swept value, from one population. */
import type { Experiment, SweepKey } from '../../sim/experiment.ts';
import { collapsedCount, seedMembers, sweepCount } from '../../sim/focus.ts';
import { msg } from '../../sim/msg.ts';
import { shownExperiment } from '../../sim/runStore.ts';
import { boundaryWords, collapseWords, focusWords, knobName, sweepLabel } from '../../sim/words.ts';
import { OOD } from '../../sim/world.ts';
import { MiniLines } from '../charts/MiniLines.tsx';
import { count, formatProbability, nounAlone, type Noun } from '../format.ts';
import { useThrottledRun } from '../run.ts';
import { EmptyChart, Panel, WAITING } from './Panel.tsx';
import { bandsOf, valueNow } from './population.ts';
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

/** What is trained when the sweep begins: "The same pair, the same 8 seeds, 6 values of β, …". */
export function invitationWords(experiment: Experiment, betas: readonly number[]): string {
  const { algorithm, preferences, seeds } = experiment;
  const counted = (n: number, noun: Noun) => (n === 1 ? nounAlone(noun) : count(n, noun));
  let data = msg`objective`;
  if (algorithm.kind !== 'exact') data = 'pairs' in preferences ? counted(preferences.pairs.length, 'pair') : counted(preferences.sampled.count, 'sampledPair');
  return msg`The same ${data}, the same ${counted(seeds.length, 'seed')}, ${betas.length} values of β, trained side by side as one population of ${betas.length * seeds.length} policies.`;
}

/** What to look for, from the run as it stands. @param collapsed  seeds that have collapsed; null before the first update */
export function prospectWords(experiment: Experiment, collapsed: number | null, hasOod: boolean): string {
  if (!hasOod) return msg`See where each of them leaves the probability.`;
  if (collapsed === null) return msg`See at which of them, if any, most of the probability ends on what nobody wrote.`;
  const words = collapseWords(collapsed, experiment.seeds.length);
  return msg`At β = ${experiment.algorithm.beta}, ${lowered(words)} See what the other values do.`;
}

/** "The same at several β"; another sweep is named by its knobs. */
function titleOf(experiment: Experiment | null): string {
  const keys = Object.keys(experiment?.sweep ?? { beta: [] }) as SweepKey[];
  return msg`The same at several ${keys.includes('beta') ? '' : msg`values of `}${keys.map(knobName).join(msg` and `)}`;
}

/** What the tiles show together, after the first update; of a sweep over one knob. */
export function findingOf({ sweep, seeds }: Experiment, step: number, collapsed: readonly number[]): string {
  const swept = Object.entries(sweep ?? {}) as [SweepKey, readonly number[]][];
  if (step === 0) return msg`Nothing has moved yet: every policy is the reference.`;
  if (swept.length !== 1) return ' ';
  const [[key, values]] = swept;
  return msg`After ${count(step, 'update')}: ${lowered(boundaryWords(knobName(key), values, collapsed, seeds.length))}`;
}

const lowered = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

interface SweepPanelProps {
  /** Trains at these β, or at one again. */
  onSweep(betas: number[] | null): void;
}

export function SweepPanel({ onSweep }: SweepPanelProps) {
  const run = useThrottledRun((now) => now, 200);
  const { view, history, focus, setFocus } = run;
  const experiment = shownExperiment(run);
  const head = { title: titleOf(experiment) };
  if (!experiment || !run.experiment) return <Panel {...head}><EmptyChart heightRem={HEIGHT_REM}>{WAITING}</EmptyChart></Panel>;
  const { last, policyCount } = history;
  const seeds = experiment.seeds.length;
  const membersAt = (sweepIndex: number) => seedMembers(experiment, { sweepIndex });
  const collapsedAt = (sweepIndex: number) => (last ? collapsedCount(last.metrics, policyCount, membersAt(sweepIndex)) : 0);
  const hasOod = view?.groups.includes(OOD) ?? true;
  if (!experiment.sweep) {
    // What a click starts is the experiment of the controls; what has collapsed belongs to the numbers on screen.
    const betas = proposedBetas(run.experiment.algorithm.beta);
    return (
      <Panel {...head}>
        <EmptyChart heightRem={HEIGHT_REM}>
          <div className="sweep-invitation">
            <p>{invitationWords(run.experiment, betas)} {prospectWords(experiment, last && last.step > 0 ? collapsedAt(0) : null, hasOod)}{msg` The run begins again at update 0.`}</p>
            <button type="button" className="quiet-button sweep-button" onClick={() => onSweep(betas)}>{msg`Train at β = ${betas.join(', ')} at once`}</button>
          </div>
        </EmptyChart>
      </Panel>
    );
  }
  const indices = Array.from({ length: sweepCount(experiment) }, (_, i) => i);
  const steps = Math.max(experiment.steps, last?.step ?? 0);
  const whose = focusWords(experiment, { ...focus, seedIndex: null });
  const table = () => ({
    caption: msg`Probability after ${last?.step} updates, ${whose}`,
    head: [msg`trained at`, msg`nobody wrote (OOD)`, msg`chosen`, msg`collapsed`],
    rows: indices.map((i) => {
      const [ood, chosen] = [valueNow(history, 'mass/ood', membersAt(i)), valueNow(history, 'mass/chosen', membersAt(i))];
      return [sweepLabel(experiment, i), { text: formatProbability(ood), value: ood }, { text: formatProbability(chosen), value: chosen }, msg`${collapsedAt(i)} of ${seeds}`];
    }),
  });
  const actions = experiment.sweep.beta && <button type="button" className="quiet-button" onClick={() => onSweep(null)}>{msg`Back to one β`}</button>;
  const sub = <>{msg`probability of `}<span className="sweep-ood">{msg`everything nobody wrote`}</span>{msg` and of `}<span className="sweep-chosen">{msg`chosen`}</span>, {whose}{msg`; click one to show it in the other panels`}</>;
  return (
    <Panel {...head} actions={actions} sub={sub} {...(last ? { table } : {})}>
      <p className="sweep-finding">{last && hasOod && !run.replacing ? findingOf(experiment, last.step, indices.map(collapsedAt)) : ' '}</p>
      <div className="sweep" style={{ minHeight: `${HEIGHT_REM}rem` }}>
        {indices.map((i) => {
          const ood = valueNow(history, 'mass/ood', membersAt(i));
          const kept = (id: 'mass/ood' | 'mass/chosen') => bandsOf(history, id, { shown: membersAt(i), seeds: membersAt(i) }, POINTS);
          return (
            <button
              key={i} type="button" className="sweep-cell" aria-pressed={focus.sweepIndex === i} onClick={() => setFocus({ ...focus, sweepIndex: i })}
            >
              <span className="sweep-label">{sweepLabel(experiment, i)}<span className="lab-sr">{msg`, on what nobody wrote:`}</span></span>
              <MiniLines steps={steps} lines={[
                { id: 'chosen', role: 'chosen', band: kept('mass/chosen'), showBand: false },
                { id: 'ood', role: 'ood', band: kept('mass/ood'), showBand: seeds > 1 },
              ]} />
              <span className="sweep-value" data-sweep-value={String(ood)} title={String(ood)}>{last ? formatProbability(ood) : ' '}</span>
              <span className="sweep-count">{last && hasOod ? msg`${collapsedAt(i)} of ${seeds} collapsed` : ' '}</span>
            </button>
          );
        })}
      </div>
      {!last && <p className="lab-panel-note">{WAITING}</p>}
    </Panel>
  );
}
