/** Every metric of the focus in one table: for readers of numbers, assistive technology and tests. */
import { focusMembers, focusValue } from '../../sim/focus.ts';
import { METRICS } from '../../sim/metrics.ts';
import { shownExperiment, type RunStatus } from '../../sim/runStore.ts';
import { formatNumber, formatProbability } from '../format.ts';
import { useShownExperiment } from '../controls/useKnob.ts';
import { useRun, useThrottledRun } from '../run.ts';
import './AllNumbers.css';

function selectValues(run: RunStatus): number[] | null {
  const { frame, members, focus } = run;
  const experiment = shownExperiment(run);
  if (!frame || !experiment) return null;
  const shown = focusMembers(experiment, focus);
  return METRICS.map((row) => focusValue(frame.metrics, members.length, row.id, shown));
}

export function AllNumbers() {
  const values = useThrottledRun(selectValues);
  const { seeds } = useShownExperiment();
  const seedIndex = useRun((run) => run.focus.seedIndex);
  const whose = seedIndex !== null ? `Seed ${seeds[seedIndex]}` : seeds.length === 1 ? `Seed ${seeds[0]}, the only one` : `Each line by itself the median over ${seeds.length} seeds`;
  return (
    <details className="all-numbers">
      <summary>All the numbers</summary>
      <table>
        <caption>{whose}, at the update shown: sums over every response, or over every pair where “What it is” names pairs.</caption>
        <thead><tr><th scope="col">Metric</th><th scope="col">Value</th><th scope="col">Unit</th><th scope="col">What it is</th></tr></thead>
        <tbody>
          {METRICS.map((row, i) => {
            const value = values?.[i] ?? NaN;
            return (
              <tr key={row.id}>
                <th scope="row">{row.label} <code>{row.id}</code></th>
                <td className="number" data-metric={row.id} data-value={String(value)} title={String(value)}>
                  {Number.isNaN(value) ? '–' : row.unit === 'probability' || row.unit === 'share' ? formatProbability(value) : formatNumber(value)}
                </td>
                <td>{row.unit === 'probability' || row.unit === 'share' ? '' : row.unit}</td>
                <td>{row.formula}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}
