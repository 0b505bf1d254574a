/** The pairs that online DPO drew last, as the page lists them. Pure. */
import { GROUPS, OOD, type Group } from './world.ts';
import type { JudgedBatch } from './worker/protocol.ts';

/** One side of a judged pair. */
export interface Judged {
  response: number;
  group: Group;
  /** What the judge gave it, its length bias included. */
  score: number;
}

export interface DrawnPair {
  winner: Judged;
  loser: Judged;
  /** How often this very pair, with this verdict, was drawn. */
  times: number;
  /** The same response twice: no contest. */
  equal: boolean;
  /** The verdict went to the lower score, by chance. */
  upset: boolean;
}

/** The batch of a policy that was drawn last; null where it has drawn none. @param judged  oldest first */
export function latestBatch(judged: readonly JudgedBatch[], policy: number): JudgedBatch | null {
  return judged.findLast((batch) => batch.policy === policy) ?? null;
}

/** Equal pairs once with their number: those with what nobody wrote first, then real contests, then equal responses. @param groups  [Y] */
export function drawnPairs({ nodes, scores }: JudgedBatch, groups: Uint8Array): DrawnPair[] {
  const pairs = new Map<string, DrawnPair>();
  const side = (i: number): Judged => ({ response: nodes[i], group: GROUPS[groups[nodes[i]]], score: scores[i] });
  for (let i = 0; i < nodes.length; i += 2) {
    const key = `${nodes[i]} ${nodes[i + 1]}`;
    const known = pairs.get(key);
    if (known) known.times++;
    else pairs.set(key, { winner: side(i), loser: side(i + 1), times: 1, equal: nodes[i] === nodes[i + 1], upset: scores[i] < scores[i + 1] });
  }
  const rank = ({ winner, loser, equal }: DrawnPair) => {
    if (equal) return 2;
    return groups[winner.response] === OOD || groups[loser.response] === OOD ? 0 : 1;
  };
  return [...pairs.values()].sort((a, b) => rank(a) - rank(b) || b.times - a.times);
}
