/** The screens of the chapters: the opening one is in the page's bundle, the others are fetched when they are opened. */
import type { ComponentType } from 'react';
import { Chapter5 } from '../chapter5/Chapter5.tsx';
import type { ChapterId } from '../chapters.ts';

/** A screen that is at hand, or how to fetch it. */
export const CHAPTER_SCREENS: Record<ChapterId, { Screen: ComponentType } | { load: () => Promise<ComponentType> }> = {
  1: { load: async () => (await import('../chapter1/Chapter1.tsx')).Chapter1 },
  2: { load: async () => (await import('../chapter2/Chapter2.tsx')).Chapter2 },
  3: { load: async () => (await import('../chapter3/Chapter3.tsx')).Chapter3 },
  4: { load: async () => (await import('../chapter4/Chapter4.tsx')).Chapter4 },
  5: { Screen: Chapter5 },
  6: { load: async () => (await import('../chapter6/Chapter6.tsx')).Chapter6 },
  7: { load: async () => (await import('../chapter7/Chapter7.tsx')).Chapter7 },
  8: { load: async () => (await import('../chapter8/Chapter8.tsx')).Chapter8 },
  9: { load: async () => (await import('../chapter9/Chapter9.tsx')).Chapter9 },
  10: { load: async () => (await import('../chapter10/Chapter10.tsx')).Chapter10 },
};
