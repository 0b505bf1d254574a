/** How often one reward ranks two responses as another does, float64. */
import { levelsOf } from './levels.ts';

/**
 * The chance that of two responses drawn from p, which `truth` tells apart, `scores` ranks the better one higher;
 * equal scores count half. NaN where `truth` tells no two apart. Equal is equal but for rounding (levels.ts).
 *
 *   Σ_{t_y > t_y'} p_y p_y' (1[s_y > s_y'] + ½·1[s_y = s_y']) / Σ_{t_y > t_y'} p_y p_y'
 *
 * O(n log n): in the order of the scores, a Fenwick tree over the ranks of `truth`.
 *
 * @param weights  p, [n], not negative
 */
export function concordance(weights: ArrayLike<number>, scores: ArrayLike<number>, truth: ArrayLike<number>): number {
  const n = weights.length;
  const { levels: scoreLevels, indexOf: levelOf } = levelsOf(scores);
  const order = orderOf(levelOf, scoreLevels.length);
  const { levels, indexOf: truthOf } = levelsOf(truth);
  const tree = new Float64Array(levels.length + 1);
  /** Σ of the weights added with a rank of at most this. */
  const below = (rank: number) => {
    let sum = 0;
    for (let i = rank; i > 0; i -= i & -i) sum += tree[i];
    return sum;
  };
  const add = (rank: number, weight: number) => {
    for (let i = rank; i < tree.length; i += i & -i) tree[i] += weight;
  };
  let right = 0;
  let added = 0;
  let apart = 0;
  for (let from = 0, to = 0; from < n; from = to) {
    while (to < n && levelOf[order[to]] === levelOf[order[from]]) to++;
    const tied = new Map<number, number>();
    for (let i = from; i < to; i++) {
      const rank = truthOf[order[i]] + 1;
      tied.set(rank, (tied.get(rank) ?? 0) + weights[order[i]]);
    }
    // Pairs within the tie: half of those that the truth tells apart.
    const total = [...tied.values()].reduce((a, b) => a + b, 0);
    const same = [...tied.values()].reduce((a, b) => a + b * b, 0);
    right += (total * total - same) / 4;
    apart += (total * total - same) / 2;
    for (const [rank, weight] of tied) {
      right += weight * below(rank - 1);
      apart += weight * (added - below(rank) + below(rank - 1));
    }
    for (const [rank, weight] of tied) add(rank, weight);
    added += total;
  }
  return apart > 0 ? right / apart : NaN;
}

/** Indices in the order of their levels (counting sort). */
function orderOf(levelOf: Int32Array, levels: number): Int32Array {
  const next = new Int32Array(levels + 1);
  for (const level of levelOf) next[level + 1]++;
  for (let level = 0; level < levels; level++) next[level + 1] += next[level];
  const order = new Int32Array(levelOf.length);
  levelOf.forEach((level, i) => { order[next[level]++] = i; });
  return order;
}
