/** The link that carries the experiment: shown, and copied on opening; where it would be too long, the file instead. */
import { Popover } from '@mantine/core';
import { lazy, Suspense, useRef, useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { useLabStore } from '../labStore.ts';
import { linkOf, LONGEST_LINK } from '../link.ts';
import { knobWords } from '../../sim/sentences.ts';
import { useRun, useRunStore } from '../run.ts';
import { saveExperiment } from './saveExperiment.ts';
import './LinkButton.css';

/** Whether only this machine can open the address: its own name for itself, or a file. */
export function staysHere({ protocol, hostname }: Pick<Location, 'protocol' | 'hostname'>): boolean {
  return protocol === 'file:' || /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(hostname);
}

/** Fetched when it is first opened. */
const ClassLink = lazy(async () => ({ default: (await import('../share/ClassLink.tsx')).ClassLink }));

interface Shown {
  /** Update the link opens at, where there is one to choose. */
  step: number;
  atStep: boolean;
  copied: boolean;
  tooLong: boolean;
}

export function LinkButton() {
  const run = useRunStore();
  const lab = useLabStore();
  const field = useRef<HTMLTextAreaElement>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const [forClass, setForClass] = useState(false);
  const address = (atStep: boolean, step: number) =>
    `${location.origin}${location.pathname}${linkOf(run, lab, { step: atStep && step > 0 ? step : null })}`;

  async function copy(atStep: boolean, step: number): Promise<void> {
    const shown = { step, atStep, copied: false, tooLong: linkOf(run, lab).length > LONGEST_LINK };
    setShown(shown);
    if (shown.tooLong) return;
    try {
      await navigator.clipboard.writeText(address(atStep, step));
      setShown({ ...shown, copied: true });
    } catch {
      field.current?.select(); // no permission: the reader copies the selected text
    }
  }

  return (
    <>
    <Popover opened={shown !== null} onChange={(opened) => { if (!opened) setShown(null); }} position="bottom-end" shadow="md" width="min(26rem, calc(100vw - 2rem))" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className="quiet" onClick={() => { if (shown) setShown(null); else void copy(false, run.getState().step); }}>{msg`Link`}</button>
      </Popover.Target>
      <Popover.Dropdown className="link-dropdown" aria-label={msg`Link to this experiment`}>
        {shown?.tooLong && (
          <>
            <p role="status">{msg`This experiment is too long for a link: its own words and pairs make an address of ${linkOf(run, lab).length.toLocaleString('en')} characters, and beyond ${LONGEST_LINK.toLocaleString('en')} many programs cut it. Send it as a file.`}</p>
            <div className="link-row"><button type="button" className="outlined" onClick={() => saveExperiment(run, lab)}>{msg`Save this experiment`}</button></div>
          </>
        )}
        {shown && !shown.tooLong && (
          <>
            <p role="status">{shown.copied ? msg`Copied. ` : msg`Copy this link. `}{staysHere(location) ? msg`This address works on this machine only; here it opens this experiment:` : msg`Whoever opens it sees this experiment:`}</p>
            <textarea ref={field} readOnly rows={3} aria-label={msg`Link`} value={address(shown.atStep, shown.step)} onFocus={(e) => e.target.select()} />
            <div className="link-row">
              {shown.step > 0 && (
                <label><input type="checkbox" checked={shown.atStep} onChange={(e) => void copy(e.target.checked, shown.step)} />{msg` open at update `}{shown.step}</label>
              )}
              <button type="button" className="outlined" onClick={() => void copy(shown.atStep, shown.step)}>{msg`Copy`}</button>
            </div>
            <LinkNotes atStep={shown.atStep && shown.step > 0} />
            <div className="link-row"><button type="button" className="outlined" onClick={() => { setShown(null); setForClass(true); }}>{msg`A link for a class…`}</button></div>
          </>
        )}
      </Popover.Dropdown>
    </Popover>
    {forClass && <Suspense><ClassLink opened close={() => setForClass(false)} /></Suspense>}
    </>
  );
}

/** What a link cannot say. */
function LinkNotes({ atStep }: { atStep: boolean }) {
  const schedule = useRun((run) => run.schedule);
  const last = schedule.at(-1);
  return (
    <>
      {schedule.length > 1 && last && !atStep && (
        <p className="link-note" data-note="mixed">
          {msg`β or the learning rate was changed while this ran. The link opens the experiment from the start at β = ${knobWords(last.beta)} and learning rate ${knobWords(last.learningRate)}, not this mixed run.`}
        </p>
      )}
      <p className="link-note">{msg`Not in the link: the scales of the charts, the speed, branches that were left.`}</p>
    </>
  );
}
