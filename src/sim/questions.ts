/** TABLE of the questions that are asked before Play, one row each: what is asked, what may be answered, and what a finished run says. */
import type { Asked, Question, QuestionId } from './question.ts';
import { chosen, collapsed, loss, most, ratios, where } from './questionsOfMass.ts';
import { earned, gap, hacked, half, length, longer, optimum, unseen, word } from './questionsOfReward.ts';
import { beta, drift, earns, holding, longest, method, nearest, rate, shortest, widest } from './questionsOfSweeps.ts';

export { QUESTION_IDS, type QuestionId } from './question.ts';

/** In the order in which they are offered. */
export const QUESTIONS: readonly Question[] = [
  where, most, chosen, loss, collapsed, ratios, gap, optimum, half,
  earned, hacked, longer, length, unseen, word,
  drift, rate, beta, widest, shortest, longest, method, nearest, earns, holding,
];

/** @throws RangeError where there is no such question */
export function questionOf(id: QuestionId): Question {
  const found = QUESTIONS.find((question) => question.id === id);
  if (!found) throw new RangeError(`questionOf: id must be one of ${QUESTIONS.map((question) => question.id).join(', ')}, got ${String(id)}`);
  return found;
}

/** The questions that can be asked of what runs. */
export function questionsFor(asked: Asked): readonly Question[] {
  return QUESTIONS.filter(({ appliesTo }) => appliesTo(asked));
}
