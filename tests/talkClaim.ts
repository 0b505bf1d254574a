/** What a sentence of the lecture's notes claims: its words, and the test that holds them, by name, or a check of its own. */
export interface Claim {
  step: string;
  /** Stands in the notes of that step, word for word. */
  says: string;
  /** A test of another file. */
  by?: readonly [file: string, name: string];
  check?: () => void | Promise<void>;
}

const HEADLINE = 'presets.test.ts';
export const HEADLINE_COLLAPSE = [HEADLINE, 'at least 7 of 8 seeds end with 90 % on responses nobody wrote'] as const;
export const LOSS_FALLS = [HEADLINE, 'while the loss falls all the way'] as const;
export const TIED = [HEADLINE, 'at most 6 % leaves in any seed, and the loss falls too'] as const;
export const TABLE = [HEADLINE, 'tabular control: never above the level of the reference'] as const;
