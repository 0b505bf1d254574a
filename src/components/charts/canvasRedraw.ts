/** How a canvas of the page is drawn again on another one: in that one's colours, and at another resolution. */

/** Pixels of the copy for one of the page's: enough for print. */
const DETAIL = 3;

export interface Redraw {
  /** Size in CSS pixels. */
  width: number;
  height: number;
  /** The colours are those of `target`'s place in the page; `context` is already scaled. */
  draw(context: CanvasRenderingContext2D, target: HTMLCanvasElement): void;
}

const redraws = new WeakMap<HTMLCanvasElement, Redraw>();

export function setRedraw(canvas: HTMLCanvasElement, redraw: Redraw): void {
  redraws.set(canvas, redraw);
}

/** @returns false where nobody knows how */
export function redrawOn(canvas: HTMLCanvasElement, target: HTMLCanvasElement): boolean {
  const redraw = redraws.get(canvas);
  const context = target.getContext('2d');
  if (!redraw || !context) return false;
  target.width = Math.round(redraw.width * DETAIL);
  target.height = Math.round(redraw.height * DETAIL);
  context.scale(DETAIL, DETAIL);
  redraw.draw(context, target);
  return true;
}
