/** A toy world from a preference data set: its experiment, and in numbers what the choices cost. */
import type { CorpusEntry, Experiment, GoldSpec, PairSpec } from '../experiment.ts';
import { printExperiment } from '../experimentPrint.ts';
import { RANGES } from '../experimentRanges.ts';
import { ruleProblems } from '../experimentRules.ts';
import { MAX_TEXT_BYTES, minimalExperiment, readExperiment } from '../experimentSchema.ts';
import { responseCount } from '../experimentSizes.ts';
import { msg } from '../msg.ts';
import { mustBe, type Problem } from '../problem.ts';
import { OTHER_WORD, type Choices } from './choices.ts';
import { keepRows, OTHER_ID, type Dropped, type KeptRow } from './kept.ts';
import { seen, type TokenTable } from './tokens.ts';

export interface ToyReport {
  /** Rows that were read: `kept` and those of `dropped`. */
  rows: number;
  kept: number;
  dropped: Readonly<Record<Dropped, number>>;
  /** Of the rows kept: responses that were cut, and that have a word written as ‹other› or left out; of 2 × kept. */
  truncated: number;
  changed: number;
  /** Words of the vocabulary, and different words of the file. */
  words: number;
  wordsInFile: number;
  /** Words of all responses of the file, one by one, that stand in the world as they are, and how many there are. */
  written: number;
  inFile: number;
  prompts: number;
  promptsInFile: number;
  /** Different pairs. */
  pairs: number;
  /** Of the response space, over all prompts. */
  responses: number;
}

export interface Toy {
  report: ToyReport;
  /** Null where no row is kept. */
  experiment: Experiment | null;
  /** What forbids it; empty where it can be opened. */
  problems: readonly Problem[];
}

/** Longest prompt that a world shows whole, in characters. */
const PROMPT_LENGTH = 160;
/** Reward of a response that no comparison names. */
const UNSEEN_REWARD = -2;

/** The toy world that the choices make of a data set. */
export function toyOf(table: TokenTable, choices: Choices, name: string): Toy {
  const { rows, dropped } = keepRows(table, choices);
  const sides = rows.flatMap(({ chosen, rejected }) => [chosen, rejected]);
  const used = [...new Set(sides.flat())].sort((a, b) => Number(a === OTHER_ID) - Number(b === OTHER_ID));
  const experiment = rows.length === 0 ? null : experimentOf(table, choices, rows, used, name);
  const pairs = experiment && 'pairs' in experiment.preferences ? experiment.preferences.pairs : [];
  const report: ToyReport = {
    rows: table.promptOf.length, kept: rows.length, dropped,
    truncated: rows.reduce((sum, row) => sum + row.truncated, 0), changed: rows.reduce((sum, row) => sum + row.changed, 0),
    words: used.length, wordsInFile: table.words.length,
    written: sides.reduce((sum, side) => sum + side.filter((word) => word !== OTHER_ID).length, 0), inFile: table.ids.length,
    prompts: experiment?.world.prompts.length ?? 0, promptsInFile: table.prompts.length,
    pairs: pairs.length, responses: experiment ? responseCount(experiment.world) : 0,
  };
  return { report, experiment, problems: experiment ? problemsOf(experiment) : [] };
}

/** What forbids an experiment whose fields are right: a product that is too large, or a text that is too long. */
function problemsOf(experiment: Experiment): Problem[] {
  const problems = ruleProblems(experiment);
  if (problems.length > 0) return problems;
  const bytes = new TextEncoder().encode(printExperiment(experiment)).length;
  return bytes <= MAX_TEXT_BYTES ? [] : [mustBe('preferences.pairs', msg`few enough for an experiment of at most ${MAX_TEXT_BYTES} bytes`, msg`${bytes} bytes`)];
}

function experimentOf(table: TokenTable, { merge, maxLength, corpus, gold }: Choices, rows: readonly KeptRow[], used: readonly number[], name: string): Experiment {
  const prompts = [...new Set(rows.map(({ prompt }) => prompt))];
  const index = new Map(prompts.map((prompt, i) => [prompt, i]));
  const spelling = (word: number) => (word === OTHER_ID ? OTHER_WORD : table.words[word]);
  const text = (words: readonly number[]) => words.map(spelling).join(' ');
  const pairs = new Map<string, PairSpec>();
  const written = new Map<string, CorpusEntry>();
  const compared = new Map<string, { prompt: number; response: string; won: number; all: number }>();
  for (const { row, prompt, chosen: better, rejected: worse } of rows) {
    const at = index.get(prompt) ?? 0;
    const [chosen, rejected, weight] = [text(better), text(worse), table.weights[row]];
    added(pairs, [at, chosen, rejected], { prompt: at, chosen, rejected, weight: 0 }).weight += weight;
    for (const response of corpus === 'both' ? [chosen, rejected] : [chosen]) added(written, [at, response], { prompt: at, response, weight: 0 }).weight += weight;
    for (const [response, won] of [[chosen, 1], [rejected, 0]] as const) {
      const known = added(compared, [at, response], { prompt: at, response, won: 0, all: 0 });
      known.won += won * weight;
      known.all += weight;
    }
  }
  const truth: Pick<Experiment, 'gold'> = gold === 'none' ? {} : { gold: goldOf([...compared.values()]) };
  return {
    ...FRAME, name, ...truth,
    world: { words: used.map(spelling), maxLength, prompts: labels(prompts.map((prompt) => (merge ? msg`all prompts` : table.prompts[prompt]))) },
    reference: { kind: 'corpus', corpus: inRange([...written.values()]), smoothing: 0.001 },
    preferences: { pairs: inRange([...pairs.values()]) },
  };
}

/** The same proportions with weights that an experiment may have. */
function inRange<T extends { weight: number }>(entries: readonly T[]): T[] {
  const most = entries.reduce((max, { weight }) => Math.max(max, weight), 0);
  return most <= RANGES.pairWeight.max ? [...entries] : entries.map((entry) => ({ ...entry, weight: entry.weight / most }));
}

/** All but the world: DPO with a small β on a policy with shared weights, as in chapter 5. */
const FRAME = {
  version: 1, policy: { kind: 'mlp', hidden: [16] },
  algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.05, labelSmoothing: 0, lengthAlpha: 0, dpopLambda: 50, simpoGamma: 0.5, nllWeight: 0, klWeight: 0, batch: 0 },
  optimizer: { kind: 'sgd', learningRate: 1 }, steps: 800, seeds: [0, 1, 2, 3],
} satisfies Omit<Experiment, 'name' | 'world' | 'reference' | 'gold' | 'preferences'>;

function goldOf(compared: readonly { prompt: number; response: string; won: number; all: number }[]): GoldSpec {
  return {
    responses: compared.map(({ prompt, response, won, all }) => ({ prompt, response, reward: won / all })),
    otherwise: UNSEEN_REWARD, perWord: {}, containsWord: {}, perToken: 0,
  };
}

/** The entry of a key; a new one where it has none. */
function added<T>(map: Map<string, T>, key: readonly (string | number)[], fresh: T): T {
  const text = JSON.stringify(key);
  const known = map.get(text);
  if (known) return known;
  map.set(text, fresh);
  return fresh;
}

/** Prompts as a world shows them: on one line, not too long, no two alike. */
function labels(prompts: readonly string[]): string[] {
  const taken = new Set<string>();
  return prompts.map((prompt) => {
    const characters = [...seen(prompt).trim()];
    const label = characters.length === 0 ? msg`(no prompt)` : characters.length > PROMPT_LENGTH ? `${characters.slice(0, PROMPT_LENGTH).join('')} …` : characters.join('');
    let unique = label;
    for (let n = 2; taken.has(unique); n++) unique = `${label} (${n})`;
    taken.add(unique);
    return unique;
  });
}

/** The experiment as a file would bring it; what is wrong with it where it cannot be one. */
export function asFile(experiment: Experiment): ReturnType<typeof readExperiment> {
  return readExperiment(minimalExperiment(experiment));
}
