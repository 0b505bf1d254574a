/** To a step by its number or by words. */
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { msg } from '../../sim/msg.ts';
import { Dialog } from '../frame/Dialog.tsx';
import { findSteps } from './findSteps.ts';
import { TALK } from './talk.ts';
import { useTalk } from './talkStore.ts';
import './lecture.css';

export function Jump() {
  const opened = useTalk((talk) => talk.jumping);
  const set = useTalk((talk) => talk.set);
  return (
    <Dialog opened={opened} close={() => set({ jumping: false })} title={msg`Jump to a step`}>
      <Finder />
    </Dialog>
  );
}

/** Most steps listed. */
const LISTED = 6;

function Finder() {
  const on = useTalk((talk) => talk.on);
  const go = useTalk((talk) => talk.go);
  const start = useTalk((talk) => talk.start);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = findSteps(TALK, text);
  const listed = text.trim() === '' ? [] : found.slice(0, LISTED);
  const field = useRef<HTMLInputElement>(null);
  // At once, so that nothing is lost of what is typed ahead.
  useLayoutEffect(() => field.current?.focus(), []);
  const jump = (index: number) => { if (on) go(index); else start(index); };
  function onKeyDown(event: KeyboardEvent): void {
    if (listed.length === 0) return;
    if (event.key === 'Enter') jump(listed[chosen]);
    else if (event.key === 'ArrowDown') setChosen((chosen + 1) % listed.length);
    else if (event.key === 'ArrowUp') setChosen((chosen + listed.length - 1) % listed.length);
    else return;
    event.preventDefault();
  }
  return (
    <div className="jump">
      <label>
        {msg`Number, or words of the title`}
        <input
          ref={field} className="jump-field" type="text" autoComplete="off" data-autofocus value={text} role="combobox" aria-expanded={listed.length > 0} aria-controls="jump-steps" aria-autocomplete="list"
          aria-activedescendant={listed.length > 0 ? `jump-${listed[chosen]}` : undefined} onKeyDown={onKeyDown}
          onChange={(event) => { setText(event.currentTarget.value); setChosen(0); }}
        />
      </label>
      <div className="jump-steps" id="jump-steps" role="listbox" aria-label={msg`Steps`}>
        {listed.map((index, i) => (
          <button key={TALK[index].id} id={`jump-${index}`} type="button" tabIndex={-1} role="option" aria-selected={i === chosen} className="jump-step" onClick={() => jump(index)}>
            <span className="overview-number">{index + 1}</span> {TALK[index].title}
          </button>
        ))}
      </div>
      <p className="jump-note" role="status">{noteOf(text.trim(), found.length)}</p>
    </div>
  );
}

function noteOf(text: string, found: number): string {
  if (text === '') return msg`The talk has ${TALK.length} steps.`;
  if (found === 0) return msg`No step has “${text}”. The talk has ${TALK.length} steps.`;
  return found > LISTED ? msg`${found} steps; the first ${LISTED} are shown.` : '';
}
