/** What the groups are called in labels. Pure. */
import { GROUPS, responseText, type Group, type World } from '../../sim/world.ts';
import { quoted } from '../../sim/words.ts';

export interface GroupName {
  group: Group;
  /** Label at the end of a line. */
  label: string;
  /** True when the group is one response and the label is its text. */
  isName: boolean;
  size: number;
}

const LABELS: Record<Group, string> = {
  chosen: 'chosen', rejected: 'rejected', otherInDistribution: 'other in-distribution', ood: 'everything nobody wrote',
};

/** One name per group, in the order of GROUPS; a group of one response bears its text. */
export function groupNames(world: World, groups: Uint8Array | null): GroupName[] {
  const sizes = new Array<number>(GROUPS.length).fill(0);
  const only = new Array<number>(GROUPS.length).fill(-1);
  groups?.forEach((g, y) => { sizes[g]++; only[g] = y; });
  return GROUPS.map((group, g) => {
    const isName = group !== 'ood' && sizes[g] === 1;
    return { group, size: sizes[g], isName, label: isName ? quoted(responseText(world, only[g])) : LABELS[group] };
  });
}
