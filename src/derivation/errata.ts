/**
 * TABLE of what the lecture's slides say differently, with the correct statement; polite, a learning moment each.
 * A new erratum is one entry in the list it belongs to.
 */
import { DERIVATION_ERRATA } from './errata/derivation.ts';
import { READING_ERRATA } from './errata/reading.ts';
import { TRAINING_ERRATA } from './errata/training.ts';
import type { Erratum, SlideVersion } from './erratum.ts';

export type { Erratum, SlideVersion } from './erratum.ts';

export const ERRATA: readonly Erratum[] = [...DERIVATION_ERRATA, ...READING_ERRATA, ...TRAINING_ERRATA].sort((a, b) => a.number - b.number);

/** Every slide's version that can be evaluated, with the step or chapter it stands at. */
export const SLIDE_VERSIONS: readonly { erratum: Erratum; place: Erratum['place']; version: SlideVersion }[] = ERRATA.flatMap((erratum) => [
  ...(erratum.version ? [{ erratum, place: erratum.place, version: erratum.version }] : []),
  ...(erratum.also ?? []).map(({ step, ...version }) => ({ erratum, place: { step }, version })),
]);

/** A step's line as on the slide; null where the slide's is the same, or not an equation. */
export function slideVersionOf(step: string): { erratum: Erratum; version: SlideVersion } | null {
  return SLIDE_VERSIONS.find(({ place }) => 'step' in place && place.step === step) ?? null;
}
