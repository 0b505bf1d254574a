/** Paints a mosaic on a canvas. No React; the colours are read from the page's custom properties. */
import { msg } from '../../sim/msg.ts';
import { responseText, wordsOf, type World } from '../../sim/world.ts';
import type { Mosaic } from './mosaic.ts';

/** Probability at which a cell is as pale as it gets. */
const PALEST = Math.log(1e-6);
const ROLE_VARIABLES = ['--chosen', '--rejected', '--other', '--ood'];

export interface MosaicColours { roles: string[]; ink: string; paper: string; panel: string; muted: string; serif: string; sans: string }

export function readColours(element: Element): MosaicColours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    roles: ROLE_VARIABLES.map(read), ink: read('--ink'), paper: read('--paper'), panel: read('--panel'), muted: read('--muted'),
    serif: read('--serif') || 'serif', sans: read('--sans') || 'sans-serif',
  };
}

/** Opacity of a cell: 1 at probability 1, palest at 10⁻⁶ and below. */
export function shade(logp: number): number {
  return 0.07 + 0.93 * Math.max(0, 1 - logp / PALEST);
}

interface PaintOptions {
  world: World;
  mosaic: Mosaic;
  /** log-probability of every cell: of the response, or of the whole subtree where it was cut. */
  cellLogps: Float64Array;
  /** Index into GROUPS of every cell. */
  cellGroups: Uint8Array;
  colours: MosaicColours;
  rem: number;
  width: number;
  /** Height of the strip with the first words above the cells. */
  head: number;
  /** Selected cell, or −1. */
  cursor: number;
  /** Shade by probability; off where area already says it. */
  shaded: boolean;
}

export function paintMosaic(context: CanvasRenderingContext2D, height: number, options: PaintOptions): void {
  const { mosaic, colours, rem, width, head, cursor, cellLogps, cellGroups, shaded } = options;
  context.clearRect(0, 0, width, head + height);
  context.fillStyle = colours.panel;
  context.fillRect(0, head, width, height);
  context.save();
  context.translate(0, head);
  for (let i = 0; i < mosaic.count; i++) {
    const [x, y, w, h] = mosaic.rects.subarray(4 * i, 4 * i + 4);
    const gap = Math.min(w, h) > 5 ? 0.75 : Math.min(w, h) > 2 ? 0.4 : 0;
    context.globalAlpha = shaded ? shade(cellLogps[i]) : 0.9;
    context.fillStyle = colours.roles[cellGroups[i]];
    context.fillRect(x + gap, y + gap, Math.max(0.25, w - 2 * gap), Math.max(0.25, h - 2 * gap));
  }
  context.globalAlpha = 1;
  context.fillStyle = colours.paper;
  for (const column of mosaic.columns) if (column.width > 6) context.fillRect(column.x - 1.5, 0, 3, height);
  paintNames(context, options);
  if (cursor >= 0 && cursor < mosaic.count) {
    const [x, y, w, h] = mosaic.rects.subarray(4 * cursor, 4 * cursor + 4);
    context.lineWidth = 4;
    context.strokeStyle = colours.paper;
    context.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1);
    context.lineWidth = 2;
    context.strokeStyle = colours.ink;
    context.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1);
  }
  context.restore();
  paintHeadings(context, options, rem);
}

function paintNames(context: CanvasRenderingContext2D, { world, mosaic, cellLogps, colours, rem, shaded }: PaintOptions): void {
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  for (let i = 0; i < mosaic.count; i++) {
    const [x, y, w, h] = mosaic.rects.subarray(4 * i, 4 * i + 4);
    if (mosaic.cut[i] || w < 1.3 * rem || h < 0.9 * rem) continue;
    const text = responseText(world, mosaic.nodes[i]) || msg`(nothing)`;
    const size = Math.min(2 * rem, Math.max(0.72 * rem, Math.min(h / 5, w / 7)));
    context.font = msg`600 ${size}px ${colours.serif}`;
    const strong = !shaded || shade(cellLogps[i]) > 0.78;
    context.fillStyle = strong ? colours.paper : colours.ink;
    context.globalAlpha = strong ? 1 : 0.85;
    if ((w > 6 * rem || !text.includes(' ')) && context.measureText(text).width < w - 6) {
      context.fillText(text, x + w / 2, y + h / 2);
      continue;
    }
    const words = wordsOf(world, mosaic.nodes[i]).map((k) => world.words[k]);
    const line = 1.1 * size;
    if (words.length * line > h - 4 || words.some((word) => context.measureText(word).width > w - 3)) continue;
    words.forEach((word, k) => context.fillText(word, x + w / 2, y + h / 2 + (k - (words.length - 1) / 2) * line));
  }
  context.globalAlpha = 1;
}

function paintHeadings(context: CanvasRenderingContext2D, { world, mosaic, colours, head }: PaintOptions, rem: number): void {
  context.font = msg`600 ${0.8125 * rem}px ${colours.sans}`;
  context.fillStyle = colours.muted;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const { word, x, width } of mosaic.columns) {
    const text = `${world.words[word]} …`;
    if (context.measureText(text).width < width - 4) context.fillText(text, x + width / 2, head / 2);
  }
}
