/** A panel as it is laid out, as SVG: boxes and charts in the order of the page, text over them. */
import { drawBox } from './drawBox.ts';
import { drawSvg, extentOf } from './drawSvg.ts';
import { drawLines, EVERYWHERE, piecesOf, type Clip, type Piece } from './drawText.ts';
import { stageOf } from './stage.ts';
import { element } from './svgText.ts';

export interface Drawing {
  /** Markup, its upper left corner at 0, 0. */
  content: string;
  width: number;
  height: number;
}

interface Found {
  /** Markup, and how far over the others. */
  shapes: { markup: string; z: number }[];
  pieces: Piece[];
  /** Of all that was drawn. */
  box: { left: number; top: number; right: number; bottom: number };
  /** There is a chart, and not only words. */
  hasChart: boolean;
  prefix: string;
}

/** What stands where a chart will be. */
const INVITATIONS = '.lab-panel-empty, .rates-invitation, .setting-invitation';

/**
 * @param index  which drawing of its document it is: each has ids of its own
 * @returns      null where the panel is not on screen, or waits for its numbers
 */
export function drawPanel(original: Element, index = 0): Drawing | null {
  const stage = stageOf(original);
  if (!stage) return null;
  try {
    const found: Found = { shapes: [], pieces: [], box: { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }, hasChart: false, prefix: `p${index + 1}-` };
    visit(stage.panel, 1, EVERYWHERE, found);
    const { box, shapes, pieces, hasChart } = found;
    const waits = !hasChart && stage.panel.querySelector(INVITATIONS) !== null;
    if (waits || !(box.right > box.left)) return null;
    const own = stage.panel.getBoundingClientRect();
    const left = Math.min(own.left, box.left);
    const content = element('g', { transform: `translate(${(-left).toFixed(2)} ${(-box.top).toFixed(2)})` }, shapes.toSorted((a, b) => a.z - b.z).map(({ markup }) => markup).join('') + drawLines(pieces));
    return { content, width: Math.ceil(Math.max(own.right, box.right) - left), height: Math.ceil(box.bottom - box.top) };
  } finally {
    stage.remove();
  }
}

function widen(found: Found, rect: { left: number; top: number; right: number; bottom: number }): void {
  const { box } = found;
  found.box = { left: Math.min(box.left, rect.left), top: Math.min(box.top, rect.top), right: Math.max(box.right, rect.right), bottom: Math.max(box.bottom, rect.bottom) };
}

function visit(own: Element, opacity: number, clip: Clip, found: Found): void {
  const style = getComputedStyle(own);
  const shown = opacity * Number(style.opacity);
  if (style.display === 'none' || shown === 0) return;
  const rect = own.getBoundingClientRect();
  // Words for assistive technology alone are hidden so.
  if (style.position === 'absolute' && rect.width <= 1.5 && rect.height <= 1.5 && style.overflow !== 'visible') return;
  const visible = style.visibility === 'visible';
  if (own instanceof SVGSVGElement) {
    if (visible) addChart(own, drawSvg(own, shown, found.prefix), found);
    return;
  }
  if (own instanceof HTMLCanvasElement) {
    if (visible && own.width > 0) addChart(own, element('image', { x: rect.left, y: rect.top, width: rect.width, height: rect.height, preserveAspectRatio: 'none', 'xlink:href': own.toDataURL('image/png'), opacity: shown < 0.999 ? shown : null }), found);
    return;
  }
  if (!(own instanceof HTMLElement)) return;
  if (visible) {
    const box = drawBox(own, style, shown);
    if (box !== '') {
      found.shapes.push({ markup: box, z: Number(style.zIndex) || 0 });
      widen(found, rect);
      if (own.closest('[role="img"]')) found.hasChart = true;
    }
  }
  const within = style.overflowX === 'visible' && style.overflowY === 'visible' ? clip : cutTo(clip, rect);
  for (const child of own.childNodes) {
    if (child instanceof Text) {
      const pieces = piecesOf(child, shown, within);
      for (const piece of pieces) widen(found, { left: piece.left, right: piece.right, top: piece.y - piece.size, bottom: piece.y + 0.35 * piece.size });
      found.pieces.push(...pieces);
    } else if (child instanceof Element) visit(child, shown, within, found);
  }
}

const cutTo = (clip: Clip, { left, top, right, bottom }: DOMRect): Clip => ({ left: Math.max(clip.left, left), top: Math.max(clip.top, top), right: Math.min(clip.right, right), bottom: Math.min(clip.bottom, bottom) });

function addChart(own: Element, markup: string, found: Found): void {
  found.shapes.push({ markup, z: Number(getComputedStyle(own).zIndex) || 0 });
  widen(found, own.getBoundingClientRect());
  if (own instanceof SVGSVGElement) widen(found, extentOf(own));
  // The signs of a legend are no chart.
  if (own.getBoundingClientRect().height > 40) found.hasChart = true;
}
