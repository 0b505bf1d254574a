/** What the reader of the derivation looks at: kept while chapters change, never part of the experiment. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** Where the reader is in a chapter's lines. */
export interface Lines {
  /** The line that is read, from 0. */
  current: number;
  /** All lines are open, instead of one after the other. */
  all: boolean;
}

export interface Reading {
  /** Text of y₀, the response whose numbers are shown; null = the first pair's chosen one. */
  response: { prompt: number; text: string } | null;
  /** Lines in the slide's own version, where that differs. */
  asOnSlide: boolean;
  /** By chapter; absent where it has not been read yet. */
  lines: Readonly<Partial<Record<number, Lines>>>;
}

export const reading = createStore<Reading>()(() => ({ response: null, asOnSlide: false, lines: {} }));

const START: Lines = { current: 0, all: false };

export function useReading<T>(selector: (state: Reading) => T): T {
  return useStore(reading, selector);
}

export function useLines(chapter: number): Lines {
  return useReading((state) => state.lines[chapter] ?? START);
}

export function showLines(chapter: number, change: Partial<Lines>): void {
  const { lines } = reading.getState();
  reading.setState({ lines: { ...lines, [chapter]: { ...(lines[chapter] ?? START), ...change } } });
}
