/** What the lecture's slides say differently in this chapter; chapters with lines of a derivation have it below these. */
import type { ChapterId } from '../chapters.ts';
import { useLab } from '../labStore.ts';
import { useHidden } from '../share/hideable.ts';
import { useLoaded } from './useLoaded.ts';

/** Their derivation lists it. */
const WITH_LINES: readonly ChapterId[] = [2, 3, 4];

const load = async () => (await import('../derivation/DerivationErrata.tsx')).ChapterErrata;

export function SlidesOtherwise({ chapter }: { chapter: ChapterId }) {
  const loaded = useLoaded(load);
  const [hidden, embedded] = [useHidden('slides'), useLab((lab) => lab.embedded)];
  // Not worth a sentence when it cannot be fetched: nothing on the page speaks of it.
  if (hidden || embedded || WITH_LINES.includes(chapter) || !loaded || loaded === 'failed') return null;
  return <loaded.Part chapter={chapter} />;
}
