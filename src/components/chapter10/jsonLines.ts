/** Where in a JSON text its fields stand. */
import { pathText } from '../../sim/experimentFields.ts';

/**
 * The line of every value of a valid JSON text, by its path as problems name it ("preferences.pairs[1].chosen"); lines
 * count from 1, the whole is at ''.
 */
export function linesOf(source: string): Map<string, number> {
  const lines = new Map<string, number>();
  let [at, line] = [0, 1];
  const skip = () => {
    for (; /\s|\uFEFF/u.test(source.charAt(at)); at++) if (source.charAt(at) === '\n') line++;
  };
  const string = (): string => {
    const start = at;
    for (at++; source.charAt(at) !== '"'; at++) if (source.charAt(at) === '\\') at++;
    at++;
    return String(JSON.parse(source.slice(start, at)));
  };
  const items = (keys: readonly (string | number)[], close: string) => {
    at++;
    skip();
    for (let index = 0; source.charAt(at) !== close; index++) {
      const key = close === '}' ? string() : index;
      skip();
      if (close === '}') at++; // the colon
      value([...keys, key]);
      skip();
      if (source.charAt(at) === ',') at++;
      skip();
    }
    at++;
  };
  const value = (keys: readonly (string | number)[]) => {
    skip();
    lines.set(pathText(keys), line);
    const first = source.charAt(at);
    if (first === '{') items(keys, '}');
    else if (first === '[') items(keys, ']');
    else if (first === '"') string();
    else while (at < source.length && !/[\s,\]}]/u.test(source.charAt(at))) at++;
  };
  value([]);
  return lines;
}

/** The line of a field, or of the nearest one around it that is in the text. */
export function lineOf(lines: ReadonlyMap<string, number>, path: string): number {
  for (let name = path; ; name = name.replace(/(?:^|\.)[\w$-]+$|\[[^[]*\]$/u, '')) {
    const line = lines.get(name);
    if (line !== undefined) return line;
    if (name === '' || name.replace(/(?:^|\.)[\w$-]+$|\[[^[]*\]$/u, '') === name) return 1;
  }
}
