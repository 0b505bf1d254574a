/**
 * The oracle's own response space, float64: every response by recursion over strings, the reference,
 * the gold rewards and the groups, written from the experiment format. Shares no code with src.
 */
import type { Experiment } from '../../src/sim/experiment.ts';

export interface OracleResponse {
  prompt: number;
  /** Words joined by one space; the empty response is ''. */
  text: string;
  words: string[];
  /** Tokens, the end token included where there is one. */
  tokenCount: number;
  /** One entry per token: context · (V + 1) + token, an index into the logits. */
  cells: number[];
}

export interface Space {
  promptCount: number;
  /** V + 1; the end token is the last. */
  tokenCount: number;
  contextCount: number;
  /** All responses, prompt by prompt, a prefix before its continuations. */
  responses: OracleResponse[];
  /** Place of a response in `responses`. */
  find: (prompt: number, text: string) => number;
}

export function enumerate(experiment: Experiment): Space {
  const { words, maxLength, prompts } = experiment.world;
  const tokenCount = words.length + 1;
  const responses: OracleResponse[] = [];
  let contextCount = 0;
  prompts.forEach((_, prompt) => {
    const extend = (prefix: string[], cells: number[]): void => {
      const add = (own: number[]) => responses.push({ prompt, text: prefix.join(' '), words: prefix, tokenCount: own.length, cells: own });
      if (prefix.length === maxLength) {
        add(cells);
        return;
      }
      const context = contextCount++;
      add([...cells, context * tokenCount + words.length]);
      words.forEach((word, token) => extend([...prefix, word], [...cells, context * tokenCount + token]));
    };
    extend([], []);
  });
  const places = new Map(responses.map(({ prompt, text }, y) => [`${prompt}|${text}`, y]));
  return {
    promptCount: prompts.length, tokenCount, contextCount, responses,
    find(prompt, text) {
      const y = places.get(`${prompt}|${text}`);
      if (y === undefined) throw new Error(`no response "${text}" of prompt ${prompt}`);
      return y;
    },
  };
}

/** Logits of the tabular reference: log of the target's conditionals, 0 floored at 1e-12. */
export function referenceLogits(space: Space, experiment: Experiment): Float64Array {
  const { reference } = experiment;
  const logits = new Float64Array(space.contextCount * space.tokenCount);
  if (reference.kind === 'unigram') {
    const sum = reference.wordWeights.reduce((total, weight) => total + weight, 0);
    const row = [...reference.wordWeights.map((weight) => (1 - reference.stop) * weight / sum), reference.stop];
    return logits.map((_, cell) => Math.log(Math.max(row[cell % space.tokenCount], 1e-12)));
  }
  // Mass of all responses that make a token choice, divided by the mass of all that come to its context.
  const cellMass = new Float64Array(logits.length);
  corpusTarget(space, experiment).forEach((mass, y) => {
    for (const cell of space.responses[y].cells) cellMass[cell] += mass;
  });
  for (let c = 0; c < space.contextCount; c++) {
    const row = cellMass.subarray(c * space.tokenCount, (c + 1) * space.tokenCount);
    const total = row.reduce((a, b) => a + b, 0);
    row.forEach((mass, k) => { logits[c * space.tokenCount + k] = Math.log(Math.max(total > 0 ? mass / total : 0, 1e-12)); });
  }
  return logits;
}

/** (1 − ε)·corpus(y|x) + ε·uniform, per response. */
function corpusTarget(space: Space, { reference }: Experiment): number[] {
  if (reference.kind !== 'corpus') throw new Error('not a corpus');
  return space.responses.map(({ prompt, text }) => {
    const ofPrompt = reference.corpus.filter((entry) => entry.prompt === prompt);
    const total = ofPrompt.reduce((sum, entry) => sum + entry.weight, 0);
    const own = ofPrompt.filter((entry) => entry.response === text).reduce((sum, entry) => sum + entry.weight, 0);
    return (1 - reference.smoothing) * own / total + reference.smoothing * space.promptCount / space.responses.length;
  });
}

/** r(x, y) per response; null without gold. */
export function goldOf(space: Space, { gold }: Experiment): number[] | null {
  if (!gold) return null;
  return space.responses.map(({ prompt, text, words }) => {
    const listed = gold.responses.find((entry) => entry.prompt === prompt && entry.response === text);
    let reward = (listed ? listed.reward : gold.otherwise) + gold.perToken * words.length;
    for (const [word, value] of Object.entries(gold.perWord)) reward += value * words.filter((w) => w === word).length;
    for (const [word, value] of Object.entries(gold.containsWord)) if (words.includes(word)) reward += value;
    return reward;
  });
}

export type OracleGroup = 'chosen' | 'rejected' | 'otherInDistribution' | 'ood';

export function groupsOf(space: Space, { reference, preferences }: Experiment): OracleGroup[] {
  const pairs = 'pairs' in preferences ? preferences.pairs : [];
  return space.responses.map(({ prompt, text }) => {
    const chosen = pairs.some((pair) => pair.prompt === prompt && pair.chosen === text);
    const rejected = pairs.some((pair) => pair.prompt === prompt && pair.rejected === text);
    if (chosen && !rejected) return 'chosen';
    if (rejected && !chosen) return 'rejected';
    const covered = reference.kind === 'unigram'
      || reference.corpus.some((entry) => entry.prompt === prompt && entry.response === text && entry.weight > 0);
    return covered ? 'otherInDistribution' : 'ood';
  });
}
