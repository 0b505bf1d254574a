/** Numbers of the run as files: curves and responses as CSV, all of it as JSON. */
import { useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { count } from '../format.ts';
import { download } from '../frame/download.ts';
import { useLabStore } from '../labStore.ts';
import { useRunStore, useThrottledRun } from '../run.ts';
import { addressOfState, fileName } from './caption.ts';
import { collectEnds } from './collect.ts';
import { curvesCsv, recordedOf } from './curves.ts';
import { Entry } from './Entry.tsx';
import { responsesCsv } from './responses.ts';
import { resultPieces } from './result.ts';
import { standing } from './stand.ts';

const CSV = 'text/csv;charset=utf-8';
const notMade = () => msg`This browser could not make the file, and nothing was saved; there may be too little memory.`;

export function NumbersEntry() {
  const run = useRunStore();
  const lab = useLabStore();
  const { recorded, others, policies, responses, focusSeed } = useThrottledRun((now) => ({
    recorded: recordedOf(now), others: now.others.length, policies: now.members.length, responses: now.world?.responseCount ?? 0,
    focusSeed: now.focus.seedIndex === null || !now.experiment ? null : now.experiment.seeds[now.focus.seedIndex],
  }), 1000);
  /** How many policies are known of those that a file waits for; null = none is being made. */
  const [known, setKnown] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  const nameOf = (what: string, extension: string) => fileName(lab.getState().base.name, what, run.getState().step, extension);

  async function saveCsv(what: 'curves' | 'responses'): Promise<void> {
    try {
      const text = await standing(run, null, () => (what === 'curves' ? curvesCsv : responsesCsv)(run.getState()));
      if (text !== null) download(nameOf(what, 'csv'), text, CSV);
      setSaid(text === null ? msg`There are no numbers yet.` : msg`Saved.`);
    } catch {
      setSaid(notMade());
    }
  }
  async function saveJson(): Promise<void> {
    setKnown(0);
    setSaid('');
    try {
      await standing(run, null, async () => {
        const link = addressOfState(run, lab);
        const ends = await collectEnds(run, setKnown);
        const pieces = resultPieces(run.getState(), ends, link);
        if (pieces) download(nameOf('result', 'json'), new Blob(pieces, { type: 'application/json' }));
        const missing = ends.logps.filter((logps) => logps === null).length;
        setSaid(!pieces ? msg`There are no numbers yet.` : missing > 0 ? msg`Saved, without the last log-probabilities of ${missing} of ${policies} policies, which the engine did not give. The file says so.` : msg`Saved.`);
      });
    } catch {
      setSaid(notMade());
    } finally {
      setKnown(null);
    }
  }
  const rows = (recorded?.steps.length ?? 0) * policies;
  return (
    <Entry title={msg`Numbers`} what={msg`In full precision, as far as the run has come. A text that a spreadsheet would take for a formula begins with an apostrophe.`}>
      <ul className="take-list">
        <li>
          <span><b>{msg`The curves`}</b> {msg`CSV: every metric of every seed${others > 0 ? msg`, method` : ''} and swept value at each recorded update.`} <small>{msg`${rows.toLocaleString('en')} rows`}</small></span>
          <button type="button" className="outlined" aria-label={msg`Save the curves as CSV`} onClick={() => void saveCsv('curves')}>CSV</button>
        </li>
        <li>
          <span><b>{msg`The responses`}</b> {msg`CSV: the group of each, and its log-probability in the reference, the policy and the optimum, as on screen: ${focusSeed === null ? msg`the mean over the seeds where there are several` : msg`seed ${focusSeed}`}.`} <small>{count(responses, 'response')}</small></span>
          <button type="button" className="outlined" aria-label={msg`Save the responses as CSV`} onClick={() => void saveCsv('responses')}>CSV</button>
        </li>
        <li>
          <span><b>{msg`All of it`}</b> {msg`JSON, as the command line writes it: experiment, curves, and the responses of every policy; with the backend, changed knobs and forks.`} <small>{policies === 1 ? msg`1 policy` : msg`${policies} policies`}</small></span>
          <button type="button" className="outlined" aria-label={msg`Save all numbers as JSON`} disabled={known !== null} onClick={() => void saveJson()}>JSON</button>
        </li>
      </ul>
      <p className="take-said" role="status">{known === null ? said : msg`Reading policy ${Math.min(known + 1, policies)} of ${policies} …`}</p>
    </Entry>
  );
}
