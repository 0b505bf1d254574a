/** Pairs as the lines of the derivation speak of them. */
import { nameOf, type Setting, type SettingPair } from './setting.ts';

/** “on the mat” ≻ “on a mat”, as a pair is named in a check. */
export function pairName(setting: Setting, { chosen, rejected }: { chosen: number; rejected: number }): string {
  return `${nameOf(setting, chosen)} ≻ ${nameOf(setting, rejected)}`;
}

/** The pair whose numbers are shown: the one that has the shown response, else the first one. */
export function shownPair({ pairs, shown }: Setting): SettingPair {
  return pairs.find(({ chosen }) => chosen === shown) ?? pairs.find(({ rejected }) => rejected === shown) ?? pairs[0];
}

/**
 * y₀ for a pair: the shown response if it belongs to the prompt and not to the pair, else the one of the prompt's other
 * responses that the reference likes least; null where the prompt has no other.
 */
export function outsiderOf({ refLogps, promptOf, checked, shown }: Setting, { chosen, rejected }: { chosen: number; rejected: number }): number | null {
  const isOther = (y: number) => promptOf[y] === promptOf[chosen] && y !== chosen && y !== rejected;
  if (isOther(shown)) return shown;
  return checked.reduce<number | null>((least, y) => (isOther(y) && (least === null || refLogps[y] < refLogps[least]) ? y : least), null);
}
