/** The sentences of chapter 2, the optimal policy: pure functions from numbers to words. */
import { msg } from './msg.ts';
import { formatNumber, formatProbability } from './numbers.ts';
import { knobWords, lossWords, type Fragment } from './sentences.ts';
import { quoted } from './words.ts';

/** A piece of a sentence that may be about a symbol of the derivation. */
export interface TermFragment extends Fragment {
  /** Id of the symbol (src/derivation/symbols.ts). */
  term?: string;
}

/** Of the policy that is shown, in reward units, averaged over prompts. */
export interface WorthStory {
  /** J(π). */
  value: number;
  /** β log Z. */
  best: number;
  /** β·KL(π‖π*). */
  gap: number;
  beta: number;
  /** The reader has moved it. */
  isOwn: boolean;
  /** Updates made by the run. */
  step: number;
  /** Whose policy it is, where there are several: "seed 3", "mean of 8 seeds"; else empty. */
  whose: string;
  promptCount: number;
}

/** Gaps and gradients below this are rounding: the policy is π*. */
export const ROUNDING = 1e-9;

/** The letters of the best value, never apart. */
const BEST = 'β\u00a0log\u00a0Z';

/** The headline: what the policy is worth, what the best one is, and what lies between. */
export function worthSentence(story: WorthStory): TermFragment[] {
  const { value, best, gap, beta, isOwn, step } = story;
  const bestNumber: TermFragment = { text: `${BEST}\u00a0=\u00a0${formatNumber(best)}`, term: 'pi-star', metric: 'objective/optimal', value: best };
  if (gap < ROUNDING) {
    return [{ text: msg`${capital(subject(story))} is π*: ` }, { ...bestNumber, text: `J\u00a0= ${bestNumber.text}` }, { text: msg` at β = ${knobWords(beta)}${means(story)}, and no policy is worth more. Move any bar and J falls.` }];
  }
  const begin = isOwn || step === 0 ? capital(subject(story)) : msg`After ${step.toLocaleString('en')} ${step === 1 ? msg`update` : msg`updates`} ${subject(story)}`;
  return [
    { text: msg`${begin} is worth ` }, { text: `J\u00a0=\u00a0${formatNumber(value)}`, term: 'J', metric: 'objective', value },
    { text: msg`${means(story)}; the best possible is ` }, bestNumber, { text: msg` at β = ${knobWords(beta)}. ` },
    ...(isOwn || step > 0
      ? [{ text: msg`The gap, β·KL(π‖π*), is ` }, { text: lossWords(gap) }, { text: '.' }]
      : [{ text: msg`Drag the bars of π to do better, or press Play.` }]),
  ];
}

function subject({ isOwn, step, whose }: WorthStory): string {
  if (isOwn) return msg`your policy`;
  const of = whose === '' ? '' : ` (${whose})`;
  return step === 0 ? msg`the reference${of}` : msg`the policy${of}`;
}

function means({ promptCount }: WorthStory): string {
  return promptCount > 1 ? msg` (mean over ${promptCount} prompts)` : '';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What the gradients say together. @param pulls  of the bars, by name; an empty list is no sentence */
export function pullSentence(pulls: readonly { name: string; gradient: number }[]): string {
  if (pulls.length === 0) return '';
  const most = pulls.reduce((a, b) => (b.gradient > a.gradient ? b : a));
  const least = pulls.reduce((a, b) => (b.gradient < a.gradient ? b : a));
  if (pulls.every(({ gradient }) => Math.abs(gradient) < ROUNDING)) return msg`At π* every gradient is 0: no response wants more probability, none wants less.`;
  return msg`J rises most with more of ${most.name} (${signed(most.gradient)}) and less of ${least.name} (${signed(least.gradient)}).`;
}

/** A gradient with its sign: "+0.310", "−1.20", "0". */
export function signed(gradient: number): string {
  if (Math.abs(gradient) < ROUNDING) return '0';
  return gradient > 0 ? `+${formatNumber(gradient)}` : formatNumber(gradient);
}

/** Where gradient ascent gets to. @param end  J there; `best`: β log Z; `few`: the plot shows only three of more responses */
export function climbSentence({ end, best, updates, few }: { end: number; best: number; updates: number; few: boolean }): string {
  const moves = few ? msg` It moves all responses; the line shows how it divides these three.` : '';
  const reached = best - end < 1e-3 * Math.max(1, Math.abs(best))
    ? msg`The climb arrives at π*, wherever it starts: J has one summit.`
    : msg`After ${updates.toLocaleString('en')} updates the climb is at J = ${formatNumber(end)} of ${formatNumber(best)}.`;
  return `${reached}${moves}`;
}

/** What the strip of π* over β says: whom π* likes best at each end. @param low, high  the likeliest response at the lowest and at the highest β */
export function stripSentence(low: { beta: number; text: string; share: number }, high: { beta: number; text: string; share: number }): string {
  const likes = ({ text, share }: typeof low) => `${quoted(text)} (${formatProbability(share)})`;
  return msg`At β = ${knobWords(low.beta)} the likeliest response under π* is ${likes(low)}, at β = ${knobWords(high.beta)} ${likes(high)}.`;
}
