/** The keys of the presenter window: the page's, but for those that only an audience's page has. */
import { useEffect } from 'react';
import { shortcutFor, type Hands } from '../../frame/shortcuts.ts';
import { ownsKey } from '../../frame/useShortcuts.ts';
import { useLabStore } from '../../labStore.ts';
import { useRunStore } from '../../run.ts';
import { useTalkStore } from '../talkStore.ts';

/** What the presenter window does not have: the projector's type, a presenter window of its own, pressed keys, the list of keys. */
const NOT_HERE = ['p', 's', 'v', '?'];

/** Does what a key stands for; whether it stands for something. */
function act(hands: Hands, key: string, showSteps: () => void): boolean {
  const { on, blank, set } = hands.talk.getState();
  if (NOT_HERE.includes(key)) return false;
  // Blank is put on and taken off from here, and the steps are listed here: the audience does not see them.
  if (key === 'b' || (on && key === '.')) set({ blank: !blank });
  else if (key === 'o' || key === 'g') showSteps();
  else {
    const shortcut = shortcutFor(key, { talkOn: on, embedded: false });
    return shortcut !== null && shortcut.act(hands) !== false;
  }
  return true;
}

export function usePresenterKeys(scheme: 'light' | 'dark', showSteps: () => void): void {
  const run = useRunStore();
  const lab = useLabStore();
  const talk = useTalkStore();
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !lab.getState().singleKeys) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const repeats = shortcutFor(key, { talkOn: talk.getState().on, embedded: false })?.repeats === true;
      if (ownsKey(event.target, key, false) || (event.repeat && !repeats)) return;
      if (act({ run, lab, talk, scheme }, key, showSteps)) event.preventDefault();
    };
    // What was clicked does not keep Space and the arrows to itself: they are the talk's. What Tab reached does.
    const letGo = (event: MouseEvent) => {
      const pressed = event.target instanceof Element ? event.target.closest<HTMLElement>('button, summary, [data-scrolls]') : null;
      if (event.detail > 0 && !pressed?.closest('[role="dialog"]')) pressed?.blur();
    };
    document.addEventListener('keydown', listen);
    document.addEventListener('click', letGo);
    return () => {
      document.removeEventListener('keydown', listen);
      document.removeEventListener('click', letGo);
    };
  }, [run, lab, talk, scheme, showSteps]);
}
