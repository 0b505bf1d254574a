/** Which responses the panels name, and in which order. Pure. */
import { msg } from '../../sim/msg.ts';
import { CHOSEN, REJECTED, type World } from '../../sim/world.ts';

/** Nodes of one prompt: on every level a contiguous range. */
export function forEachResponse(world: World, prompt: number, visit: (y: number) => void): void {
  for (let d = 0; d <= world.maxLength; d++) {
    const width = world.wordCount ** d;
    const first = world.levelStart[d] + prompt * width;
    for (let y = first; y < first + width; y++) visit(y);
  }
}

/** The full-length repetition of word `w`: "the the the". */
export function repetitionOf(world: World, prompt: number, w: number): number {
  let m = prompt;
  for (let d = 0; d < world.maxLength; d++) m = m * world.wordCount + w;
  return world.levelStart[world.maxLength] + m;
}

/**
 * The response that is always shown, whatever its role: one word repeated to the full length. The word is "the"
 * where the world has it, else the one whose repetition has most probability. Null where responses have one word.
 */
export function trackedResponse(world: World, prompt: number, logps: Float64Array): number | null {
  if (world.maxLength < 2) return null;
  const the = world.words.indexOf('the');
  if (the >= 0) return repetitionOf(world, prompt, the);
  let best = repetitionOf(world, prompt, 0);
  for (let w = 1; w < world.wordCount; w++) {
    const y = repetitionOf(world, prompt, w);
    if (logps[y] > logps[best]) best = y;
  }
  return best;
}

/** The `count` responses of a prompt with most probability, most probable first; ties by number. */
export function topResponses(world: World, prompt: number, logps: Float64Array, count: number): number[] {
  const top: number[] = [];
  forEachResponse(world, prompt, (y) => {
    if (top.length === count && !(logps[y] > logps[top[count - 1]])) return;
    let at = top.length;
    while (at > 0 && logps[y] > logps[top[at - 1]]) at--;
    top.splice(at, 0, y);
    if (top.length > count) top.pop();
  });
  return top;
}

/** At most this many chosen and as many rejected responses are always among the rows. */
export const PINNED_PER_GROUP = 2;

export interface Pinned {
  chosen: number[];
  rejected: number[];
  tracked: number | null;
  /** How many chosen and rejected responses the prompt has. */
  chosenCount: number;
  rejectedCount: number;
}

/**
 * What is always among the rows: of the chosen and of the rejected responses the two that π_ref makes likeliest,
 * so that they stay the same while the policy moves, and the tracked response.
 */
export function pinnedResponses(world: World, prompt: number, logps: Float64Array, refLogps: Float64Array, groups: Uint8Array): Pinned {
  const members: Record<number, number[]> = { [CHOSEN]: [], [REJECTED]: [] };
  forEachResponse(world, prompt, (y) => members[groups[y]]?.push(y));
  const likeliest = (list: number[]) => list.toSorted((a, b) => refLogps[b] - refLogps[a] || a - b).slice(0, PINNED_PER_GROUP);
  return {
    chosen: likeliest(members[CHOSEN]), rejected: likeliest(members[REJECTED]), tracked: trackedResponse(world, prompt, logps),
    chosenCount: members[CHOSEN].length, rejectedCount: members[REJECTED].length,
  };
}

/** Rows of "the responses by name": what is pinned, then the most probable; sorted by π. */
export function responseRows(world: World, prompt: number, logps: Float64Array, pinned: Pinned, count: number): number[] {
  const rows = new Set([...pinned.chosen, ...pinned.rejected, ...(pinned.tracked === null ? [] : [pinned.tracked])]);
  for (const y of topResponses(world, prompt, logps, count)) {
    if (rows.size >= count) break;
    rows.add(y);
  }
  return [...rows].sort((a, b) => logps[b] - logps[a] || a - b);
}

/** The rule of the rows pinned beside the tracked one: "the chosen response, the rejected response"; empty without pairs. */
export function pinnedWords({ chosen, chosenCount, rejected, rejectedCount }: Pinned): string {
  const side = (role: string, shown: number, all: number) => {
    if (all === 0) return [];
    if (all === 1) return [msg`the ${role} response`];
    return [all === shown ? msg`both ${role} responses` : msg`the two ${role} responses likeliest in the reference`];
  };
  return [...side(msg`chosen`, chosen.length, chosenCount), ...side(msg`rejected`, rejected.length, rejectedCount)].join(', ');
}
