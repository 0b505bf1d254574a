/** Which question the page asks, and of what. Pure. */
import { PRESETS } from '../../sim/presets/index.ts';
import type { Asked, Question, QuestionId } from '../../sim/question.ts';
import { questionOf, questionsFor } from '../../sim/questions.ts';
import type { RunStatus } from '../../sim/runStore.ts';
import type { LabStatus } from '../labStore.ts';
import { runsOf } from '../starts.ts';

/** What would run from update 0, and which of its policies are shown. */
export function askedOf({ focus }: Pick<RunStatus, 'focus'>, { base, methods }: Pick<LabStatus, 'base' | 'methods'>): Asked {
  const [experiment, ...others] = runsOf(base, methods);
  return { experiment, others, focus };
}

/** The question that the reader chose, else the link's, else the preset's, else the first of the table: the first of these that can be asked here; null where none can. */
export function questionHere(run: Pick<RunStatus, 'focus'>, lab: Pick<LabStatus, 'base' | 'methods' | 'asked' | 'origin'>, picked: QuestionId | null): Question | null {
  const asked = askedOf(run, lab);
  const own = PRESETS.find(({ id }) => id === lab.origin.id)?.ask ?? null;
  // An experiment that came from a file has no question of its own.
  const first = lab.origin.id === null ? questionsFor(asked)[0]?.id ?? null : null;
  for (const id of [picked, lab.asked, own, first]) {
    if (id !== null && questionOf(id).appliesTo(asked)) return questionOf(id);
  }
  return null;
}
