/** The rules of an experiment that depend on more than one field. */
import {
  describeRange, inRange, KNOB_LOSSES, labelSmoothingRange, quotedList, showValue,
} from './experimentRanges.ts';
import { sweepKeysOf } from './experimentDefaults.ts';
import { MAX_POPULATION, MAX_RESPONSES, populationSize, responseCount, sizeProblems } from './experimentSizes.ts';
import { memoryProblems } from './experimentMemory.ts';
import { msg } from './msg.ts';
import { mustBe } from './problem.ts';
import type { Experiment, WorldSpec } from './experiment.ts';
import type { Problem } from './problem.ts';

/** Every broken rule of an experiment whose fields are right one by one. */
export function ruleProblems(experiment: Experiment): Problem[] {
  return [
    ...worldProblems(experiment.world),
    ...referenceProblems(experiment),
    ...goldProblems(experiment),
    ...preferenceProblems(experiment),
    ...algorithmProblems(experiment),
    ...populationProblems(experiment),
    ...tooLarge(experiment),
  ];
}

/** What holds too much: single arrays first, then all of a run together. */
function tooLarge(experiment: Experiment): Problem[] {
  const problems = sizeProblems(experiment);
  return problems.length > 0 ? problems : memoryProblems(experiment);
}

function worldProblems(world: WorldSpec): Problem[] {
  const problems = [...repeated('world.words', world.words), ...repeated('world.prompts', world.prompts)];
  const count = responseCount(world);
  if (count > MAX_RESPONSES) {
    const what = msg`small enough for at most ${MAX_RESPONSES} responses (prompts × the sum of words^d for d = 0..maxLength)`;
    problems.push(mustBe('world', what, msg`${count} responses`));
  }
  return problems;
}

function referenceProblems({ world, reference }: Experiment): Problem[] {
  if (reference.kind === 'unigram') {
    const { wordWeights } = reference;
    const sum = wordWeights.reduce((total, weight) => total + weight, 0);
    if (wordWeights.length === world.words.length && sum > 0) return [];
    const what = msg`a list of exactly ${world.words.length} numbers (one per word) with a positive sum`;
    return [mustBe('reference.wordWeights', what, showValue(wordWeights))];
  }
  const problems = entryProblems(world, 'reference.corpus', reference.corpus);
  world.prompts.forEach((_, prompt) => {
    if (reference.corpus.some((entry) => entry.prompt === prompt && entry.weight > 0)) return;
    problems.push(mustBe('reference.corpus', msg`a list with an entry of positive weight for every prompt`, msg`none for prompt ${prompt}`));
  });
  return problems;
}

function goldProblems({ world, gold, algorithm, preferences }: Experiment): Problem[] {
  if (gold !== undefined) {
    return [
      ...entryProblems(world, 'gold.responses', gold.responses),
      ...(['perWord', 'containsWord'] as const).flatMap((field) => Object.keys(gold[field])
        .filter((word) => !world.words.includes(word))
        .map((word) => mustBe(`gold.${field}`, msg`an object whose keys are words (${quotedList(world.words)})`, JSON.stringify(word)))),
    ];
  }
  const needs = (path: string, found: string): Problem =>
    mustBe(path, msg`used with a gold reward (the field "gold", which is missing)`, JSON.stringify(found));
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
      problems.push(mustBe(`${path}.rejected`, msg`a response other than the chosen one`, JSON.stringify(pair.rejected)));
    }
    return problems;
  });
}

function algorithmProblems({ algorithm, policy, sweep }: Experiment): Problem[] {
  const problems: Problem[] = [];
  if (policy.kind === 'transformer' && policy.width % policy.heads !== 0) {
    problems.push(mustBe('policy.width', msg`a multiple of policy.heads (${policy.heads})`, String(policy.width)));
  }
  if (algorithm.kind === 'ppo' && algorithm.minibatches > algorithm.rolloutBatch) {
    const what = msg`an integer in [1, ${algorithm.rolloutBatch}] (at most algorithm.rolloutBatch)`;
    problems.push(mustBe('algorithm.minibatches', what, String(algorithm.minibatches)));
  }
  if (algorithm.kind === 'dpo' || algorithm.kind === 'online-dpo') {
    const range = labelSmoothingRange(algorithm.loss);
    const what = msg`${describeRange(range)} with the loss ${JSON.stringify(algorithm.loss)}`;
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

function populationProblems(experiment: Experiment): Problem[] {
  const { algorithm, seeds, sweep } = experiment;
  const problems = repeated('seeds', seeds);
  const allowed = sweepKeysOf(experiment);
  for (const [key, values] of Object.entries(sweep ?? {})) {
    problems.push(...repeated(`sweep.${key}`, values));
    if (!allowed.some((name) => name === key)) {
      problems.push(mustBe(`sweep.${key}`, msg`left out: "${algorithm.kind}" can be swept over ${quotedList(allowed)} only`, showValue(values)));
    }
  }
  const size = populationSize(experiment);
  if (size > MAX_POPULATION) {
    problems.push(mustBe(sweep === undefined ? 'seeds' : 'sweep', msg`small enough for at most ${MAX_POPULATION} policies (seeds × swept values)`, msg`${size} policies`));
  }
  return problems;
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
      problems.push(mustBe(`${path}[${index}].response`, msg`listed once per prompt (it is listed before for prompt ${prompt})`, JSON.stringify(response)));
    }
    seen.add(key);
    return problems;
  });
}

function promptProblems({ prompts }: WorldSpec, path: string, prompt: number): Problem[] {
  const range = { min: 0, max: prompts.length - 1, integer: true };
  return inRange(prompt, range) ? [] : [mustBe(path, msg`${describeRange(range)}, the index of a prompt`, String(prompt))];
}

function responseProblems({ words, maxLength }: WorldSpec, path: string, response: string): Problem[] {
  if (response === '') return [];
  const found = showValue(response);
  const tokens = response.split(' ');
  if (/[^\S ]/u.test(response) || tokens.includes('')) {
    return [mustBe(path, msg`words joined by exactly one space, with none before or after`, found)];
  }
  const unknown = tokens.find((token) => !words.includes(token));
  if (unknown !== undefined) {
    return [mustBe(path, msg`made of the words ${quotedList(words)}`, msg`${found}, where ${showValue(unknown)} is not one of them`)];
  }
  if (tokens.length > maxLength) return [mustBe(path, msg`at most ${maxLength} words (world.maxLength)`, msg`${found}, which has ${tokens.length}`)];
  return [];
}

function repeated(path: string, values: readonly (string | number)[]): Problem[] {
  const seen = new Set<string | number>();
  return values.flatMap((value, index) => {
    const again = seen.has(value);
    seen.add(value);
    return again ? [mustBe(`${path}[${index}]`, msg`different from the entries before it`, showValue(value))] : [];
  });
}
