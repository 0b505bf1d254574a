/** Steps of the talk by their number or by words. Pure. */
import type { TalkStep } from './talk.ts';

/**
 * The steps that a text means, the likeliest first: the step of that number, then those of the chapter of that number;
 * else those whose title, or else whose notes, have all the words.
 *
 * @returns  indices into `talk`; all of them for an empty text
 */
export function findSteps(talk: readonly TalkStep[], text: string): readonly number[] {
  const words = folded(text).split(/\s+/).filter((word) => word !== '');
  const all = talk.map((_, index) => index);
  if (words.length === 0) return all;
  const number = /^(?:chapter )?(\d+)$/.exec(words.join(' '));
  if (number) {
    const wanted = Number(number[1]);
    const ofChapter = all.filter((index) => talk[index].chapter === wanted);
    return words.length > 1 ? ofChapter : [...new Set([...all.filter((index) => index === wanted - 1), ...ofChapter])];
  }
  const has = (parts: readonly string[]) => words.every((word) => folded(parts.join(' ')).includes(word));
  const titled = all.filter((index) => has([talk[index].title, talk[index].id]));
  const told = all.filter((index) => !titled.includes(index) && has([...talk[index].notes.say, talk[index].notes.seen, talk[index].scene.preset]));
  return [...titled, ...told];
}

/** Without capitals and marks: “Ω”, “É” and “’” are found by what a keyboard has. */
function folded(text: string): string {
  return text.toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll('’', "'");
}
