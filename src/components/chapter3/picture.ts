/** What the scatter of chapter 3 draws: every response, or every two of them, by the true and the implicit reward. Pure. */
import { optimalPolicy } from '../../sim/exact/optimal.ts';
import { implicitRewardsOf } from '../../sim/impliedStory.ts';
import { quoted, responseName } from '../../sim/words.ts';
import { GROUPS, responseText } from '../../sim/world.ts';
import type { Setting } from '../../derivation/setting.ts';
import type { Dot, DotLabel } from '../charts/ScatterChart.tsx';

/** Most dots that are drawn; the responses and pairs that training uses always are, as far as they fit. */
export const MOST_DOTS = 300;
/** In a large world, of so many responses to a prompt all pairs are looked at. */
const MOST_PAIRED = 80;

export interface ImpliedDot extends Dot {
  /** “on the mat”, or “on the mat” − “on a mat”. */
  name: string;
  /** Of a second prompt: a square. */
  square: boolean;
  /** Many dots of the same height are drawn this far from it, so that they can be told apart; reward units. */
  lift: number;
}

export interface ImpliedLine {
  /** Where it crosses r̂ = 0, reward units. */
  offset: number;
  prompt: number;
}

export interface Picture {
  /** Dots move along x: r̂ or its differences; y: r or its differences. */
  dots: ImpliedDot[];
  labels: DotLabel[];
  /** r = r̂ + β·log Z of every prompt shown; in differences the one through 0. */
  lines: ImpliedLine[];
  /** Where the dots of π* are: the axes hold them from the start. */
  optimal: number[];
  /** All there are. */
  total: number;
}

/** What of the run's view the picture needs, and what the reader looks at. */
export interface Look {
  groups: Uint8Array;
  paired: Uint8Array;
  /** Prompts whose responses are drawn. */
  prompts: readonly number[];
  /** The pair of the formula. */
  pair: { chosen: number; rejected: number };
}

/** β·log Z(x) of every prompt, reward units. */
export function offsetsOf({ world, refLogps, rewards, beta }: Setting): Float64Array {
  return optimalPolicy(world, refLogps, rewards, beta).logZ.map((logZ) => beta * logZ);
}

/** At most `most` of a list, evenly; those of `always` among them. */
function thinned<T>(all: readonly T[], most: number, always: (item: T) => boolean): T[] {
  if (all.length <= most) return [...all];
  const kept = all.filter(always).slice(0, most);
  const rest = all.filter((item) => !always(item));
  const free = most - kept.length;
  return [...kept, ...Array.from({ length: free }, (_, i) => rest[Math.floor(i * rest.length / free)])];
}

/** More dots than this on as few heights are set apart. */
const CROWD = 20;
const FEW_HEIGHTS = 12;

/** The dots that training does not use, a little above and below their height where they would cover each other. */
function setApart(dots: ImpliedDot[]): ImpliedDot[] {
  const heights = [...new Set(dots.map(({ y }) => y))].sort((a, b) => a - b);
  if (dots.length < CROWD || heights.length > FEW_HEIGHTS) return dots;
  const gaps = heights.slice(1).map((y, i) => y - heights[i]);
  const room = 0.3 * (gaps.length > 0 ? Math.min(...gaps) : 1);
  return dots.map((dot, i) => (dot.hollow ? { ...dot, lift: room * (((Math.imul(i + 1, 0x9e3779b1) >>> 8) & 0xffff) / 0x10000 - 0.5) } : dot));
}

const responsesTo = ({ promptOf }: Setting, prompts: readonly number[]) => Array.from(promptOf, (_, y) => y).filter((y) => prompts.includes(promptOf[y]));

/** A response's name with its symbol, where it is one of the pair. */
function nameOf(symbol: string | null, name: string): Omit<DotLabel, 'index'> {
  return symbol === null ? { text: name, isName: true } : { text: `${symbol} ${name}`, short: symbol, isName: true };
}

/** Every response by r̂ and r. */
export function responsesPicture(setting: Setting, { groups, paired, prompts, pair }: Look): Picture {
  const { world, beta, logps, refLogps, rewards, promptOf } = setting;
  const implied = implicitRewardsOf(beta, logps, refLogps);
  const offsets = offsetsOf(setting);
  const all = responsesTo(setting, prompts);
  const top = all.reduce((best, y) => (implied[y] > implied[best] ? y : best), all[0]);
  const named = [...new Set([pair.chosen, pair.rejected, ...(implied[top] > 0 ? [top] : [])])];
  const nodes = thinned(all, MOST_DOTS, (y) => named.includes(y) || paired[y] === 1);
  const dots = nodes.map((y): ImpliedDot => ({
    x: implied[y], y: rewards[y], hollow: paired[y] === 0, square: promptOf[y] !== prompts[0], lift: 0,
    role: y === pair.chosen ? 'chosen' : y === pair.rejected ? 'rejected' : GROUPS[groups[y]],
    name: quoted(responseText(world, y)),
  }));
  return {
    dots: setApart(dots), total: all.length,
    labels: named.filter((y) => nodes.includes(y)).map((y) => ({ index: nodes.indexOf(y), ...nameOf(y === pair.chosen ? 'y₊' : y === pair.rejected ? 'y₋' : null, responseName(responseText(world, y))) })),
    lines: prompts.map((prompt) => ({ prompt, offset: offsets[prompt] })),
    optimal: nodes.map((y) => rewards[y] - offsets[promptOf[y]]),
  };
}

/** Every two responses to a prompt by r̂(y) − r̂(y′) and r(y) − r(y′), the truly better one first. */
export function differencesPicture(setting: Setting, { prompts, paired, pair }: Look): Picture {
  const { world, beta, logps, refLogps, rewards, promptOf, pairs } = setting;
  const implied = implicitRewardsOf(beta, logps, refLogps);
  const key = (y: number, z: number) => (y < z ? `${y} ${z}` : `${z} ${y}`);
  const compared = new Set(pairs.map(({ chosen, rejected }) => key(chosen, rejected)));
  const shown = key(pair.chosen, pair.rejected);
  let total = 0;
  const couples = prompts.flatMap((prompt) => {
    const all = responsesTo(setting, [prompt]);
    total += all.length * (all.length - 1) / 2;
    const some = thinned(all, MOST_PAIRED, (y) => paired[y] === 1);
    return some.flatMap((y, i) => some.slice(i + 1).map((z) => (rewards[y] >= rewards[z] ? [y, z] as const : [z, y] as const)));
  }).map(([y, z]) => (key(y, z) === shown ? [pair.chosen, pair.rejected] as const : [y, z] as const));
  const kept = thinned(couples, MOST_DOTS, ([y, z]) => key(y, z) === shown || (couples.length > MOST_DOTS && compared.size <= MOST_DOTS / 2 && compared.has(key(y, z))));
  const name = (y: number) => quoted(responseText(world, y));
  return {
    dots: setApart(kept.map(([y, z]): ImpliedDot => ({
      x: implied[y] - implied[z], y: rewards[y] - rewards[z], hollow: !compared.has(key(y, z)), square: promptOf[y] !== prompts[0], lift: 0,
      role: key(y, z) === shown ? 'chosen' : 'otherInDistribution', name: `${name(y)} − ${name(z)}`,
    }))),
    total,
    labels: kept.flatMap(([y, z], index) => (key(y, z) === shown ? [{ index, text: 'y₊ − y₋', isName: false }] : [])),
    lines: [{ offset: 0, prompt: prompts[0] }],
    optimal: kept.map(([y, z]) => rewards[y] - rewards[z]),
  };
}
