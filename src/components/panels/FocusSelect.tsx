/** Whose probabilities the per-response panels show: the mean over the seeds, or one seed. */
import { msg } from '../../sim/msg.ts';
import { useRun } from '../run.ts';

export function FocusSelect({ label = msg`Policy shown` }: { label?: string }) {
  const seeds = useRun((run) => run.experiment?.seeds);
  const focus = useRun((run) => run.focus);
  const setFocus = useRun((run) => run.setFocus);
  if (!seeds) return null;
  return (
    <select
      className="quiet-select" aria-label={label} value={focus.seedIndex ?? 'mean'}
      onChange={(event) => setFocus({ ...focus, seedIndex: event.target.value === 'mean' ? null : Number(event.target.value) })}
    >
      <option value="mean">{seeds.length === 1 ? msg`π, the only seed` : msg`π, mean of ${seeds.length} seeds`}</option>
      {seeds.length > 1 && seeds.map((seed, i) => <option key={seed} value={i}>{msg`π, seed ${seed}`}</option>)}
    </select>
  );
}
