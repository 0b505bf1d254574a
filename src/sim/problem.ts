/** What is wrong with one field of an experiment file. */
import { msg } from './msg.ts';

export interface Problem {
  /** Path of the field, e.g. `preferences.pairs[1].chosen`; empty for the file as a whole. */
  path: string;
  /** The allowed range in words. */
  expected: string;
  /** The value found, as text. */
  found: string;
  /** One sentence with path, range and value. */
  message: string;
}

/** A problem in the usual sentence: `<path> must be <expected>, got <found>.` */
export function mustBe(path: string, expected: string, found: string): Problem {
  return { path, expected, found, message: printable(msg`${path === '' ? msg`The experiment` : shortened(path)} must be ${expected}, got ${shortened(found)}.`) };
}

/** A path or value of somebody else's file, cut where it is too long for a sentence. */
function shortened(text: string): string {
  return text.length > 160 ? msg`${text.slice(0, 120)} … (${text.length} characters)` : text;
}

/** One line that a terminal shows as it stands: line breaks and direction marks become their code points. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`);
}
