/** Path data, scaled along both axes by different amounts. Pure. */
import { short } from './svgText.ts';

/** Which numbers of a command are along x, y, or neither: "x", "y", "" for an arc's turn and flags. */
const ALONG: Readonly<Record<string, readonly ('x' | 'y' | '')[]>> = {
  m: ['x', 'y'], l: ['x', 'y'], h: ['x'], v: ['y'], c: ['x', 'y', 'x', 'y', 'x', 'y'], s: ['x', 'y', 'x', 'y'], q: ['x', 'y', 'x', 'y'], t: ['x', 'y'],
  a: ['x', 'y', '', '', '', 'x', 'y'], z: [],
};

/** @returns the path with every x (absolute or not) times `sx` and every y times `sy` */
export function mapPath(d: string, sx: number, sy: number): string {
  return [...d.matchAll(/([a-z])([^a-z]*)/gi)].map(([, command, rest]) => {
    const along = ALONG[command.toLowerCase()] ?? [];
    const numbers = [...rest.matchAll(/-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi)].map(([text]) => Number(text));
    return command + numbers.map((value, i) => { const axis = along[i % Math.max(1, along.length)]; return short(axis === 'x' ? value * sx : axis === 'y' ? value * sy : value); }).join(' ');
  }).join('');
}
