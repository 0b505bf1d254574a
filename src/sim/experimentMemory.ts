/**
 * How many numbers a run holds on its backend at once: an estimate from above, and its bound.
 *
 * What an update holds is its parameters with the optimiser's state, and per row of a batch (a context, or a token that
 * was drawn) what the gradient needs of the network there. The factors are what was measured on tfjs-wasm 4.22, where a
 * whole update lives in one tidy; tests/memory.test.ts measures them again. wasm itself ends at 2³⁰ numbers, the gaps
 * between arrays included: with large arrays they take up most of what the bound leaves.
 */
import { readsRewardModel } from './experimentDefaults.ts';
import {
  contextCount, contextsOf, differentPairs, onlineLimits, pairsPath, populationSize, REWARD_MODEL_UNITS, responseCount, rolloutTokens, usesAllContexts,
} from './experimentSizes.ts';
import { msg } from './msg.ts';
import { mustBe } from './problem.ts';
import type { Experiment } from './experiment.ts';
import type { Problem } from './problem.ts';

/** Most numbers that a run may hold on its backend at once, 4 bytes each. */
export const MAX_HELD = 600_000_000;

/** Numbers held for each … */
const HELD = {
  /** parameter: itself, its gradient, the optimiser's state and steps; Adam's, and SGD's. */
  adam: 18, sgd: 8,
  /** number of a network's input. */
  input: 3,
  /** unit of a tanh layer in a row. */
  unit: 9,
  /** number of the transformer's width in a row, all its layers together. */
  width: 120,
  /** attention weight of a row: a head and an entry. */
  attention: 13,
  /** logit of a row; the same where the objective or a KL is summed over the whole forest. */
  logit: 30, forestLogit: 45,
  /** token choice of a pair as a matrix entry: a loss that reads both sides keeps three matrices. */
  choice: 6,
  /** pair of a policy. */
  pair: 60,
  /** response of a reward model's pairs, per parameter or unit it has there. */
  score: 20,
  /** log-probability that PPO reads back: of the token, its entropy, its value. */
  reading: 3,
} as const;

/** Something held at once with others. */
interface Part {
  path: string;
  /** What is multiplied, for a sentence. */
  product: string;
  numbers: number;
}

/** What is wrong with an experiment that would hold too much, named after the largest part; empty where nothing is. */
export function memoryProblems(experiment: Experiment): Problem[] {
  const phases = [fitParts(experiment), rewardModelParts(experiment), trainingParts(experiment)];
  for (const parts of phases) {
    const total = heldBy(parts);
    if (total <= MAX_HELD) continue;
    const largest = parts.reduce((a, b) => (b.numbers > a.numbers ? b : a));
    return [mustBe(largest.path, msg`small enough for at most ${MAX_HELD} numbers held at once (above all: ${largest.product})`, msg`up to ${Math.ceil(total)}`)];
  }
  return [];
}

/** Most numbers that a run of an experiment holds on its backend at once. */
export function numbersHeld(experiment: Experiment): number {
  return Math.max(...[fitParts(experiment), rewardModelParts(experiment), trainingParts(experiment)].map(heldBy));
}

function heldBy(parts: readonly Part[]): number {
  return parts.reduce((sum, { numbers }) => sum + numbers, 0);
}

/** The supervised fit of π_ref: one policy per seed on all contexts, by Adam. A table is not fitted. */
function fitParts(experiment: Experiment): Part[] {
  const { policy, seeds, world } = experiment;
  if (policy.kind === 'tabular') return [];
  const contexts = contextCount(world);
  return [
    parameters(experiment, seeds.length, HELD.adam, 'seeds'),
    sharedInputs(experiment, contexts),
    rows(experiment, seeds.length * contexts, 'seeds × contexts', HELD.logit),
  ];
}

/** The reward model's fit, before training or as the run itself. */
function rewardModelParts(experiment: Experiment): Part[] {
  const { world, preferences, rewardModel } = experiment;
  if (!readsRewardModel(experiment) || rewardModel === undefined) return [];
  // Sampled pairs come with as many held-out ones.
  const responses = Math.min(responseCount(world), ('sampled' in preferences ? 4 : 2) * differentPairs(experiment));
  const policies = populationSize(experiment);
  const width = world.prompts.length + world.maxLength * (world.words.length + 1);
  const path = pairsPath(experiment);
  if (rewardModel.kind !== 'mlp') return [{ path, product: msg`policies × different responses of the pairs`, numbers: HELD.score * policies * responses }];
  return [
    { path, product: msg`policies × different responses of the pairs × ${REWARD_MODEL_UNITS} units of the reward model`, numbers: HELD.unit * policies * responses * REWARD_MODEL_UNITS },
    { path, product: msg`different responses of the pairs × inputs of the reward model (prompts + world.maxLength × tokens)`, numbers: HELD.input * responses * width },
    { path: 'world.prompts', product: msg`policies × inputs of the reward model × ${REWARD_MODEL_UNITS} units`, numbers: HELD.adam * policies * width * REWARD_MODEL_UNITS },
  ];
}

/** One update of the experiment's algorithm. */
function trainingParts(experiment: Experiment): Part[] {
  const { world, algorithm, optimizer, policy } = experiment;
  if (algorithm.kind === 'reward-model') return [];
  const policies = populationSize(experiment);
  const contexts = contextCount(world);
  const factor = HELD[optimizer.kind];
  const always = [parameters(experiment, policies, factor, 'policies'), ...(policy.kind === 'tabular' ? [] : [sharedInputs(experiment, contexts)])];
  const forest = rows(experiment, policies * contexts, 'policies × contexts', HELD.forestLogit);
  switch (algorithm.kind) {
    case 'exact': return [...always, forest];
    case 'dpo': {
      const pairs = differentPairs(experiment);
      const active = usesAllContexts(experiment) ? contexts : contextsOf(world, pairs);
      return [
        ...always,
        usesAllContexts(experiment) ? forest : rows(experiment, policies * active, msg`policies × contexts of the pairs`, HELD.logit),
        ...pairParts(experiment, pairsPath(experiment), pairs, active * pairs, msg`contexts × tokens × different pairs of all policies`),
      ];
    }
    case 'online-dpo': {
      const { pairs, contexts: active, path } = onlineLimits(experiment);
      return [
        ...always, ...(usesAllContexts(experiment) ? [forest] : []),
        rows(experiment, policies * active, msg`policies × contexts of their pairs`, HELD.logit),
        ownInputs(experiment, policies * active, msg`policies × contexts of their pairs`, path),
        ...pairParts(experiment, path, pairs, policies * active * pairs, msg`policies × contexts × tokens × pairs of each`),
      ];
    }
    case 'ppo': {
      const tokens = rolloutTokens(experiment, algorithm.rolloutBatch);
      const product = 'policies × prompts × algorithm.rolloutBatch × world.maxLength';
      const path = 'algorithm.rolloutBatch';
      return [
        ...always,
        { ...rows(experiment, tokens, product, HELD.logit), path },
        ownInputs(experiment, tokens, product, path),
        ...(algorithm.valueCoef > 0 ? criticParts(experiment, tokens, product, path) : []),
        { path: 'algorithm.epochs', product: msg`${product} × algorithm.epochs × algorithm.minibatches`, numbers: HELD.reading * tokens * algorithm.epochs * algorithm.minibatches },
      ];
    }
  }
}

/** Widths of a policy's or its critic's tanh layers. */
function hiddenOf({ policy }: Experiment): number[] {
  if (policy.kind === 'mlp') return policy.hidden;
  return policy.kind === 'transformer' ? [policy.width] : [];
}

/** Where a policy's size is said. */
function policyPath({ policy }: Experiment): string {
  if (policy.kind === 'tabular') return 'world';
  return policy.kind === 'mlp' ? 'policy.hidden' : 'policy.width';
}

/** Numbers that an MLP reads of a context: one-hot prompt, position and two tokens. */
function inputWidth({ world: { prompts, words, maxLength } }: Experiment): number {
  return prompts.length + maxLength + 2 * (words.length + 1);
}

/** Entries that a transformer attends to: prompts, and every word at every position but the last. */
function entryCount({ world: { prompts, words, maxLength } }: Experiment): number {
  return prompts.length + words.length * (maxLength - 1);
}

/** Weights of fully connected layers, biases left out. */
function weightsOf(widths: readonly number[]): number {
  return widths.slice(1).reduce((sum, width, l) => sum + width * widths[l], 0);
}

function parameters(experiment: Experiment, policies: number, factor: number, counted: string): Part {
  const { world, policy } = experiment;
  const tokens = world.words.length + 1;
  let each = contextCount(world) * tokens;
  let what = 'contexts × tokens';
  if (policy.kind === 'mlp') {
    each = weightsOf([inputWidth(experiment), ...policy.hidden, tokens]);
    what = msg`weights of the network, its inputs being prompts + world.maxLength + 2 × tokens`;
  } else if (policy.kind === 'transformer') {
    each = policy.width * (world.prompts.length + world.words.length + world.maxLength + 12 * policy.width + tokens);
    what = 'policy.width × (prompts + words + world.maxLength + 12 × policy.width + tokens)';
  }
  return { path: policyPath(experiment), product: `${counted} × ${what}`, numbers: factor * policies * each };
}

/** The inputs of all contexts, the same for every policy. */
function sharedInputs(experiment: Experiment, contexts: number): Part {
  const entries = entryCount(experiment);
  return experiment.policy.kind === 'transformer'
    ? { path: 'world', product: 'contexts × (prompts + words × (world.maxLength − 1))', numbers: 2 * HELD.input * contexts * entries }
    : { path: 'world', product: msg`contexts × inputs of the network (prompts + world.maxLength + 2 × tokens)`, numbers: HELD.input * contexts * inputWidth(experiment) };
}

/** Inputs of rows of every policy's own: what `BoundPolicy.rows` makes. */
function ownInputs(experiment: Experiment, count: number, counted: string, path: string): Part {
  switch (experiment.policy.kind) {
    case 'tabular': return { path, product: msg`${counted} × contexts, for a table`, numbers: HELD.input * count * contextCount(experiment.world) };
    case 'mlp': return { path, product: msg`${counted} × inputs of the network (prompts + world.maxLength + 2 × tokens)`, numbers: HELD.input * count * inputWidth(experiment) };
    case 'transformer': return { path, product: msg`${counted} × (prompts + words × (world.maxLength − 1))`, numbers: 2 * HELD.input * count * entryCount(experiment) };
  }
}

/** What the gradient keeps of a policy in so many rows. */
function rows(experiment: Experiment, count: number, counted: string, logit: number): Part {
  const { policy, world } = experiment;
  const logits = logit * (world.words.length + 1);
  switch (policy.kind) {
    case 'tabular': return { path: 'world', product: msg`${counted} × tokens`, numbers: count * logits };
    case 'mlp': return {
      path: 'policy.hidden', product: msg`${counted} × (units of policy.hidden + tokens)`,
      numbers: count * (HELD.unit * policy.hidden.reduce((sum, width) => sum + width, 0) + logits),
    };
    case 'transformer': return {
      path: 'policy.width', product: msg`${counted} × (policy.width + policy.heads × (prompts + words × (world.maxLength − 1)) + tokens)`,
      numbers: count * (HELD.width * policy.width + HELD.attention * policy.heads * entryCount(experiment) + logits),
    };
  }
}

/** @param entries  contexts × pairs, of all policies where each has its own */
function pairParts(experiment: Experiment, path: string, pairs: number, entries: number, product: string): Part[] {
  return [
    { path, product, numbers: HELD.choice * entries * (experiment.world.words.length + 1) },
    { path, product: msg`policies × different pairs`, numbers: HELD.pair * populationSize(experiment) * pairs },
  ];
}

/** PPO's critic: a table, or an MLP with inputs of its own beside a transformer. */
function criticParts(experiment: Experiment, tokens: number, counted: string, path: string): Part[] {
  const { policy, optimizer } = experiment;
  if (policy.kind === 'tabular') return [];
  const hidden = hiddenOf(experiment);
  const inputs = inputWidth(experiment);
  const units = hidden.reduce((sum, width) => sum + width, 0);
  return [
    { path, product: msg`${counted} × units of the critic`, numbers: tokens * (HELD.unit * units + (policy.kind === 'transformer' ? HELD.input * inputs : 0)) },
    { path: policyPath(experiment), product: msg`policies × weights of the critic`, numbers: HELD[optimizer.kind] * populationSize(experiment) * weightsOf([inputs, ...hidden, 1]) },
  ];
}
