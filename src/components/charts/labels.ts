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

const MOST_LINES = 3;

/** Breaks a label at spaces into as few even lines of at most `width` characters as hold it, three at most; what is longer ends in "…". */
export function wrapLabel(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const fill = (limit: number) => text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= limit) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
    return lines;
  }, []);
  let lines = fill(width);
  // The narrowest limit that needs no more lines makes them even.
  for (let limit = width - 1; limit > 0 && fill(limit).length === lines.length; limit--) lines = fill(limit);
  const cut = (line: string, more: boolean) => (line.length > width || more ? `${line.slice(0, width - 1).trimEnd()}…` : line);
  return lines.slice(0, MOST_LINES).map((line, i) => cut(line, i === MOST_LINES - 1 && lines.length > MOST_LINES));
}

/** A rectangle. */
export interface Area { x: number; y: number; width: number; height: number }

/** The one of several places that covers the fewest points; the first of equals. */
export function clearest(places: readonly Area[], points: readonly { x: number; y: number }[]): Area {
  const covered = (a: Area) => points.filter((p) => p.x >= a.x && p.x <= a.x + a.width && p.y >= a.y && p.y <= a.y + a.height).length;
  return places.reduce((best, place) => (covered(place) < covered(best) ? place : best));
}
