/** Placing direct labels so that none covers another. Pure. */

/**
 * Moves labels apart so that none covers another, keeping their order; returns the new centres in the order given.
 *
 * @param centres  wanted centres, in pixels
 * @param heights  heights of the labels
 * @param low      no label's upper edge is above this …
 * @param high     … and none's lower edge below this, as long as they fit
 */
export function spreadLabels(centres: readonly number[], heights: readonly number[], low: number, high: number): number[] {
  const order = centres.map((_, i) => i).sort((a, b) => centres[a] - centres[b] || a - b);
  const tops = new Array<number>(order.length);
  order.forEach((i, k) => {
    const wanted = Math.max(low, centres[i] - heights[i] / 2);
    tops[k] = k === 0 ? wanted : Math.max(wanted, tops[k - 1] + heights[order[k - 1]]);
  });
  let floor = high;
  for (let k = order.length - 1; k >= 0; k--) {
    tops[k] = Math.min(tops[k], floor - heights[order[k]]);
    floor = tops[k];
  }
  const result = new Array<number>(order.length);
  order.forEach((i, k) => { result[i] = tops[k] + heights[i] / 2; });
  return result;
}

/** Breaks a label into at most two lines of about `width` characters, at a space; what is longer ends in "…". */
export function wrapLabel(text: string, width: number): string[] {
  const cut = (line: string) => (line.length > width + 2 ? `${line.slice(0, width + 1)}…` : line);
  if (text.length <= width) return [text];
  const spaces = [...text.matchAll(/ /g)].map((match) => match.index);
  if (spaces.length === 0) return [cut(text)];
  const middle = spaces.reduce((best, at) => (Math.abs(at - text.length / 2) < Math.abs(best - text.length / 2) ? at : best));
  return [cut(text.slice(0, middle)), cut(text.slice(middle + 1))];
}
