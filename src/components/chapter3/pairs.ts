/** The pairs that the formula of chapter 3 can speak of. Pure. */
import type { Setting, SettingPair } from '../../derivation/setting.ts';

/** As many are offered. */
export const MOST_PAIRS = 200;

/** The different pairs of a setting, equal ones with their weights added up; the heaviest first, as in the list of pairs. */
export function pairsOf({ pairs }: Setting): SettingPair[] {
  const different = new Map<string, SettingPair>();
  for (const { chosen, rejected, weight } of pairs) {
    const key = `${chosen} ${rejected}`;
    different.set(key, { chosen, rejected, weight: weight + (different.get(key)?.weight ?? 0) });
  }
  return [...different.values()].sort((a, b) => b.weight - a.weight);
}

/** The pair of that number; the first where there is none. */
export function pairAt(setting: Setting, index: number): SettingPair {
  const pairs = pairsOf(setting);
  return pairs[index] ?? pairs[0];
}
