/** What computes: the backend's name and measured speed; behind it all trials, the reason, and a choice. */
import { Popover } from '@mantine/core';
import { msg } from '../../sim/msg.ts';
import { useLab } from '../labStore.ts';
import { useRun, useThrottledRun } from '../run.ts';
import { BACKENDS, type BackendName } from '../../sim/worker/protocol.ts';
import './BackendBadge.css';

const NAMES: Record<BackendName, string> = { webgpu: 'WebGPU', wasm: 'WebAssembly', cpu: 'JavaScript' };
/** Where there is no room for more. */
const SHORT: Record<BackendName, string> = { webgpu: 'GPU', wasm: 'Wasm', cpu: 'JS' };

/** Two significant digits and no decimals: the figure wobbles, and the badge must not. */
function speedWords(updatesPerSecond: number): string {
  if (updatesPerSecond < 1) return '< 1';
  return Math.round(Number(updatesPerSecond.toPrecision(2))).toLocaleString('en');
}

export function BackendBadge() {
  const report = useRun((run) => run.backend);
  const policies = useRun((run) => run.members.length);
  const speed = useThrottledRun((run) => (run.state === 'running' ? run.frame?.updatesPerSecond ?? 0 : 0), 500);
  const measured = report?.trials.find((trial) => trial.name === report.name)?.updatesPerSecond ?? null;
  // What it does while it plays; what it could do while it does not.
  let pace = measured === null ? null : msg`up to ${speedWords(measured)}/s`;
  if (speed > 0) pace = msg`${speedWords(speed)} updates/s`;
  return (
    <Popover position="bottom-end" shadow="md" width="min(26rem, calc(100vw - 2rem))" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className="badge">
          {report ? <><span className="badge-name">{NAMES[report.name]}</span><span className="badge-short" aria-hidden="true">{SHORT[report.name]}</span></> : msg`Measuring…`}
          <span className="badge-more"> · {policies} {policies === 1 ? msg`policy` : msg`policies`}</span>
          {pace !== null && <span className="badge-more badge-speed"> · {pace}</span>}
          <span aria-hidden="true" className="caret" />
        </button>
      </Popover.Target>
      <Popover.Dropdown className="badge-dropdown" aria-label={msg`What computes`}>
        <BackendDetails />
      </Popover.Dropdown>
    </Popover>
  );
}

function BackendDetails() {
  const report = useRun((run) => run.backend);
  const pinned = useRun((run) => run.pinnedBackend);
  const pin = useLab((lab) => lab.pinBackend);
  if (!report) return <p>{msg`The backends of this machine are being measured.`}</p>;
  return (
    <>
      <p className="badge-reason">{report.reason}</p>
      <table className="badge-trials">
        <thead><tr><th scope="col">{msg`Backend`}</th><th scope="col">{msg`Updates/s`}</th><th scope="col">{msg`Note`}</th></tr></thead>
        <tbody>
          {report.trials.map((trial) => (
            <tr key={trial.name} data-chosen={trial.name === report.name || undefined}>
              <th scope="row">{NAMES[trial.name]}</th>
              <td className="number">{trial.updatesPerSecond === null ? '–' : speedWords(trial.updatesPerSecond)}</td>
              <td>{trial.note}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="badge-note">{msg`Measured on this machine with this experiment's whole population; one update trains every policy once.`}</p>
      <fieldset className="badge-choice">
        <legend>{msg`Compute with`}</legend>
        <label><input type="radio" name="backend" checked={pinned === null} onChange={() => pin(null)} />{msg` measure and choose`}</label>
        {BACKENDS.map((name) => (
          <label key={name}><input type="radio" name="backend" checked={pinned === name} onChange={() => pin(name)} /> {NAMES[name]}</label>
        ))}
      </fieldset>
    </>
  );
}
