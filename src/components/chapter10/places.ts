/** Where the fields of the editor stand on the page, by the path that problems name; and the lines of its text. */

import { flushSync } from 'react-dom';

/** The id of the element of a field. */
export const fieldId = (path: string): string => `sheet-${path}`;
/** Of what is said of it. */
export const problemId = (path: string): string => `${fieldId(path)}-problem`;
export const TEXT_ID = 'sheet-text';

/** Puts the cursor into a field; into view what is said where there is no field for it. */
export function goToField(path: string): void {
  const place = document.getElementById(fieldId(path)) ?? document.getElementById(problemId(path));
  place?.closest('details')?.setAttribute('open', '');
  place?.focus();
  place?.scrollIntoView({ block: 'nearest' });
}

/** Selects a line of the text; lines count from 1. */
export function goToLine(line: number): void {
  const area = document.getElementById(TEXT_ID);
  if (!(area instanceof HTMLTextAreaElement)) return;
  const lines = area.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  area.scrollTop = Math.max(0, (line - 4) * area.scrollHeight / Math.max(1, lines.length));
}

/** Goes back or forth in what was written; where the field that had the focus is gone with it, the editor has the focus. */
export function keepingFocus(act: () => void): void {
  const editor = document.querySelector<HTMLElement>('.sheet');
  flushSync(act);
  if (editor && !editor.contains(document.activeElement)) editor.focus({ preventScroll: true });
}
