/**
 * The prompt where a row gives none: what both responses begin with.
 *
 * Source: TRL, trl/data_utils.py, `extract_prompt`: the longest common beginning; of texts without the space at its end,
 * of conversations as whole messages. The lab's policies choose whole words, so a prompt ends before the word in which
 * two texts part, where TRL's ends inside it; and a conversation that ends where the other goes on gives all of its
 * messages, where TRL leaves the last one in both.
 */
export interface Message {
  role: string;
  content: string;
}

/** How many messages both conversations begin with. */
export function sharedMessages(a: readonly Message[], b: readonly Message[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n].role === b[n].role && a[n].content === b[n].content) n++;
  return n;
}

/** White space, and scripts that put none between words. */
const APART = /[\s\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u3000-\u303f\uff00-\uffef]/u;

/** Whether a word may end before this place of a text. */
const ends = (text: string, at: number) => at === 0 || at === text.length || APART.test(text[at - 1]) || APART.test(text[at]);

/**
 * What both texts begin with, in whole words, without white space at its end.
 * @returns also whether TRL's prompt would go on into a word
 */
export function sharedText(a: string, b: string): { prompt: string; insideWord: boolean } {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  const parted = n;
  while (!ends(a, n) || !ends(b, n)) n--;
  return { prompt: a.slice(0, n).trimEnd(), insideWord: n < parted };
}
