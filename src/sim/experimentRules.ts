/** The rules of an experiment that depend on more than one field. */
import {
  describeRange, inRange, KNOB_LOSSES, labelSmoothingRange, quotedList, showValue,
} from './experimentRanges.ts';
import { sweepKeysOf } from './experimentDefaults.ts';
import { mustBe } from './problem.ts';
import type { Experiment, WorldSpec } from './experiment.ts';
import type { Problem } from './problem.ts';

/** Most responses a world may have, over all prompts: every one of them is enumerated. */
export const MAX_RESPONSES = 2_000_000;
/** Most policies of a population: seeds × swept values. */
export const MAX_POPULATION = 1024;
/** Most probabilities that are enumerated at once: policies × responses. */
export const MAX_ENUMERATED = 40_000_000;
/** Most entries of the matrix that says which token choices each pair is made of: contexts × tokens × pairs. */
export const MAX_PATH_ENTRIES = 40_000_000;

/**
 * How many responses a world has, over all its prompts.
 *
 *   prompts × Σ_{d=0..T} V^d
 */
export function responseCount({ words, maxLength, prompts }: WorldSpec): number {
  let perPrompt = 0;
  for (let depth = 0; depth <= maxLength; depth += 1) perPrompt += words.length ** depth;
  return prompts.length * perPrompt;
}

/** Every broken rule of an experiment whose fields are right one by one. */
export function ruleProblems(experiment: Experiment): Problem[] {
  return [
    ...worldProblems(experiment.world),
    ...referenceProblems(experiment),
    ...goldProblems(experiment),
    ...preferenceProblems(experiment),
    ...algorithmProblems(experiment),
    ...populationProblems(experiment),
    ...pairSizeProblems(experiment),
  ];
}

function worldProblems(world: WorldSpec): Problem[] {
  const problems = [...repeated('world.words', world.words), ...repeated('world.prompts', world.prompts)];
  const count = responseCount(world);
  if (count > MAX_RESPONSES) {
    const what = `small enough for at most ${MAX_RESPONSES} responses (prompts × the sum of words^d for d = 0..maxLength)`;
    problems.push(mustBe('world', what, `${count} responses`));
  }
  return problems;
}

function referenceProblems({ world, reference }: Experiment): Problem[] {
  if (reference.kind === 'unigram') {
    const { wordWeights } = reference;
    const sum = wordWeights.reduce((total, weight) => total + weight, 0);
    if (wordWeights.length === world.words.length && sum > 0) return [];
    const what = `a list of exactly ${world.words.length} numbers (one per word) with a positive sum`;
    return [mustBe('reference.wordWeights', what, showValue(wordWeights))];
  }
  const problems = entryProblems(world, 'reference.corpus', reference.corpus);
  world.prompts.forEach((_, prompt) => {
    if (reference.corpus.some((entry) => entry.prompt === prompt && entry.weight > 0)) return;
    problems.push(mustBe('reference.corpus', 'a list with an entry of positive weight for every prompt', `none for prompt ${prompt}`));
  });
  return problems;
}

function goldProblems({ world, gold, algorithm, preferences }: Experiment): Problem[] {
  if (gold !== undefined) {
    return [
      ...entryProblems(world, 'gold.responses', gold.responses),
      ...(['perWord', 'containsWord'] as const).flatMap((field) => Object.keys(gold[field])
        .filter((word) => !world.words.includes(word))
        .map((word) => mustBe(`gold.${field}`, `an object whose keys are words (${quotedList(world.words)})`, JSON.stringify(word)))),
    ];
  }
  const needs = (path: string, found: string): Problem =>
    mustBe(path, 'used with a gold reward (the field "gold", which is missing)', JSON.stringify(found));
  const problems: Problem[] = [];
  if (algorithm.kind === 'exact') problems.push(needs('algorithm.kind', 'exact'));
  if (algorithm.kind === 'online-dpo' && algorithm.judge === 'gold') problems.push(needs('algorithm.judge', 'gold'));
  if (algorithm.kind === 'ppo' && algorithm.reward === 'gold') problems.push(needs('algorithm.reward', 'gold'));
  if ('sampled' in preferences) problems.push(needs('preferences.sampled', preferences.sampled.labels));
  return problems;
}

function preferenceProblems({ world, preferences }: Experiment): Problem[] {
  if ('sampled' in preferences) return [];
  return preferences.pairs.flatMap((pair, index) => {
    const path = `preferences.pairs[${index}]`;
    const problems = [
      ...promptProblems(world, `${path}.prompt`, pair.prompt),
      ...responseProblems(world, `${path}.chosen`, pair.chosen),
      ...responseProblems(world, `${path}.rejected`, pair.rejected),
    ];
    if (problems.length === 0 && pair.chosen === pair.rejected) {
      problems.push(mustBe(`${path}.rejected`, 'a response other than the chosen one', JSON.stringify(pair.rejected)));
    }
    return problems;
  });
}

function algorithmProblems({ algorithm, policy, sweep }: Experiment): Problem[] {
  const problems: Problem[] = [];
  if (policy.kind === 'transformer' && policy.width % policy.heads !== 0) {
    problems.push(mustBe('policy.width', `a multiple of policy.heads (${policy.heads})`, String(policy.width)));
  }
  if (algorithm.kind === 'ppo' && algorithm.minibatches > algorithm.rolloutBatch) {
    const what = `an integer in [1, ${algorithm.rolloutBatch}] (at most algorithm.rolloutBatch)`;
    problems.push(mustBe('algorithm.minibatches', what, String(algorithm.minibatches)));
  }
  if (algorithm.kind === 'dpo' || algorithm.kind === 'online-dpo') {
    const range = labelSmoothingRange(algorithm.loss);
    const what = `${describeRange(range)} with the loss ${JSON.stringify(algorithm.loss)}`;
    const check = (path: string, value: number): void => {
      if (!inRange(value, range)) problems.push(mustBe(path, what, String(value)));
    };
    check('algorithm.labelSmoothing', algorithm.labelSmoothing);
    if (KNOB_LOSSES.labelSmoothing?.includes(algorithm.loss) === true) {
      sweep?.labelSmoothing?.forEach((value, index) => { check(`sweep.labelSmoothing[${index}]`, value); });
    }
  }
  return problems;
}

function populationProblems({ world, algorithm, seeds, sweep }: Experiment): Problem[] {
  const problems = repeated('seeds', seeds);
  const allowed = sweepKeysOf(algorithm);
  let size = seeds.length;
  for (const [key, values] of Object.entries(sweep ?? {})) {
    size *= values.length;
    problems.push(...repeated(`sweep.${key}`, values));
    if (!allowed.some((name) => name === key)) {
      problems.push(mustBe(`sweep.${key}`, `left out: "${algorithm.kind}" can be swept over ${quotedList(allowed)} only`, showValue(values)));
    }
  }
  if (size > MAX_POPULATION) {
    problems.push(mustBe(sweep === undefined ? 'seeds' : 'sweep', `small enough for at most ${MAX_POPULATION} policies (seeds × swept values)`, `${size} policies`));
  }
  const enumerated = size * responseCount(world);
  if (size > 1 && enumerated > MAX_ENUMERATED) {
    const what = `small enough for at most ${MAX_ENUMERATED} probabilities at once (seeds × swept values × responses)`;
    problems.push(mustBe(sweep === undefined ? 'seeds' : 'sweep', what, String(enumerated)));
  }
  return problems;
}

/** The pairs' token choices are held as one dense matrix; its size is bounded from above. */
function pairSizeProblems({ world, preferences, seeds }: Experiment): Problem[] {
  const perPrompt = responseCount(world) / world.prompts.length;
  const contexts = responseCount({ ...world, maxLength: world.maxLength - 1 });
  const drawn = 'sampled' in preferences ? preferences.sampled.count * seeds.length : preferences.pairs.length;
  const pairs = Math.min(drawn, world.prompts.length * perPrompt ** 2);
  const entries = Math.min(contexts, 2 * pairs * world.maxLength) * (world.words.length + 1) * pairs;
  if (entries <= MAX_PATH_ENTRIES) return [];
  const what = `small enough for at most ${MAX_PATH_ENTRIES} entries (contexts × tokens × different pairs of all seeds)`;
  return [mustBe('sampled' in preferences ? 'preferences.sampled.count' : 'preferences.pairs', what, `up to ${entries}`)];
}

/** Entries of a corpus or of the gold reward: known prompt, well-formed response, each response of a prompt once. */
function entryProblems(world: WorldSpec, path: string, entries: readonly { prompt: number; response: string }[]): Problem[] {
  const seen = new Set<string>();
  return entries.flatMap(({ prompt, response }, index) => {
    const problems = [
      ...promptProblems(world, `${path}[${index}].prompt`, prompt),
      ...responseProblems(world, `${path}[${index}].response`, response),
    ];
    const key = `${prompt} ${response}`;
    if (seen.has(key)) {
      problems.push(mustBe(`${path}[${index}].response`, `listed once per prompt (it is listed before for prompt ${prompt})`, JSON.stringify(response)));
    }
    seen.add(key);
    return problems;
  });
}

function promptProblems({ prompts }: WorldSpec, path: string, prompt: number): Problem[] {
  const range = { min: 0, max: prompts.length - 1, integer: true };
  return inRange(prompt, range) ? [] : [mustBe(path, `${describeRange(range)}, the index of a prompt`, String(prompt))];
}

function responseProblems({ words, maxLength }: WorldSpec, path: string, response: string): Problem[] {
  if (response === '') return [];
  const found = showValue(response);
  const tokens = response.split(' ');
  if (/[^\S ]/u.test(response) || tokens.includes('')) {
    return [mustBe(path, 'words joined by exactly one space, with none before or after', found)];
  }
  const unknown = tokens.find((token) => !words.includes(token));
  if (unknown !== undefined) {
    return [mustBe(path, `made of the words ${quotedList(words)}`, `${found}, where ${showValue(unknown)} is not one of them`)];
  }
  if (tokens.length > maxLength) return [mustBe(path, `at most ${maxLength} words (world.maxLength)`, `${found}, which has ${tokens.length}`)];
  return [];
}

function repeated(path: string, values: readonly (string | number)[]): Problem[] {
  const seen = new Set<string | number>();
  return values.flatMap((value, index) => {
    const again = seen.has(value);
    seen.add(value);
    return again ? [mustBe(`${path}[${index}]`, 'different from the entries before it', showValue(value))] : [];
  });
}
