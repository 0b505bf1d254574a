/**
 * The toy world: every prompt, every context, every response, as one forest.
 *
 * The nodes of the prefix trees are numbered breadth first over all prompts at once:
 * level d holds X·V^d nodes, node m of level d has the words-of-prefix m (base V, prompt
 * as the leading digit), and its child by word w is node m·V + w of level d + 1.
 * So a node's number names two things:
 *   - context c  = node of a level < T: the policy still has to choose a token there;
 *   - response y = node of a level ≤ T: the prefix itself, ended there (by the end token
 *     on a level < T, by the length limit on level T).
 * Contexts are therefore the first C of the Y responses, and y's own context has y's number.
 *
 * Axis letters: X prompts, C contexts, Y responses (of all prompts), T words at most, V words,
 * K = V + 1 tokens (the end token is token V).
 */
import type { Experiment, WorldSpec } from './experiment.ts';

export interface World {
  readonly prompts: readonly string[];
  readonly words: readonly string[];
  /** X, V, T and K = V + 1. */
  readonly promptCount: number;
  readonly wordCount: number;
  readonly maxLength: number;
  readonly tokenCount: number;
  /** First node of level d, d = 0..T+1; levelStart[T] = C, levelStart[T+1] = Y. */
  readonly levelStart: readonly number[];
  readonly contextCount: number;
  readonly responseCount: number;
}

/** Lays out the forest of a world; nothing of size Y is allocated. */
export function buildWorld(spec: WorldSpec): World {
  const promptCount = spec.prompts.length;
  const wordCount = spec.words.length;
  const levelStart = [0];
  let size = promptCount;
  for (let d = 0; d <= spec.maxLength; d++) {
    levelStart.push(levelStart[d] + size);
    size *= wordCount;
  }
  return {
    prompts: spec.prompts,
    words: spec.words,
    promptCount,
    wordCount,
    maxLength: spec.maxLength,
    tokenCount: wordCount + 1,
    levelStart,
    contextCount: levelStart[spec.maxLength],
    responseCount: levelStart[spec.maxLength + 1],
  };
}

/** Level of a node = number of words of the response, |y|. */
export function lengthOf(world: World, node: number): number {
  let d = 0;
  while (node >= world.levelStart[d + 1]) d++;
  return d;
}

/** Number of tokens n(y): the words plus the end token where there is one. */
export function tokensOf(world: World, node: number): number {
  const words = lengthOf(world, node);
  return words < world.maxLength ? words + 1 : words;
}

/** The node reached from `node` by word `w`. */
export function childOf(world: World, node: number, w: number): number {
  const d = lengthOf(world, node);
  return world.levelStart[d + 1] + (node - world.levelStart[d]) * world.wordCount + w;
}

/** The word indices of a node, in reading order. */
export function wordsOf(world: World, node: number): number[] {
  const d = lengthOf(world, node);
  let m = node - world.levelStart[d];
  const words: number[] = [];
  for (let i = 0; i < d; i++) {
    words.unshift(m % world.wordCount);
    m = Math.floor(m / world.wordCount);
  }
  return words;
}

/** The prompt a node belongs to. */
export function promptOf(world: World, node: number): number {
  const d = lengthOf(world, node);
  return Math.floor((node - world.levelStart[d]) / world.wordCount ** d);
}

/** A response as text: its words joined by one space; the empty response is "". */
export function responseText(world: World, node: number): string {
  return wordsOf(world, node).map((w) => world.words[w]).join(' ');
}

/**
 * The node of a response given as text.
 * @throws RangeError when a word is unknown or the response is too long
 */
export function nodeOf(world: World, prompt: number, text: string): number {
  const words = text === '' ? [] : text.split(' ');
  if (words.length > world.maxLength) {
    throw new RangeError(`nodeOf: a response has at most ${world.maxLength} words, got ${words.length} in "${text}"`);
  }
  let m = prompt;
  for (const word of words) {
    const w = world.words.indexOf(word);
    if (w < 0) throw new RangeError(`nodeOf: "${word}" is not a word of this world (${world.words.join(', ')})`);
    m = m * world.wordCount + w;
  }
  return world.levelStart[words.length] + m;
}

/** One step along a response: at context `context` the policy emits `token` (V = end). */
export interface TokenStep {
  context: number;
  token: number;
}

/** The token choices whose log-probabilities sum to log π(y|x), the end token included. */
export function pathOf(world: World, node: number): TokenStep[] {
  const words = wordsOf(world, node);
  const steps: TokenStep[] = [];
  let m = promptOf(world, node);
  for (let d = 0; d < words.length; d++) {
    steps.push({ context: world.levelStart[d] + m, token: words[d] });
    m = m * world.wordCount + words[d];
  }
  if (words.length < world.maxLength) steps.push({ context: node, token: world.wordCount });
  return steps;
}

/** All responses, prompt by prompt, each tree in reading order (a prefix before its continuations). */
export function* responsesInReadingOrder(world: World): Generator<number> {
  for (let prompt = 0; prompt < world.promptCount; prompt++) yield* subtree(world, 0, prompt);
}

function* subtree(world: World, d: number, m: number): Generator<number> {
  yield world.levelStart[d] + m;
  if (d === world.maxLength) return;
  for (let w = 0; w < world.wordCount; w++) yield* subtree(world, d + 1, m * world.wordCount + w);
}

/** The four groups that partition the response space; a response's group is its index here. */
export const GROUPS = ['chosen', 'rejected', 'otherInDistribution', 'ood'] as const;
export type Group = (typeof GROUPS)[number];
export const CHOSEN = 0, REJECTED = 1, OTHER = 2, OOD = 3;

/** Which responses the reference's data cover: 1 = in-distribution, [Y]. */
export function inDistribution(world: World, experiment: Experiment): Uint8Array {
  const covered = new Uint8Array(world.responseCount);
  if (experiment.reference.kind === 'unigram') return covered.fill(1);
  for (const entry of experiment.reference.corpus) {
    if (entry.weight > 0) covered[nodeOf(world, entry.prompt, entry.response)] = 1;
  }
  return covered;
}

/**
 * Groups of all responses for a set of pairs, [Y].
 *
 * chosen: ever chosen, never rejected; rejected: the other way round; a response that was both
 * is other in-distribution if the reference's data cover it, else OOD.
 */
export function groupResponses(
  covered: Uint8Array,
  pairs: readonly { chosen: number; rejected: number }[],
): Uint8Array {
  const seen = new Uint8Array(covered.length);
  for (const pair of pairs) {
    seen[pair.chosen] |= 1;
    seen[pair.rejected] |= 2;
  }
  return covered.map((inside, y) => {
    if (seen[y] === 1) return CHOSEN;
    if (seen[y] === 2) return REJECTED;
    return inside ? OTHER : OOD;
  });
}
