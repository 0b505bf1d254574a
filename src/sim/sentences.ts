/**
 * The sentence under the headline: pure functions from the numbers of a run to words.
 * Every case is said as it is: collapse, no collapse, some seeds, divergence, a loss that rises.
 */
import type { Experiment } from './experiment.ts';
import type { MetricId } from './metrics.ts';
import type { Story, StoryMetric } from './story.ts';
import { collapseWords, quoted } from './words.ts';

export type FragmentRole = 'chosen' | 'rejected' | 'other' | 'ood';

/** A piece of a sentence: its colour role, and the metric it states. */
export interface Fragment {
  text: string;
  role?: FragmentRole;
  metric?: MetricId;
  /** Full precision; present whenever `metric` is. */
  value?: number;
}

/** A share as prose says it: "97 %", "0.38 %", "less than 0.01 %", "more than 99.9 %". */
export function shareWords(p: number): string {
  const percent = p * 100;
  if (percent > 99.9) return `more than 99.9 %`;
  if (percent >= 99) return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
  if (percent >= 10) return `${Math.round(percent)} %`;
  if (percent >= 1) return `${percent.toFixed(1)} %`;
  if (percent >= 0.01) return `${Number(percent.toPrecision(2))} %`;
  return `less than 0.01 %`;
}

/** A loss as prose says it: two significant digits, three from 1 on. */
export function lossWords(x: number): string {
  const size = Math.abs(x);
  if (size !== 0 && size < 0.001) return x > 0 ? 'less than 0.001' : 'just below 0';
  return String(Number(x.toPrecision(size >= 1 ? 3 : 2))).replace('-', '−');
}

const SMALL = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${SMALL[n] ?? n.toLocaleString('en')} ${n === 1 ? noun : plural}`;
}
function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** β or another knob, as written beside a slider: three significant digits. */
export function knobWords(x: number): string {
  return String(Number(x.toPrecision(3)));
}

/** The texts of a group made by the pairs: one response gets its name, several get a word. */
function onResponses(experiment: Experiment, side: 'chosen' | 'rejected'): string {
  if ('pairs' in experiment.preferences) {
    const texts = new Set(experiment.preferences.pairs.map((pair) => `${pair.prompt} ${pair[side]}`));
    const [first] = experiment.preferences.pairs;
    if (texts.size === 1) return quoted(first[side]);
  }
  return `${side} responses`;
}

function massFragment(story: Story, metric: StoryMetric, role: FragmentRole, text: (share: string) => string): Fragment {
  const value = story.now[metric];
  return { text: text(shareWords(value)), role, metric, value };
}

/** Before the first update: what the reference looks like, and what to do. */
export function openingSentence(story: Story): Fragment[] {
  const { experiment } = story;
  const press: Fragment = { text: ' Press Play.' };
  if ('sampled' in experiment.preferences) {
    const { count: n, labels } = experiment.preferences.sampled;
    const how = labels === 'bradley-terry' ? 'labelled by chance as Bradley–Terry says' : 'the better one always preferred';
    return [{ text: `${capital(count(n, 'pair'))} drawn from the reference, ${how}.` }, press];
  }
  const chosen = story.now['mass/chosen'];
  const rejected = story.now['mass/rejected'];
  const pairs = experiment.preferences.pairs.length;
  if (pairs === 1 && Math.abs(chosen - 0.5) < 0.01 && Math.abs(rejected - 0.5) < 0.01) {
    return [{ text: 'Two sentences, half the probability each.' }, press];
  }
  const opening = experiment.world.prompts.length > 1
    ? `${capital(count(experiment.world.prompts.length, 'prompt'))}, ${count(pairs, 'pair')}: `
    : `${capital(count(pairs, 'pair'))}: `;
  return [
    { text: `${opening}before training, ` },
    massFragment(story, 'mass/chosen', 'chosen', (p) => `${p} of the probability is on ${onResponses(experiment, 'chosen')}`),
    { text: ' and ' },
    massFragment(story, 'mass/rejected', 'rejected', (p) => `${p} on ${onResponses(experiment, 'rejected')}`),
    { text: '.' },
    press,
  ];
}

function lossFragments(story: Story): Fragment[] {
  if (story.experiment.algorithm.kind === 'exact') return objectiveFragments(story);
  const { loss } = story.now;
  const change = loss - story.atStart.loss;
  const scale = Math.max(Math.abs(story.atStart.loss), 1e-9);
  let verb = 'is still';
  if (change < -0.01 * scale) verb = 'has fallen to';
  if (change > 0.01 * scale) verb = 'has risen to';
  return [{ text: `the loss ${verb} ` }, { text: lossWords(loss), metric: 'loss', value: loss }];
}

function objectiveFragments(story: Story): Fragment[] {
  const { objective } = story.now;
  const best = story.now['objective/optimal'];
  return [
    { text: 'the objective is ' }, { text: lossWords(objective), metric: 'objective', value: objective },
    { text: ' of at most ' }, { text: lossWords(best), metric: 'objective/optimal', value: best },
  ];
}

const IN_DISTRIBUTION = [
  ['mass/chosen', 'chosen'], ['mass/rejected', 'rejected'], ['mass/otherInDistribution', 'other'],
] as const;

function oodFragments(story: Story): Fragment[] {
  const fragments = [massFragment(story, 'mass/ood', 'ood', (p) => `${p} of the probability is on responses nobody ever wrote`)];
  if (!story.topOod) return fragments;
  const { text, share, leastShare } = story.topOod;
  const part = partWords(share);
  if (part === null) return fragments;
  // The share is of the mean over seeds; in a single seed it may be another, unless it cannot.
  const average = partWords(leastShare) === part ? '' : 'on average ';
  return [...fragments, { text: `, ${average}${part} on ` }, { text: quoted(text), role: 'ood' }];
}

/** How much of the OOD probability one response has; null where it is not worth naming. */
function partWords(share: number): string | null {
  if (share > 0.99) return 'nearly all of it';
  if (share > 0.5) return 'most of it';
  return share > 0.2 ? 'the largest part' : null;
}

/** Where the probability is: the group with most of it first, OOD always mentioned where it exists. */
function massFragments(story: Story): Fragment[] {
  const ood = story.now['mass/ood'];
  const [metric, role] = IN_DISTRIBUTION.toSorted((a, b) => story.now[b[0]] - story.now[a[0]])[0];
  if (story.oodCount > 0 && ood >= story.now[metric]) return oodFragments(story);
  const where = role === 'other' ? 'other responses of the reference' : onResponses(story.experiment, role);
  const largest = massFragment(story, metric, role, (p) => `${p} of the probability is on ${where}`);
  if (story.oodCount === 0) return [largest];
  return [largest, { text: ', ' }, massFragment(story, 'mass/ood', 'ood', (p) => `${p} on responses nobody ever wrote`)];
}

/** What β does in the experiment's loss, as the label of its slider says it. */
export function betaWords({ algorithm }: Experiment): string {
  if (algorithm.kind !== 'dpo' && algorithm.kind !== 'online-dpo') return 'the price of KL';
  switch (algorithm.loss) {
    case 'sigmoid': return 'the tie to the reference';
    case 'simpo': return 'scale of the log-probabilities';
    case 'ipo': return 'the target gap is 1/(2β)';
    case 'sppo_hard': return 'the targets are ±1/(2β)';
    default: return 'scale of the log-ratios';
  }
}

/** The headline of a run at one update. */
export function headline(story: Story): Fragment[] {
  if (story.step === 0) return openingSentence(story);
  const updates = `After ${story.step.toLocaleString('en')} update${story.step === 1 ? '' : 's'} at β = ${knobWords(story.beta)}`;
  if (story.notFinite === story.total) {
    return [{ text: `${updates} the numbers are no longer finite: the run has diverged. Start over, perhaps with a smaller learning rate.` }];
  }
  let whose = '';
  if (story.seed !== null) whose = ` (seed ${story.seed})`;
  else if (story.total > 1) whose = ` (median over ${story.total} seeds)`;
  const fragments: Fragment[] = [{ text: `${updates}${whose} ` }, ...lossFragments(story), { text: ', and ' }, ...massFragments(story), { text: '.' }];
  if (story.oodCount > 0) fragments.push({ text: ` ${collapseWords(story.collapsed, story.total)}` });
  if (story.notFinite > 0) fragments.push({ text: ` ${story.notFinite} of ${story.total} seeds ${story.notFinite === 1 ? 'has' : 'have'} diverged.` });
  return fragments;
}
