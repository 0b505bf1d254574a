/** Charts of the page as pictures that stand alone. */
import { msg } from '../../sim/msg.ts';
import { drawPanel, type Drawing } from './drawPanel.ts';
import { element, escapeXml, wrapText } from './svgText.ts';

export interface PictureWords {
  title: string;
  /** What is seen and of which run, under the chart; a line break begins a paragraph. */
  caption: string;
  /** The address of what is shown, the last line. */
  address?: string;
}

const SANS = '"Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", "DejaVu Sans", sans-serif';
const SERIF = 'Charter, "Palatino Linotype", Palatino, "DejaVu Serif", Georgia, serif';
const MARGIN = 24;
/** A caption on less would be a column of single words. */
const LEAST_WIDTH = 480;
/** An address of more lines than these stands in the description alone. */
const MOST_ADDRESS_LINES = 4;
const [INK, MUTED] = ['#22211d', '#65625a'];

/**
 * The chart of a panel as a whole SVG document on a white ground: title, chart with its own labels and legend, caption.
 *
 * @param panel  the element of a panel (`.lab-panel`)
 * @returns      null where the panel has nothing to draw yet
 */
export function panelPicture(panel: Element, words: PictureWords): string | null {
  const drawing = drawPanel(panel);
  return drawing && documentOf([{ title: '', drawing }], words);
}

/** Several panels as one page, one under the other, under one caption; null where none has anything to draw. */
export function pagePicture(panels: readonly { title: string; panel: Element }[], words: PictureWords): string | null {
  const parts = panels.flatMap(({ title, panel }, index) => { const drawing = drawPanel(panel, index); return drawing ? [{ title, drawing }] : []; });
  return parts.length === 0 ? null : documentOf(parts, words);
}

/** A drawing as a document without words. */
export function svgOf({ content, width, height }: Drawing): string {
  return `${opening(width, height)}${content}</svg>`;
}

const opening = (width: number, height: number) => `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;

interface Lines { lines: readonly string[]; size: number; family: string; weight?: string; colour: string; leading: number }

/** Lines of text from `y` on, and where they end. */
function write(y: number, { lines, size, family, weight, colour, leading }: Lines): { markup: string; end: number } {
  const markup = lines.map((line, i) => element('text', { x: MARGIN, y: y + size + i * leading, 'font-family': family, 'font-size': String(size), 'font-weight': weight ?? null, fill: colour }, escapeXml(line))).join('\n');
  return { markup, end: y + lines.length * leading + (lines.length > 0 ? size - leading + 0.3 * size : 0) };
}

function documentOf(parts: readonly { title: string; drawing: Drawing }[], { title, caption, address = '' }: PictureWords): string {
  const inner = Math.max(LEAST_WIDTH, ...parts.map(({ drawing }) => drawing.width));
  const width = inner + 2 * MARGIN;
  const body: string[] = [];
  let y = MARGIN;
  const add = (lines: Lines, gap: number) => {
    const { markup, end } = write(y, lines);
    if (lines.lines.length > 0) { body.push(markup); y = end + gap; }
  };
  add({ lines: wrapText(title, inner, ruler(`650 18px ${SANS}`)), size: 18, family: SANS, weight: '650', colour: INK, leading: 24 }, 10);
  for (const { title: part, drawing } of parts) {
    add({ lines: part === '' ? [] : wrapText(part, inner, ruler(`650 15px ${SANS}`)), size: 15, family: SANS, weight: '650', colour: INK, leading: 20 }, 6);
    body.push(element('g', { transform: `translate(${MARGIN} ${y.toFixed(2)})` }, drawing.content));
    y += drawing.height + 18;
  }
  const measure = ruler(`13px ${SERIF}`);
  for (const paragraph of caption.split('\n')) add({ lines: wrapText(paragraph, inner, measure), size: 13, family: SERIF, colour: INK, leading: 18 }, 5);
  const lines = wrapText(address, inner, ruler(`11px ${SANS}`));
  const shown = lines.length > MOST_ADDRESS_LINES ? wrapText(msg`The address of this state is too long to print; it is in the description of the SVG file.`, inner, ruler(`11px ${SANS}`)) : lines;
  y += 3;
  add({ lines: shown, size: 11, family: SANS, colour: MUTED, leading: 15 }, 0);
  const height = Math.ceil(y + MARGIN - 4);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    opening(width, height),
    element('title', {}, escapeXml(title)),
    element('desc', {}, escapeXml([caption, address].filter((text) => text !== '').join('\n'))),
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

/** Width of a text in a font, px. */
function ruler(font: string): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return (text) => 0.55 * Number.parseFloat(/([\d.]+)px/.exec(font)?.[1] ?? '13') * text.length;
  return (text) => { context.font = font; return context.measureText(text).width; };
}
