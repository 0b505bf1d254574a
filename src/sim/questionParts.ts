/** What questions have in common: the groups of an experiment's responses, the course of a number, the best of several. Pure. */
import type { Experiment } from './experiment.ts';
import type { MetricId } from './metrics.ts';
import { msg } from './msg.ts';
import { givenPairs } from './preferences.ts';
import { lineOf, whoseMedian, type Asked, type Option, type Outcome, type Question } from './question.ts';
import { quoted } from './words.ts';
import { buildWorld, GROUPS, groupResponses, inDistribution, OOD, responseText, type Group } from './world.ts';

const KNOWN = new WeakMap<Experiment, readonly Option[]>();

const NAMES: Record<Group, string> = { chosen: 'chosen responses', rejected: 'rejected responses', otherInDistribution: msg`other written responses`, ood: msg`responses nobody wrote` };

/** The groups that have responses; a group of one bears its text. Of an experiment that gives its pairs. */
export function groupsOf(experiment: Experiment): readonly Option[] {
  const known = KNOWN.get(experiment);
  if (known) return known;
  const world = buildWorld(experiment.world);
  const groups = groupResponses(inDistribution(world, experiment), givenPairs(world, experiment));
  const found = GROUPS.flatMap((group, g): Option[] => {
    const first = groups.indexOf(g);
    if (first < 0) return [];
    const single = g !== OOD && groups.lastIndexOf(g) === first;
    return [{ id: group, text: single ? quoted(responseText(world, first)) : NAMES[group], group }];
  });
  KNOWN.set(experiment, found);
  return found;
}

/** Whether there are responses that nobody wrote. A unigram reference writes all of them. */
export function hasOod(experiment: Experiment): boolean {
  if (experiment.reference.kind !== 'corpus') return false;
  const { responseCount } = buildWorld(experiment.world);
  const { preferences, reference } = experiment;
  const named = reference.corpus.length + ('pairs' in preferences ? 2 * preferences.pairs.length : 0);
  return named < responseCount || groupsOf(experiment).some(({ group }) => group === 'ood');
}

/** One method with given pairs: its groups are the same for every seed. */
export function hasGroups({ experiment, others }: Asked): boolean {
  return others.length === 0 && 'pairs' in experiment.preferences;
}

export type Course = 'rises' | 'falls' | 'up-down' | 'down-up' | 'stays';

export const COURSES: readonly (Option & { id: Course })[] = [
  { id: 'rises', text: msg`It rises` }, { id: 'falls', text: msg`It falls` }, { id: 'up-down', text: msg`It rises, then falls` },
  { id: 'down-up', text: msg`It falls, then rises` }, { id: 'stays', text: msg`It stays about where it is` },
];

interface Point { step: number; value: number }

/**
 * How a number went, and where its turn was. A peak counts where both ends are more than `least` below it, a dip where
 * both are more than `least` above; of both the first.
 */
export function courseOf(line: readonly Point[], least: number): { course: Course; turn: Point | null } {
  const [first, last] = [line[0], line[line.length - 1]];
  const top = line.reduce((a, b) => (b.value > a.value ? b : a));
  const bottom = line.reduce((a, b) => (b.value < a.value ? b : a));
  const peaks = top.value > Math.max(first.value, last.value) + least;
  const dips = bottom.value < Math.min(first.value, last.value) - least;
  if (peaks && !(dips && bottom.step < top.step)) return { course: 'up-down', turn: top };
  if (dips) return { course: 'down-up', turn: bottom };
  if (last.value > first.value + least) return { course: 'rises', turn: null };
  return { course: last.value < first.value - least ? 'falls' : 'stays', turn: null };
}

interface CourseRow extends Pick<Question, 'id' | 'title' | 'appliesTo' | 'words'> {
  metric: MetricId;
  /** What does not count, and how it is said. */
  least: number;
  leastWords: string;
  /** What moves: "The true reward". */
  subject: string;
  format(value: number): string;
}

/** A question about how one number goes. */
export function courseQuestion({ metric, least, leastWords, subject, format, ...row }: CourseRow): Question {
  return {
    ...row, kind: 'choice',
    rule: (asked) => msg`Counted: ${whoseMedian(asked)}, at the updates recorded. Up to ${leastWords} is no change.`,
    options: () => COURSES,
    outcome(asked, history) {
      const line = lineOf(asked, history, metric);
      if (line.length === 0 || line.some(({ value }) => !Number.isFinite(value))) return null;
      const { course, turn } = courseOf(line, least);
      const way = turn === null ? '' : msg`, ${course === 'up-down' ? msg`was highest` : msg`was lowest`} at about update ${turn.step} (${format(turn.value)})`;
      const sentence = msg`${subject} began at ${format(line[0].value)}${way} and ended at ${format(line[line.length - 1].value)} (${whoseMedian(asked)}).`;
      return { answer: { kind: 'choice', option: course }, right: [course], sentence };
    },
  };
}

/** One of several values or methods, and its number at the end. */
export interface Rival {
  option: Option;
  value: number;
}

/**
 * The best of several.
 *
 * @param tie   values no farther than this from the best are right too
 * @param said  the sentence's beginning: "Probability on responses nobody wrote"
 * @param rivalWords  a value with whose it is: "0.4 % at β = 0.5"
 */
export function bestOf(rivals: readonly Rival[], best: 'least' | 'most', tie: number, said: string, rivalWords: (rival: Rival) => string): Outcome | null {
  if (rivals.length === 0 || rivals.some(({ value }) => !Number.isFinite(value))) return null;
  const sign = best === 'least' ? 1 : -1;
  const sorted = rivals.toSorted((a, b) => sign * (a.value - b.value));
  const right = rivals.filter(({ value }) => Math.abs(value - sorted[0].value) <= tie).map(({ option }) => option.id);
  return {
    answer: { kind: 'choice', option: sorted[0].option.id }, right,
    sentence: `${said}: ${sorted.map(rivalWords).join(', ')}.`,
  };
}
