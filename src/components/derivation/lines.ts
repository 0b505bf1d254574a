/** The lines of a chapter as the page numbers them, and what the slides say of each. */
import { ERRATA, slideVersionOf, type Erratum, type SlideVersion } from '../../derivation/errata.ts';
import type { Step } from '../../derivation/step.ts';
import { STEPS } from '../../derivation/steps.ts';

export interface Line {
  step: Step;
  /** From 0, within its chapter. */
  index: number;
  /** "2.4", as an equation of a textbook. */
  number: string;
  /** About this line. */
  errata: readonly Erratum[];
  /** The slide's own version of the equation, where it is one. */
  slide: { erratum: Erratum; version: SlideVersion } | null;
}

/** A chapter's lines, in reading order. */
export function linesOf(chapter: number): readonly Line[] {
  return STEPS.filter((step) => step.chapter === chapter).map((step, index) => ({
    step, index, number: `${chapter}.${index + 1}`,
    errata: ERRATA.filter(({ place, also }) => ('step' in place && place.step === step.id) || also?.some((version) => version.step === step.id)),
    slide: slideVersionOf(step.id),
  }));
}

/** The chapters that have lines, in the order of the derivation. */
export const LINE_CHAPTERS: readonly number[] = [...new Set(STEPS.map(({ chapter }) => chapter))].sort((a, b) => a - b);

/** Chapters whose page shows their lines. */
export const SHOWN_CHAPTERS: readonly number[] = [2, 3, 4];

/** The line of a step. @throws RangeError where there is no such step */
export function lineOf(id: string): Line {
  const step = STEPS.find((one) => one.id === id);
  const line = step && linesOf(step.chapter).find((one) => one.step.id === id);
  if (!line) throw new RangeError(`lineOf: id must be that of a step, got "${id}"`);
  return line;
}

/** What the slides say of a chapter otherwise, where it is not about one line. */
export function errataOf(chapters: readonly number[]): readonly Erratum[] {
  return ERRATA.filter(({ place }) => 'chapter' in place && chapters.includes(place.chapter));
}
