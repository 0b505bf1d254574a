/** What a teacher chooses for a class, and the link that it makes. */
import type { QuestionId } from '../../sim/questions.ts';
import type { Experiment } from '../../sim/experiment.ts';
import type { LabStatus } from '../labStore.ts';
import type { LinkOptions } from '../link.ts';
import type { RunStatus } from '../../sim/runStore.ts';
import { FRAME_SIZES } from './embed.ts';
import type { HideId } from './hideable.ts';

export interface ClassChoice {
  hide: readonly HideId[];
  /** null = the experiment's own. */
  ask: QuestionId | null;
  /** The seed that is shown; null = the mean over all of them. */
  seed: number | null;
  /** Opens at the update that was shown when the dialog was opened. */
  atStep: boolean;
  projector: boolean;
  /** Id of the frame's size. */
  frame: string;
}

/** What the page shows now. */
export function choiceNow({ focus, experiment }: Pick<RunStatus, 'focus' | 'experiment'>, { hidden, asked }: Pick<LabStatus, 'hidden' | 'asked'>): ClassChoice {
  const seed = focus.seedIndex === null ? null : experiment?.seeds[focus.seedIndex] ?? null;
  return { hide: hidden, ask: asked, seed, atStep: false, projector: false, frame: FRAME_SIZES[0].id };
}

/** A choice made for another experiment, without what this one has not. */
export function choiceFor(choice: ClassChoice, { seeds }: Pick<Experiment, 'seeds'>, questions: readonly QuestionId[]): ClassChoice {
  return {
    ...choice,
    ask: choice.ask !== null && questions.includes(choice.ask) ? choice.ask : null,
    seed: choice.seed !== null && seeds.length > 1 && seeds.includes(choice.seed) ? choice.seed : null,
  };
}

/** @param step  the update that was shown when the dialog was opened */
export function optionsOf({ hide, ask, seed, atStep, projector }: ClassChoice, step: number): LinkOptions {
  return { hide, ask: hide.includes('predict') ? null : ask, shown: seed ?? false, projector, step: atStep && step > 0 ? step : null };
}
