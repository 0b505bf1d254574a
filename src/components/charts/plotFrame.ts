/** The horizontal geometry that the masses and the loss share, so that their updates stand above each other. Pure. */

export interface PlotFrame {
  left: number;
  right: number;
  /** A phone: labels in shorter lines, fewer ticks. */
  narrow: boolean;
}

export function plotFrame(width: number, rem: number): PlotFrame {
  const narrow = width < 30 * rem;
  return { left: 3.4 * rem, right: Math.max(6 * rem, width - (narrow ? 9.4 : 9.9) * rem), narrow };
}
