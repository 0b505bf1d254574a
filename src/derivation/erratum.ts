/** A place where the lecture's slides say something differently, as data. */
import type { Setting } from './setting.ts';
import { toleranceOf, type Check } from './step.ts';

/** The slide's version of an equation. */
export interface SlideVersion {
  /** LaTeX with marked terms, shown in the place of the step's with "as on the slide". */
  tex: string;
  /** Fails in every setting where `isExact` is false; of a failed check the worst instance is the one to show. */
  check: Exclude<Check, { kind: 'definition' }>;
  /** In words, when the slide's version is right: "β = 1"; "never" where it is not. */
  exactWhen: string;
  /** Whether it is right in this setting, by algebra and not by the check. */
  isExact(setting: Setting): boolean;
}

export interface Erratum {
  /** 1 … 25, the order of the lecture. */
  number: number;
  /** A few words, for a list: "β is dropped". */
  title: string;
  /** What it concerns: a step, or a chapter where it is not about one line. */
  place: { step: string } | { chapter: number };
  /** The slide; where a published number is quoted, its paper too. */
  source: string;
  /** What the slide says, in our words. */
  slide: string;
  /** What is correct. */
  correct: string;
  /** Why it matters, or when the slide's version is right: "At β = 1 the slide’s line is exact." */
  note: string;
  /** The slide's version of the step's equation, or of the statement, where it can be evaluated. */
  version?: SlideVersion;
  /** Other lines that the same slip runs through, with "as on the slide" too. */
  also?: readonly (SlideVersion & { step: string })[];
}

/** Whether a difference is nothing as far as this setting's numbers can tell, relative to what was added up (and to 1). */
export function vanishes(setting: Setting, difference: number, ...addedUp: number[]): boolean {
  return Math.abs(difference) <= toleranceOf(setting) * Math.max(1, ...addedUp.map(Math.abs));
}
