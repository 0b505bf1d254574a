/**
 * The catch of online DPO in the log of judged pairs: a response that nobody wrote was drawn, scored, and fell.
 */
import type { JudgedBatch } from './worker/protocol.ts';
import { OOD } from './world.ts';

/** Updates after a draw at which its effect is read. */
export const CATCH_WAIT = 20;

/** OOD mass of a policy after `step` updates, as its history knows it. */
export interface MassPoint {
  step: number;
  mass: number;
}

/** A judged pair with an OOD response in it. */
export interface Catch {
  /** The update that trained on it first, 1-based: it was drawn from the policy of `step − 1` updates. */
  step: number;
  policy: number;
  /** lost: against a response that is not OOD; won: against one (it was not caught); both: both are OOD, and `response` is the winner. */
  outcome: 'lost' | 'won' | 'both';
  /** The OOD response, and the other one of the pair. */
  response: number;
  against: number;
  /** What the judge gave to each, its length bias included. */
  score: number;
  againstScore: number;
  /** The policy's OOD mass when the pair was drawn: the last point known up to then; null where there is none. */
  before: MassPoint | null;
  /** The same at the first point known `wait` or more updates later; null where there is none yet. */
  after: MassPoint | null;
}

/**
 * The judged pairs of one policy that have an OOD response in them, oldest first.
 *
 * @param judged   the log, of all policies, oldest first
 * @param policy   of the population
 * @param groups   index into GROUPS per response for that policy, [Y]
 * @param history  its OOD mass, ascending by update
 * @param wait     updates between the draw and `after`, at least 1
 */
export function findCatches(
  judged: readonly JudgedBatch[], policy: number, groups: Uint8Array, history: readonly MassPoint[], wait: number,
): Catch[] {
  return judged.filter((batch) => batch.policy === policy).flatMap(({ step, nodes, scores }) => {
    const before = history.findLast((point) => point.step <= step - 1) ?? null;
    const after = history.find((point) => point.step >= step - 1 + wait) ?? null;
    const found: Catch[] = [];
    for (let i = 0; i < nodes.length; i += 2) {
      const [winner, loser] = [nodes[i], nodes[i + 1]];
      if (winner === loser) continue;
      const winnerIs = groups[winner] === OOD;
      const loserIs = groups[loser] === OOD;
      if (!winnerIs && !loserIs) continue;
      const [own, other] = winnerIs ? [i, i + 1] : [i + 1, i];
      found.push({
        step, policy, before, after, outcome: winnerIs && loserIs ? 'both' : loserIs ? 'lost' : 'won',
        response: nodes[own], against: nodes[other], score: scores[own], againstScore: scores[other],
      });
    }
    return found;
  });
}

/** The lost pair after which the OOD mass fell most; null where it fell after none. */
export function clearestCatch(catches: readonly Catch[]): Catch | null {
  const fallOf = ({ before, after }: Catch) => (before && after ? before.mass - after.mass : 0);
  let clearest: Catch | null = null;
  for (const one of catches) {
    if (one.outcome === 'lost' && fallOf(one) > (clearest ? fallOf(clearest) : 0)) clearest = one;
  }
  return clearest;
}
