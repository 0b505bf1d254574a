/** Dragged bars that add up to 1. Pure. */
import type { Answer, Masses, Option } from '../../sim/question.ts';
import { GROUPS, type Group } from '../../sim/world.ts';

/** Everywhere equally much: where the bars stand before they are dragged. */
export function equalMasses(groups: readonly Group[]): Masses {
  return inPercent(GROUPS.map((group) => (groups.includes(group) ? 1 / groups.length : 0)), 100);
}

/** Whole per cent that add up to `total`: the largest remainders are rounded up. */
function inPercent(shares: readonly number[], total: number): Masses {
  const percents = shares.map((share) => Math.floor(100 * share + 1e-9));
  const byRemainder = shares.map((share, g) => ({ g, remainder: 100 * share - percents[g] })).sort((a, b) => b.remainder - a.remainder);
  const missing = total - percents.reduce((sum, percent) => sum + percent, 0);
  for (const { g } of byRemainder.slice(0, missing)) percents[g]++;
  const [chosen, rejected, other, ood] = percents.map((percent) => percent / 100);
  return [chosen, rejected, other, ood];
}

/**
 * One bar set to `p`, all in whole per cent; the others keep their proportions, or share equally where they have nothing.
 *
 * @param groups  the groups that have a bar; the others stay at 0
 */
export function movedMasses(masses: Masses, groups: readonly Group[], moved: Group, p: number): Masses {
  const others = groups.filter((group) => group !== moved);
  const own = others.length === 0 ? 1 : Math.round(100 * Math.min(1, Math.max(0, p))) / 100;
  const before = (group: Group) => masses[GROUPS.indexOf(group)];
  const rest = others.reduce((sum, group) => sum + before(group), 0);
  const room = 1 - own;
  const left = inPercent(GROUPS.map((group) => (others.includes(group) ? room * (rest > 0 ? before(group) / rest : 1 / others.length) : 0)), Math.round(100 * room));
  const [chosen, rejected, other, ood] = GROUPS.map((group, g) => (group === moved ? own : left[g]));
  return [chosen, rejected, other, ood];
}

/** The bars as they stand. */
export function massesOf(answer: Answer | null, options: readonly Option[]): Masses {
  return answer?.kind === 'masses' ? answer.masses : equalMasses(groupsOf(options));
}

export function groupsOf(options: readonly Option[]): Group[] {
  return options.flatMap(({ group }) => (group ? [group] : []));
}
