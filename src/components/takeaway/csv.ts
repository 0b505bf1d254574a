/**
 * Tables as CSV (RFC 4180: commas, CRLF, quotes where needed), numbers in full double precision with a point.
 *
 * A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection"); numbers are
 * left as they are. UTF-8; a byte order mark stands before it where the text is not ASCII: without one spreadsheets
 * read other letters wrongly, and with one some readers of plain tables find it in the first column's name. Pure.
 */

export type CsvCell = string | number | null;

/** What a spreadsheet takes for the beginning of a formula, in half and in full width, whatever blank or invisible characters stand before it. */
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠\t\r\n]/u;

/** A number that can be read back to the last digit; what is not finite by its name, what does not exist as nothing. */
export function csvNumber(value: number | null): string {
  if (value === null) return '';
  return Object.is(value, -0) ? '0' : String(value);
}

/** A text that stays a text. */
export function csvText(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const cellOf = (cell: CsvCell) => (typeof cell === 'string' ? csvText(cell) : csvNumber(cell));

/** A table as the text of a file. @param head  one name per column */
export function csvOf(head: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  const lines = [head.map(csvText).join(',')];
  for (const row of rows) lines.push(row.map(cellOf).join(','));
  const text = `${lines.join('\r\n')}\r\n`;
  return hasOther(text) ? `\ufeff${text}` : text;
}

/** Letters beyond ASCII. */
function hasOther(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return true;
  return false;
}
