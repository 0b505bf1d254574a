/** Questions that compare: the values of a sweep, the rates of resampling, the methods side by side. */
import { populationOf, type SweepKey } from './experiment.ts';
import { sweepCount } from './focus.ts';
import { quantile, type History } from './history.ts';
import { methodOf } from './methods.ts';
import type { MetricId } from './metrics.ts';
import { msg } from './msg.ts';
import { formatNumber } from './numbers.ts';
import { everyOf, ratePeaks } from './onlineStory.ts';
import { lastOf, lineOf, whoseMedian, type Asked, type Option, type Question, type QuestionId } from './question.ts';
import { bestOf, hasOod, type Rival } from './questionParts.ts';
import { shareWords } from './sentences.ts';
import { knobName } from './words.ts';

/** Median of one metric over the seeds of one swept value or method, or of the seed shown. */
function endAt({ experiment, focus }: Asked, history: History, id: MetricId, index: number): number {
  const { length } = experiment.seeds;
  const members = Array.from({ length }, (_, i) => index * length + i);
  return quantile(lastOf(history, id, focus.seedIndex === null ? members : [members[focus.seedIndex]]), 0.5);
}

/** Of knobs that the question names itself. */
const SYMBOLS: Partial<Record<SweepKey, string>> = { beta: 'β', lengthBias: 'b' };

/** The values of a swept knob, with where they stand in the population: other knobs at their first value. */
function valuesOf({ experiment }: Asked, key: SweepKey): { value: number; index: number; option: Option }[] {
  const { sweep = {}, seeds } = experiment;
  const members = populationOf(experiment);
  return (sweep[key] ?? []).map((value) => {
    const index = members.findIndex(({ swept }) => swept[key] === value && Object.entries(sweep).every(([other, values]) => other === key || swept[other as SweepKey] === values?.[0])) / seeds.length;
    return { value, index, option: { id: String(value), text: `${SYMBOLS[key] ?? knobName(key)} = ${value}` } };
  });
}

interface SweptRow extends Pick<Question, 'title' | 'words'> {
  id: QuestionId;
  key: SweepKey;
  metric: MetricId;
  best: 'least' | 'most';
  /** Values no farther apart end alike, and how that is said. */
  tie: number;
  tieWords: string;
  /** What is compared: "Mean length". */
  said: string;
  format(value: number): string;
  /** Of the metric at one swept value. */
  of?(metric: number, value: number): number;
  suits?(asked: Asked): boolean;
}

/** Which value of a sweep ends with least or most of something. */
function sweptQuestion({ key, metric, best, tie, tieWords, said, format, of = (x) => x, suits = () => true, ...row }: SweptRow): Question {
  return {
    ...row, kind: 'choice',
    appliesTo: (asked) => asked.others.length === 0 && (asked.experiment.sweep?.[key]?.length ?? 0) > 1 && suits(asked),
    rule: (asked) => msg`Counted at the end: ${whoseMedian(asked)}. Values within ${tieWords} of the best are right too.`,
    options: (asked) => valuesOf(asked, key).map(({ option }) => option),
    outcome: (asked, history) => bestOf(valuesOf(asked, key).map(({ option, value, index }): Rival => ({ option, value: of(endAt(asked, history, metric, index), value) })), best, tie, said, ({ option, value }) => msg`${format(value)} at ${option.text}`),
  };
}

const inWords = (words: number) => msg`${formatNumber(words)} words`;
const isDpo = ({ experiment: { algorithm } }: Asked) => algorithm.kind === 'dpo' || algorithm.kind === 'online-dpo';

export const beta: Question = sweptQuestion({
  id: 'beta', key: 'beta', metric: 'mass/ood', best: 'least', tie: 0.01, tieWords: msg`1 percentage point`, said: msg`Probability on responses nobody wrote`, format: shareWords,
  title: msg`Which β ends with least on what nobody wrote?`,
  words: () => msg`At which of these β will the least probability end on responses nobody wrote?`,
  suits: ({ experiment }) => hasOod(experiment),
});

export const widest: Question = sweptQuestion({
  id: 'widest', key: 'beta', metric: 'rewards/margins', best: 'most', tie: 0.1, tieWords: msg`0.1 nats`, said: msg`Gap of the log-ratios at the end`, format: (gap) => msg`${formatNumber(gap)} nats`,
  title: msg`Which β ends with the widest gap?`,
  words: ({ experiment: { sweep, steps } }) => msg`At which of these β will the two log-ratios be farthest apart after ${steps} updates${sweep?.labelSmoothing ? msg`, at label smoothing ${sweep.labelSmoothing[0]}` : ''}?`,
  of: (margin, value) => margin / value,
  suits: isDpo,
});

const hasLengths = ({ experiment: { algorithm, world } }: Asked) => algorithm.kind !== 'reward-model' && world.maxLength > 1;

export const shortest: Question = sweptQuestion({
  id: 'shortest', key: 'beta', metric: 'meanLength', best: 'least', tie: 0.05, tieWords: msg`0.05 words`, said: msg`Mean length at the end`, format: inWords,
  title: msg`Which β keeps the answers shortest?`,
  words: () => msg`At which of these β will the answers end shortest?`,
  suits: hasLengths,
});

export const longest: Question = sweptQuestion({
  id: 'longest', key: 'lengthBias', metric: 'meanLength', best: 'most', tie: 0.05, tieWords: msg`0.05 words`, said: msg`Mean length at the end`, format: inWords,
  title: msg`Which annotator’s answers end longest?`,
  words: () => msg`The annotators differ only in how much they like length. At which of these length biases b will the answers end longest?`,
  suits: hasLengths,
});

/** OOD mass that never rises above this has stayed away. */
const LOW = 0.1;

export const drift: Question = {
  id: 'drift', kind: 'choice', title: msg`Will the judge keep the probability home?`,
  appliesTo: ({ experiment, others }) => others.length === 0 && experiment.algorithm.kind === 'online-dpo' && !experiment.sweep && hasOod(experiment),
  words: ({ experiment }) => {
    const every = everyOf(experiment);
    const draws = every === null ? msg`No pair is drawn` : msg`Fresh pairs are drawn and judged every ${every === 1 ? msg`update` : msg`${every} updates`}`;
    return msg`${draws}. What will responses nobody wrote do?`;
  },
  rule: (asked) => msg`Counted: ${whoseMedian(asked)}, at the updates recorded.`,
  options: () => [
    { id: 'away', text: msg`They never hold more than ${100 * LOW} %` }, { id: 'back', text: msg`They hold more, and lose at least half of it again` }, { id: 'stay', text: msg`They hold more, and keep it` },
  ],
  outcome(asked, history) {
    const line = lineOf(asked, history, 'mass/ood');
    if (line.length === 0 || line.some(({ value }) => !Number.isFinite(value))) return null;
    const peak = line.reduce((a, b) => (b.value > a.value ? b : a));
    const end = line[line.length - 1].value;
    const held = end <= peak.value / 2 ? 'back' : 'stay';
    const option = peak.value <= LOW ? 'away' : held;
    return { answer: { kind: 'choice', option }, right: [option], sentence: msg`They held ${shareWords(peak.value)} at most, at about update ${peak.step}, and ${shareWords(end)} at the end (${whoseMedian(asked)}).` };
  },
};

/** A peak at most this high is soon enough. */
const SOON = 0.05;

export const rate: Question = {
  id: 'rate', kind: 'choice', title: msg`How rarely may the policy be asked?`,
  appliesTo: ({ experiment, others }) => others.length === 0 && (experiment.sweep?.resampleEvery?.length ?? 0) > 1 && sweepCount(experiment) === experiment.sweep?.resampleEvery?.length && hasOod(experiment),
  words: () => msg`Which is the rarest of these rates at which responses nobody wrote never hold more than ${100 * SOON} %?`,
  rule: (asked) => msg`Counted: the largest value at the updates recorded, ${whoseMedian(asked)}.`,
  options: ({ experiment }) => [
    ...(experiment.sweep?.resampleEvery ?? []).map((every) => ({ id: String(every), text: rateWords(every, experiment.steps) })), { id: 'none', text: msg`Not even the most often` },
  ],
  outcome({ experiment, focus }, history) {
    const values = experiment.sweep?.resampleEvery ?? [];
    const peaks = ratePeaks(experiment, history).map(({ sweepIndex, peaks: own, median }) => ({ every: values[sweepIndex], peak: focus.seedIndex === null ? median : own[focus.seedIndex] }));
    if (peaks.some(({ peak }) => !Number.isFinite(peak))) return null;
    const rarest = peaks.findLast(({ peak }) => peak <= SOON);
    const option = rarest ? String(rarest.every) : 'none';
    return { answer: { kind: 'choice', option }, right: [option], sentence: msg`They held at most: ${peaks.map(({ every, peak }) => `${shareWords(peak)} (${rateWords(every, experiment.steps)})`).join(', ')}.` };
  },
};

function rateWords(every: number, steps: number): string {
  if (every > steps) return msg`never drawn`;
  return every === 1 ? msg`every update` : msg`every ${every} updates`;
}

function methodOptions({ experiment, others }: Asked): Option[] {
  return [experiment, ...others].map((own, a) => ({ id: methodOf(own)?.id ?? String(a), text: methodOf(own)?.label ?? own.name }));
}

const sideBySide = ({ others }: Asked) => others.length > 0;

interface MethodRow extends Pick<Question, 'title' | 'words'>, Pick<SweptRow, 'id' | 'metric' | 'best' | 'tie' | 'tieWords' | 'said' | 'format'> {
  suits(asked: Asked): boolean;
}

/** Which method ends with least or most of something. */
function methodQuestion({ metric, best, tie, tieWords, said, format, suits, ...row }: MethodRow): Question {
  return {
    ...row, kind: 'choice',
    appliesTo: (asked) => sideBySide(asked) && suits(asked),
    rule: (asked) => msg`Counted at the end: ${whoseMedian(asked)}. Methods within ${tieWords} of the best are right too.`,
    options: methodOptions,
    outcome: (asked, history) => bestOf(methodOptions(asked).map((option, a): Rival => ({ option, value: endAt(asked, history, metric, a) })), best, tie, said, ({ option, value }) => msg`${format(value)} with ${option.text}`),
  };
}

const hasGold = ({ experiment }: Asked) => experiment.gold !== undefined;

export const method: Question = methodQuestion({
  id: 'method', metric: 'mass/ood', best: 'least', tie: 0.01, tieWords: msg`1 percentage point`, said: msg`Probability on responses nobody wrote`, format: shareWords,
  title: msg`Which method ends with least on what nobody wrote?`, words: () => msg`With which of these methods will the least probability end on responses nobody wrote?`, suits: ({ experiment }) => hasOod(experiment),
});

export const nearest: Question = methodQuestion({
  id: 'nearest', metric: 'klToOptimal', best: 'least', tie: 0.02, tieWords: msg`0.02 nats`, said: msg`Distance from π*`, format: (kl) => msg`${formatNumber(kl)} nats`,
  title: msg`Which method ends nearest to π*?`, words: () => msg`π* is the best policy for the true reward at this β. Which of these methods will end nearest to it?`, suits: hasGold,
});

export const earns: Question = methodQuestion({
  id: 'earns', metric: 'goldReward', best: 'most', tie: 0.02, tieWords: '0.02', said: msg`Mean true reward at the end`, format: formatNumber,
  title: msg`Which method earns the most true reward?`, words: () => msg`Which of these methods will end with the highest true (gold) reward?`, suits: hasGold,
});

/** OOD mass up to which a remedy holds. */
const HOLDS = 0.05;

export const holding: Question = {
  id: 'holding', kind: 'count', title: msg`How many of the methods will hold?`,
  appliesTo: (asked) => sideBySide(asked) && hasOod(asked.experiment),
  words: (asked) => msg`With how many of these ${asked.others.length + 1} methods will responses nobody wrote end with at most ${100 * HOLDS} % in every seed?`,
  rule: ({ experiment }) => msg`Counted at update ${experiment.steps}, all seeds, whichever is shown.`,
  options: (asked) => Array.from({ length: asked.others.length + 2 }, (_, n) => ({ id: String(n), text: String(n) })),
  range: (asked) => ({ low: 0, high: asked.others.length + 1, step: 1, unit: msg`of ${asked.others.length + 1} methods` }),
  outcome(asked, history) {
    const { length } = asked.experiment.seeds;
    const methods = methodOptions(asked).map(({ text }, a) => ({ text, worst: Math.max(...lastOf(history, 'mass/ood', Array.from({ length }, (_, i) => a * length + i))) }));
    if (methods.some(({ worst }) => Number.isNaN(worst))) return null;
    const held = methods.filter(({ worst }) => worst <= HOLDS);
    const sentence = held.length === 0 ? msg`None of them held.` : msg`${held.length} of ${methods.length} held: ${held.map(({ text }) => text).join(', ')}.`;
    return { answer: { kind: 'count', count: held.length }, right: [String(held.length)], sentence };
  },
};
