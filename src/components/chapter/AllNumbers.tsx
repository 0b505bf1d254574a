/** Every metric of the focus in one table: for readers of numbers, assistive technology and tests. */
import type { Experiment } from '../../sim/experiment.ts';
import { usesRewardModel } from '../../sim/experimentDefaults.ts';
import { focusMembers, focusValue } from '../../sim/focus.ts';
import { METRICS, UNIT_WORDS, type MetricRow } from '../../sim/metrics.ts';
import { msg } from '../../sim/msg.ts';
import { shownExperiment, type RunStatus } from '../../sim/runStore.ts';
import { formatAmong, formatProbability } from '../format.ts';
import { useShownExperiment } from '../controls/useKnob.ts';
import { useRun, useThrottledRun } from '../run.ts';
import './AllNumbers.css';

/** The experiment of the policies in focus: one of several methods, or the only one. */
function selectFocused(run: RunStatus): Experiment | null {
  const first = shownExperiment(run);
  return first && [first, ...run.others][run.others.length > 0 ? run.focus.sweepIndex : 0];
}

/** The metrics that this kind of training has: no sampled ones where nothing is sampled, none of a reward model without one. */
function rowsOf(experiment: Experiment): { row: MetricRow; index: number }[] {
  const { kind } = experiment.algorithm;
  return (METRICS as readonly MetricRow[]).map((row, index) => ({ row, index })).filter(({ row }) => {
    if (row.sampled) return kind === 'ppo';
    if (row.fitsRewardModel) return kind === 'reward-model';
    return !row.needsRewardModel || kind === 'reward-model' || usesRewardModel(experiment);
  });
}

function selectValues(run: RunStatus): number[] | null {
  const { frame, members, focus } = run;
  const experiment = shownExperiment(run);
  if (!frame || !experiment) return null;
  const shown = focusMembers(experiment, focus);
  return METRICS.map(({ id }) => focusValue(frame.metrics, members.length, id, shown));
}

export function AllNumbers() {
  const values = useThrottledRun(selectValues);
  const shown = useShownExperiment();
  const focused = useThrottledRun(selectFocused) ?? shown;
  const { seeds } = shown;
  const seedIndex = useRun((run) => run.focus.seedIndex);
  const whose = seedIndex !== null ? msg`Seed ${seeds[seedIndex]}` : seeds.length === 1 ? msg`Seed ${seeds[0]}, the only one` : msg`Each line by itself the median over ${seeds.length} seeds`;
  /** How large the values of a unit are: one beside them that is 0 but for rounding reads 0. */
  const sizeOf = (unit: MetricRow['unit']) => Math.max(0, ...rowsOf(focused).flatMap(({ row, index }) => (row.unit === unit && Number.isFinite(values?.[index]) ? [Math.abs(values?.[index] ?? 0)] : [])));
  return (
    <details className="all-numbers">
      <summary>{msg`All the numbers`}</summary>
      <table>
        <caption>{whose}{msg`, at the update shown: sums over every response, or over every pair where “What it is” names pairs.`}</caption>
        <thead><tr><th scope="col">{msg`Metric`}</th><th scope="col">{msg`Value`}</th><th scope="col">{msg`Unit`}</th><th scope="col">{msg`What it is`}</th></tr></thead>
        <tbody>
          {rowsOf(focused).map(({ row, index }) => {
            const value = values?.[index] ?? NaN;
            return (
              <tr key={row.id}>
                <th scope="row">{row.label} <code>{row.id}</code></th>
                <td className="number" data-metric={row.id} data-value={String(value)} title={Number.isNaN(value) ? undefined : String(value)}>
                  {Number.isNaN(value) ? '–' : row.unit === 'probability' || row.unit === 'share' ? formatProbability(value) : formatAmong(value, sizeOf(row.unit))}
                </td>
                <td>{row.unit === 'probability' || row.unit === 'share' ? '' : UNIT_WORDS[row.unit]}</td>
                <td>{row.formula}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}
