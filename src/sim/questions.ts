/** The questions that are asked before Play, one row each: what is asked, what may be answered, and what a finished run says. */

/** Names in links and presets; stable. */
export const QUESTION_IDS = ['where', 'most', 'chosen', 'loss', 'collapsed'] as const;
export type QuestionId = (typeof QUESTION_IDS)[number];
