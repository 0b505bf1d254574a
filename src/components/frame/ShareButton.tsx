/** The way to share the experiment: its link, copied on opening, and links for a class. Where a link would be too long, the file. */
import { useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { useLoaded } from '../chapter/useLoaded.ts';
import { Choice } from '../charts/Choice.tsx';
import { useLab, useLabStore } from '../labStore.ts';
import { linkOf, LONGEST_LINK } from '../link.ts';
import { useRunStore } from '../run.ts';
import { choiceNow, type ClassChoice } from '../share/classChoice.ts';
import type { ClassLinkProps } from '../share/ClassLink.tsx';
import { copyText } from '../share/copyText.ts';
import { CopyRow } from '../share/CopyRow.tsx';
import { LinkNotes } from '../share/LinkNotes.tsx';
import { Dialog } from './Dialog.tsx';
import { saveExperiment } from './saveExperiment.ts';

/** Whether only this machine can open the address: its own name for itself, or a file. */
export function staysHere({ protocol, hostname }: Pick<Location, 'protocol' | 'hostname'>): boolean {
  return protocol === 'file:' || /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(hostname);
}

/** Fetched when it is first wanted. */
const loadClassLink = async () => (await import('../share/ClassLink.tsx')).ClassLink;

type Level = 'link' | 'class';
const LEVELS = [{ value: 'link', text: msg`Link` }, { value: 'class', text: msg`For a class` }] as const;

interface Opened {
  /** The update that was shown when it was opened: a run may go on behind it. */
  step: number;
  /** What was copied then. */
  copied: string | null;
}

export function ShareButton() {
  const run = useRunStore();
  const lab = useLabStore();
  const title = useLab((state) => state.origin.title);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [level, setLevel] = useState<Level>('link');
  // Kept while the page is open, also when the dialog is closed to look at the page.
  const [choice, setChoice] = useState<ClassChoice | null>(null);
  const [inHall, setInHall] = useState(false);

  async function open(): Promise<void> {
    const search = linkOf(run, lab);
    const address = addressOf(search);
    setOpened({ step: run.getState().step, copied: null });
    if (search.length <= LONGEST_LINK && await copyText(address)) setOpened((now) => now && { ...now, copied: address });
  }
  function close(): void {
    if (inHall) setInHall(false);
    else setOpened(null);
  }
  return (
    <>
      <button type="button" className="quiet" aria-haspopup="dialog" onClick={() => void open()}>{msg`Share`}</button>
      <Dialog opened={opened !== null} close={close} title={inHall ? title : msg`Share`} size="min(62rem, calc(100vw - 2rem))" fullScreen={inHall}>
        {opened && (
          <div className="share">
            {!inHall && <div className="share-levels"><Choice label={msg`What to share`} options={LEVELS} value={level} onChange={setLevel} /></div>}
            {level === 'link' ? <LinkLevel {...opened} />
              : <ClassLevel step={opened.step} choice={choice ?? choiceNow(run.getState(), lab.getState())} onChoice={setChoice} inHall={inHall} onHall={setInHall} />}
          </div>
        )}
      </Dialog>
    </>
  );
}

/** A file has no address that others could open. */
const fromFile = () => location.protocol === 'file:';

/** Browsers disagree about the origin of a file. */
const addressOf = (search: string) => `${fromFile() ? 'file://' : location.origin}${location.pathname}${search}`;

function whatItOpens(): string {
  if (fromFile()) return msg`This is the address of a file on your machine: it opens this experiment here only. From the ? on it does the same behind the address of any lab on the web; what Save writes in the File menu can be sent.`;
  return staysHere(location) ? msg`This address works on this machine only; here it opens this experiment.` : msg`Whoever opens it sees this experiment.`;
}

/** The experiment as it is. */
function LinkLevel({ step, copied }: Opened) {
  const run = useRunStore();
  const lab = useLabStore();
  const [atStep, setAtStep] = useState(false);
  const link = linkOf(run, lab, { step: atStep && step > 0 ? step : null });
  if (link.length > LONGEST_LINK) {
    return (
      <>
        <p role="status">{msg`This experiment is too long for a link: its own words and pairs make an address of ${link.length.toLocaleString('en')} characters, and beyond ${LONGEST_LINK.toLocaleString('en')} many programs cut it. Send it as a file.`}</p>
        <p><button type="button" className="outlined" onClick={() => saveExperiment(run, lab)}>{msg`Save this experiment`}</button></p>
      </>
    );
  }
  return (
    <div className="share-link">
      <p>{whatItOpens()}</p>
      <CopyRow label={msg`Link`} text={addressOf(link)} rows={3} already={copied} />
      {step > 0 && <label className="class-tick"><input type="checkbox" checked={atStep} onChange={(event) => setAtStep(event.currentTarget.checked)} /> {msg`opens at update ${step}, with all that led to it`}</label>}
      <LinkNotes atStep={atStep} />
    </div>
  );
}

function ClassLevel(props: ClassLinkProps) {
  const loaded = useLoaded(loadClassLink);
  if (fromFile()) return <p>{msg`A link for a class needs a lab on the web: nobody else can open the address of a file. The file itself can be passed on, and an experiment saved from the File menu.`}</p>;
  if (loaded === 'failed') return <p role="alert">{msg`This part of the page could not be loaded. Reload the page and open it again.`}</p>;
  return loaded ? <loaded.Part {...props} /> : <p role="status">{msg`Opening …`}</p>;
}
