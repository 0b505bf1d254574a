/** How a replay stands: a mark, the words, and what is wrong. */
import type { ReplayState, ReplaySummary } from './classRows.ts';

const MARKS: Record<ReplayState, string> = { none: '', waiting: '', running: '…', same: '✓', close: '≈', failed: '!', differs: '✗' };

export function ReplayMark({ summary: { state, words, detail } }: { summary: ReplaySummary }) {
  return (
    <div className="replay-mark" data-replay={state}>
      <p>{MARKS[state] !== '' && <span aria-hidden="true">{MARKS[state]} </span>}{words}</p>
      {detail !== '' && <small>{detail}</small>}
    </div>
  );
}
