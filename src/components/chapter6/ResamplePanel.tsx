/** "From every update to never": the offer to train at several rates, and the peak of what nobody wrote at several resampling rates, from one population. */
import type { Experiment } from '../../sim/experiment.ts';
import { msg } from '../../sim/msg.ts';
import { focusWords } from '../../sim/words.ts';
import { ratePeaks } from '../../sim/onlineStory.ts';
import { everyWords } from '../../sim/sentences6.ts';
import { shareWords } from '../../sim/sentences.ts';
import { shownExperiment } from '../../sim/runStore.ts';
import { useExperiment } from '../controls/useKnob.ts';
import { useBox } from '../charts/useBox.ts';
import { count, formatProbability } from '../format.ts';
import { useLabStore } from '../labStore.ts';
import { useHidden } from '../share/hideable.ts';
import { EmptyChart, Panel, WAITING } from '../panels/Panel.tsx';
import { valueNow } from '../panels/population.ts';
import { seedMembers } from '../../sim/focus.ts';
import { useThrottledRun } from '../run.ts';
import { RateChart } from './RateChart.tsx';
import './ResamplePanel.css';

const INVITATION_REM = 9;
/** More than any run has: never. */
const NEVER = 1_000_000;
const PROPOSED = [1, 10, 50, 100, 200, NEVER];

/** The rates to train at: six from every update to never, the present one in place of its nearest. */
export function proposedRates(every: number, steps: number): number[] {
  const present = every > steps ? NEVER : every;
  const rates = PROPOSED.map((rate) => (rate > steps ? NEVER : rate));
  if (!rates.includes(present)) {
    const distance = (rate: number) => Math.abs(Math.log(Math.min(rate, steps * 4) / present));
    const nearest = rates.slice(0, -1).reduce((best, rate) => (distance(rate) < distance(best) ? rate : best));
    rates[rates.indexOf(nearest)] = present;
  }
  return [...new Set(rates)].sort((a, b) => a - b);
}

const withoutSweep = ({ sweep: _dropped, ...rest }: Experiment): Experiment => rest;

export function ResamplePanel() {
  const run = useThrottledRun((now) => now, 200);
  const base = useExperiment();
  const lab = useLabStore();
  const fixed = useHidden('controls');
  const [ref, box] = useBox<HTMLDivElement>();
  const { history, focus, setFocus } = run;
  const experiment = shownExperiment(run);
  const head = { title: msg`From every update to never` };
  if (!experiment) return <Panel {...head}><EmptyChart heightRem={INVITATION_REM}>{WAITING}</EmptyChart></Panel>;

  function start(next: Experiment, sweepIndex: number): void {
    const refused = lab.getState().commit(next);
    if (refused !== null) lab.getState().notify([refused]);
    else setFocus({ ...focus, sweepIndex });
  }
  if (base.algorithm.kind !== 'online-dpo') return null;
  if (!experiment.sweep?.resampleEvery) {
    if (fixed) return null;
    const rates = proposedRates(base.algorithm.resampleEvery, base.steps);
    const names = rates.map((rate) => (rate > base.steps ? msg`never` : rate));
    const sweep = () => start({ ...base, sweep: { ...base.sweep, resampleEvery: rates } }, Math.max(0, rates.findIndex((rate) => rate === (base.algorithm.kind === 'online-dpo' ? base.algorithm.resampleEvery : 0))));
    return (
      <Panel {...head}>
        <div className="rates-invitation">
          <div>
            <p>{msg`How rarely may the policy be asked? The same pairs and ${count(base.seeds.length, 'seed')}, ${rates.length} rates, trained side by side as one population of `}{rates.length * base.seeds.length}{msg` policies. The run begins again at update 0.`}</p>
            <button type="button" className="quiet-button rates-button" onClick={sweep}>{msg`Draw fresh pairs every ${names.slice(0, -1).join(', ')} updates and `}{names.at(-1)}{msg`, at once`}</button>
          </div>
        </div>
      </Panel>
    );
  }
  const rates = ratePeaks(experiment, history);
  const ready = history.last !== null;
  const { seeds } = experiment;
  const table = () => ({
    caption: msg`Largest probability of what nobody wrote so far, over ${count(seeds.length, 'seed')}, at the updates measured`,
    head: [msg`fresh pairs`, msg`median of the peaks`, msg`lowest`, msg`highest`, msg`now`],
    rows: rates.map(({ every, peaks, median, sweepIndex }) => {
      const cell = (value: number) => ({ text: formatProbability(value), value });
      const now = valueNow(history, 'mass/ood', seedMembers(experiment, { sweepIndex }));
      return [everyWords(every), cell(median), cell(Math.min(...peaks)), cell(Math.max(...peaks)), cell(now)];
    }),
  });
  const shown = rates.find(({ sweepIndex }) => sweepIndex === focus.sweepIndex);
  const back = !fixed && <button type="button" className="quiet-button" onClick={() => start(withoutSweep(base), 0)}>{msg`Back to one rate`}</button>;
  const sub = <>{msg`the most that `}<span className="rates-ood">{msg`everything nobody wrote`}</span>{msg` ever held: one dot for each of ${count(seeds.length, 'seed')}, a bar for their median; click a rate to show it in the other panels`}</>;
  return (
    <Panel {...head} sub={sub} actions={back} {...(ready ? { table } : {})}>
      <div ref={ref} className="chart-box rates-box">
        {ready ? (
          <RateChart
            width={box.width} height={box.height} rem={box.rem} rates={rates} shown={focus.sweepIndex}
            ariaLabel={msg`Peak probability of what nobody wrote by how often fresh pairs are drawn: ${rates.map(({ every, median }) => `${everyWords(every)} ${shareWords(median)}`).join(', ')}.`}
          />
        ) : <EmptyChart>{WAITING}</EmptyChart>}
      </div>
      <div className="rates-names" role="group" aria-label={msg`Rate shown in the other panels`}>
        {rates.map(({ every, sweepIndex, median }) => (
          <button key={sweepIndex} type="button" aria-pressed={focus.sweepIndex === sweepIndex} onClick={() => setFocus({ ...focus, sweepIndex })}>
            <span>{everyWords(every)}</span>
            <b data-peak={String(median)} title={String(median)}>{ready ? formatProbability(median) : ' '}</b>
          </button>
        ))}
      </div>
      <p className="lab-panel-note">{shown ? msg`In the other panels: fresh pairs ${everyWords(shown.every)}, ${focusWords(experiment, focus)}.` : ' '}</p>
    </Panel>
  );
}
