/**
 * The response space as a mosaic: the first word splits the plane into columns, the second each column into rows,
 * the third into columns again. A response that ends is the first cell of its split. Pure.
 *
 * Weighted by probability, every side is a conditional probability (the share of the next token given the prefix)
 * and every area is exactly π(y). Weighted by count, every response has the same area.
 */
import { type World } from '../../sim/world.ts';

export interface Mosaic {
  /** Cells drawn. */
  count: number;
  /** x, y, width, height of every cell, [4·count], in pixels. */
  rects: Float32Array;
  /** Node of every cell: the response, or the prefix that stands for its whole subtree where it was cut. */
  nodes: Int32Array;
  /** 1 where the cell stands for a subtree. */
  cut: Uint8Array;
  /** The columns of the first word: word, x and width. */
  columns: readonly { word: number; x: number; width: number }[];
}

/** Weight of every subtree, [Y]: the responses that begin with the prefix, summed. */
export function subtreeWeights(world: World, weights: Float64Array): Float64Array {
  const sums = Float64Array.from(weights);
  for (let d = world.maxLength - 1; d >= 0; d--) {
    const first = world.levelStart[d];
    const below = world.levelStart[d + 1];
    for (let m = 0; m < below - first; m++) {
      let sum = 0;
      for (let w = 0; w < world.wordCount; w++) sum += sums[below + m * world.wordCount + w];
      sums[first + m] += sum;
    }
  }
  return sums;
}

/** The response of greatest weight among those that begin with the prefix, [Y]. */
export function bestInSubtree(world: World, weights: Float64Array): Int32Array {
  const best = Int32Array.from(weights, (_, y) => y);
  for (let d = world.maxLength - 1; d >= 0; d--) {
    const first = world.levelStart[d];
    const below = world.levelStart[d + 1];
    for (let m = 0; m < below - first; m++) {
      for (let w = 0; w < world.wordCount; w++) {
        const candidate = best[below + m * world.wordCount + w];
        if (weights[candidate] > weights[best[first + m]]) best[first + m] = candidate;
      }
    }
  }
  return best;
}

/**
 * @param sums     weight of every subtree, [Y]
 * @param own      weight of every response alone, [Y]
 * @param least    a subtree whose rectangle is smaller than this (px²) is one cell
 */
export function layoutMosaic(world: World, prompt: number, own: Float64Array, sums: Float64Array, width: number, height: number, least: number): Mosaic {
  const rects: number[] = [];
  const nodes: number[] = [];
  const cut: number[] = [];
  const columns: { word: number; x: number; width: number }[] = [];
  const place = (d: number, m: number, x: number, y: number, w: number, h: number) => {
    const node = world.levelStart[d] + m;
    if (d === 1) columns.push({ word: m % world.wordCount, x, width: w });
    const leaf = d === world.maxLength;
    if (leaf || w * h < least) {
      rects.push(x, y, w, h);
      nodes.push(node);
      cut.push(leaf ? 0 : 1);
      return;
    }
    const total = sums[node];
    if (!(total > 0)) return;
    const across = d % 2 === 0;
    const length = across ? w : h;
    let at = (own[node] / total) * length;
    rects.push(x, y, across ? at : w, across ? h : at);
    nodes.push(node);
    cut.push(0);
    for (let k = 0; k < world.wordCount; k++) {
      const child = m * world.wordCount + k;
      const part = (sums[world.levelStart[d + 1] + child] / total) * length;
      if (across) place(d + 1, child, x + at, y, part, h);
      else place(d + 1, child, x, y + at, w, part);
      at += part;
    }
  };
  place(0, prompt, 0, 0, width, height);
  return { count: nodes.length, rects: Float32Array.from(rects), nodes: Int32Array.from(nodes), cut: Uint8Array.from(cut), columns };
}

/** Index of the cell under a point; −1 when there is none. */
export function cellAt(mosaic: Mosaic, x: number, y: number): number {
  const { rects } = mosaic;
  for (let i = 0; i < mosaic.count; i++) {
    const r = 4 * i;
    if (x >= rects[r] && x < rects[r] + rects[r + 2] && y >= rects[r + 1] && y < rects[r + 1] + rects[r + 3]) return i;
  }
  return -1;
}

/** The cell one meets when leaving cell `i` in a direction; `i` itself at the border. */
export function neighbour(mosaic: Mosaic, i: number, dx: -1 | 0 | 1, dy: -1 | 0 | 1, width: number, height: number): number {
  const [x, y, w, h] = mosaic.rects.subarray(4 * i, 4 * i + 4);
  const px = dx === 0 ? x + w / 2 : dx > 0 ? x + w : x;
  const py = dy === 0 ? y + h / 2 : dy > 0 ? y + h : y;
  for (let step = 0.5; step < Math.max(width, height); step += 0.5) {
    const qx = px + dx * step;
    const qy = py + dy * step;
    if (qx < 0 || qy < 0 || qx >= width || qy >= height) return i;
    const next = cellAt(mosaic, qx, qy);
    if (next >= 0 && next !== i) return next;
  }
  return i;
}
