/** Somebody else's text as text: what cannot be seen, or would turn its surroundings, by its number. */
import { printable } from '../../sim/problem.ts';

/** Longest text that is shown whole, in UTF-16 units. */
const LENGTH = 240;

export function Shown({ text }: { text: string }) {
  return <bdi className="trl-text">{shownText(text)}</bdi>;
}

/** One line of it: line breaks are marked, the end of a long text is left out. */
export function shownText(text: string, length = LENGTH): string {
  // No half of a character stays at the cut.
  const start = text.length > length ? text.slice(0, length).replace(/[\ud800-\udbff]$/, '') : text;
  const line = printable(start.trim().replace(/\s*\r?\n\s*/g, ' ↵ ').replaceAll('\t', ' ')).replace(/\p{Surrogate}/gu, '\ufffd');
  return text.length > length ? `${line} …` : line;
}
