/** The state that a task was done in: what the report says of it, beside what the run made again says. */
import { METRICS, metricIndex, type MetricId } from '../../sim/metrics.ts';
import { msg } from '../../sim/msg.ts';
import type { Experiment } from '../../sim/experiment.ts';
import { readExperiment } from '../../sim/experimentSchema.ts';
import { quantile } from '../../sim/history.ts';
import { responseName } from '../../sim/words.ts';
import { DataTable, type TableContent } from '../charts/DataTable.tsx';
import { formatLoss, formatNumber, formatProbability } from '../format.ts';
import type { Evidence } from '../student/report.ts';
import { backendName } from './backendName.ts';
import { labAddress } from './claims.ts';
import { summaryOf, type ReplaySummary } from './classRows.ts';
import { distance, policyName, recordedMetrics, TOLERANCE } from './compare.ts';
import { jobKey, type Job } from './jobs.ts';
import type { Replayed } from './replay.ts';
import { ReplayMark } from './ReplayMark.tsx';
import { useReports } from './reportsStore.ts';

/** What is shown without opening the table of all numbers. */
const FIRST: readonly MetricId[] = ['mass/chosen', 'mass/rejected', 'mass/otherInDistribution', 'mass/ood', 'loss', 'kl'];

/** As many rows as the table beside it. */
const TOP_SHOWN = 6;

export function EvidenceBlock({ job, evidence }: { job: Job; evidence: Evidence }) {
  const outcome = useReports((reports) => reports.replayed[jobKey(job)] ?? null);
  const replay = useReports((reports) => reports.replay);
  const place = useReports((reports) => reports.waiting.findIndex((waiting) => jobKey(waiting) === jobKey(job)));
  const { headline, link, step, backend, top } = evidence;
  const seen = outcome?.kind === 'compared' ? outcome : null;
  return (
    <div className="report-evidence">
      <h3>{msg`The evidence: update ${step}, on ${backendName(backend)}`}</h3>
      {headline !== '' && <p className="report-headline">{headline}</p>}
      {seen && seen.headline !== headline && <p className="report-otherwise"><span className="reports-note">{msg`Replayed here, the sentence reads: `}</span>{seen.headline}<span className="reports-note">{msg` (What it says of the way there depends on which updates were measured.)`}</span></p>}
      <div className="report-sides">
        <Numbers evidence={evidence} outcome={outcome} />
        {top.length > 0 && <Top top={top} here={seen?.top ?? null} />}
      </div>
      <ReplayMark summary={standing(outcome, backend, place)} />
      {seen && <Distances outcome={seen} />}
      <div className="reports-buttons">
        <button type="button" className="outlined" aria-disabled={place >= 0 || undefined} onClick={() => replay([job])}>{outcome ? msg`Replay again` : msg`Replay`}</button>
        <a href={labAddress(link)} target="_blank" rel="noreferrer">{msg`Open this state in the lab (new tab)`}</a>
      </div>
      <DataTable word={msg`All numbers of every policy`} build={() => allNumbers(job, evidence, outcome)} />
    </div>
  );
}

/** @param place  in the queue of replays: 0 = it runs, −1 = it is not in it */
function standing(outcome: Replayed | null, backend: string, place: number): ReplaySummary {
  if (outcome) {
    const summary = summaryOf(outcome, backend);
    // A comparison says all in its words.
    return outcome.kind === 'compared' ? { ...summary, detail: '' } : summary;
  }
  if (place < 0) return { state: 'waiting', words: msg`not replayed yet`, detail: '', within: -Infinity };
  return { state: 'running', words: place === 0 ? msg`being replayed` : msg`waiting to be replayed`, detail: '', within: -Infinity };
}

function Distances({ outcome: { comparison: { count, unequal, absolute, relative }, backend } }: { outcome: Extract<Replayed, { kind: 'compared' }> }) {
  const where = msg`${count} numbers compared, on ${backendName(backend)}`;
  if (unequal === 0) return <p className="reports-note">{msg`${where}: all equal, bit for bit.`}</p>;
  return <p className="reports-note">{msg`${where}: ${unequal} not equal; largest difference ${formatNumber(absolute)}, largest as a share of the number ${formatNumber(relative)}.`}</p>;
}

function numberWords(id: MetricId, value: number): string {
  const { unit } = METRICS[metricIndex(id)];
  if (unit === 'probability') return formatProbability(value);
  return unit === 'loss' ? formatLoss(value) : formatNumber(value);
}

/** The numbers here of one metric, one per policy. */
function numbersHere(outcome: Replayed | null, id: MetricId): number[] {
  return outcome?.kind === 'compared' ? outcome.pairs.flatMap(({ metric, here }) => (metric === id ? [here] : [])) : [];
}

function Numbers({ evidence: { metrics }, outcome }: { evidence: Evidence; outcome: Replayed | null }) {
  const recorded = recordedMetrics(metrics);
  const ids = FIRST.filter((id) => recorded.includes(id));
  const policies = metrics[recorded[0]]?.length ?? 0;
  if (ids.length === 0) return null;
  return (
    <table className="report-numbers">
      <caption>{policies === 1 ? msg`the only policy` : msg`median over ${policies} policies`}</caption>
      <thead><tr><th scope="col">{msg`number`}</th><th scope="col">{msg`in the report`}</th><th scope="col">{msg`replayed here`}</th></tr></thead>
      <tbody>
        {ids.map((id) => {
          const reported = quantile(metrics[id] ?? [], 0.5);
          const here = quantile(numbersHere(outcome, id), 0.5);
          return (
            <tr key={id} data-metric={id} data-apart={outcome?.kind === 'compared' && outcome.pairs.some((pair) => pair.metric === id && distance(pair) > TOLERANCE)}>
              <th scope="row">{METRICS[metricIndex(id)].label}</th>
              <td data-value={reported}>{numberWords(id, reported)}</td>
              <td>{Number.isNaN(here) ? '–' : numberWords(id, here)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Top({ top, here }: { top: Evidence['top']; here: Evidence['top'] | null }) {
  return (
    <table className="report-numbers">
      <caption>{msg`most probable responses`}</caption>
      <thead><tr><th scope="col">{msg`response`}</th><th scope="col">{msg`in the report`}</th><th scope="col">{msg`replayed here`}</th></tr></thead>
      <tbody>
        {top.slice(0, TOP_SHOWN).map(({ response, probability }, i) => {
          const own = here?.find((one) => one.response === response);
          return <tr key={i}><th scope="row" className="report-response">{responseName(response)}</th><td>{formatProbability(probability)}</td><td>{own ? formatProbability(own.probability) : '–'}</td></tr>;
        })}
      </tbody>
    </table>
  );
}

function allNumbers({ task }: Job, { metrics, experiments: files, step }: Evidence, outcome: Replayed | null): TableContent {
  const experiments = files.flatMap((file): Experiment[] => { const read = readExperiment(file); return read.ok ? [read.experiment] : []; });
  const rows = recordedMetrics(metrics).flatMap((id) => {
    const here = numbersHere(outcome, id);
    return (metrics[id] ?? []).map((value, policy) => {
      const other = here[policy];
      return [
        id, policyName(experiments, policy), { text: numberWords(id, value), value },
        other === undefined ? '–' : { text: numberWords(id, other), value: other },
        other === undefined ? '–' : { text: value === other ? '0' : formatNumber(Math.abs(other - value)), value: Math.abs(other - value) },
      ];
    });
  });
  return { caption: msg`Task ${task + 1}: every number of the report at update ${step}`, head: [msg`metric`, msg`policy`, msg`in the report`, msg`replayed here`, msg`difference`], rows };
}
