/** The talk as data: what each step shows, and what the lecturer's notes say of it. */
import type { ChapterId } from '../chapters.ts';
import type { ParamId, ParamValue } from '../../sim/params.ts';
import { CHAPTER_1 } from './notes/chapter1.ts';
import { CHAPTER_10 } from './notes/chapter10.ts';
import { CHAPTER_2 } from './notes/chapter2.ts';
import { CHAPTER_3 } from './notes/chapter3.ts';
import { CHAPTER_4 } from './notes/chapter4.ts';
import { CHAPTER_5 } from './notes/chapter5.ts';
import { CHAPTER_6 } from './notes/chapter6.ts';
import { CHAPTER_7 } from './notes/chapter7.ts';
import { CHAPTER_8 } from './notes/chapter8.ts';
import { CHAPTER_9 } from './notes/chapter9.ts';
import { OPENING } from './notes/opening.ts';

/** What the page shows at a step, whatever was shown before. */
export interface Scene {
  chapter: ChapterId;
  /** Id of a preset. */
  preset: string;
  /** Knobs of the preset's experiment that are set otherwise. */
  knobs?: readonly (readonly [ParamId, ParamValue])[];
  methods?: readonly string[];
  panel?: string;
  /** `ready`: at update 0. `play`: plays from update 0, at once. `keep`: the run of the step before goes on as it is. */
  run: 'ready' | 'play' | 'keep';
  /** Where to scroll to: a CSS selector; the top without one. */
  at?: string;
}

/** Plain text; symbols beside their words. */
export interface Notes {
  /** What to say, a sentence or two each. */
  say: readonly string[];
  /** What will be seen, in words that no seed makes false. */
  seen: string;
  /** The wrong answer to expect from the room, and what to answer. */
  wrong?: string;
}

export interface TalkStep {
  /** Its name in links; stable. */
  id: string;
  /** 1 to 10, the lecture's numbering. */
  chapter: number;
  title: string;
  scene: Scene;
  notes: Notes;
  /** About how long it takes, minutes. */
  minutes: number;
}

/** The lecture: a cold open with chapter 5's run, then the chapters in their order. */
export const TALK: readonly TalkStep[] = [
  ...OPENING, ...CHAPTER_1, ...CHAPTER_2, ...CHAPTER_3, ...CHAPTER_4, ...CHAPTER_5,
  ...CHAPTER_6, ...CHAPTER_7, ...CHAPTER_8, ...CHAPTER_9, ...CHAPTER_10,
];
