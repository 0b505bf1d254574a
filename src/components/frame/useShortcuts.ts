/** Keys for the whole page: never those that the focused control owns, never with a modifier. */
import { useEffect } from 'react';
import { neighbourOf } from '../chapters.ts';
import { useLabStore, type LabStore } from '../labStore.ts';

export const SHORTCUTS = [
  { keys: ['Space', 'K'], what: 'play or pause' },
  { keys: ['→', '.'], what: 'one update' },
  { keys: ['R', 'Home'], what: 'reset to the reference' },
  { keys: ['[', ']'], what: 'previous or next chapter' },
  { keys: ['P'], what: 'projector: large type' },
  { keys: ['D'], what: 'dark or light' },
  { keys: ['?'], what: 'this list' },
] as const;

const PRESSED = 'button, a[href], summary, [role="button"], [role="tab"]';

/** Whether the focused element uses this key itself. */
function ownsKey(target: EventTarget | null, key: string, clicked: boolean): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && target.type === 'range') return key.length > 1; // arrows, Home, End, Page keys
  if (target.isContentEditable || target.closest('input, select, textarea, [role="slider"], [role="menu"], [role="listbox"], [role="grid"], [role="application"], [role="dialog"]')) return true;
  if (target.closest(PRESSED)) {
    // A button that was clicked keeps the focus, or a menu gives it back: Space is the page's there, as before the click.
    return key === 'Enter' || key === ' ' && !clicked || key.startsWith('Arrow') && target.closest('[role="tab"]') !== null;
  }
  if (target.closest('[data-keys="own"]')) return true;
  return false;
}

function act(lab: LabStore, key: string, scheme: 'light' | 'dark'): boolean {
  const { togglePlay, step, reset, set, projector, singleKeys, helpOpen, openChapter, origin } = lab.getState();
  if (!singleKeys) return false;
  switch (key) {
    case ' ': case 'k': togglePlay(); return true;
    case 'ArrowRight': case '.': step(); return true;
    case 'Home': case 'r': reset(); return true;
    case '[': openChapter(neighbourOf(origin.chapter, -1)); return true;
    case ']': openChapter(neighbourOf(origin.chapter, 1)); return true;
    case 'p': set({ projector: !projector }); return true;
    case 'd': set({ theme: scheme === 'dark' ? 'light' : 'dark' }); return true;
    case '?': set({ helpOpen: !helpOpen }); return true;
    default: return false;
  }
}

export function useShortcuts(scheme: 'light' | 'dark'): void {
  const lab = useLabStore();
  useEffect(() => {
    // Whether the focus is where the pointer put it, and not where Tab did.
    let clicked = false;
    const point = (event: MouseEvent) => { if (event.detail > 0) clicked = true; };
    const listen = (event: KeyboardEvent) => {
      if (event.key === 'Tab') clicked = false;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (ownsKey(event.target, key, clicked)) return;
      if (event.repeat && key !== 'ArrowRight' && key !== '.') return;
      if (!act(lab, key, scheme)) return;
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
  }, [lab, scheme]);
}
