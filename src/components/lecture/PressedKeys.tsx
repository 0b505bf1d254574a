/** Pressed keys in a corner, for whoever watches the lecturer. */
import { Kbd } from '@mantine/core';
import { useStore } from 'zustand';
import { writtenKey } from '../frame/shortcuts.ts';
import { pressed } from './pressed.ts';
import { useTalk } from './talkStore.ts';
import './lecture.css';

export function PressedKeys() {
  const shown = useTalk((talk) => talk.keysShown);
  const last = useStore(pressed, (now) => now.last);
  if (!shown || !last) return null;
  // A screen reader says keys itself.
  return <div className="pressed-keys" aria-hidden="true"><Kbd key={last.nth}>{writtenKey(last.key)}</Kbd>{last.what !== '' && <span>{last.what}</span>}</div>;
}
