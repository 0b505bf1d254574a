/** The key that was pressed last, while pressed keys are shown. */
import { createStore } from 'zustand/vanilla';

export interface Pressed {
  /** As KeyboardEvent has it, letters small. */
  key: string;
  /** What it did; empty where it did nothing, or where the page around this one got it. */
  what: string;
  /** Its number: the same key pressed twice is shown anew. */
  nth: number;
}

/** How long a key is shown, ms. */
export const SHOWN_FOR = 1500;

export const pressed = createStore<{ last: Pressed | null }>()(() => ({ last: null }));

let timer: ReturnType<typeof setTimeout> | undefined;

export function showPressed(key: string, what: string | null): void {
  clearTimeout(timer);
  pressed.setState({ last: { key, what: what ?? '', nth: (pressed.getState().last?.nth ?? 0) + 1 } });
  timer = setTimeout(() => pressed.setState({ last: null }), SHOWN_FOR);
}
