/** Which responses the panels name, and in which order. Pure. */
import { CHOSEN, REJECTED, lengthOf, wordsOf, type World } from '../../sim/world.ts';

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
 * The response that is always shown beside the pairs: one word repeated to the full length; the word is "the"
 * where the world has it, else the one whose repetition has most probability. Null when it was written by somebody.
 */
export function trackedResponse(world: World, prompt: number, logps: Float64Array, groups: Uint8Array): number | null {
  if (world.maxLength < 2) return null;
  const the = world.words.indexOf('the');
  let best = the >= 0 ? repetitionOf(world, prompt, the) : repetitionOf(world, prompt, 0);
  if (the < 0) {
    for (let w = 1; w < world.wordCount; w++) {
      const y = repetitionOf(world, prompt, w);
      if (logps[y] > logps[best]) best = y;
    }
  }
  return groups[best] === CHOSEN || groups[best] === REJECTED ? null : best;
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
const PINNED_PER_GROUP = 2;

/** Rows of "the responses by name": the pairs, the tracked response, then the most probable; sorted by π. */
export function responseRows(world: World, prompt: number, logps: Float64Array, groups: Uint8Array, count: number): number[] {
  const rows = new Set<number>();
  for (const group of [CHOSEN, REJECTED]) {
    const members: number[] = [];
    forEachResponse(world, prompt, (y) => { if (groups[y] === group) members.push(y); });
    members.sort((a, b) => logps[b] - logps[a]).slice(0, PINNED_PER_GROUP).forEach((y) => rows.add(y));
  }
  const tracked = trackedResponse(world, prompt, logps, groups);
  if (tracked !== null) rows.add(tracked);
  for (const y of topResponses(world, prompt, logps, count)) {
    if (rows.size >= count) break;
    rows.add(y);
  }
  return [...rows].sort((a, b) => logps[b] - logps[a] || a - b);
}

/** True when the response is one word repeated at least twice. */
export function isRepetition(world: World, y: number): boolean {
  const words = wordsOf(world, y);
  return lengthOf(world, y) > 1 && words.every((w) => w === words[0]);
}
