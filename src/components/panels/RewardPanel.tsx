/** "Reward gap and KL": what the run's usual metrics say, in four small charts. */
import { memo } from 'react';
import type { Experiment } from '../../sim/experiment.ts';
import { focusMembers, seedMembers } from '../../sim/focus.ts';
import type { History } from '../../sim/history.ts';
import { METRICS, type MetricId, type MetricRow } from '../../sim/metrics.ts';
import { msg } from '../../sim/msg.ts';
import { shownExperiment } from '../../sim/runStore.ts';
import { focusWords, linesWords } from '../../sim/words.ts';
import type { Focus } from '../../sim/worker/protocol.ts';
import { Tex } from '../charts/Tex.tsx';
import { TrendChart, type TrendLine } from '../charts/TrendChart.tsx';
import { useBox } from '../charts/useBox.ts';
import { formatNumber, formatProbability } from '../format.ts';
import { EmptyChart, Panel, WAITING } from './Panel.tsx';
import { bandsOf, decimate, valueNow, type LineMembers } from './population.ts';
import { useStaggeredRun, type Run } from './useStaggeredRun.ts';
import './rewards.css';

const HEIGHT_REM = 10;
const POINTS = 100;
/** One chart is drawn anew in this time, so each of the four about twice a second. */
const TURN_MS = 120;

interface Look { id: MetricId; role: TrendLine['role']; dash?: string }
interface Chart { title: string; looks: readonly Look[]; extra?: MetricId; floor?: number }
/** TABLE of the small charts. */
const CHARTS: readonly Chart[] = [
  { title: msg`Implicit rewards and their gap`, extra: 'rewards/accuracies', looks: [
    { id: 'rewards/chosen', role: 'chosen' }, { id: 'rewards/rejected', role: 'rejected', dash: '7 5' }, { id: 'rewards/margins', role: 'ink' }] },
  { title: msg`Log-probabilities of the pair, in nats`, looks: [
    { id: 'logps/chosen', role: 'chosen' }, { id: 'logps/rejected', role: 'rejected', dash: '7 5' }] },
  { title: msg`Distances, in nats`, floor: 0, looks: [{ id: 'kl', role: 'ink' }, { id: 'klToOptimal', role: 'optimal', dash: '7 5' }] },
  { title: msg`The objective, and the best possible`, looks: [{ id: 'objective', role: 'ink' }, { id: 'objective/optimal', role: 'optimal', dash: '7 5' }] },
];

const rowOf = (id: MetricId): MetricRow => METRICS.find((row) => row.id === id)!;

function absence(row: MetricRow): string {
  if (row.needsGold) return msg`no gold reward`;
  return row.needsPairs ? msg`no preference pairs` : msg`not defined`;
}

export function RewardPanel() {
  const slots = useStaggeredRun(CHARTS.length, TURN_MS);
  const [ref, box] = useBox<HTMLDivElement>();
  const { history, focus } = slots[0];
  const experiment = shownExperiment(slots[0]);
  const head = { title: msg`Reward gap and KL` };
  if (!experiment || slots.some((slot) => slot.history.last === null)) {
    return <Panel {...head}><div ref={ref}><EmptyChart heightRem={2 * HEIGHT_REM + 14}>{WAITING}</EmptyChart></div></Panel>;
  }
  const columns = box.width >= 40 * box.rem ? 2 : 1;
  const gap = 2.5 * box.rem;
  const width = Math.max(0, Math.floor((box.width - gap * (columns - 1)) / columns));
  const table = () => rewardTable(history, experiment, focus);
  return (
    <Panel {...head} sub={msg`${linesWords(experiment, focus)}, by updates; TRL’s names where TRL logs it`} table={table}>
      <div ref={ref} className="rewards" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
        {CHARTS.map((chart, i) => <SmallChart key={chart.title} chart={chart} run={slots[i]} width={width} rem={box.rem} />)}
      </div>
    </Panel>
  );
}

/** Drawn anew only when its own slot of the run, or its size, has changed. */
const SmallChart = memo(function SmallChart({ chart, run, width, rem }: { chart: Chart; run: Run; width: number; rem: number }) {
  const { title, looks, extra, floor } = chart;
  const { history, focus } = run;
  const experiment = shownExperiment(run);
  if (!experiment) return null;
  const members: LineMembers = { shown: focusMembers(experiment, focus), seeds: seedMembers(experiment, focus) };
  const steps = Math.max(experiment.steps, history.last?.step ?? 0);
  const lines: TrendLine[] = looks.map(({ id, role, dash }) => ({
    key: id, role, points: bandsOf(history, id, members, POINTS), showBand: members.seeds.length > 1, ...(dash ? { dash } : {}),
  }));
  const present = lines.filter((line) => line.points.some((p) => Number.isFinite(p.median)));
  const said = looks.map(({ id }) => `${rowOf(id).label} ${formatNumber(valueNow(history, id, members.shown))}`).join(', ');
  return (
    <div className="rewards-chart">
      <h3>{title}</h3>
      <ul>
        {looks.map((look) => <KeyRow key={look.id} look={look} value={valueNow(history, look.id, members.shown)} />)}
        {extra && <KeyRow look={{ id: extra, role: 'ink' }} value={valueNow(history, extra, members.shown)} plain words={tieWords(history, members.shown)} />}
      </ul>
      {present.length === 0
        ? <EmptyChart heightRem={HEIGHT_REM}>{msg`Nothing to draw: there is ${absence(rowOf(looks[0].id))} in this experiment.`}</EmptyChart>
        : <TrendChart lines={present} steps={steps} width={width} rem={rem} heightRem={HEIGHT_REM} {...(floor === undefined ? {} : { floor })} ariaLabel={msg`${title}, line chart over ${steps} updates. Now: ${said}.`} />}
    </div>
  );
});

/** An exact tie is not a wrong ranking: at update 0 the policy is the reference, and every implicit reward is 0. */
export function tieWords(history: History, shown: readonly number[]): string | null {
  const tied = valueNow(history, 'rewards/accuracies', shown) === 0 && (['rewards/chosen', 'rewards/rejected'] as const).every((id) => valueNow(history, id, shown) === 0);
  return tied && history.last?.step === 0 ? msg`no pair is ranked yet (update 0: all ties)` : null;
}

/** @param words  in place of the number */
function KeyRow({ look, value, plain = false, words = null }: { look: Look; value: number; plain?: boolean; words?: string | null }) {
  const row = rowOf(look.id);
  const absent = Number.isNaN(value);
  const text = words ?? (absent ? absence(row) : row.unit === 'share' ? formatProbability(value) : formatNumber(value));
  return (
    <li className={`role-${look.role}`} title={row.formula}>
      {plain ? <i /> : <svg width="1.5rem" height="0.75rem" aria-hidden="true"><line x1="0" x2="100%" y1="50%" y2="50%" strokeDasharray={look.dash ? '5 3' : undefined} /></svg>}
      <span className="rewards-name">{row.label} <Tex tex={row.tex} /> <code>{row.id}</code></span>
      <span className="rewards-value" data-metric={row.id} data-value={String(value)} data-absent={absent || words !== null} title={absent ? row.formula : String(value)}>{text}</span>
    </li>
  );
}

function rewardTable(history: History, experiment: Experiment, focus: Focus) {
  const ids = [...new Set(CHARTS.flatMap((chart) => [...chart.looks.map((look) => look.id), ...(chart.extra ? [chart.extra] : [])]))];
  const shown = focusMembers(experiment, focus);
  const bands = ids.map((id) => bandsOf(history, id, { shown, seeds: shown }));
  return {
    caption: msg`The metrics of these charts, ${focusWords(experiment, focus)}`,
    head: [msg`update`, ...ids],
    rows: decimate(bands[0].length, 40).map((i) => [String(bands[0][i].step), ...bands.map((band) => ({ text: formatNumber(band[i].median), value: band[i].median }))]),
  };
}
