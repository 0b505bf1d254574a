/** A card's run, live: its metrics over the updates, what came of it in a sentence, and the table behind the lines. */
import type { MetricId } from '../../sim/metrics.ts';
import { focusMembers } from '../../sim/focus.ts';
import type { Experiment } from '../../sim/experiment.ts';
import { msg } from '../../sim/msg.ts';
import { DataTable, type TableContent } from '../charts/DataTable.tsx';
import { LineChart, type LineSeries, type YAxis } from '../charts/LineChart.tsx';
import type { MarkerKind } from '../charts/marks.tsx';
import { niceRange } from '../charts/niceRange.ts';
import { useBox } from '../charts/useBox.ts';
import { formatNumber, formatTick } from '../format.ts';
import { bandsOf, valueNow } from '../panels/population.ts';
import { useThrottledRun, type ShownRun } from '../run.ts';
import { areShares, glued, outcomeSentence, rowOf, valueWords } from './outcome.ts';

/** Colour role, dash and marker of what cards draw; anything else is a plain line. */
const LOOKS: Partial<Record<MetricId, { role: string; dash?: string; marker: MarkerKind }>> = {
  'mass/ood': { role: 'ood', marker: 'diamond' },
  'mass/chosen': { role: 'chosen', marker: 'circle' },
  'rewards/chosen': { role: 'chosen', marker: 'circle' },
  'rewards/rejected': { role: 'rejected', dash: '7 5', marker: 'square' },
  goldReward: { role: 'optimal', dash: '7 5', marker: 'triangle' },
};
const PLAIN = { role: 'ink', marker: 'square' } as const;
const SHARES: YAxis = { kind: 'linear', domain: [0, 1], ticks: [0, 0.5, 1].map((value) => ({ value, text: `${100 * value} %` })) };
const HEIGHT_REM = 13;
/** Rows of the table. */
const ROWS = 11;

/** @param draws  those of the metrics that have lines */
export function RunPicture({ metrics, draws = metrics }: { metrics: readonly MetricId[]; draws?: readonly MetricId[] }) {
  const run = useThrottledRun((now) => now);
  const [ref, box] = useBox<HTMLDivElement>();
  const { experiment, world, frame, history, state, fault } = run;
  const drawn = experiment !== null && history.last !== null;
  const ended = state === 'done' && experiment && world && frame;
  return (
    <div className="bug-picture" data-state={state}>
      <p className="bug-picture-sub">{msg`median and 10–90 % band of ${experiment?.seeds.length ?? 0} seeds, by updates`}</p>
      <div ref={ref} style={{ height: `${HEIGHT_REM}rem` }}>
        {drawn ? box.width > 0 && <Lines run={run} experiment={experiment} metrics={draws} width={box.width} rem={box.rem} /> : <p className="bug-waiting">{msg`The reference policy is being prepared; the curves begin when it stands.`}</p>}
      </div>
      <p className="bug-outcome" role="status">{fault ? fault.sentence : ended ? glued(outcomeSentence(experiment, world, frame, metrics)) : ''}</p>
      {drawn && <DataTable build={() => tableOf(run, experiment, draws)} />}
    </div>
  );
}

function membersOf({ focus }: ShownRun, experiment: Experiment) {
  const members = focusMembers(experiment, focus);
  return { shown: members, seeds: members };
}

function Lines({ run, experiment, metrics, width, rem }: { run: ShownRun; experiment: Experiment; metrics: readonly MetricId[]; width: number; rem: number }) {
  const members = membersOf(run, experiment);
  const series = metrics.map((id): LineSeries => {
    const value = valueNow(run.history, id, members.shown);
    const { role, ...look } = LOOKS[id] ?? PLAIN;
    return { id, role, ...look, label: rowOf(id).label, metric: id, value, valueText: valueWords(id, value), band: bandsOf(run.history, id, members), showBand: members.shown.length > 1 };
  });
  const axis = areShares(metrics) ? SHARES : axisOf(series);
  const now = series.map(({ label, valueText }) => `${label} ${valueText}`).join(', ');
  return (
    <LineChart
      width={width} rem={rem} height={HEIGHT_REM * rem} steps={experiment.steps} yAxis={axis} series={series} formatValue={(value) => (areShares(metrics) ? valueWords(metrics[0], value) : formatNumber(value))}
      ariaLabel={msg`Lines over the updates. After ${run.step} of ${experiment.steps}: ${now}.`}
    />
  );
}

function axisOf(series: readonly LineSeries[]): YAxis {
  const { domain, ticks, step } = niceRange(series.flatMap(({ band }) => band.flatMap(({ low, high }) => [low, high])), 3);
  return { kind: 'linear', domain, ticks: ticks.map((value) => ({ value, text: formatTick(value, step) })) };
}

function tableOf(run: ShownRun, experiment: Experiment, metrics: readonly MetricId[]): TableContent {
  const lines = metrics.map((id) => bandsOf(run.history, id, membersOf(run, experiment), ROWS));
  return {
    caption: msg`Median over ${experiment.seeds.length} seeds (10 to 90 %)`,
    head: [msg`update`, ...metrics.map((id) => rowOf(id).label)],
    rows: lines[0].map(({ step }, i) => [String(step), ...metrics.map((id, m) => {
      const { median, low, high } = lines[m][i];
      return { text: valueWords(id, median), value: median, detail: msg`${valueWords(id, low)} to ${valueWords(id, high)}` };
    })]),
  };
}
