/** The sentence that each chapter says of the run, fetched with the chapter; where it is about something else than the run, that of the masses. */
import type { ChapterId } from '../../chapters.ts';
import { massSentence, type Sentence } from '../../chapter/Headline.tsx';

const FETCHED: Partial<Record<ChapterId, () => Promise<Sentence>>> = {
  1: async () => (await import('../../chapter1/Chapter1.tsx')).sentence,
  3: async () => (await import('../../chapter3/Chapter3.tsx')).sentence,
  6: async () => (await import('../../chapter6/Chapter6.tsx')).sentence,
  7: async () => (await import('../../chapter7/Chapter7.tsx')).sentence,
  8: async () => (await import('../../chapter8/Chapter8.tsx')).sentence,
  9: async () => (await import('../../chapter9/Chapter9.tsx')).sentence,
};

export async function sentenceOf(chapter: ChapterId): Promise<Sentence> {
  return await FETCHED[chapter]?.() ?? massSentence;
}
