/** What of a run its script compares, in numbers and in a sentence. Pure. */
import { count } from '../nouns.ts';
import { msg } from '../msg.ts';
import type { Recording } from './recording.ts';
import { toleranceOf } from './tolerance.ts';

/** Of how many policies what can be compared. */
export interface Coverage {
  policies: number;
  /** For some of their updates, not to the end. */
  partly: number;
  /** At update 0 only, before anything was trained. */
  startOnly: number;
}

export function coverageOf({ steps }: Pick<Recording, 'steps'>, until: readonly number[]): Coverage {
  const last = steps.at(-1) ?? 0;
  return {
    policies: until.length,
    partly: until.filter((update) => update > 0 && update < last).length,
    startOnly: until.filter((update) => update === 0).length,
  };
}

/** What a script does not compare, in a sentence or two; null where it compares every policy to the end. */
export function coverageWords(recording: Recording): string | null {
  const { policies, partly, startOnly } = coverageOf(recording, toleranceOf(recording).until);
  const ended = recording.brokeAt === null ? '' : msg`It ends after update ${recording.steps.at(-1) ?? 0}: at update ${recording.brokeAt} numbers of the run stopped being finite.`;
  const compared = startOnly === policies
    ? msg`Nothing that was trained could be compared: the script asserts the start of the run only, and says so in its last line.`
    : partly + startOnly === 0 ? '' : msg`Rounding decides too much to compare all of it: of ${count(policies, 'policy')} the script compares ${partly} for a part of their updates and ${startOnly} at update 0 only.`;
  const words = [ended, compared].filter((sentence) => sentence !== '');
  return words.length === 0 ? null : words.join(' ');
}
