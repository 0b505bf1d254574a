/** Keys for the whole page: never those that the focused control owns, never with a modifier. */
import { useEffect } from 'react';
import { useLabStore } from '../labStore.ts';
import { showPressed } from '../lecture/pressed.ts';
import { useTalkStore } from '../lecture/talkStore.ts';
import { useRunStore } from '../run.ts';
import { handToHost, hasHost, isNamedKey } from './hostKeys.ts';
import { shortcutFor } from './shortcuts.ts';

const PRESSED = 'button, a[href], summary, [role="button"], [role="tab"]';
const SCROLLING = ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', ' '];

/** Whether the focused element uses this key itself. @param clicked  it has the focus because the pointer pressed it */
export function ownsKey(target: EventTarget | null, key: string, clicked: boolean): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && target.type === 'range') return key.length > 1; // arrows, Home, End, Page keys
  if (target.isContentEditable || target.closest('input, select, textarea, [role="slider"], [role="menu"], [role="listbox"], [role="grid"], [role="application"], [role="dialog"]')) return true;
  if (target.closest(PRESSED)) {
    // A button that was clicked keeps the focus, or a menu gives it back: Space is the page's there, as before the click.
    return key === 'Enter' || key === ' ' && !clicked || key.startsWith('Arrow') && target.closest('[role="tab"]') !== null;
  }
  if (target.closest('[data-keys="own"]')) return true;
  return target.tabIndex >= 0 && target.scrollHeight > target.clientHeight + 1 && SCROLLING.includes(key) && getComputedStyle(target).overflowY !== 'visible';
}

/** @param scheme  the theme that is shown, which D changes */
export function useShortcuts(scheme: 'light' | 'dark'): void {
  const run = useRunStore();
  const lab = useLabStore();
  const talk = useTalkStore();
  useEffect(() => {
    // Whether the focus is where the pointer put it, and not where Tab did.
    let clicked = false;
    const point = (event: MouseEvent) => { if (event.detail > 0) clicked = true; };

    /** What the page, or its host, does with a key; null = nothing. */
    function answer(event: KeyboardEvent, key: string): string | null {
      const { singleKeys, embedded, helpOpen } = lab.getState();
      const { overview, jumping } = talk.getState();
      // What is open has the keys, also before it has the focus.
      if (helpOpen || overview || jumping) return null;
      const hosted = hasHost(embedded);
      if (hosted && (singleKeys || isNamedKey(key)) && handToHost(event)) return '';
      const shortcut = singleKeys ? shortcutFor(key, { talkOn: talk.getState().on, embedded: hosted }) : null;
      if (!shortcut || (event.repeat && !shortcut.repeats)) return null;
      return shortcut.act({ run, lab, talk, scheme }) === false ? null : shortcut.what;
    }

    const listen = (event: KeyboardEvent) => {
      if (event.key === 'Tab') clicked = false;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (ownsKey(event.target, key, clicked)) return;
      const what = answer(event, key);
      if (talk.getState().keysShown && !event.repeat) showPressed(key, what);
      if (what === null) return;
      event.preventDefault();
      // Some browsers press a focused button on the way up, whatever was prevented on the way down.
      if (key === ' ' && event.target instanceof HTMLElement && event.target.matches(PRESSED)) event.target.blur();
    };
    document.addEventListener('keydown', listen);
    document.addEventListener('click', point, true);
    return () => {
      document.removeEventListener('keydown', listen);
      document.removeEventListener('click', point, true);
    };
  }, [run, lab, talk, scheme]);
}
