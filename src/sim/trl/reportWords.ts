/** What was read of a preference file and what becomes of it, in words. */
import { msg } from '../msg.ts';
import { MAX_ROW_BYTES } from './bytes.ts';
import type { Choices } from './choices.ts';
import { DROPPED, type Dropped } from './kept.ts';
import { formatWords, type TrlFile } from './read.ts';
import type { Broken } from './rows.ts';
import type { Toy } from './toy.ts';

export const number = (n: number): string => n.toLocaleString('en');
const rows = (n: number) => (n === 1 ? msg`1 row` : msg`${number(n)} rows`);

/** Why rows of a file cannot be read, in the plural or singular after their number. */
export const BROKEN_WORDS: Readonly<Record<Broken, string>> = {
  json: msg`not valid JSON`,
  long: msg`longer than ${number(MAX_ROW_BYTES)} bytes`,
  object: msg`not an object with columns`,
  columns: msg`without chosen or rejected`,
  type: msg`with a column of another kind`,
  format: msg`in another format than the first row`,
};

/** Why a row that was read is not kept, as the choices stand. */
export function droppedWords(reason: Dropped, { maxLength }: Choices): string {
  switch (reason) {
    case 'spare': return msg`beyond the number of rows asked for`;
    case 'prompt': return msg`of a prompt that is not kept`;
    case 'long': return msg`with a response of more than ${maxLength} ${maxLength === 1 ? msg`word` : msg`words`}`;
    case 'outside': return msg`with a word outside the vocabulary`;
    case 'same': return msg`whose two responses have become the same`;
  }
}

/** "300 rows, standard (texts), with an explicit prompt." and what else is to be known of them. */
export function readWords({ rows: read, total, format, extra, moreExtra, insideWord, weighted }: TrlFile): string[] {
  const columns = [...extra, ...(moreExtra > 0 ? [msg`${number(moreExtra)} more`] : [])].join(', ');
  return [
    msg`${read.length === total ? rows(total) : msg`${number(read.length)} of ${rows(total)}`} in TRL’s preference format: ${formatWords(format)}.`,
    ...(format.prompt === 'implicit' ? [msg`The prompt is what both responses of a row begin with, as in TRL.`] : []),
    ...(format.prompt === 'mixed' ? [msg`The prompt is what both conversations begin with, as in TRL; the column prompt is read only where they share nothing.`] : []),
    ...(insideWord > 0 ? [msg`In ${rows(insideWord)} TRL would end the prompt inside a word; here it ends before that word.`] : []),
    ...(weighted ? [msg`The column weight is the lab’s own: a pair counts as often as it says. TRL does not read it.`] : []),
    ...(columns === '' ? [] : [msg`Other columns are not read: ${columns}.`]),
  ];
}

/** How the rows of the file divide: what cannot be read, what is not kept by reason, what is kept. The numbers add up to the file's. */
export function balance(file: TrlFile, choices: Choices, { report }: Toy): { what: string; n: number }[] {
  return [
    ...[...file.broken].map(([reason, n]) => ({ what: BROKEN_WORDS[reason], n })),
    ...DROPPED.map((reason) => ({ what: droppedWords(reason, choices), n: report.dropped[reason] })),
  ].filter(({ n }) => n > 0);
}

/** What a reader may do where a world is refused; the refusals themselves come from the rules of every experiment. */
export function adviceFor(toy: Toy, choices: Choices): string[] {
  if (toy.experiment === null) {
    const { dropped } = toy.report;
    const [most] = DROPPED.toSorted((a, b) => dropped[b] - dropped[a]);
    return [msg`No row is kept: ${rows(dropped[most])} ${dropped[most] === 1 ? msg`is` : msg`are`} dropped as ${droppedWords(most, choices)}.`, msg`Keep more words or longer responses, or write other words as ‹other›.`];
  }
  if (toy.problems.length === 0) return [];
  const many = toy.problems.some(({ path }) => path.startsWith('preferences'));
  return [...toy.problems.map(({ message }) => message), many ? msg`Look at fewer rows, or keep fewer words or prompts.` : msg`Keep fewer words or prompts, or shorter responses.`];
}
