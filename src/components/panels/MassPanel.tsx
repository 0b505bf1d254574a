/** "Where is the probability?": the masses of the groups over the updates. */
import { useMemo, useState } from 'react';
import type { MetricId } from '../../sim/metrics.ts';
import type { Group } from '../../sim/world.ts';
import { Choice, SCALES, type ScaleKind } from '../charts/Choice.tsx';
import { LineChart, type LineSeries, type YAxis } from '../charts/LineChart.tsx';
import type { MarkerKind } from '../charts/marks.tsx';
import { useBox } from '../charts/useBox.ts';
import { count, formatLogTick, formatProbability, PROBABILITY_FLOOR } from '../format.ts';
import { useThrottledRun } from '../run.ts';
import { groupNames, type GroupName } from './groupNames.ts';
import { EmptyChart, Panel, WAITING } from './Panel.tsx';
import { bandsOf, collapseSentence, decimate, medianNow, membersOf, sweepLabel, threadsOf } from './population.ts';

const HEIGHT_REM = 20;
const REFRESH_MS = 60;

const AXES: Record<ScaleKind, YAxis> = {
  linear: { kind: 'linear', domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1].map((value) => ({ value, text: `${100 * value} %` })) },
  log: { kind: 'log', domain: [PROBABILITY_FLOOR, 1], ticks: [1e-6, 1e-4, 1e-2, 1].map((value) => ({ value, text: value === PROBABILITY_FLOOR ? '≤ 10⁻⁶' : formatLogTick(value) })) },
};

/** Dash and marker: the second channel of each role. */
const LOOKS: Record<Group, { dash?: string; marker: MarkerKind }> = {
  chosen: { marker: 'circle' },
  rejected: { dash: '7 5', marker: 'square' },
  otherInDistribution: { dash: '1.5 5', marker: 'triangle' },
  ood: { marker: 'diamond' },
};
const DRAW_ORDER: readonly Group[] = ['otherInDistribution', 'rejected', 'chosen', 'ood'];

export const massMetric = (group: Group): MetricId => `mass/${group}`;

/** "chosen" for the aria label and the table, with the response where it is one. */
function longName(name: GroupName): string {
  const role: Record<Group, string> = { chosen: 'chosen', rejected: 'rejected', otherInDistribution: 'other in-distribution', ood: 'OOD (nobody wrote it)' };
  return name.isName ? `${role[name.group]} ${name.label}` : role[name.group];
}

export function MassPanel() {
  const { experiment, world, view, history, focus } = useThrottledRun((run) => run, REFRESH_MS);
  const [ref, box] = useBox<HTMLDivElement>();
  const [scale, setScale] = useState<ScaleKind>('linear');
  const [threads, setThreads] = useState(false);
  const groups = view?.groups ?? null;
  const names = useMemo(() => (world ? groupNames(world, groups) : []), [world, groups]);
  const ready = experiment !== null && history.last !== null;

  let body = <EmptyChart heightRem={HEIGHT_REM}>{WAITING}</EmptyChart>;
  let sub = 'median and 10–90 % band over the seeds, by updates';
  let note = ' ';
  let table;
  if (ready) {
    const members = membersOf(experiment, focus.sweepIndex);
    const shown = DRAW_ORDER.flatMap((group) => names.filter((n) => n.group === group && n.size > 0));
    const series: LineSeries[] = shown.map((name) => {
      const metric = massMetric(name.group);
      const value = medianNow(history, metric, members);
      return {
        id: name.group, role: name.group, label: name.label, isName: name.isName, ...LOOKS[name.group], metric, value,
        valueText: formatProbability(value), band: bandsOf(history, metric, members), showBand: !threads && members.length > 1,
        ...(threads ? { threads: threadsOf(history, metric, members), focusThread: focus.seedIndex } : {}),
      };
    });
    const seeds = count(members.length, 'seed');
    sub = members.length === 1 ? 'one seed, by updates' : threads ? `median (thick) and each of ${seeds}, by updates` : `median and 10–90 % band over ${seeds}, by updates`;
    if (experiment.sweep) sub += ` · ${sweepLabel(experiment, focus.sweepIndex)}`;
    note = collapseSentence(history, members);
    const last = Math.max(experiment.steps, history.last?.step ?? 0);
    const said = shown.map((n) => `${longName(n)} ${formatProbability(medianNow(history, massMetric(n.group), members))}`).join(', ');
    body = (
      <LineChart
        width={box.width} rem={box.rem} heightRem={HEIGHT_REM} steps={last} yAxis={AXES[scale]} series={box.width > 0 ? series : []}
        formatValue={formatProbability} ariaLabel={`Line chart of probability over ${last} updates. After ${history.last?.step} updates, median over ${seeds}: ${said}.`}
      />
    );
    table = () => ({
      caption: `Probability of each group, median over ${seeds} (10 % to 90 %)`,
      head: ['update', ...shown.map(longName)],
      rows: decimate(series[0].band.length, 50).map((i) => [
        String(series[0].band[i].step),
        ...series.map(({ band }) => ({
          text: members.length === 1 ? formatProbability(band[i].median) : `${formatProbability(band[i].median)} (${formatProbability(band[i].low)} to ${formatProbability(band[i].high)})`,
          value: band[i].median,
        })),
      ]),
    });
  }
  const actions = (
    <>
      <button type="button" className="quiet-button" aria-pressed={threads} onClick={() => setThreads(!threads)}>each seed</button>
      <Choice label="Scale of the probability" options={SCALES} value={scale} onChange={setScale} />
    </>
  );
  return (
    <Panel title="Where is the probability?" sub={sub} actions={actions} note={note} {...(table ? { table } : {})}>
      <div ref={ref} className="chart-box" style={{ height: `${HEIGHT_REM}rem` }}>{body}</div>
    </Panel>
  );
}
