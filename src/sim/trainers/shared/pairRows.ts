/**
 * Preference pairs of a population in which every policy has its own list, as constant tensors.
 *
 * The lists are padded to the longest, and on to one of few sizes (paddedSize.ts). Rows are the contexts that a policy's
 * pairs pass through, each once, so that `BoundPolicy.logitsAt` gives logits [R, N, K]; which token choices make up a
 * pair is a matrix per policy.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { DpoLossName } from '../../experiment.ts';
import { constant } from '../../losses/constant.ts';
import type { PairTerms } from '../../losses/dpoFamily.ts';
import { logSumExp } from '../../losses/logSumExp.ts';
import type { BoundPolicy } from '../../models/policy.ts';
import type { PairTable } from '../../preferences.ts';
import { lengthOf, pathOf, tokensOf, type TokenStep, type World } from '../../world.ts';
import { paddedSize } from './paddedSize.ts';
import { termsOf } from './pairTensors.ts';

/** The pairs that one policy trains on. */
export interface PairList {
  /** Chosen and rejected response of every pair, alternating, [2·B]; NOTHING for pairs that teach nothing. */
  nodes: Int32Array;
  /** Share of each pair in the mean, [B], summing to 1. */
  weights: Float64Array;
}

/** The most that a policy's list can ever hold; padding stays below. */
export interface ListLimits {
  pairs: number;
  /** Different contexts of so many pairs. */
  contexts: number;
}

/** Stands for either response of a pair of identical ones: it has no tokens, so no loss has a gradient there. */
const NOTHING = -1;

/** Losses that read the pairs' margin and nothing else of their log-probabilities. */
const MARGIN_LOSSES: readonly DpoLossName[] = ['sigmoid', 'ipo', 'hinge', 'robust', 'exo_pair'];

/** Whether a loss reads the log-probabilities of the two responses one by one. */
export function readsSides(loss: DpoLossName): boolean {
  return !MARGIN_LOSSES.includes(loss);
}

/** The pairs of one policy of a table, in the table's order. */
export function listOf({ pairs, weights }: PairTable, policy: number): PairList {
  const own = pairs.map((pair, b) => ({ pair, weight: weights[policy * pairs.length + b] })).filter(({ weight }) => weight > 0);
  return {
    nodes: Int32Array.from(own.flatMap(({ pair }) => [pair.chosen, pair.rejected])),
    weights: Float64Array.from(own, ({ weight }) => weight),
  };
}

/**
 * Pairs as they were drawn, counted equally: equal pairs become one, identical responses become NOTHING (they keep
 * their share of the mean, and teach nothing whatever the loss).
 *
 * @param drawn  chosen and rejected, alternating, [2·n]
 */
export function listOfDrawn(drawn: Int32Array): PairList {
  const count = drawn.length / 2;
  const places = new Map<string, number>();
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < count; i++) {
    const same = drawn[2 * i] === drawn[2 * i + 1];
    const pair = same ? [NOTHING, NOTHING] : [drawn[2 * i], drawn[2 * i + 1]];
    const place = places.get(pair.join()) ?? weights.length;
    if (place === weights.length) {
      places.set(pair.join(), place);
      nodes.push(...pair);
      weights.push(0);
    }
    weights[place] += 1 / count;
  }
  return { nodes: Int32Array.from(nodes), weights: Float64Array.from(weights) };
}

/** Token choices as sums: [R, N·K, B] and [R, N, B], read as in `pairTensors`. */
type Paths = { paths: tf.Tensor3D; visits: tf.Tensor3D };
type Sums<T> = { chosen: T; rejected: T };

export type PairRows = {
  /** Inputs of `BoundPolicy.logitsAt`. */
  rows: tf.Tensor[];
  /** chosen − rejected: a prefix that both share has no entry. */
  difference: Paths;
  /** Both responses with all their tokens; absent where only the margin is read. */
  sides?: Sums<Paths>;
  /** [R, B] each; weights are 0 where a list is padded. */
  weights: tf.Tensor2D;
  lengthDifference: tf.Tensor2D;
  chosenTokens: tf.Tensor2D;
  rejectedTokens: tf.Tensor2D;
  /** The sums under the reference, [R, B] each, nats. */
  reference: { difference: tf.Tensor2D; sides?: Sums<tf.Tensor2D> };
};

/** Token choices that enter a sum, +1 or −1 each. */
type Entry = TokenStep & { sign: 1 | -1 };

const entriesOf = (world: World, node: number, sign: 1 | -1): Entry[] =>
  (node === NOTHING ? [] : pathOf(world, node).map((step) => ({ ...step, sign })));

/** chosen − rejected without what cancels: a token that both choose at the same context. */
function differenceOf(world: World, chosen: number, rejected: number): Entry[] {
  const plus = entriesOf(world, chosen, 1);
  const minus = entriesOf(world, rejected, -1);
  let shared = 0;
  while (shared < plus.length && shared < minus.length && plus[shared].context === minus[shared].context && plus[shared].token === minus[shared].token) shared++;
  return [...plus.slice(shared), ...minus.slice(shared)];
}

/**
 * Tensors of the pairs of all policies; the caller disposes of them.
 *
 * @param lists      [R]
 * @param sides      whether a loss reads more than the margin
 * @param reference  parameters of π_ref, [R, …]
 */
export function pairRows(
  world: World, policy: BoundPolicy, lists: readonly PairList[], limits: ListLimits, sides: boolean, reference: readonly tf.Tensor[],
): PairRows {
  const longest = paddedSize(Math.max(...lists.map(({ weights }) => weights.length)), limits.pairs);
  const each = (of: (chosen: number, rejected: number) => Entry[]): Entry[][][] =>
    lists.map(({ nodes, weights }) => Array.from(weights, (_, b) => of(nodes[2 * b], nodes[2 * b + 1])));
  const grid = (of: (list: PairList, b: number) => number, padding: number) => tf.tensor2d(
    Float32Array.from({ length: lists.length * longest }, (_, i) => {
      const list = lists[Math.floor(i / longest)];
      return i % longest < list.weights.length ? of(list, i % longest) : padding;
    }), [lists.length, longest],
  );
  const differences = each((chosen, rejected) => differenceOf(world, chosen, rejected));
  const chosen = sides ? each((one) => entriesOf(world, one, 1)) : null;
  const rejected = sides ? each((_, other) => entriesOf(world, other, 1)) : null;
  const places = placesOf(lists.map((_, r) => [differences, chosen, rejected].flatMap((all) => all?.[r] ?? []).flat()));
  const layout: Layout = { places, width: paddedSize(Math.max(...places.map(({ size }) => size)), limits.contexts), longest, tokenCount: world.tokenCount };
  // A response that stands for nothing has one token, so that a mean over tokens exists: 0 of them would be 0/0.
  const words = (node: number) => (node === NOTHING ? 0 : lengthOf(world, node));
  const tokens = (node: number) => (node === NOTHING ? 1 : tokensOf(world, node));
  const tensors = {
    rows: policy.rows(rowContexts(layout), lists.length),
    difference: pathsOf(layout, differences),
    ...(chosen && rejected ? { sides: { chosen: pathsOf(layout, chosen), rejected: pathsOf(layout, rejected) } } : {}),
    weights: grid(({ weights }, b) => weights[b], 0),
    lengthDifference: grid(({ nodes }, b) => words(nodes[2 * b]) - words(nodes[2 * b + 1]), 0),
    chosenTokens: grid(({ nodes }, b) => tokens(nodes[2 * b]), 1),
    rejectedTokens: grid(({ nodes }, b) => tokens(nodes[2 * b + 1]), 1),
  };
  const refSums = tf.tidy(() => {
    const sum = pathSums(policy.logitsAt(reference, tensors.rows));
    const { sides: both } = tensors;
    return { difference: sum(tensors.difference), ...(both ? { sides: { chosen: sum(both.chosen), rejected: sum(both.rejected) } } : {}) };
  });
  return { ...tensors, reference: refSums };
}

interface Layout {
  /** Place of a context among a policy's rows, ascending by context, [R]. */
  places: Map<number, number>[];
  /** N */
  width: number;
  /** B */
  longest: number;
  tokenCount: number;
}

/** The distinct contexts of every policy, ascending. */
function placesOf(entries: readonly Entry[][]): Map<number, number>[] {
  return entries.map((own) => {
    const contexts = [...new Set(own.map(({ context }) => context))].sort((a, b) => a - b);
    return new Map(contexts.map((context, i) => [context, i]));
  });
}

/** [R, N]; a row that a policy has no use for is context 0. */
function rowContexts({ places, width }: Layout): Int32Array {
  const contexts = new Int32Array(places.length * width);
  places.forEach((own, r) => { for (const [context, i] of own) contexts[r * width + i] = context; });
  return contexts;
}

/** @param entries  of every pair of every policy, [R][B] */
function pathsOf({ places, width, longest, tokenCount }: Layout, entries: readonly Entry[][][]): Paths {
  const policies = places.length;
  const paths = new Float32Array(policies * width * tokenCount * longest);
  const visits = new Float32Array(policies * width * longest);
  entries.forEach((ofPolicy, r) => {
    ofPolicy.forEach((ofPair, b) => {
      for (const { context, token, sign } of ofPair) {
        const row = r * width + places[r].get(context)!;
        paths[(row * tokenCount + token) * longest + b] += sign;
        visits[row * longest + b] += sign;
      }
    });
  });
  return {
    paths: tf.tensor3d(paths, [policies, width * tokenCount, longest]),
    visits: tf.tensor3d(visits, [policies, width, longest]),
  };
}

/** Sums of token log-probabilities along paths, [R, B], from logits [R, N, K]; what the sums share is computed once. */
function pathSums(logits: tf.Tensor3D): (along: Paths) => tf.Tensor2D {
  const [policies, width, tokens] = logits.shape;
  // As in pairTensors: a common offset of a context's logits means nothing, large sums would cancel badly.
  const centred = tf.sub(logits, constant(tf.max(logits, -1, true))) as tf.Tensor3D;
  const rows = tf.reshape(centred, [policies, 1, width * tokens]);
  const normalisers = tf.reshape(logSumExp(centred), [policies, 1, width]);
  return ({ paths, visits }) => tf.squeeze(tf.sub(tf.matMul(rows, paths), tf.matMul(normalisers, visits)), [1]);
}

/** The terms a loss reads, from logits of the rows, [R, N, K]; nothing is computed before it is asked for. */
export function pairRowTerms(pairs: PairRows, logits: tf.Tensor3D): PairTerms {
  const sum = pathSums(logits);
  const side = (which: keyof Sums<Paths>) => {
    const { sides, reference } = pairs;
    if (!sides || !reference.sides) throw new RangeError(`pairRowTerms: the log-probability of "${which}" is asked for, the pairs were made for their margin alone`);
    return { logps: sum(sides[which]), ref: reference.sides[which] };
  };
  return termsOf({
    chosen: () => side('chosen'),
    rejected: () => side('rejected'),
    difference: () => ({ logps: sum(pairs.difference), ref: pairs.reference.difference }),
  }, pairs);
}
