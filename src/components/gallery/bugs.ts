/** The cards of the gallery, in the order of the page. */
import type { Bug } from './bug.ts';
import { BUGS_OF_ANSWERS } from './bugsOfAnswers.ts';
import { BUGS_OF_CURVES } from './bugsOfCurves.ts';

export const BUGS: readonly Bug[] = [...BUGS_OF_ANSWERS, ...BUGS_OF_CURVES];
