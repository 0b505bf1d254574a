/** Backgrounds, borders and halos of an element as SVG. */
import { stripes, type Rect } from './stripes.ts';
import { element, painted, paintOf, short } from './svgText.ts';

const px = (css: string) => Number.parseFloat(css) || 0;
const SIDES = ['Top', 'Right', 'Bottom', 'Left'] as const;

/** Degrees by which an element is turned. */
function turnOf(style: CSSStyleDeclaration): number {
  const matrix = /^matrix\(([^)]*)\)/.exec(style.transform)?.[1].split(',').map(Number);
  return matrix ? (Math.atan2(matrix[1], matrix[0]) * 180) / Math.PI : 0;
}

/** A box before it was turned, around the middle that it keeps. */
function boxOf(own: HTMLElement, turn: number): Rect {
  const { left, top, width, height } = own.getBoundingClientRect();
  if (Math.abs(turn) < 0.5) return { x: left, y: top, width, height };
  return { x: left + (width - own.offsetWidth) / 2, y: top + (height - own.offsetHeight) / 2, width: own.offsetWidth, height: own.offsetHeight };
}

function dashes(style: string, width: number): string | null {
  if (style === 'dashed') return `${short(2 * width + 2)} ${short(width + 2)}`;
  return style === 'dotted' ? `${short(width)} ${short(1.5 * width)}` : null;
}

/** The four borders: one outline where they are alike, else a line each. */
function drawBorders(style: CSSStyleDeclaration, box: Rect, radius: number, opacity: number): string {
  const sides = SIDES.map((side) => ({ width: px(style[`border${side}Width`]), kind: style[`border${side}Style`], colour: style[`border${side}Color`] }));
  const seen = sides.map((side) => (side.width > 0 && side.kind !== 'none' && side.kind !== 'hidden' ? paintOf(side.colour) : null));
  const [first] = sides;
  if (seen.every((paint) => paint !== null) && sides.every((side) => side.width === first.width && side.kind === first.kind && side.colour === first.colour)) {
    const w = first.width;
    return element('rect', {
      x: box.x + w / 2, y: box.y + w / 2, width: Math.max(0, box.width - w), height: Math.max(0, box.height - w), rx: Math.max(0, radius - w / 2) || null,
      fill: 'none', ...painted('stroke', seen[0], opacity), 'stroke-width': w, 'stroke-dasharray': dashes(first.kind, w),
    });
  }
  return sides.map(({ width: w, kind }, i) => {
    if (!seen[i]) return '';
    const [right, bottom] = [box.x + box.width, box.y + box.height];
    const line = [
      { x1: box.x, x2: right, y1: box.y + w / 2, y2: box.y + w / 2 }, { x1: right - w / 2, x2: right - w / 2, y1: box.y, y2: bottom },
      { x1: box.x, x2: right, y1: bottom - w / 2, y2: bottom - w / 2 }, { x1: box.x + w / 2, x2: box.x + w / 2, y1: box.y, y2: bottom },
    ][i];
    if (line.x1 === line.x2 && line.y1 === line.y2) return '';
    return element('line', { ...line, ...painted('stroke', seen[i], opacity), 'stroke-width': w, 'stroke-dasharray': dashes(kind, w) });
  }).join('');
}

/** Shadows that are rings: "rgb(…) 0px 0px 0px 1.25px", with "inset" or without. */
function drawRings(style: CSSStyleDeclaration, box: Rect, radius: number, opacity: number): string {
  return [...style.boxShadow.matchAll(/((?:rgba?|color)\([^)]*\)) 0px 0px 0px ([\d.]+)px( inset)?/g)].map(([, colour, spread, inset]) => {
    const w = Number(spread);
    const out = inset ? -w / 2 : w / 2;
    return element('rect', { x: box.x - out, y: box.y - out, width: box.width + 2 * out, height: box.height + 2 * out, rx: radius > 0 ? Math.max(0, radius + out) : null, fill: 'none', ...painted('stroke', paintOf(colour), opacity), 'stroke-width': w });
  }).join('');
}

/** Where the image of a background stands, and how large it is. */
function imageBox(style: CSSStyleDeclaration, box: Rect): Rect {
  const [w = 'auto', h = 'auto'] = style.backgroundSize.split(' ');
  const along = (css: string, whole: number) => (css.endsWith('%') ? (px(css) / 100) * whole : css === 'auto' ? whole : px(css));
  const [width, height] = [along(w, box.width), along(h, box.height)];
  const [left = '0%', top = '0%'] = style.backgroundPosition.split(' ');
  const place = (css: string, room: number) => (css.endsWith('%') ? (px(css) / 100) * room : px(css));
  return { x: box.x + place(left, box.width - width), y: box.y + place(top, box.height - height), width, height };
}

/** The corners of `clip-path: polygon(…)`, in percent of the box; null where nothing is cut so. */
function polygonOf(style: CSSStyleDeclaration, box: Rect): string | null {
  const corners = /^polygon\(([^)]*)\)/.exec(style.clipPath)?.[1].split(',');
  if (!corners) return null;
  const along = (css: string, whole: number) => (css.endsWith('%') ? (px(css) / 100) * whole : px(css));
  return corners.map((corner) => { const [x, y] = corner.trim().split(/\s+/); return `${short(box.x + along(x, box.width))},${short(box.y + along(y, box.height))}`; }).join(' ');
}

/** What CSS paints of an element itself. @param opacity  of all that it stands in, its own included */
export function drawBox(own: HTMLElement, style: CSSStyleDeclaration, opacity: number): string {
  const ground = paintOf(style.backgroundColor);
  const bordered = SIDES.some((side) => px(style[`border${side}Width`]) > 0);
  if (!ground && !bordered && style.backgroundImage === 'none' && style.boxShadow === 'none') return '';
  const turn = turnOf(style);
  const boxes: Rect[] = style.display === 'inline' ? [...own.getClientRects()].map(({ left, top, width, height }) => ({ x: left, y: top, width, height })) : [boxOf(own, turn)];
  return boxes.map((box) => {
    if ((box.width <= 0.01 || box.height <= 0.01) && !(bordered && Math.max(box.width, box.height) > 0.01)) return '';
    const polygon = polygonOf(style, box);
    if (polygon !== null) return ground ? element('polygon', { points: polygon, ...painted('fill', ground, opacity) }) : '';
    // "50%" is not resolved.
    const css = style.borderTopRightRadius;
    const radius = Math.min((css.endsWith('%') ? (px(css) / 100) * box.width : px(css)), box.width / 2, box.height / 2);
    const parts = [
      drawRings(style, box, radius, opacity),
      ground ? element('rect', { ...box, rx: radius || null, ...painted('fill', ground, opacity) }) : '',
      style.backgroundImage === 'none' ? '' : stripes(imageBox(style, box), style.backgroundImage, opacity),
      bordered ? drawBorders(style, box, radius, opacity) : '',
    ].join('');
    if (Math.abs(turn) < 0.5 || parts === '') return parts;
    return element('g', { transform: `rotate(${short(turn)} ${short(box.x + box.width / 2)} ${short(box.y + box.height / 2)})` }, parts);
  }).join('');
}
