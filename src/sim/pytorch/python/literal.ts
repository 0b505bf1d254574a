/** Values as Python writes them. */

const WIDTH = 110;

/** A JSON-shaped value as a Python literal; what fits on a line stands on one. */
export function pythonLiteral(value: unknown, indent = 0): string {
  const flat = inline(value);
  if (indent + flat.length <= WIDTH || typeof value !== 'object' || value === null) return flat;
  const inner = ' '.repeat(indent + 4);
  const end = ' '.repeat(indent);
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item === 'number')) return `[\n${wrapped(value.map(pythonNumber), indent + 4)}\n${end}]`;
    return `[\n${value.map((item) => `${inner}${pythonLiteral(item, indent + 4)},\n`).join('')}${end}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{\n${entries.map(([key, item]) => `${inner}${pythonText(key)}: ${pythonLiteral(item, indent + 4)},\n`).join('')}${end}}`;
}

function inline(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return pythonNumber(value);
  if (typeof value === 'string') return pythonText(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  return `{${Object.entries(value as object).filter(([, item]) => item !== undefined).map(([key, item]) => `${pythonText(key)}: ${inline(item)}`).join(', ')}}`;
}

/** Items side by side on lines that are not too long. */
export function wrapped(items: readonly string[], indent: number): string {
  const start = ' '.repeat(indent);
  const lines: string[] = [];
  let line = start;
  for (const item of items) {
    if (line.length > indent && line.length + item.length + 2 > WIDTH) {
      lines.push(line.trimEnd());
      line = start;
    }
    line += `${item}, `;
  }
  return [...lines, line.trimEnd()].join('\n');
}

/** Controls, line separators, and what turns the direction of reading: no editor shows them as they are. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** A text in double quotes. JSON's escapes are Python's. */
export function pythonText(text: string): string {
  return JSON.stringify(text).replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A text as part of a comment: on one line, whatever it holds. */
export function commentText(text: string): string {
  return text.replace(UNSEEN, ' ').replace(/\p{Cs}/gu, '\ufffd').replace(/\s+/gu, ' ').trim();
}

export function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'math.nan';
  if (!Number.isFinite(value)) return value > 0 ? 'math.inf' : '-math.inf';
  return Object.is(value, -0) ? '-0.0' : String(value);
}

/** A measured number with nine significant digits. */
export function measured(value: number): string {
  return pythonNumber(Number(value.toPrecision(9)));
}

/** A long text in base64 as adjacent Python texts, in brackets. */
export function longText(text: string, indent: number): string {
  const width = WIDTH - indent - 2;
  if (text.length <= width) return `"${text}"`;
  const start = ' '.repeat(indent);
  const lines: string[] = [];
  for (let from = 0; from < text.length; from += width) lines.push(`${start}"${text.slice(from, from + width)}"`);
  return `(\n${lines.join('\n')})`;
}
