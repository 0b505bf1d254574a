/** The preference pairs that a run has: those that are given, that were drawn for it, that a judge decided while it trained. */
import type { Experiment } from '../experiment.ts';
import { msg } from '../msg.ts';
import type { DrawnTraining, JudgedBatch } from '../worker/protocol.ts';
import { promptOf, responseText, type World } from '../world.ts';
import type { WrittenPair } from './write.ts';

export type PairSource = 'given' | 'drawn' | 'judged';

export interface PairsOfRun {
  source: PairSource;
  pairs: WrittenPair[];
  /** Which they are, in a sentence. */
  words: string;
}

/** What the page knows of a run. */
export interface KnownRun {
  experiment: Experiment;
  world: World;
  drawn: DrawnTraining | null;
  /** Oldest first, of all policies. */
  judged: readonly JudgedBatch[];
  /** The policy in focus; of several seeds the first. */
  policy: number;
}

/** All sources of pairs that a run has, at least one once it is prepared. */
export function pairsOfRun(run: KnownRun): PairsOfRun[] {
  return [givenPairsOf(run), drawnPairsOf(run), judgedPairsOf(run)].filter((pairs) => pairs !== null);
}

const several = (n: number) => (n === 1 ? msg`one pair` : msg`${n.toLocaleString('en')} pairs`);

function givenPairsOf({ experiment: { preferences, world } }: KnownRun): PairsOfRun | null {
  if (!('pairs' in preferences)) return null;
  const pairs = preferences.pairs.map(({ prompt, ...pair }) => ({ ...pair, prompt: world.prompts[prompt] }));
  return { source: 'given', pairs, words: msg`The ${several(pairs.length)} of the experiment.` };
}

function drawnPairsOf({ world, drawn }: KnownRun): PairsOfRun | null {
  if (!drawn) return null;
  const all = grouped(world, drawn.nodes, (b) => drawn.times[b]);
  const count = drawn.times.reduce((sum, times) => sum + times, 0);
  return { source: 'drawn', pairs: all.pairs, words: msg`The ${several(count)} that were drawn from the reference of seed ${drawn.seed} and labelled.${equalWords(all.equal, count)}` };
}

function judgedPairsOf({ experiment, world, judged, policy }: KnownRun): PairsOfRun | null {
  const own = judged.filter((batch) => batch.policy === policy);
  const [first, last] = [own.at(0), own.at(-1)];
  if (experiment.algorithm.kind !== 'online-dpo' || !first || !last) return null;
  const nodes = own.flatMap((batch) => Array.from(batch.nodes));
  const all = grouped(world, nodes, () => 1);
  const when = first.step === last.step ? msg`before update ${first.step.toLocaleString('en')}` : msg`before updates ${first.step.toLocaleString('en')} to ${last.step.toLocaleString('en')}`;
  return { source: 'judged', pairs: all.pairs, words: msg`The ${several(nodes.length / 2)} that seed ${experiment.seeds[policy % experiment.seeds.length]} drew and had judged ${when}.${equalWords(all.equal, nodes.length / 2)}` };
}

/** What TRL would learn nothing from is left out, and said. */
function equalWords(equal: number, all: number): string {
  if (equal === 0) return '';
  if (equal === all) return equal === 1 ? msg` It is the same response twice, which teaches nothing.` : msg` All of them are the same response twice, which teaches nothing.`;
  return equal === 1 ? msg` One of them is the same response twice and is left out.` : msg` ${equal.toLocaleString('en')} of them are the same response twice and are left out.`;
}

/** Equal pairs once, with their number; pairs of a response with itself are counted apart. */
function grouped(world: World, nodes: ArrayLike<number>, times: (pair: number) => number): { pairs: WrittenPair[]; equal: number } {
  const pairs = new Map<string, WrittenPair>();
  let equal = 0;
  for (let b = 0; 2 * b < nodes.length; b++) {
    const [chosen, rejected] = [nodes[2 * b], nodes[2 * b + 1]];
    if (chosen === rejected) {
      equal += times(b);
      continue;
    }
    const key = `${chosen} ${rejected}`;
    const known = pairs.get(key) ?? { prompt: world.prompts[promptOf(world, chosen)], chosen: responseText(world, chosen), rejected: responseText(world, rejected), weight: 0 };
    known.weight += times(b);
    pairs.set(key, known);
  }
  return { pairs: [...pairs.values()], equal };
}
