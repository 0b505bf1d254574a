/** The run as a PyTorch script: what it is, how far its making is, why there is none. */
import { useEffect, useRef, useState } from 'react';
import { count } from '../../sim/nouns.ts';
import { msg } from '../../sim/msg.ts';
import { placeOf } from '../../sim/place.ts';
import { scriptRefusal } from '../../sim/pytorch/refusal.ts';
import { download } from '../frame/download.ts';
import { useLab, useLabStore } from '../labStore.ts';
import { useRun, useRunStore } from '../run.ts';
import { Entry } from './Entry.tsx';
import { startScript } from './scriptWorker.ts';
import { slugOf } from './slug.ts';
import './script.css';

type Making = { state: 'idle' } | { state: 'making'; of: string; done: number; words: string } | { state: 'ended'; sentence: string };

export function ScriptEntry() {
  const run = useRunStore();
  const lab = useLabStore();
  const base = useLab(({ base: experiment }) => experiment);
  const forked = useRun(({ forkedFrom }) => forkedFrom !== null);
  const sideBySide = useRun(({ others }) => others.length > 0);
  const policies = useRun(({ members }) => members.length);
  const backend = useRun((status) => status.backend?.name ?? null);
  const [making, setMaking] = useState<Making>({ state: 'idle' });
  const stop = useRef<() => void>(() => {});
  useEffect(() => () => stop.current(), []);
  const refusal = scriptRefusal(base, { forked, sideBySide });

  function begin(): void {
    if (backend === null || refusal !== null || making.state === 'making') return;
    const now = run.getState();
    const { experiment, changes } = placeOf(now, lab.getState().base, now.furthest);
    const file = `${slugOf(experiment.name) || 'experiment'}.py`;
    const of = experiment.name;
    setMaking({ state: 'making', of, done: 0, words: msg`starting` });
    stop.current = startScript({ experiment, changes, backend }, (done, words) => setMaking({ state: 'making', of, done, words }), (outcome) => {
      if ('script' in outcome) download(file, outcome.script, 'text/x-python');
      setMaking({
        state: 'ended',
        sentence: 'script' in outcome ? [msg`Saved as ${file}, ${Math.max(1, Math.round(outcome.script.length / 1000))} kB.`, outcome.note ?? ''].join(' ').trim() : outcome.problem,
      });
    });
  }

  function cancel(): void {
    stop.current();
    setMaking({ state: 'ended', sentence: msg`Stopped; nothing was saved.` });
  }

  return (
    <Entry title={msg`A PyTorch script of this run`} what={msg`One Python file that trains the same policies by itself, with torch alone, and asserts the lab’s numbers, as far as rounding allows: to read from top to bottom, and to carry over to a real model.`}>
      {/* What is being made goes on to its end, whatever is opened on the page meanwhile. */}
      {refusal !== null && making.state !== 'making' ? <p>{refusal}</p> : (
        <>
          <p>{msg`To make it the run is recorded once more in the background, ${count(policies, 'policy')} for ${count(base.steps, 'update')}, and three times in other arithmetic, to know how exactly the script can be compared. A small run takes seconds; a large network, many policies or many updates take minutes. The script of a small run has about a hundred kilobytes.`}</p>
          {backend === 'webgpu' && <p>{msg`The run on screen trains on WebGPU; the script is of the same run on WebAssembly, so its numbers may differ from those on screen as far as rounding goes.`}</p>}
          {making.state === 'making'
            ? <button type="button" className="outlined" onClick={cancel}>{msg`Stop`}</button>
            : <button type="button" className="outlined" aria-disabled={backend === null || undefined} onClick={begin}>{msg`Make the script`}</button>}
          {making.state === 'making' && (
            <div className="script-making">
              <progress max={1} value={making.done} aria-label={msg`How far the script is`} />
              <span>{msg`“${making.of}”: ${making.words}`}</span>
            </div>
          )}
          <p className={making.state === 'making' ? 'lab-sr' : 'take-said script-said'} role="status">{making.state === 'ended' ? making.sentence : making.state === 'making' ? msg`The script of “${making.of}” is being made.` : ''}</p>
        </>
      )}
    </Entry>
  );
}
