/**
 * The transformer once more, float64, as the textbook has it: causal attention at every position of the sequence, one
 * position after another, of which the last is read. Shares no code with src; parameters by name, row-major [in, out].
 */

/** The parameters of one policy by name. */
export type TransformerParameters = Readonly<Record<string, ArrayLike<number>>>;

export interface TransformerShape {
  promptCount: number;
  wordCount: number;
  width: number;
  heads: number;
}

/** vector·matrix, matrix [vector.length, columns]. */
function times(vector: readonly number[], matrix: ArrayLike<number>): number[] {
  const columns = matrix.length / vector.length;
  return Array.from({ length: columns }, (_, j) => vector.reduce((sum, value, i) => sum + value * matrix[i * columns + j], 0));
}

const plus = (a: readonly number[], b: ArrayLike<number>): number[] => a.map((value, i) => value + b[i]);

function layerNorm(x: readonly number[], gain: ArrayLike<number>, offset: ArrayLike<number>): number[] {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  return x.map((value, i) => (value - mean) / Math.sqrt(variance + 1e-5) * gain[i] + offset[i]);
}

/** erf by its power series; beyond |z| = 4 it is ±1 to 2e-8. */
function erf(z: number): number {
  if (Math.abs(z) > 4) return Math.sign(z);
  let term = z;
  let sum = z;
  for (let n = 1; Math.abs(term) > 1e-18; n++) {
    term *= -z * z / n;
    sum += term / (2 * n + 1);
  }
  return 2 / Math.sqrt(Math.PI) * sum;
}

const gelu = (z: number): number => z * 0.5 * (1 + erf(z / Math.SQRT2));

/** What every position sends on: x + attention over itself and what came before it. */
function attended(sequence: readonly number[][], p: TransformerParameters, heads: number): number[][] {
  const width = sequence[0].length;
  const size = width / heads;
  const projected = sequence.map((x) => times(layerNorm(x, p.attentionGain, p.attentionOffset), p.queriesKeysValues));
  return sequence.map((x, t) => {
    const mixed: number[] = [];
    for (let head = 0; head < heads; head++) {
      const part = (position: number, kind: 0 | 1 | 2) => projected[position].slice(kind * width + head * size, kind * width + (head + 1) * size);
      const query = part(t, 0);
      const scores = Array.from({ length: t + 1 }, (_, s) => part(s, 1).reduce((sum, key, i) => sum + key * query[i], 0) / Math.sqrt(size));
      const max = Math.max(...scores);
      const total = scores.reduce((sum, score) => sum + Math.exp(score - max), 0);
      for (let i = 0; i < size; i++) mixed.push(scores.reduce((sum, score, s) => sum + Math.exp(score - max) / total * part(s, 2)[i], 0));
    }
    return plus(x, times(mixed, p.attentionOut));
  });
}

/** Logits at every position of a sequence, [words + 1][K]; position t reads the prompt and the first t words. */
export function transformerLogits(
  { promptCount, wordCount, width, heads }: TransformerShape, p: TransformerParameters, prompt: number, words: readonly number[],
): number[][] {
  const embedding = (row: number) => Array.from({ length: width }, (_, i) => p.embeddings[row * width + i]);
  const sequence = [prompt, ...words.map((w) => promptCount + w)].map((token, t) => plus(embedding(token), embedding(promptCount + wordCount + t)));
  return attended(sequence, p, heads).map((a) => {
    const inner = plus(times(layerNorm(a, p.hiddenGain, p.hiddenOffset), p.hiddenIn), p.hiddenBiases).map(gelu);
    const out = plus(a, plus(times(inner, p.hiddenOut), p.hiddenOutBiases));
    return plus(times(layerNorm(out, p.lastGain, p.lastOffset), p.unembedding), p.tokenBiases);
  });
}
