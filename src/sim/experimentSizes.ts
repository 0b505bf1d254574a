/**
 * How large an experiment may be: bounds on everything that is held as one array.
 *
 * Each refusal names the product that is bounded, its limit and what the experiment would need.
 */
import { readsRewardModel } from './experimentDefaults.ts';
import { msg } from './msg.ts';
import { mustBe } from './problem.ts';
import type { Experiment, WorldSpec } from './experiment.ts';
import type { Problem } from './problem.ts';

/** Most responses a world may have, over all prompts: every one of them is enumerated. */
export const MAX_RESPONSES = 2_000_000;
/** Most policies of a population: seeds × swept values. */
export const MAX_POPULATION = 1024;
/** Most numbers of one array: probabilities, weights, token choices of pairs, rows of a batch, readings. */
export const MAX_ENTRIES = 40_000_000;
/** Most tokens of all policies in one batch of PPO: each is a row of a network's input. */
export const MAX_TOKENS = 1_000_000;
/** Most pairs that are drawn at once, of all policies: their responses are listed one by one. */
export const MAX_DRAWN = 5_000_000;
/** Numbers that the reward model of kind "mlp" holds for each response. */
export const REWARD_MODEL_UNITS = 16;

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

/** How many policies an experiment trains: seeds × swept values. */
export function populationSize({ seeds, sweep }: Pick<Experiment, 'seeds' | 'sweep'>): number {
  return Object.values(sweep ?? {}).reduce((size, values) => size * values.length, seeds.length);
}

/** Every array of an experiment that would be too large. */
export function sizeProblems(experiment: Experiment): Problem[] {
  return [
    ...enumerationProblems(experiment), ...pairProblems(experiment), ...rolloutProblems(experiment), ...onlineProblems(experiment),
  ];
}

/** A problem where `entries` is more than `limit`; `product` says what is multiplied. */
function atMost(path: string, product: string, entries: number, limit: number, what = msg`entries`): Problem[] {
  if (entries <= limit) return [];
  return [mustBe(path, msg`small enough for at most ${limit} ${what} (${product})`, msg`up to ${entries}`)];
}

/** Contexts of a world: the prefixes after which a token is chosen. */
export function contextCount(world: WorldSpec): number {
  return responseCount({ ...world, maxLength: world.maxLength - 1 });
}

/** Most contexts that so many pairs pass through. */
export function contextsOf(world: WorldSpec, pairs: number): number {
  return Math.min(contextCount(world), 2 * pairs * world.maxLength);
}

function enumerationProblems({ world, seeds, sweep }: Experiment): Problem[] {
  const size = populationSize({ seeds, sweep });
  if (size === 1) return [];
  return atMost(sweep === undefined ? 'seeds' : 'sweep', msg`seeds × swept values × responses`, size * responseCount(world), MAX_ENTRIES, msg`probabilities at once`);
}

/** Whether a loss has a term in KL(π‖π_ref), which is summed over the whole forest. */
export function usesAllContexts({ algorithm, sweep }: Experiment): boolean {
  if (algorithm.kind !== 'dpo' && algorithm.kind !== 'online-dpo') return false;
  return algorithm.klWeight > 0 || sweep?.klWeight?.some((weight) => weight > 0) === true;
}

/** Where the pairs come from, for a sentence. */
export function pairsPath({ preferences }: Experiment): string {
  return 'sampled' in preferences ? 'preferences.sampled.count' : 'preferences.pairs';
}

/** Most different pairs that all policies together may have. */
export function differentPairs({ world, preferences, seeds, sweep }: Experiment): number {
  const perPrompt = responseCount(world) / world.prompts.length;
  // A length bias changes who wins, not what was drawn: a pair one way round or the other.
  const ways = (sweep?.lengthBias?.length ?? 1) > 1 ? 2 : 1;
  const drawn = 'sampled' in preferences ? preferences.sampled.count * seeds.length * ways : preferences.pairs.length;
  return Math.min(drawn, world.prompts.length * perPrompt ** 2);
}

/** The pairs as dense matrices: their weights, DPO's token choices, what a reward model computes of their responses. */
function pairProblems(experiment: Experiment): Problem[] {
  const { world, algorithm, preferences, rewardModel, seeds, sweep } = experiment;
  const path = pairsPath(experiment);
  const pairs = differentPairs(experiment);
  const policies = populationSize(experiment);
  const problems = atMost(path, msg`policies × different pairs of all of them`, policies * pairs, MAX_ENTRIES, 'weights');
  if ('sampled' in preferences) {
    const drawn = seeds.length * (sweep?.lengthBias?.length ?? 1) * preferences.sampled.count;
    problems.push(...atMost(path, msg`seeds × swept length biases × preferences.sampled.count`, drawn, MAX_DRAWN, msg`pairs drawn`));
  }
  if (algorithm.kind === 'dpo') {
    const contexts = usesAllContexts(experiment) ? contextCount(world) : contextsOf(world, pairs);
    problems.push(...atMost(path, msg`contexts × tokens × different pairs of all policies`, contexts * (world.words.length + 1) * pairs, MAX_ENTRIES));
  }
  if (readsRewardModel(experiment) && rewardModel?.kind === 'mlp') {
    // Sampled pairs come with as many held-out ones.
    const responses = Math.min(responseCount(world), ('sampled' in preferences ? 4 : 2) * pairs);
    problems.push(...atMost(path, msg`policies × different responses of the pairs × ${REWARD_MODEL_UNITS} units of the reward model`, policies * responses * REWARD_MODEL_UNITS, MAX_ENTRIES));
  }
  return problems;
}

/** Most tokens of all policies in one iteration of PPO. */
export function rolloutTokens(experiment: Experiment, rolloutBatch: number): number {
  const { prompts, maxLength } = experiment.world;
  return populationSize(experiment) * prompts.length * rolloutBatch * maxLength;
}

/** PPO's batches, also as its trainer sees them: tokens, a table's rows, and what every gradient step reads. */
export function rolloutProblems(experiment: Experiment): Problem[] {
  const { world, algorithm, policy } = experiment;
  if (algorithm.kind !== 'ppo') return [];
  const path = 'algorithm.rolloutBatch';
  const product = 'policies × prompts × algorithm.rolloutBatch × world.maxLength';
  const tokens = rolloutTokens(experiment, algorithm.rolloutBatch);
  return [
    ...atMost(path, product, tokens, MAX_TOKENS, msg`tokens at once`),
    ...(policy.kind === 'tabular' ? atMost(path, msg`${product} × contexts, for a table`, tokens * contextCount(world), MAX_ENTRIES) : []),
    ...atMost('algorithm.epochs', msg`${product} × algorithm.epochs × algorithm.minibatches`, tokens * algorithm.epochs * algorithm.minibatches, MAX_ENTRIES, 'log-probabilities'),
  ];
}

/** Pairs that a policy of online DPO starts with, and that it draws at once. */
function onlinePairs({ world, algorithm, preferences }: Experiment): { first: number; drawn: number } {
  return {
    first: 'sampled' in preferences ? preferences.sampled.count : preferences.pairs.length,
    drawn: algorithm.kind === 'online-dpo' ? algorithm.pairsPerResample * world.prompts.length : 0,
  };
}

/**
 * Most different pairs that a policy of online DPO may train on at once, most contexts that they pass through, and the
 * field that says so.
 */
export function onlineLimits(experiment: Experiment): { pairs: number; contexts: number; path: string } {
  const { world } = experiment;
  const { first, drawn } = onlinePairs(experiment);
  const different = responseCount(world) ** 2 / world.prompts.length;
  const pairs = Math.min(Math.max(drawn, first), different);
  return { pairs, contexts: contextsOf(world, pairs), path: drawn > first ? 'algorithm.pairsPerResample' : pairsPath(experiment) };
}

/** Online DPO's pairs, every policy with its own: those it starts with, or those it draws. Also its trainer's rule. */
export function onlineProblems(experiment: Experiment): Problem[] {
  const { world, algorithm, policy } = experiment;
  if (algorithm.kind !== 'online-dpo') return [];
  const { pairs, contexts, path } = onlineLimits(experiment);
  const policies = populationSize(experiment);
  const rows = policies * contexts;
  const drawn = policies * onlinePairs(experiment).drawn;
  return [
    ...atMost('algorithm.pairsPerResample', 'policies × prompts × algorithm.pairsPerResample', drawn, MAX_DRAWN, msg`pairs at once`),
    ...atMost(path, msg`policies × contexts × tokens × pairs of each`, rows * (world.words.length + 1) * pairs, MAX_ENTRIES),
    ...(policy.kind === 'tabular' ? atMost(path, msg`policies × contexts of their pairs × contexts, for a table`, rows * contextCount(world), MAX_ENTRIES) : []),
  ];
}
