/** Every metric of the focus in one table: for readers of numbers, assistive technology and tests. */
import { focusMembers, focusValue } from '../../sim/focus.ts';
import { METRICS } from '../../sim/metrics.ts';
import type { RunStatus } from '../../sim/runStore.ts';
import { formatNumber, formatProbability } from '../format.ts';
import { useRun, useThrottledRun } from '../run.ts';
import './AllNumbers.css';

function selectValues({ frame, experiment, members, focus }: RunStatus): number[] | null {
  if (!frame || !experiment) return null;
  const shown = focusMembers(experiment, focus);
  return METRICS.map((row) => focusValue(frame.metrics, members.length, row.id, shown));
}

export function AllNumbers() {
  const values = useThrottledRun(selectValues);
  const seed = useRun((run) => (run.focus.seedIndex === null ? null : run.experiment?.seeds[run.focus.seedIndex] ?? null));
  const seeds = useRun((run) => run.experiment?.seeds.length ?? 0);
  return (
    <details className="all-numbers">
      <summary>All the numbers</summary>
      <table>
        <caption>{seed === null ? `Median over ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}` : `Seed ${seed}`}, at the update shown; exact sums over every response.</caption>
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
