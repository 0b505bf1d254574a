/** Which responses have a bar of their own. Pure. */
import type { Setting } from '../../derivation/setting.ts';

/** Bars of single responses; where a prompt has more responses, one more bar is all others together. In a lecture hall fewer, larger ones. */
export const MOST_ROWS = 10;
export const PROJECTED_ROWS = 5;

export interface Rows {
  /** Responses with a bar of their own: the best rewarded first, of equals the likelier under π_ref. */
  shown: readonly number[];
  /** All others of the prompt. */
  others: readonly number[];
  /** Every response of the prompt. */
  prompt: readonly number[];
}

/**
 * All responses of a small prompt; of a large one the pairs' and those likeliest under each of the given policies in turn.
 *
 * @param policies  log-probabilities, [Y] each
 * @param most      bars of single responses
 */
export function rowsOf({ promptOf, pairs, rewards, refLogps }: Setting, x: number, policies: readonly Float64Array[], most = MOST_ROWS): Rows {
  const prompt: number[] = [];
  promptOf.forEach((own, y) => { if (own === x) prompt.push(y); });
  const order = (a: number, b: number) => rewards[b] - rewards[a] || refLogps[b] - refLogps[a] || a - b;
  if (prompt.length <= most + 1) return { shown: prompt.toSorted(order), others: [], prompt };
  const shown = new Set(pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]).filter((y) => promptOf[y] === x).slice(0, Math.ceil(most / 2)));
  const ranked = policies.map((logps) => prompt.toSorted((a, b) => logps[b] - logps[a] || a - b).slice(0, most));
  for (let rank = 0; rank < most; rank++) {
    for (const list of ranked) if (shown.size < most) shown.add(list[rank]);
  }
  return { shown: [...shown].toSorted(order), others: prompt.filter((y) => !shown.has(y)), prompt };
}
