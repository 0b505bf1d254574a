/** An SVG of the page as one that stands alone: what CSS said of it is written at its elements. */
import { fontOf } from './drawText.ts';
import { mapPath } from './svgPath.ts';
import { element, escapeXml, painted, paintOf, short, type Attributes } from './svgText.ts';

/** What says where an element is. */
const GEOMETRY = ['d', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'rx', 'ry', 'points', 'transform', 'width', 'height', 'dx', 'offset'];
/** Computed, where they are not what SVG begins with. */
const STROKES = { 'stroke-linecap': 'butt', 'stroke-linejoin': 'miter' } as const;
const DRAWN = new Set(['g', 'path', 'line', 'rect', 'circle', 'ellipse', 'polygon', 'polyline', 'text', 'tspan', 'defs', 'clipPath']);

/** How the box that an SVG is drawn in lies in its place: scale and shift along both axes. */
interface Lie { sx: number; sy: number; tx: number; ty: number }

function lieOf(svg: SVGSVGElement): Lie {
  const { left, top, width, height } = svg.getBoundingClientRect();
  const { width: w, height: h, x, y } = svg.viewBox.baseVal ?? { width: 0, height: 0, x: 0, y: 0 };
  if (!svg.hasAttribute('viewBox') || w === 0 || h === 0) return { sx: 1, sy: 1, tx: left, ty: top };
  if (svg.getAttribute('preserveAspectRatio') === 'none') return { sx: width / w, sy: height / h, tx: left - (x * width) / w, ty: top - (y * height) / h };
  const scale = Math.min(width / w, height / h);
  return { sx: scale, sy: scale, tx: left + (width - scale * w) / 2 - x * scale, ty: top + (height - scale * h) / 2 - y * scale };
}

/** Where an SVG's marks and letters are, also those beyond its own box. */
export function extentOf(svg: SVGSVGElement): { left: number; top: number; right: number; bottom: number } {
  const { sx, sy, tx, ty } = lieOf(svg);
  const { x, y, width, height } = svg.getBBox();
  return { left: tx + sx * x, top: ty + sy * y, right: tx + sx * (x + width), bottom: ty + sy * (y + height) };
}

/** @param prefix  of the ids in this SVG, so that no two of a document are the same */
export function drawSvg(svg: SVGSVGElement, opacity: number, prefix: string): string {
  const lie = lieOf(svg);
  const isUneven = Math.abs(lie.sx - lie.sy) > 1e-3;
  const content = [...svg.children].map((child) => drawElement(child, { prefix, lie, isUneven })).join('');
  const scale = isUneven || Math.abs(lie.sx - 1) < 1e-3 ? '' : ` scale(${lie.sx.toFixed(4)})`;
  return element('g', { transform: `translate(${short(lie.tx)} ${short(lie.ty)})${scale}`, opacity: opacity < 0.999 ? opacity : null }, content);
}

interface Place { prefix: string; lie: Lie; isUneven: boolean }

/** Attributes that say how an element looks, as it was computed. */
function lookOf(style: CSSStyleDeclaration, isText: boolean): Attributes {
  const fill = paintOf(style.fill);
  const stroke = paintOf(style.stroke);
  const width = Number.parseFloat(style.strokeWidth);
  return {
    ...painted('fill', fill, Number.parseFloat(style.fillOpacity)),
    ...(stroke && width > 0 ? {
      ...painted('stroke', stroke, Number.parseFloat(style.strokeOpacity)), 'stroke-width': width, 'stroke-dasharray': style.strokeDasharray === 'none' ? null : style.strokeDasharray.replaceAll('px', ''),
      ...Object.fromEntries((Object.keys(STROKES) as (keyof typeof STROKES)[]).flatMap((key) => { const value = style.getPropertyValue(key); return value === STROKES[key] ? [] : [[key, value]]; })),
    } : {}),
    ...(isText ? { ...fontOf(style), 'text-anchor': style.textAnchor === 'start' ? null : style.textAnchor } : {}),
  };
}

function drawElement(own: Element, place: Place): string {
  const { tagName } = own;
  if (!DRAWN.has(tagName)) return '';
  if (tagName === 'defs') return element('defs', {}, [...own.children].map((child) => drawElement(child, place)).join(''));
  const style = getComputedStyle(own);
  if (style.display === 'none' || style.visibility !== 'visible' || Number(style.opacity) === 0) return '';
  const geometry = geometryOf(own, place);
  const { prefix, lie, isUneven } = place;
  if (tagName === 'clipPath') return element('clipPath', { id: `${prefix}${idOf(own.id)}` }, [...own.children].map((child) => element(child.tagName, geometryOf(child, place))).join(''));
  const clip = /^url\(["']?#(.*?)["']?\)/.exec(style.clipPath)?.[1];
  const shared: Attributes = { opacity: Number(style.opacity) < 0.999 ? style.opacity : null, 'clip-path': clip === undefined ? null : `url(#${prefix}${idOf(clip.replaceAll('\\', ''))})` };
  if (tagName === 'g') {
    const content = [...own.children].map((child) => drawElement(child, place)).join('');
    return content === '' ? '' : element('g', { transform: own.getAttribute('transform'), ...shared }, content);
  }
  if (tagName === 'text') return drawSvgText(own, style, geometry, shared);
  const look = lookOf(style, false);
  // A line that keeps its width in a box that is scaled evenly is drawn thinner in it.
  const kept = own.getAttribute('vector-effect') === 'non-scaling-stroke' && !isUneven && look['stroke-width'] !== undefined ? { 'stroke-width': Number(look['stroke-width']) / lie.sx } : {};
  return element(tagName, { ...geometry, ...look, ...kept, ...shared, 'shape-rendering': style.shapeRendering === 'auto' ? null : style.shapeRendering.toLowerCase().replace('crispedges', 'crispEdges') });
}

/** Ids of React have signs that not every reader takes. */
const idOf = (id: string) => id.replaceAll(/[^\w-]/g, '-');

const ACROSS: readonly string[] = ['x', 'x1', 'x2', 'cx', 'width', 'rx', 'dx'];

function geometryOf(own: Element, { lie, isUneven }: Place): Attributes {
  const read = Object.fromEntries(GEOMETRY.flatMap((name) => { const value = own.getAttribute(name); return value === null ? [] : [[name, value.endsWith('%') ? inBox(own, name, value) : value]]; }));
  if (!isUneven) return read;
  // In a box that is stretched only positions are stretched, not the lines' widths: they are written out.
  if (read.d !== undefined) return { d: mapPath(read.d, lie.sx, lie.sy) };
  const along = (names: readonly string[], scale: number) => names.flatMap((name) => (read[name] === undefined ? [] : [[name, short(Number.parseFloat(read[name]) * scale)]]));
  return Object.fromEntries([...along(['x', 'x1', 'x2', 'cx', 'width', 'rx'], lie.sx), ...along(['y', 'y1', 'y2', 'cy', 'height', 'ry'], lie.sy), ...(read.r === undefined ? [] : [['r', read.r]])]);
}

/** A share of the SVG's width or height in its own units. */
function inBox(own: Element, name: string, value: string): string {
  const svg = own.closest('svg');
  if (!svg) return value;
  const { width, height } = svg.hasAttribute('viewBox') ? svg.viewBox.baseVal : svg.getBoundingClientRect();
  return short((Number.parseFloat(value) / 100) * (ACROSS.includes(name) ? width : height));
}

const em = (css: string, size: number) => (css.endsWith('em') ? Number.parseFloat(css) * size : Number.parseFloat(css) || 0);

function drawSvgText(own: Element, style: CSSStyleDeclaration, { dx, ...geometry }: Attributes, shared: Attributes): string {
  const size = Number.parseFloat(style.fontSize);
  const y = Number.parseFloat(String(geometry.y ?? '0')) || 0;
  const centred = style.dominantBaseline === 'middle' || style.dominantBaseline === 'central' ? 0.35 * size : 0;
  const place = { ...geometry, y: y + em(own.getAttribute('dy') ?? '0', size) + centred, dx: dx === undefined || dx === null ? null : em(String(dx), size) };
  const content = [...own.childNodes].map((node) => drawSpan(node, style)).join('');
  if (content.trim() === '') return '';
  const { stroke, 'stroke-width': width, 'stroke-linejoin': join, 'stroke-opacity': _opacity, ...look } = lookOf(style, true);
  // A halo under letters (`paint-order`) is not known everywhere: the letters are drawn twice.
  const halo = stroke !== undefined && style.paintOrder.startsWith('stroke') ? element('text', { ...place, ...look, ...shared, fill: stroke, stroke, 'stroke-width': width, 'stroke-linejoin': join }, content.replaceAll(/ fill="[^"]*"/g, '')) : '';
  return halo + element('text', { ...place, ...look, ...shared }, content);
}

function drawSpan(node: Node, outer: CSSStyleDeclaration): string {
  if (node.nodeType === Node.TEXT_NODE) return escapeXml((node.textContent ?? '').replaceAll(/\s+/g, ' '));
  if (!(node instanceof Element) || node.tagName !== 'tspan') return '';
  const style = getComputedStyle(node);
  const size = Number.parseFloat(style.fontSize);
  const placed = Object.fromEntries(['x', 'y', 'dx', 'dy'].flatMap((name) => {
    const value = node.getAttribute(name);
    return value === null ? [] : [[name, short(em(value, size))]];
  }));
  const { 'font-family': family, ...look } = lookOf(style, true);
  const { 'text-anchor': _anchor, stroke: _stroke, 'stroke-width': _width, 'stroke-linejoin': _join, ...own } = look;
  return element('tspan', { ...placed, ...own, 'font-family': style.fontFamily === outer.fontFamily ? null : family }, [...node.childNodes].map((child) => drawSpan(child, style)).join(''));
}
