/** What went wrong and what to do: one sentence each, dismissible, above everything else. */
import { msg } from '../../sim/msg.ts';
import { useLab } from '../labStore.ts';
import { useRun } from '../run.ts';
import './Notices.css';

export function Notices() {
  return (
    <div className="notices">
      <LinkProblems />
      <Refusal />
      <FaultNotice />
    </div>
  );
}

function LinkProblems() {
  const notices = useLab((lab) => lab.notices);
  const dismiss = useLab((lab) => lab.dismissNotices);
  if (notices.length === 0) return null;
  return (
    <div className="notice" role="alert" data-notice="problems">
      {notices.length === 1 ? <p>{notices[0]}</p> : <ul>{notices.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul>}
      <button type="button" className="outlined" onClick={dismiss}>{msg`Dismiss`}</button>
    </div>
  );
}

function Refusal() {
  const refused = useRun((run) => run.refused);
  const dismiss = useRun((run) => run.dismissRefusal);
  if (!refused) return null;
  return (
    <div className="notice" role="alert" data-notice="refused">
      <p>{refused}</p>
      <button type="button" className="outlined" onClick={dismiss}>{msg`Dismiss`}</button>
    </div>
  );
}

function FaultNotice() {
  const fault = useRun((run) => run.fault);
  const snapshotStep = useRun((run) => run.snapshot?.step ?? 0);
  const recover = useRun((run) => run.recover);
  const reset = useLab((lab) => lab.reset);
  if (!fault) return null;
  // Numbers that blew up would only blow up again; every other fault may pass.
  const goOn = fault.kind !== 'not-finite';
  return (
    <div className="notice" role="alert" data-notice="fault">
      <p>{fault.sentence}</p>
      <div className="notice-ways">
        {goOn && <button type="button" className="outlined" onClick={() => recover()}>{msg`Go on from update `}{snapshotStep}</button>}
        {fault.nextBackend && <button type="button" className="outlined" onClick={() => recover({ backend: fault.nextBackend })}>{msg`Go on with `}{fault.nextBackend}</button>}
        <button type="button" className="outlined" onClick={reset}>{msg`Start over`}</button>
      </div>
    </div>
  );
}
