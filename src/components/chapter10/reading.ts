/** What the reader of experiment files says of what is written, and how large it would be. */
import type { Experiment } from '../../sim/experiment.ts';
import { MAX_TEXT_BYTES, readExperiment, supportProblem } from '../../sim/experimentSchema.ts';
import { contextCount, MAX_ENTRIES, MAX_RESPONSES, populationSize, responseCount } from '../../sim/experimentSizes.ts';
import { MAX_HELD, numbersHeld } from '../../sim/experimentMemory.ts';
import { inRange, RANGES } from '../../sim/experimentRanges.ts';
import { parseJson } from '../../sim/jsonText.ts';
import { msg } from '../../sim/msg.ts';
import type { Problem } from '../../sim/problem.ts';
import { count } from '../format.ts';
import { lineOf, linesOf } from './jsonLines.ts';
import { fileOf, numberOf, type Knobs, type Sheet } from './sheet.ts';

export type Reading = { experiment: Experiment; problems: readonly [] } | { experiment: null; problems: readonly Problem[] };

export const pathless = (sentence: string): Problem => ({ path: '', expected: '', found: '', message: sentence });

function judged(input: unknown): Reading {
  const read = readExperiment(input);
  if (!read.ok) return { experiment: null, problems: read.problems };
  const unsupported = supportProblem(read.experiment);
  return unsupported === null ? { experiment: read.experiment, problems: [] } : { experiment: null, problems: [pathless(unsupported)] };
}

export function readSheet(sheet: Sheet, knobs: Knobs): Reading {
  const reading = judged(fileOf(sheet, knobs));
  if (reading.experiment) return reading;
  // A number that is none yet keeps the reader from judging responses: they are judged without it as well.
  const known = new Set(reading.problems.map(({ path }) => path));
  const others = judged(fileOf(withoutNumbers(sheet, known), knobs)).problems.filter(({ path }) => OF_TEXTS.test(path) && !known.has(path));
  return { experiment: null, problems: [...reading.problems, ...others] };
}

/** Fields whose rules depend on other fields. */
const OF_TEXTS = /^(?:reference\.corpus|preferences\.pairs|gold\.responses)\[\d+\]\.(?:response|chosen|rejected)$|^world\.(?:words|prompts)\[\d+\]$/u;

/** The sheet with numbers that can be read in the place of those that cannot. */
function withoutNumbers(sheet: Sheet, wrong: ReadonlySet<string>): Sheet {
  const { reference, preferences, gold } = sheet;
  const or = (path: string, text: string, instead: string) => (wrong.has(path) ? instead : text);
  return {
    ...sheet,
    maxLength: or('world.maxLength', sheet.maxLength, '64'),
    words: sheet.words.map((line, i) => ({ ...line, weight: or(`reference.wordWeights[${i}]`, line.weight, '1'), perWord: '', containsWord: '' })),
    reference: {
      ...reference, smoothing: or('reference.smoothing', reference.smoothing, ''), stop: or('reference.stop', reference.stop, '0.5'),
      corpus: reference.corpus.map((line, i) => ({ ...line, weight: or(`reference.corpus[${i}].weight`, line.weight, '1') })),
    },
    preferences: {
      ...preferences, count: '', temperature: '', lengthBias: '',
      pairs: preferences.pairs.map((pair, i) => ({ ...pair, weight: or(`preferences.pairs[${i}].weight`, pair.weight, '1') })),
    },
    gold: {
      ...gold, otherwise: '', perToken: '',
      responses: gold.responses.map((line, i) => ({ ...line, reward: or(`gold.responses[${i}].reward`, line.reward, '0') })),
    },
  };
}

/** A problem of a text, at its line. */
export interface LineProblem extends Problem { line: number }

export interface TextReading { experiment: Experiment | null; problems: readonly LineProblem[] }

/** Characters from which on a text is read only after a longer rest from typing. */
export const LONG_TEXT = 200_000;
/** That rest, ms. */
export const LONG_REST = 1500;

let latest: { text: string; reading: TextReading } | null = null;

/** The same of a JSON text; the store and the page ask for the same one, which is read once. */
export function readText(text: string): TextReading {
  if (latest?.text !== text) latest = { text, reading: readAnew(text) };
  return latest.reading;
}

function readAnew(text: string): TextReading {
  const bytes = text.length > MAX_TEXT_BYTES ? text.length : new TextEncoder().encode(text).length;
  if (bytes > MAX_TEXT_BYTES) return { experiment: null, problems: [{ ...pathless(msg`The text must have at most ${MAX_TEXT_BYTES.toLocaleString('en')} bytes (5 MB), got ${bytes.toLocaleString('en')}${bytes === text.length ? msg` or more` : ''}; it is not read.`), line: 1 }] };
  const json = parseJson(text);
  if (!json.ok) return { experiment: null, problems: [{ ...pathless(msg`The text must be JSON; ${json.sentence}.`), line: json.line }] };
  const { experiment, problems } = judged(json.value);
  if (problems.length === 0) return { experiment, problems: [] };
  const lines = linesOf(text);
  return { experiment, problems: problems.map((problem) => ({ ...problem, line: lineOf(lines, problem.path) })) };
}

/** The first problem of every field. */
export function byPath(problems: readonly Problem[]): Map<string, Problem> {
  return new Map(problems.toReversed().map((problem) => [problem.path, problem]));
}

/** At the field itself, where its path need not be said. */
export function sentenceOf({ expected, found, message }: Problem): string {
  return expected === '' ? message : msg`Must be ${expected}, got ${found}.`;
}

/** How many responses there are, in a sentence; `fits` says whether they can be listed. Null while there is no number of words. */
export function spaceWords(sheet: Sheet): { sentence: string; responses: number; fits: boolean } | null {
  const maxLength = numberOf(sheet.maxLength);
  if (!inRange(maxLength, RANGES.maxLength)) return null;
  const world = { words: sheet.words.map(({ word }) => word), maxLength, prompts: [...sheet.prompts] };
  const [responses, contexts] = [responseCount(world), contextCount(world)];
  const each = responses / sheet.prompts.length;
  const lots = (n: number) => (n < 1e15 ? n.toLocaleString('en') : n.toExponential(1));
  const whose = sheet.prompts.length > 1 ? msg`${lots(each)} responses to each of ${sheet.prompts.length} prompts, ${lots(responses)} in all` : msg`${lots(responses)} responses`;
  const fits = responses <= MAX_RESPONSES;
  const sentence = fits
    ? msg`${count(world.words.length, 'word')}, up to ${maxLength} in a row: ${whose}, and ${lots(contexts)} places where the policy chooses a word.`
    : msg`${count(world.words.length, 'word')}, up to ${maxLength} in a row, would make ${whose}. Every one of them is listed here, and ${MAX_RESPONSES.toLocaleString('en')} is the most that can be: use fewer words, or fewer in a row.`;
  return { sentence, responses, fits };
}

/** What a run of it has to hold, beside what it may. */
export function loadWords(experiment: Experiment): string {
  const policies = populationSize(experiment);
  const share = (part: number) => (part < 0.01 ? msg`less than 1 %` : msg`${Math.ceil(100 * part)} %`);
  const [listed, held] = [policies * responseCount(experiment.world) / MAX_ENTRIES, numbersHeld(experiment) / MAX_HELD];
  return msg`${policies === 1 ? msg`One policy is` : msg`${policies} policies are`} trained on it: ${share(Math.max(listed, held))} of what a run may hold.`;
}

const NAMES: Readonly<Record<string, () => string>> = {
  'reference.corpus': () => msg`the reference’s sentence`, 'preferences.pairs': () => msg`pair`, 'gold.responses': () => msg`reward`,
  'world.prompts': () => msg`prompt`, 'world.words': () => msg`word`, 'reference.wordWeights': () => msg`the weight of word`,
};

/** A field in words, for the list of all problems: "pair 2"; its path where it has none. */
export function fieldName(path: string): string {
  const [, list, index] = /^(.*?)\[(\d+)\]/u.exec(path) ?? [];
  const name = list === undefined ? undefined : NAMES[list];
  return name ? `${name()} ${Number(index) + 1}` : path;
}
