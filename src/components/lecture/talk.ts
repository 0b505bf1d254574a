/** The talk as data: what each step shows, and what the lecturer's notes say of it. */
import type { ChapterId } from '../chapters.ts';
import type { ParamId, ParamValue } from '../../sim/params.ts';

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

export const TALK: readonly TalkStep[] = [
  {
    id: 'the-the-the', chapter: 5, title: 'Where will the probability go?', minutes: 3,
    scene: { chapter: 5, preset: 'the-the-the', run: 'ready' },
    notes: { say: ['One pair of sentences that differ in one word. Ask the room before pressing Play.'], seen: 'The bar of “the the the” rises while the loss falls.' },
  },
];
