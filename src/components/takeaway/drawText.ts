/** The visible text of a laid-out element as lines of SVG text, every piece where it stands. */
import { element, painted, paintOf, short, type Attributes } from './svgText.ts';

/** A piece of one line: letters of one look, side by side. */
export interface Piece {
  text: string;
  left: number;
  right: number;
  /** Of its baseline. */
  y: number;
  size: number;
  look: Attributes;
  anchor: 'start' | 'middle' | 'end';
  /** Cut off after this piece. */
  cut: boolean;
}

/** Attributes of a font as it is computed. */
export function fontOf(style: CSSStyleDeclaration): Attributes {
  return {
    'font-family': style.fontFamily, 'font-size': short(Number.parseFloat(style.fontSize)),
    'font-weight': style.fontWeight === '400' ? null : style.fontWeight, 'font-style': style.fontStyle === 'normal' ? null : style.fontStyle,
  };
}

let context: CanvasRenderingContext2D | null = null;
const ascents = new Map<string, number>();

/** Share of a font's height that is above the baseline. */
function ascentOf(style: CSSStyleDeclaration): number {
  const font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const known = ascents.get(font);
  if (known !== undefined) return known;
  context ??= document.createElement('canvas').getContext('2d');
  let share = 0.8;
  if (context) {
    context.font = font;
    const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = context.measureText('x');
    if (up + down > 0) share = up / (up + down);
  }
  ascents.set(font, share);
  return share;
}

/** What of a place can be seen: inside every ancestor that cuts. */
export interface Clip { left: number; top: number; right: number; bottom: number }
export const EVERYWHERE: Clip = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };

/** Where a block says its lines stand; a box that is moved by half its width stands in the middle of its place. */
function anchorOf(parent: Element, style: CSSStyleDeclaration): Piece['anchor'] {
  if (style.transform.startsWith('matrix')) {
    const shift = Number(style.transform.slice(7, -1).split(',')[4]);
    const { width } = parent.getBoundingClientRect();
    if (Math.abs(shift + width / 2) < 1) return 'middle';
  }
  let block: Element | null = parent;
  while (block && getComputedStyle(block).display.startsWith('inline') && block.parentElement) block = block.parentElement;
  const align = block ? getComputedStyle(block).textAlign : 'start';
  if (align === 'center') return 'middle';
  return align === 'right' || align === 'end' ? 'end' : 'start';
}

/**
 * The pieces of a text node, one per line of it.
 *
 * @param opacity  of all that it stands in
 */
export function piecesOf(node: Text, opacity: number, clip: Clip): Piece[] {
  const parent = node.parentElement;
  if (!parent || node.data.trim() === '') return [];
  const style = getComputedStyle(parent);
  if (style.visibility !== 'visible') return [];
  const paint = paintOf(style.color);
  if (!paint) return [];
  const look = { ...fontOf(style), ...painted('fill', paint, opacity), 'letter-spacing': style.letterSpacing === 'normal' ? null : style.letterSpacing };
  const [share, anchor, size] = [ascentOf(style), anchorOf(parent, style), Number.parseFloat(style.fontSize)];
  const ellipsis = clip !== EVERYWHERE;
  const pieces: Piece[] = [];
  const range = document.createRange();
  let at = 0;
  let hidden = false;
  for (const letter of node.data) {
    range.setStart(node, at);
    range.setEnd(node, at += letter.length);
    // Of two boxes the second is where a letter went that began a new line.
    const box = [...range.getClientRects()].at(-1);
    if (!box || box.width === 0) continue;
    const middle = (box.left + box.right) / 2;
    const baseline = box.top + share * box.height;
    if (middle < clip.left || middle > clip.right || baseline - size / 2 < clip.top || baseline - size / 4 > clip.bottom) {
      hidden = true;
      continue;
    }
    const text = /\s/.test(letter) && letter !== '\u00a0' ? ' ' : letter;
    const last = pieces.at(-1);
    if (last && Math.abs(last.y - baseline) < 1 && box.left - last.right < 1) {
      last.text += text;
      last.right = box.right;
    } else pieces.push({ text, left: box.left, right: box.right, y: baseline, size, look, anchor, cut: false });
  }
  const last = pieces.at(-1);
  if (last && hidden && ellipsis) {
    last.text = `${last.text.slice(0, -1).trimEnd()}…`;
    last.cut = true;
  }
  return pieces.filter(({ text }) => text.trim() !== '');
}

/** Whether a piece goes on where another ends: on its line, or a little above or below, with at most a space between. */
function follows(before: Piece, piece: Piece): boolean {
  const gap = piece.left - before.right;
  const size = Math.max(before.size, piece.size);
  return !before.cut && gap > -0.15 * size && gap < 0.15 * size && Math.abs(piece.y - before.y) < 0.6 * size;
}

/** Pieces as text elements: what is one line of words on the page is one line of words in the picture. */
export function drawLines(pieces: readonly Piece[]): string {
  const lines: Piece[][] = [];
  for (const piece of pieces) {
    const line = lines.at(-1);
    const before = line?.at(-1);
    if (!line || !before || !follows(before, piece)) { lines.push([piece]); continue; }
    // Letters of one look are one text, wherever they come from.
    if (Math.abs(piece.y - before.y) < 0.3 && JSON.stringify(piece.look) === JSON.stringify(before.look)) line[line.length - 1] = { ...before, text: before.text + piece.text, right: piece.right, cut: piece.cut };
    else line.push(piece);
  }
  return lines.map(drawLine).join('');
}

function drawLine(line: readonly Piece[]): string {
  const [first] = line;
  const last = line[line.length - 1];
  const anchor = first.anchor;
  const lead = first.text.length - first.text.trimStart().length > 0 ? first.left : null;
  const x = anchor === 'start' ? lead ?? first.left : anchor === 'end' ? last.right : (first.left + last.right) / 2;
  const place = { x, y: first.y, 'text-anchor': anchor === 'start' ? null : anchor };
  const textOf = (piece: Piece, i: number) => {
    const head = i === 0 ? piece.text.trimStart() : piece.text;
    return i === line.length - 1 ? head.trimEnd() : head;
  };
  if (line.length === 1) return element('text', { ...place, ...first.look }, escaped(textOf(first, 0)));
  const spans = line.map((piece, i) => element('tspan', { dy: i > 0 && Math.abs(piece.y - line[i - 1].y) > 0.3 ? piece.y - line[i - 1].y : null, ...piece.look }, escaped(textOf(piece, i))));
  return element('text', { ...place, 'xml:space': 'preserve' }, spans.join(''));
}

const escaped = (text: string) => text.replaceAll(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? c);
