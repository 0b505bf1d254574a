/** What a check found, in words: the verdict, how far the sides are apart, and what was checked. */
import type { Setting } from '../../derivation/setting.ts';
import { offOf, type Check, type Evaluated, type Sides } from '../../derivation/step.ts';
import { msg } from '../../sim/msg.ts';
import { count, formatNumber, nounAlone, superscript, type Noun } from '../format.ts';

export type Checked = Exclude<Check, { kind: 'definition' }>;

/** A difference as a power of ten, "4.4·10⁻¹⁶", unless it is one to be seen, "0.310"; "0" where there is none. */
export function formatDifference(x: number): string {
  if (x === 0 || !(Math.abs(x) < 1e-3)) return formatNumber(x);
  const [mantissa, exponent] = Math.abs(x).toExponential(1).split('e');
  return `${x < 0 ? '−' : ''}${mantissa}·10${superscript(Number(exponent))}`;
}

/** What the line claims of its two sides. */
export const relationOf = ({ kind }: Checked) => (kind === 'maximum' ? '≤' : '=');

/** The instance that the verdict speaks of: the reader's own; where only others are off, the worst of them. */
export function spokenOf({ kind }: Checked, { verdict, shown, worst, tolerance }: Evaluated): Sides | null {
  return verdict === 'fail' && shown !== null && offOf(kind, shown) <= tolerance ? worst : shown;
}

/** "both sides agree", "the sides differ by 0.310". */
export function verdictWords(check: Checked, evaluated: Evaluated): string {
  const { kind } = check;
  if (evaluated.verdict === 'pass') return kind === 'maximum' ? msg`no rival is better` : msg`both sides agree`;
  const spoken = spokenOf(check, evaluated);
  if (!spoken) return msg`nothing was checked`;
  const by = kind === 'maximum' ? spoken.lhs - spoken.rhs : Math.abs(spoken.lhs - spoken.rhs);
  if (Number.isNaN(by)) return msg`a side is not a number here`;
  const where = spoken === evaluated.shown ? '' : msg` at ${spoken.at}`;
  return kind === 'maximum' ? msg`the left side is larger by ${formatNumber(by)}${where}` : msg`the sides differ by ${formatNumber(by)}${where}`;
}

/** How many of what: "all 156 responses", "200 of 97,656 responses", "the one pair", "12 cases". */
export function instancesWords({ shown, count: checked }: Evaluated, { world, pairs, checked: some }: Setting): string {
  const all = (noun: Noun) => (checked === 1 ? msg`the one ${nounAlone(noun)}` : msg`all ${count(checked, noun)}`);
  if (shown?.at.includes('≻')) return checked === pairs.length ? all('pair') : count(checked, 'case');
  if (shown?.y !== undefined && checked === world.responseCount) return all('response');
  if (shown?.y !== undefined && checked === some.length) return msg`${checked.toLocaleString('en')} of ${count(world.responseCount, 'response')}`;
  if (shown?.y === undefined && shown?.x !== undefined && checked === world.promptCount) return all('prompt');
  return checked === 1 ? msg`one case` : msg`${checked.toLocaleString('en')} cases`;
}

/** "all 156 responses, largest relative difference 4.4·10⁻¹⁶". */
export function checkedWords({ kind }: Checked, evaluated: Evaluated, setting: Setting): string {
  const { off } = evaluated;
  const instances = instancesWords(evaluated, setting);
  if (Number.isNaN(off)) return instances;
  if (kind !== 'maximum') return msg`${instances}, largest relative difference ${formatDifference(off)}`;
  return off <= 0 ? msg`${instances}, the best rival lower by ${formatDifference(-off)}` : msg`${instances}, at worst larger by ${formatDifference(off)} of its size`;
}
