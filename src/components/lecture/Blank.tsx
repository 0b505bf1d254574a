/** A black page over everything, until a key or a touch brings the picture back. */
import { useEffect, useRef } from 'react';
import { msg } from '../../sim/msg.ts';
import { useTalk, useTalkStore } from './talkStore.ts';
import './lecture.css';

export function Blank() {
  const blank = useTalk((talk) => talk.blank);
  return blank ? <BlankPage /> : null;
}

const MODIFIERS = ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Fn'];

function BlankPage() {
  const talk = useTalkStore();
  const page = useRef<HTMLButtonElement>(null);
  const back = () => talk.getState().set({ blank: false });
  useEffect(() => {
    const before = document.activeElement;
    page.current?.focus({ preventScroll: true });
    // Before anybody else: no key does anything else while the page is blank.
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || MODIFIERS.includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) talk.getState().set({ blank: false });
    };
    window.addEventListener('keydown', listen, true);
    return () => {
      window.removeEventListener('keydown', listen, true);
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, [talk]);
  return <button ref={page} type="button" className="blank-page" onClick={back} aria-label={msg`The page is blank. Any key, or a touch, brings it back.`} />;
}
