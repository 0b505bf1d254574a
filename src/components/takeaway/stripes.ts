/** CSS gradients with hard edges, the hatching of bars, as polygons. Pure. */
import { element, painted, paintOf, short } from './svgText.ts';

export interface Rect { x: number; y: number; width: number; height: number }
type Point = readonly [number, number];

interface Band { from: number; to: number; colour: string }
export interface Gradient { repeating: boolean; angle: number; bands: Band[] }

const SIDES: Readonly<Record<string, number>> = { 'to top': 0, 'to right': 90, 'to bottom': 180, 'to left': 270 };
const COLOUR = /(?:rgba?|color)\([^)]*\)|transparent/g;

/** A computed linear gradient as bands of one colour; null for another kind of image, and for one whose colours run into each other. */
export function readGradient(css: string, length: number): Gradient | null {
  const call = /^(repeating-)?linear-gradient\((.*)\)$/s.exec(css.trim());
  if (!call) return null;
  const body = call[2];
  const first = body.search(COLOUR);
  const direction = body.slice(0, Math.max(0, first)).replace(/,\s*$/, '').trim();
  const angle = direction === '' ? 180 : SIDES[direction] ?? (direction.endsWith('deg') ? Number.parseFloat(direction) : NaN);
  if (!Number.isFinite(angle)) return null;
  const stops = [...body.matchAll(COLOUR)].flatMap((match) => {
    const after = body.slice(match.index + match[0].length).split(/,\s*(?=rgb|color|transparent)/)[0];
    const places = [...after.matchAll(/(-?[\d.]+)(px|%)/g)].map(([, value, unit]) => (unit === '%' ? (Number(value) / 100) * length : Number(value)));
    return places.length === 0 ? [{ at: NaN, colour: match[0] }] : places.map((at) => ({ at, colour: match[0] }));
  });
  if (stops.length < 2) return null;
  if (Number.isNaN(stops[0].at)) stops[0].at = 0;
  const last = stops[stops.length - 1];
  if (Number.isNaN(last.at)) last.at = length;
  const bands: Band[] = [];
  for (let i = 1; i < stops.length; i++) {
    const [a, b] = [stops[i - 1], stops[i]];
    if (!(b.at >= a.at)) return null;
    if (a.colour === b.colour) bands.push({ from: a.at, to: b.at, colour: a.colour });
    else if (b.at > a.at) return null;
  }
  if (!call[1]) {
    if (stops[0].at > 0) bands.unshift({ from: 0, to: stops[0].at, colour: stops[0].colour });
    if (last.at < length) bands.push({ from: last.at, to: length, colour: last.colour });
  }
  if (bands.length === 0) return null;
  return { repeating: call[1] !== undefined, angle, bands };
}

/** The part of a polygon where a·x + b·y ≥ c. */
function cut(polygon: readonly Point[], a: number, b: number, c: number): Point[] {
  return polygon.flatMap((p, i) => {
    const q = polygon[(i + 1) % polygon.length];
    const [dp, dq] = [a * p[0] + b * p[1] - c, a * q[0] + b * q[1] - c];
    const kept: Point[] = dp >= 0 ? [p] : [];
    if (dp >= 0 !== dq >= 0) kept.push([p[0] + (dp / (dp - dq)) * (q[0] - p[0]), p[1] + (dp / (dp - dq)) * (q[1] - p[1])]);
    return kept;
  });
}

/** Length of the line along which a gradient runs over a box (CSS Images 3). */
export function gradientLength({ width, height }: Rect, angle: number): number {
  const turn = (angle * Math.PI) / 180;
  return Math.abs(width * Math.sin(turn)) + Math.abs(height * Math.cos(turn));
}

/** The bands of a gradient over a box, as markup; at most 400 of them. */
export function stripes(box: Rect, css: string, opacity: number): string {
  const angle = readGradient(css, 1)?.angle ?? 180;
  const length = gradientLength(box, angle);
  const gradient = readGradient(css, length);
  if (!gradient || length === 0) return '';
  const turn = (angle * Math.PI) / 180;
  const [a, b] = [Math.sin(turn), -Math.cos(turn)];
  const start = a * (box.x + box.width / 2) + b * (box.y + box.height / 2) - length / 2;
  const corners: Point[] = [[box.x, box.y], [box.x + box.width, box.y], [box.x + box.width, box.y + box.height], [box.x, box.y + box.height]];
  const first = gradient.bands[0].from;
  const period = gradient.bands[gradient.bands.length - 1].to - first;
  const times = gradient.repeating && period > 0 ? Math.min(400, Math.ceil(length / period)) : 1;
  const ground = paintOf(gradient.bands[0].colour);
  // Where all bands are opaque, a ground under them leaves no seams.
  const isGround = ground !== null && gradient.repeating && gradient.bands.every(({ colour }) => paintOf(colour)?.opacity === 1);
  let markup = isGround ? element('rect', { ...box, ...painted('fill', ground, opacity) }) : '';
  for (let k = 0; k < times; k++) {
    for (const { from, to, colour } of gradient.bands) {
      const paint = paintOf(colour);
      if (!paint || (isGround && colour === gradient.bands[0].colour)) continue;
      const shift = start + k * period;
      const polygon = cut(cut(corners, a, b, shift + from), -a, -b, -(shift + to));
      if (polygon.length > 2) markup += element('polygon', { points: polygon.map(([x, y]) => `${short(x)},${short(y)}`).join(' '), ...painted('fill', paint, opacity) });
    }
  }
  return markup;
}
