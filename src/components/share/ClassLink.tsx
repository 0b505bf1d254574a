/** The builder of links for a class: what students see, what they are asked, and the link as address, QR code and frame. */
import { useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { QUESTION_IDS, type QuestionId } from '../../sim/questions.ts';
import { Dialog } from '../frame/Dialog.tsx';
import { download } from '../frame/download.ts';
import { useLab, useLabStore } from '../labStore.ts';
import { linkOf, LONGEST_LINK, type LinkOptions } from '../link.ts';
import { useRun, useRunStore } from '../run.ts';
import { CopyRow } from './CopyRow.tsx';
import { frameSnippet } from './embed.ts';
import { HIDEABLE, type HideId } from './hideable.ts';
import { QrCode, qrFile, qrOf } from './QrCode.tsx';
import { HIDE_SETS } from './sets.ts';
import './share.css';

interface Choice {
  hide: readonly HideId[];
  ask: QuestionId | null;
  atStep: boolean;
}

export function ClassLink({ opened, close }: { opened: boolean; close: () => void }) {
  return <Dialog opened={opened} close={close} title={msg`A link for a class`} size="60rem">{opened && <Builder />}</Dialog>;
}

function Builder() {
  const run = useRunStore();
  const lab = useLabStore();
  const step = useRun((state) => state.step);
  const title = useLab((state) => state.origin.title);
  const [choice, setChoice] = useState<Choice>(() => ({ hide: lab.getState().hidden, ask: lab.getState().asked, atStep: false }));
  const change = (part: Partial<Choice>) => setChoice({ ...choice, ...part });
  const options: LinkOptions = { hide: choice.hide, ask: choice.ask, step: choice.atStep && step > 0 ? step : null };
  const address = (more: LinkOptions = {}) => `${location.origin}${location.pathname}${linkOf(run, lab, { ...options, ...more })}`;
  const link = address();
  return (
    <div className="class-link">
      <div className="class-choices">
        <Shown hide={choice.hide} onChange={(hide) => change({ hide })} />
        <Asked ask={choice.ask} onChange={(ask) => change({ ask })} />
        {step > 0 && <label><input type="checkbox" checked={choice.atStep} onChange={(event) => change({ atStep: event.currentTarget.checked })} /> {msg`opens at update ${step}, with all that led to it`}</label>}
        <p className="link-note">{msg`Reset takes a student back to what this link opens. Who changes the address sees everything again: a link tidies a page, it does not lock it.`}</p>
      </div>
      <div className="class-links">
        {linkOf(run, lab, options).length > LONGEST_LINK
          ? <p role="status">{msg`This experiment is too long for a link: its own words and pairs make an address of more than ${LONGEST_LINK.toLocaleString('en')} characters. Send it as a file.`}</p>
          : <Ways link={link} frame={frameSnippet(address({ embed: true }), msg`DPO Lab: ${title}`)} />}
      </div>
    </div>
  );
}

function Shown({ hide, onChange }: { hide: readonly HideId[]; onChange(hide: HideId[]): void }) {
  const toggle = (id: HideId, shown: boolean) => onChange(HIDEABLE.flatMap((row) => ((row.id === id ? shown : !hide.includes(row.id)) ? [] : [row.id])));
  return (
    <fieldset>
      <legend>{msg`What students see`}</legend>
      <div className="class-sets">
        {HIDE_SETS.map((set) => (
          <button key={set.id} type="button" className="outlined" aria-pressed={set.hide.length === hide.length && set.hide.every((id) => hide.includes(id))} onClick={() => onChange([...set.hide])}>{set.label}</button>
        ))}
      </div>
      {HIDEABLE.map(({ id, label }) => (
        <label key={id}><input type="checkbox" checked={!hide.includes(id)} onChange={(event) => toggle(id, event.currentTarget.checked)} /> {label}</label>
      ))}
    </fieldset>
  );
}

function Asked({ ask, onChange }: { ask: QuestionId | null; onChange(ask: QuestionId | null): void }) {
  return (
    <label className="class-ask">
      {msg`Asked before Play`}
      <select value={ask ?? ''} onChange={(event) => onChange(QUESTION_IDS.find((id) => id === event.currentTarget.value) ?? null)}>
        <option value="">{msg`the experiment’s own question, if they open it`}</option>
        {QUESTION_IDS.map((id) => <option key={id} value={id}>{id}</option>)}
      </select>
    </label>
  );
}

/** The link in the three forms it can be given. */
function Ways({ link, frame }: { link: string; frame: string }) {
  const [large, setLarge] = useState(false);
  const picture = qrOf(link);
  if (large && picture) {
    return (
      <div className="qr-large">
        <QrCode picture={picture} of={link} />
        <button type="button" className="outlined" onClick={() => setLarge(false)}>{msg`Smaller`}</button>
      </div>
    );
  }
  return (
    <>
      <CopyRow label={msg`Link`} text={link} rows={3} />
      <p><a href={link} target="_blank" rel="noreferrer">{msg`Open it as a student would, in a new tab`}</a></p>
      {picture ? (
        <div className="qr-row">
          <QrCode picture={picture} of={link} />
          <div>
            <button type="button" className="outlined" onClick={() => setLarge(true)}>{msg`Show to the room`}</button>
            <button type="button" className="outlined" onClick={() => download('dpo-lab-link.svg', qrFile(picture), 'image/svg+xml')}>{msg`Save the code`}</button>
          </div>
        </div>
      ) : <p role="status">{msg`This link has ${link.length.toLocaleString('en')} characters, too many for a QR code. Send the link itself.`}</p>}
      <CopyRow label={msg`To stand in another page`} text={frame} rows={4} />
      <p className="link-note">{msg`Inside another page the lab leaves arrow keys, Space and Page keys to that page, unless a control needs them. Slides made with reveal.js understand it without more.`}</p>
    </>
  );
}
