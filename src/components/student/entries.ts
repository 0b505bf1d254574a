/** What is entered in the tasks of the path, and what is found of it. Pure. */
import { msg } from '../../sim/msg.ts';
import { lossWords, shareWords } from '../../sim/sentences.ts';
import { HEADLINE, type Facts } from './looked.ts';
import type { TaskId } from './taskIds.ts';

/** The facts that the check of a task found; null while it has found none. */
export type FactsOf = (task: TaskId) => Facts | null;

export interface Judged {
  right: boolean;
  /** What is said of the answer; of a wrong one, what is wrong with it. */
  sentence: string;
}

export interface Option {
  id: string;
  text: string;
}

interface EntryBase {
  id: string;
  label: string;
  /** What is found of an answer. */
  judge(said: string, facts: FactsOf): Judged;
}

export type Entry =
  | (EntryBase & { kind: 'number'; /** After the field. */ unit: string })
  | (EntryBase & { kind: 'choice'; options: readonly Option[] })
  /** A text of one's own: nobody marks it here. */
  | (EntryBase & { kind: 'text' });

/** Fewest characters of a text of one's own. */
export const FEWEST_CHARACTERS = 30;
export const MOST_CHARACTERS = 4000;

const NOT_YET = msg`The lab has no numbers for this yet: bring the run there first.`;

/** The number in a text as people type it: "99,9 %", "0.015", "1e-3"; NaN where there is none. */
export function readNumber(said: string): number {
  const text = said.trim().replace(/\s*%$/, '').replace('−', '-').replace(/^([-+]?\d*),(\d+)$/, '$1.$2');
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : NaN;
}

/** Percentage points that a share read off the page may be off. */
const POINTS_OFF = 1;
/** What a loss may be off: this share of it, for it is read with two digits, or this much. */
const LOSS_OFF = 0.06;
const LEAST_OFF = 0.001;

const wrongNumber = (said: number, truth: number): string => (said < truth ? msg`too small` : msg`too large`);

/** The median OOD mass at the end, in per cent. */
export const oodRead: Entry = {
  id: 'ood', kind: 'number', unit: '%', label: msg`Probability on responses nobody wrote, at the end (median over the seeds)`,
  judge(said, facts) {
    const found = facts('run');
    const number = readNumber(said);
    if (Number.isNaN(number)) return { right: false, sentence: msg`Enter a number, such as 12.5.` };
    if (!found) return { right: false, sentence: NOT_YET };
    const truth = 100 * found.ood;
    if (Math.abs(number - truth) <= POINTS_OFF) return { right: true, sentence: msg`Yes: ${shareWords(found.ood)}.` };
    if (number <= 1 && Math.abs(100 * number - truth) <= POINTS_OFF) return { right: false, sentence: msg`${said.trim()} % is less than it is: enter it in per cent.` };
    return { right: false, sentence: msg`${said.trim()} is ${wrongNumber(number, truth)}. Read the sentence over the chart when the run is at its end and shows all seeds.` };
  },
};

/** The median loss at the end. */
export const lossRead: Entry = {
  id: 'loss', kind: 'number', unit: '', label: msg`The loss at the end (median over the seeds)`,
  judge(said, facts) {
    const found = facts('run');
    const number = readNumber(said);
    if (Number.isNaN(number)) return { right: false, sentence: msg`Enter a number, such as 0.25.` };
    if (!found) return { right: false, sentence: NOT_YET };
    if (Math.abs(number - found.loss) <= Math.max(LEAST_OFF, LOSS_OFF * Math.abs(found.loss))) {
      return { right: true, sentence: msg`Yes: the loss fell from ${lossWords(found.lossStart)} to ${lossWords(found.loss)}, while ${shareWords(found.ood)} of the probability came to lie on responses nobody wrote.` };
    }
    return { right: false, sentence: msg`${said.trim()} is ${wrongNumber(number, found.loss)}. The loss stands in the sentence over the chart, and beside the lower chart.` };
  },
};

/** An option with what is said of it. */
interface Answer extends Option {
  said: string | ((facts: FactsOf) => string | null);
}

/** A choice whose right answer is known; a sentence that needs numbers which are not there yet says so. */
export function choice(id: string, label: string, right: string, answers: readonly Answer[]): Entry {
  return {
    id, kind: 'choice', label, options: answers.map(({ id: option, text }) => ({ id: option, text })),
    judge(said, facts) {
      const answer = answers.find((one) => one.id === said);
      if (!answer) return { right: false, sentence: msg`Choose one of the answers.` };
      const sentence = typeof answer.said === 'string' ? answer.said : answer.said(facts);
      return sentence === null ? { right: false, sentence: NOT_YET } : { right: said === right, sentence };
    },
  };
}

/** A choice whose right answer was measured. */
export function measured(id: string, label: string, options: readonly Option[], outcome: (facts: FactsOf) => { option: string; sentence: string } | null): Entry {
  return {
    id, kind: 'choice', label, options,
    judge(said, facts) {
      if (!options.some((option) => option.id === said)) return { right: false, sentence: msg`Choose one of the answers.` };
      const found = outcome(facts);
      if (!found) return { right: false, sentence: NOT_YET };
      const right = said === found.option;
      return { right, sentence: `${right ? msg`Yes.` : msg`No.`} ${found.sentence}` };
    },
  };
}

export function ownText(id: string, label: string): Entry {
  return {
    id, kind: 'text', label,
    judge: (said) => (said.trim().length >= FEWEST_CHARACTERS
      ? { right: true, sentence: '' }
      : { right: false, sentence: msg`A sentence or two: at least ${FEWEST_CHARACTERS} characters.` }),
  };
}

/** What the pair of the path is called in its sentences. */
const pairsOf = 'pairs' in HEADLINE.preferences ? HEADLINE.preferences.pairs : [];
export const PAIR_WORDS = pairsOf.map(({ chosen, rejected }) => msg`“${chosen}” over “${rejected}”`).join(', ');
