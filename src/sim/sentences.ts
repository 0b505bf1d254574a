/**
 * The sentence under the headline: pure functions from the numbers of a run to words.
 * Every case is said as it is: collapse, no collapse, some seeds, divergence, a loss that rises.
 */
import type { Experiment } from './experiment.ts';
import type { MetricId } from './metrics.ts';
import { msg } from './msg.ts';
import { count, countInWords } from './nouns.ts';
import type { Story, StoryMetric, Stretch, SweptCollapse } from './story.ts';
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

/** A share as prose says it: "97 %", "0.38 %", "less than 0.01 %", "more than 99.9 %"; rounded as the charts round, to fewer digits. */
export function shareWords(p: number): string {
  const percent = p * 100;
  if (p === 1) return '100 %';
  if (percent >= 99) return percent.toFixed(1) === '100.0' ? msg`more than 99.9 %` : `${percent.toFixed(1)} %`;
  if (percent >= 10) return `${Math.round(percent)} %`;
  if (percent >= 1) return `${percent.toFixed(1)} %`;
  if (percent >= 0.01) return `${Number(percent.toPrecision(2))} %`;
  return msg`less than 0.01 %`;
}

/** A loss as prose says it: two significant digits, three from 1 on, no exponents. */
export function lossWords(x: number): string {
  const size = Math.abs(x);
  if (size !== 0 && size < 0.001) return x > 0 ? msg`less than 0.001` : msg`just below 0`;
  if (size >= 1e6) return x > 0 ? msg`more than a million` : msg`less than minus a million`;
  return String(Number(x.toPrecision(size >= 1 ? 3 : 2))).replace('-', '−');
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
  return msg`${side} responses`;
}

function massFragment(story: Story, metric: StoryMetric, role: FragmentRole, text: (share: string) => string): Fragment {
  const value = story.now[metric];
  return { text: text(shareWords(value)), role, metric, value };
}

/** Before the first update: what the reference looks like, and what to do. */
export function openingSentence(story: Story): Fragment[] {
  const { experiment } = story;
  const press: Fragment = { text: msg` Press Play.` };
  if ('sampled' in experiment.preferences) {
    const { count: n, labels } = experiment.preferences.sampled;
    const how = labels === 'bradley-terry' ? msg`labelled by chance as Bradley–Terry says` : msg`the better one always preferred`;
    return [{ text: msg`${capital(countInWords(n, 'pair'))} drawn from the reference, ${how}.` }, press];
  }
  const chosen = story.now['mass/chosen'];
  const rejected = story.now['mass/rejected'];
  const pairs = experiment.preferences.pairs.length;
  if (pairs === 1 && Math.abs(chosen - 0.5) < 0.01 && Math.abs(rejected - 0.5) < 0.01) {
    return [{ text: msg`Two sentences, half the probability each.` }, press];
  }
  const opening = experiment.world.prompts.length > 1
    ? `${capital(countInWords(experiment.world.prompts.length, 'prompt'))}, ${countInWords(pairs, 'pair')}: `
    : `${capital(countInWords(pairs, 'pair'))}: `;
  return [
    { text: msg`${opening}before training${overPrompts(experiment, ' (', ')')}, ` },
    massFragment(story, 'mass/chosen', 'chosen', (p) => msg`${p} of the probability is on ${onResponses(experiment, 'chosen')}`),
    { text: msg` and ` },
    massFragment(story, 'mass/rejected', 'rejected', (p) => msg`${p} on ${onResponses(experiment, 'rejected')}`),
    { text: '.' },
    press,
  ];
}

function lossFragments(story: Story): Fragment[] {
  if (story.experiment.algorithm.kind === 'exact') return objectiveFragments(story);
  const { loss } = story.now;
  const change = loss - story.atStart.loss;
  const scale = Math.max(Math.abs(story.atStart.loss), 1e-9);
  let verb = msg`is still`;
  if (change < -0.01 * scale) verb = msg`has fallen to`;
  if (change > 0.01 * scale) verb = msg`has risen to`;
  return [{ text: msg`the loss ${verb} ` }, { text: loss === 0 ? msg`less than 0.001` : lossWords(loss), metric: 'loss', value: loss }];
}

function objectiveFragments(story: Story): Fragment[] {
  const { objective } = story.now;
  const best = story.now['objective/optimal'];
  return [
    { text: msg`the objective is ` }, { text: lossWords(objective), metric: 'objective', value: objective },
    { text: msg` of at most ` }, { text: lossWords(best), metric: 'objective/optimal', value: best },
  ];
}

const IN_DISTRIBUTION = [
  ['mass/chosen', 'chosen'], ['mass/rejected', 'rejected'], ['mass/otherInDistribution', 'other'],
] as const;

function oodFragments(story: Story): Fragment[] {
  const fragments = [massFragment(story, 'mass/ood', 'ood', (p) => msg`${p} of the probability is on responses nobody ever wrote`)];
  if (!story.topOod) return fragments;
  const { text, share, leastShare } = story.topOod;
  const part = partWords(share);
  if (part === null) return fragments;
  // The share is of the mean over seeds; in a single seed it may be another, unless it cannot.
  const average = partWords(leastShare) === part ? '' : msg`on average `;
  return [...fragments, { text: msg`, ${average}${part} on ` }, { text: quoted(text), role: 'ood' }];
}

/** How much of the OOD probability one response has; null where it is not worth naming. */
function partWords(share: number): string | null {
  if (share > 0.99) return msg`nearly all of it`;
  if (share > 0.5) return msg`most of it`;
  return share > 0.2 ? msg`the largest part` : null;
}

/** Where the probability is: the group with most of it first, OOD always mentioned where it exists. */
function massFragments(story: Story): Fragment[] {
  const ood = story.now['mass/ood'];
  const [metric, role] = IN_DISTRIBUTION.toSorted((a, b) => story.now[b[0]] - story.now[a[0]])[0];
  if (story.oodCount > 0 && ood >= story.now[metric]) return oodFragments(story);
  const where = role === 'other' ? msg`other responses of the reference` : onResponses(story.experiment, role);
  const largest = massFragment(story, metric, role, (p) => msg`${p} of the probability is on ${where}`);
  if (story.oodCount === 0) return [largest];
  return [largest, { text: ', ' }, massFragment(story, 'mass/ood', 'ood', (p) => msg`${p} on responses nobody ever wrote`)];
}

/** What β does in the experiment's loss, as the label of its slider says it. */
export function betaWords({ algorithm }: Experiment): string {
  if (algorithm.kind !== 'dpo' && algorithm.kind !== 'online-dpo') return msg`the price of KL`;
  switch (algorithm.loss) {
    case 'sigmoid': return msg`the tie to the reference`;
    case 'simpo': return msg`scale of the log-probabilities`;
    case 'ipo': return msg`the target gap is 1/(2β)`;
    case 'sppo_hard': return msg`the targets are ±1/(2β)`;
    default: return msg`scale of the log-ratios`;
  }
}

/** " and mean over 2 prompts" with other words around it; nothing for one prompt. */
function overPrompts({ world }: Experiment, before: string, after = ''): string {
  return world.prompts.length > 1 ? msg`${before}mean over ${world.prompts.length} prompts${after}` : '';
}

/** More changes than this are counted instead of listed. */
const LISTED = 3;

/** "After 308 updates at β = 0.05 and 293 at β = 0.5": only what trained is named. */
export function trainedWords(trained: readonly Stretch[]): string {
  const total = trained.reduce((sum, { updates }) => sum + updates, 0);
  const updates = (n: number) => count(n, 'update');
  const varies = (key: 'beta' | 'learningRate') => new Set(trained.map((stretch) => stretch[key])).size > 1;
  const rate = varies('learningRate');
  const beta = varies('beta') || !rate;
  const knobs = (stretch: Stretch) => [
    ...(beta ? [`β = ${knobWords(stretch.beta)}`] : []), ...(rate ? [msg`learning rate ${knobWords(stretch.learningRate)}`] : []),
  ].join(msg` and `);
  const how = (stretch: Stretch) => (stretch.method === null ? msg`at ${knobs(stretch)}` : msg`of ${stretch.method} at ${knobs(stretch)}`);
  const last = trained.at(-1);
  if (!last) return msg`Before the first update`;
  if (trained.length > LISTED) {
    return msg`After ${updates(total)}, the last ${last.updates === 1 ? msg`one` : last.updates.toLocaleString('en')} ${how(last)} after ${trained.length - 1} changes`;
  }
  const parts = trained.map((stretch, i) => msg`${i === 0 ? updates(stretch.updates) : stretch.updates.toLocaleString('en')} ${how(stretch)}`);
  const text = parts.length === 1 ? parts[0] : msg`${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
  return msg`After ${text}`;
}

/** Where along β the collapse stops: "8 of 8 seeds have collapsed at β = 0.05, none at β = 0.5." */
export function sweptWords(swept: readonly SweptCollapse[], total: number): string {
  const at = ({ beta }: SweptCollapse) => msg`at β = ${knobWords(beta)}`;
  const seeds = ({ collapsed }: SweptCollapse) => (total === 1 ? msg`The seed has` : msg`${collapsed} of ${total} seeds ${collapsed === 1 ? msg`has` : msg`have`}`);
  const [low, high] = [swept[0], swept[swept.length - 1]];
  const range = msg`from ${knobWords(low.beta)} to ${knobWords(high.beta)}`;
  if (swept.every(({ collapsed }) => collapsed === 0)) return msg`No seed has collapsed at any of the ${swept.length} β ${range}.`;
  const firstNone = swept.findIndex(({ collapsed }) => collapsed === 0);
  if (firstNone < 0 && swept.every(({ collapsed }) => collapsed === total)) return msg`Every seed has collapsed at each of the ${swept.length} β ${range}.`;
  if (firstNone > 0 && swept.slice(firstNone).every(({ collapsed }) => collapsed === 0)) {
    const none = swept[firstNone];
    return msg`${seeds(swept[firstNone - 1])} collapsed ${at(swept[firstNone - 1])}, none ${at(none)}${none === high ? '' : msg` or above`}.`;
  }
  const most = swept.reduce((a, b) => (b.collapsed > a.collapsed ? b : a));
  const least = swept.reduce((a, b) => (b.collapsed < a.collapsed ? b : a));
  return msg`${seeds(most)} collapsed ${at(most)}, ${least.collapsed === 0 ? msg`none` : least.collapsed} ${at(least)}.`;
}

/** The headline of a run at one update. */
export function headline(story: Story): Fragment[] {
  const { step, total, experiment } = story;
  if (story.diverged) {
    const reached = step === 0 ? msg`In its first updates` : trainedWords(story.trained);
    return [{ text: msg`${reached} the run has diverged: its numbers stopped being finite. The charts show ${step === 0 ? msg`the reference` : msg`update ${step.toLocaleString('en')}`}, the last state that was. Start over, perhaps with a smaller learning rate.` }];
  }
  if (step === 0) return openingSentence(story);
  const updates = trainedWords(story.trained);
  if (story.notFinite === total) {
    return [{ text: msg`${updates} the numbers are no longer finite: the run has diverged. Start over, perhaps with a smaller learning rate.` }];
  }
  let whose = '';
  if (story.seed !== null) whose = msg`seed ${story.seed}`;
  else if (total > 1) whose = msg`median over ${total} seeds`;
  whose += overPrompts(experiment, whose === '' ? '' : ', ');
  const fragments: Fragment[] = [{ text: `${updates}${whose === '' ? '' : ` (${whose})`} ` }, ...lossFragments(story), { text: msg`, and ` }, ...massFragments(story), { text: '.' }];
  if (story.oodCount > 0) fragments.push({ text: ` ${story.swept ? sweptWords(story.swept, total) : collapseWords(story.collapsed, total)}` });
  if (story.notFinite > 0) fragments.push({ text: msg` ${story.notFinite} of ${total} seeds ${story.notFinite === 1 ? msg`has` : msg`have`} diverged.` });
  return fragments;
}
