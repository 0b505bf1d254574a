/** "Where is the probability?": the masses of the groups over the updates. */
import { useMemo, useState, type ReactNode } from 'react';
import { focusMembers, seedMembers } from '../../sim/focus.ts';
import type { MetricId } from '../../sim/metrics.ts';
import { msg } from '../../sim/msg.ts';
import { shownExperiment } from '../../sim/runStore.ts';
import { focusWords, linesWords, sweepLabel } from '../../sim/words.ts';
import type { Group } from '../../sim/world.ts';
import { Choice, SCALES, type ScaleKind } from '../charts/Choice.tsx';
import { LineChart, type BesideLine, type LineSeries, type YAxis } from '../charts/LineChart.tsx';
import type { MarkerKind } from '../charts/marks.tsx';
import { useBox } from '../charts/useBox.ts';
import { formatLogTick, formatProbability, PROBABILITY_FLOOR } from '../format.ts';
import { useThrottledRun, type ShownRun } from '../run.ts';
import { branchDash, branchLines } from '../timeline/branches.ts';
import { BranchChips } from '../timeline/BranchList.tsx';
import { groupNames, ROLE_NAMES, type GroupName } from './groupNames.ts';
import { EmptyChart, Panel, WAITING } from './Panel.tsx';
import { aheadOf, bandsOf, collapseNote, decimate, threadsOf, valueNow } from './population.ts';

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
  return name.isName ? `${ROLE_NAMES[name.group]} ${name.label}` : ROLE_NAMES[name.group];
}

/** The OOD mass of the branches that are shown, each to the end of its record. */
function besideLines({ branches, forkedFrom }: ShownRun, shown: readonly number[]): BesideLine[] {
  return branchLines(branches, forkedFrom, massMetric('ood'), shown).map(({ branch, leftAt, band }) => ({
    id: String(branch.id), role: 'ood', name: branch.name, dash: branchDash(branch.id), line: band, leftAt,
    leftWords: msg`${branch.name}, left at update ${branch.forkedAt}`, valueText: formatProbability(band.at(-1)?.median ?? NaN),
  }));
}

/** The same for those who hear the chart. */
function besideWords(lines: readonly BesideLine[]): string {
  return lines.map(({ leftWords, line, valueText }) => msg` Beside it the run with ${leftWords}: on responses nobody wrote ${valueText} after ${line.at(-1)?.step ?? 0} updates.`).join('');
}

export function MassPanel() {
  const run = useThrottledRun((now) => now);
  const { world, view, history, recorded, focus } = run;
  const experiment = shownExperiment(run);
  const [ref, box] = useBox<HTMLDivElement>();
  const [scale, setScale] = useState<ScaleKind>('linear');
  const [threads, setThreads] = useState(false);
  const groups = view?.groups ?? null;
  const names = useMemo(() => (world ? groupNames(world, groups) : []), [world, groups]);
  const ready = experiment !== null && history.last !== null;

  let body = <EmptyChart>{WAITING}</EmptyChart>;
  let sub: ReactNode = msg`median and 10–90 % band over the seeds, by updates`;
  let note = ' ';
  let table;
  if (ready) {
    const members = { shown: focusMembers(experiment, focus), seeds: seedMembers(experiment, focus) };
    const several = members.seeds.length > 1;
    const shown = DRAW_ORDER.flatMap((group) => names.filter((n) => n.group === group && n.size > 0));
    const series: LineSeries[] = shown.map((name) => {
      const metric = massMetric(name.group);
      const value = valueNow(history, metric, members.shown);
      return {
        id: name.group, role: name.group, label: name.label, ...(name.group === 'ood' ? { shortLabel: msg`nobody wrote` } : {}), isName: name.isName, ...LOOKS[name.group], metric, value,
        valueText: formatProbability(value), band: bandsOf(history, metric, members), showBand: !threads && several,
        ahead: aheadOf(recorded, history, metric, members),
        ...(threads ? { threads: threadsOf(history, metric, members.seeds) } : {}),
      };
    });
    const whose = focusWords(experiment, focus);
    const parts = [msg`${linesWords(experiment, focus, threads)}, by updates`];
    if (experiment.world.prompts.length > 1) parts.push(msg`, mean over ${experiment.world.prompts.length} prompts`);
    if (experiment.sweep) parts.push(` · ${sweepLabel(experiment, focus.sweepIndex)}`);
    const beside = names.some((n) => n.group === 'ood' && n.size > 0) ? besideLines(run, members.shown) : [];
    sub = run.branches.length > 0 ? <span className="branch-chips">{parts} <BranchChips /></span> : parts;
    if (names.some((n) => n.group === 'ood' && n.size > 0)) note = collapseNote(history, members.seeds);
    const last = Math.max(experiment.steps, recorded.last?.step ?? 0);
    const said = shown.map((n) => `${longName(n)} ${formatProbability(valueNow(history, massMetric(n.group), members.shown))}`).join(', ');
    body = (
      <LineChart
        width={box.width} rem={box.rem} height={box.height} steps={last} yAxis={AXES[scale]} series={box.width > 0 ? series : []} beside={box.width > 0 ? beside : []}
        formatValue={formatProbability} {...(members.shown.length > 1 ? { valueWord: msg`median` } : {})} ariaLabel={msg`Line chart of probability over ${last} updates. After ${history.last?.step} updates, ${whose}: ${said}.${besideWords(beside)}`}
      />
    );
    // What the page is about stands first.
    const columns = shown.map((name, i) => ({ name, band: series[i].band })).reverse();
    table = () => ({
      caption: msg`Probability of each group, ${whose}${several ? msg` (10 % to 90 % over the seeds)` : ''}`,
      head: [msg`update`, ...columns.map(({ name }) => longName(name)), ...beside.map(({ name }) => msg`${ROLE_NAMES.ood} with ${name}`)],
      rows: decimate(series[0].band.length, 50).map((i) => [
        String(series[0].band[i].step),
        ...columns.map(({ band }) => ({
          text: formatProbability(band[i].median), value: band[i].median,
          ...(several ? { detail: msg`${formatProbability(band[i].low)} to ${formatProbability(band[i].high)}` } : {}),
        })),
        ...beside.map(({ line }) => {
          const value = line.find(({ step }) => step === series[0].band[i].step)?.median;
          return value === undefined ? '' : { text: formatProbability(value), value };
        }),
      ]),
    });
  }
  const actions = (
    <>
      <button type="button" className="quiet-button" aria-pressed={threads} onClick={() => setThreads(!threads)}>{msg`each seed`}</button>
      <Choice label={msg`Scale of the probability`} options={SCALES} value={scale} onChange={setScale} />
    </>
  );
  return (
    <Panel title={msg`Where is the probability?`} sub={sub} actions={actions} note={note} tableWord={msg`Table of the masses`} {...(table ? { table } : {})}>
      <div ref={ref} className="chart-box chart-box-mass">{body}</div>
    </Panel>
  );
}
