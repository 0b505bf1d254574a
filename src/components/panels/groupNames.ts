/** What the groups are called in labels. Pure. */
import { msg } from '../../sim/msg.ts';
import { GROUPS, promptOf, responseText, type Group, type World } from '../../sim/world.ts';
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
  chosen: msg`chosen`, rejected: msg`rejected`, otherInDistribution: msg`other in-distribution`, ood: msg`everything nobody wrote`,
};

/** The role of a response in tables and legends. */
export const ROLE_NAMES: Record<Group, string> = { ...LABELS, ood: msg`nobody wrote (OOD)` };

/**
 * One name per group, in the order of GROUPS; a group of one response bears its text.
 *
 * @param prompt  count the responses of this prompt alone [of all]
 */
export function groupNames(world: World, groups: Uint8Array | null, prompt: number | null = null): GroupName[] {
  const sizes = new Array<number>(GROUPS.length).fill(0);
  const only = new Array<number>(GROUPS.length).fill(-1);
  groups?.forEach((g, y) => {
    if (prompt !== null && promptOf(world, y) !== prompt) return;
    sizes[g]++;
    only[g] = y;
  });
  return GROUPS.map((group, g) => {
    const isName = group !== 'ood' && sizes[g] === 1;
    return { group, size: sizes[g], isName, label: isName ? quoted(responseText(world, only[g])) : LABELS[group] };
  });
}
