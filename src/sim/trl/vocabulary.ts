/** The words of a toy world: which of many are kept. */

/** Rows that are looked at to find the words that keep the most of them. */
const LOOKED_AT = 3000;

/** The most frequent of some words, the first of equals. @param counts  occurrences by word index */
export function frequentWords(words: readonly number[], counts: ArrayLike<number>, limit: number): number[] {
  return words.toSorted((a, b) => counts[b] - counts[a] || a - b).slice(0, limit);
}

/** Row sets that need no other word. */
export function wholeRows(rows: readonly (readonly number[])[], words: ReadonlySet<number>): number {
  return rows.filter((row) => row.every((word) => words.has(word))).length;
}

/**
 * Words that keep many rows whole, the best of three ways: one after the other the word that is missing in the most
 * rows, a row counting as one over the square of the words it still lacks; one after the other the words of those equal
 * rows that are the most per missing word; the most frequent words.
 *
 * @param rows  the different words of every row, all of which it needs
 */
export function wordsForRows(rows: readonly (readonly number[])[], limit: number): Set<number> {
  const all = new Set(rows.flat());
  if (all.size <= limit) return all;
  const step = Math.max(1, rows.length / LOOKED_AT);
  const sample = Array.from({ length: Math.floor(rows.length / step) }, (_, i) => rows[Math.floor(i * step)]);
  const words = [...new Set(sample.flat())];
  const counts = new Float64Array(words.reduce((most, word) => Math.max(most, word), 0) + 1);
  for (const word of sample.flat()) counts[word]++;
  const frequent = new Set(frequentWords(words, counts, limit));
  const ways = [greedyWords(sample, limit), wordsOfRows(sample, limit), frequent];
  return ways.reduce((best, way) => (wholeRows(sample, way) > wholeRows(sample, best) ? way : best));
}

/** Row by row: all words of the equal rows that are the most per word that they lack. */
function wordsOfRows(rows: readonly (readonly number[])[], limit: number): Set<number> {
  const alike = new Map<string, { row: readonly number[]; n: number }>();
  for (const row of rows) {
    const key = row.toSorted((a, b) => a - b).join(' ');
    const known = alike.get(key);
    if (known) known.n++;
    else alike.set(key, { row, n: 1 });
  }
  const words = new Set<number>();
  for (;;) {
    let [best, most]: [readonly number[] | null, number] = [null, 0];
    for (const { row, n } of alike.values()) {
      const lacks = row.reduce((sum, word) => sum + Number(!words.has(word)), 0);
      if (lacks > 0 && words.size + lacks <= limit && n / lacks > most) [best, most] = [row, n / lacks];
    }
    if (best === null) return words;
    for (const word of best) words.add(word);
  }
}

function greedyWords(rows: readonly (readonly number[])[], limit: number): Set<number> {
  const rowsWith = new Map<number, number[]>();
  const missing = rows.map((row) => row.length);
  const score = new Map<number, number>();
  const worth = (i: number) => (missing[i] === 0 || missing[i] > limit ? 0 : missing[i] ** -2);
  rows.forEach((row, i) => {
    for (const word of row) {
      const those = rowsWith.get(word);
      if (those) those.push(i);
      else rowsWith.set(word, [i]);
      score.set(word, (score.get(word) ?? 0) + worth(i));
    }
  });
  const words = new Set<number>();
  while (words.size < limit) {
    const best = bestOf(score);
    if (best === null) break;
    words.add(best);
    score.delete(best);
    for (const i of rowsWith.get(best) ?? []) {
      const before = worth(i);
      missing[i]--;
      const change = worth(i) - before;
      for (const word of rows[i]) if (!words.has(word)) score.set(word, (score.get(word) ?? 0) + change);
    }
  }
  return words;
}

/** The word with the highest score, the first of equals. */
function bestOf(score: ReadonlyMap<number, number>): number | null {
  let best: number | null = null;
  let most = -Infinity;
  for (const [word, value] of score) {
    if (value > most || (value === most && best !== null && word < best)) [best, most] = [word, value];
  }
  return best;
}
