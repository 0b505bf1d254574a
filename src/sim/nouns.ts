/** Things that are counted in sentences: one of them, and several. */
import { msg } from './msg.ts';

interface Words {
  /** The word alone, in "the one pair". */
  alone: () => string;
  /** With its number, written as a number or as a word. */
  one: (n: string) => string;
  several: (n: string) => string;
}

const NOUNS = {
  advantage: { alone: () => msg`advantage`, one: (n) => msg`${n} advantage`, several: (n) => msg`${n} advantages` },
  branch: { alone: () => msg`branch`, one: (n) => msg`${n} branch`, several: (n) => msg`${n} branches` },
  case: { alone: () => msg`case`, one: (n) => msg`${n} case`, several: (n) => msg`${n} cases` },
  comparison: { alone: () => msg`comparison`, one: (n) => msg`${n} comparison`, several: (n) => msg`${n} comparisons` },
  difference: { alone: () => msg`difference`, one: (n) => msg`${n} difference`, several: (n) => msg`${n} differences` },
  epoch: { alone: () => msg`epoch`, one: (n) => msg`${n} epoch`, several: (n) => msg`${n} epochs` },
  gradientStep: { alone: () => msg`gradient step`, one: (n) => msg`${n} gradient step`, several: (n) => msg`${n} gradient steps` },
  line: { alone: () => msg`line`, one: (n) => msg`${n} line`, several: (n) => msg`${n} lines` },
  method: { alone: () => msg`method`, one: (n) => msg`${n} method`, several: (n) => msg`${n} methods` },
  pair: { alone: () => msg`pair`, one: (n) => msg`${n} pair`, several: (n) => msg`${n} pairs` },
  policy: { alone: () => msg`policy`, one: (n) => msg`${n} policy`, several: (n) => msg`${n} policies` },
  prompt: { alone: () => msg`prompt`, one: (n) => msg`${n} prompt`, several: (n) => msg`${n} prompts` },
  response: { alone: () => msg`response`, one: (n) => msg`${n} response`, several: (n) => msg`${n} responses` },
  sampledPair: { alone: () => msg`sampled pair`, one: (n) => msg`${n} sampled pair`, several: (n) => msg`${n} sampled pairs` },
  seed: { alone: () => msg`seed`, one: (n) => msg`${n} seed`, several: (n) => msg`${n} seeds` },
  sentence: { alone: () => msg`sentence`, one: (n) => msg`${n} sentence`, several: (n) => msg`${n} sentences` },
  token: { alone: () => msg`token`, one: (n) => msg`${n} token`, several: (n) => msg`${n} tokens` },
  update: { alone: () => msg`update`, one: (n) => msg`${n} update`, several: (n) => msg`${n} updates` },
  word: { alone: () => msg`word`, one: (n) => msg`${n} word`, several: (n) => msg`${n} words` },
} satisfies Record<string, Words>;

export type Noun = keyof typeof NOUNS;

/** "pair". */
export function nounAlone(noun: Noun): string {
  return NOUNS[noun].alone();
}

/** "1 seed", "8 seeds". */
export function count(n: number, noun: Noun): string {
  return (n === 1 ? NOUNS[noun].one : NOUNS[noun].several)(n.toLocaleString('en'));
}

/** "one seed", "eight seeds", "11 seeds". */
export function countInWords(n: number, noun: Noun): string {
  return (n === 1 ? NOUNS[noun].one : NOUNS[noun].several)(numberWord(n));
}

/** "no", "one", … "ten"; larger numbers as numbers. */
export function numberWord(n: number): string {
  const words = [msg`no`, msg`one`, msg`two`, msg`three`, msg`four`, msg`five`, msg`six`, msg`seven`, msg`eight`, msg`nine`, msg`ten`];
  return words[n] ?? n.toLocaleString('en');
}
