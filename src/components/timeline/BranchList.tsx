/** The runs that were left for a fork: which of them the charts show. */
import type { Branch } from '../../sim/fork.ts';
import { msg } from '../../sim/msg.ts';
import { useRun } from '../run.ts';
import { branchDash } from './branches.ts';
import './timeline.css';

/** Small buttons, for a line of text; pressed = shown. */
export function BranchChips() {
  const branches = useRun((run) => run.branches);
  return branches.map((branch) => <Chip key={branch.id} branch={branch} />);
}

function Chip({ branch }: { branch: Branch }) {
  const showBranch = useRun((run) => run.showBranch);
  const { id, name, forkedAt, hidden = false } = branch;
  return (
    <button
      type="button" className="branch-chip" aria-pressed={!hidden} data-branch={id} onClick={() => showBranch(id, hidden)}
      title={hidden ? msg`Show what this branch puts on responses nobody wrote, beside the present run` : msg`Hide this branch in the chart`}
    >
      <svg viewBox="0 0 24 8" width="24" height="8" aria-hidden="true"><path d="M0 4h24" stroke="currentColor" strokeWidth="2" strokeDasharray={branchDash(id)} /></svg>
      <span><b>{name}</b> {msg`(left at update ${forkedAt})`}</span>
    </button>
  );
}

/** With a way to forget them. */
export function BranchList() {
  const branches = useRun((run) => run.branches);
  const removeBranch = useRun((run) => run.removeBranch);
  if (branches.length === 0) return null;
  return (
    <ul className="branch-list" aria-label={msg`Branches`}>
      {branches.map((branch) => (
        <li key={branch.id}>
          <Chip branch={branch} />
          <button type="button" className="textual" aria-label={msg`Remove the branch ${branch.name}, left at update ${branch.forkedAt}`} onClick={() => removeBranch(branch.id)}>{msg`remove`}</button>
        </li>
      ))}
    </ul>
  );
}
