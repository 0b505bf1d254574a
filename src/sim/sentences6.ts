/** The sentences of chapter 6, online DPO: pure functions from the numbers of a run to words. */
import type { Catch } from './catch.ts';
import type { Experiment } from './experiment.ts';
import { msg } from './msg.ts';
import { count } from './nouns.ts';
import { formatNumber } from './numbers.ts';
import type { Change, OnlineStory, RatePeaks } from './onlineStory.ts';
import { headline, knobWords, openingSentence, shareWords, trainedWords, type Fragment } from './sentences.ts';
import { collapseWords, quoted } from './words.ts';

/** "every update", "every 10 updates", "never". @param every  updates between two draws; null = never */
export function everyWords(every: number | null): string {
  if (every === null) return msg`never`;
  return every === 1 ? msg`every update` : msg`every ${every.toLocaleString('en')} updates`;
}

/** Who says which response is better: "the gold reward", "the reward model plus 0.5 per word". */
export function judgeWords({ algorithm }: Experiment): string {
  if (algorithm.kind !== 'online-dpo') return msg`nobody`;
  const judge = algorithm.judge === 'gold' ? msg`the gold reward` : msg`the reward model`;
  const bias = algorithm.judgeLengthBias;
  if (bias === 0) return judge;
  return msg`${judge} ${bias > 0 ? msg`plus` : msg`minus`} ${Math.abs(bias)} per word`;
}

/** The headline of a run of online DPO at one update. */
export function onlineSentence(story: OnlineStory): Fragment[] {
  if (story.diverged || story.notFinite === story.total || story.oodCount === 0) return headline(story);
  return story.step === 0 ? openingWords(story) : runningWords(story);
}

function openingWords(story: OnlineStory): Fragment[] {
  const opening = openingSentence(story);
  const { every, experiment } = story;
  const text = every === null
    ? msg` It will train on them alone: fresh pairs are never drawn.`
    : msg` ${every === 1 ? msg`Before every update` : msg`Every ${every} updates`} the policy will be asked for fresh pairs, and ${judgeWords(experiment)} will judge them.`;
  return [...opening.slice(0, -1), { text }, ...opening.slice(-1)];
}

function runningWords(story: OnlineStory): Fragment[] {
  const { experiment, every, now, peak, topOod, seed, total, step } = story;
  let whose = seed === null ? '' : msg`, seed ${seed}`;
  if (seed === null && total > 1) whose = msg`, median over ${total} seeds`;
  const ood = now['mass/ood'];
  const fragments: Fragment[] = [
    { text: `${trainedWords(story.trained)} ${withWords(every)}${whose}: ` },
    { text: msg`${shareWords(ood)} of the probability is on responses nobody ever wrote`, role: 'ood', metric: 'mass/ood', value: ood },
  ];
  if (ood > 0.2 && topOod && topOod.share > 0.5) fragments.push({ text: msg`, most of it ${seed === null && total > 1 ? msg`on average ` : ''}on ` }, { text: quoted(topOod.text), role: 'ood' });
  const lengths = lengthFragments(story);
  if (shareWords(peak) !== shareWords(ood) && lengths.length === 0) fragments.push({ text: msg` (${shareWords(peak)} at the peak)` });
  fragments.push({ text: ', ' }, writtenFragment(story), { text: '. ' });
  if (every === null) fragments.push({ text: msg`Nothing was drawn, so nobody judged them.` });
  else if (step < every) fragments.push({ text: msg`The first fresh pairs come before update ${every.toLocaleString('en')}.` });
  else fragments.push(...(lengths.length > 0 ? lengths : [{ text: drawnWords(story) }]));
  if (experiment.algorithm.kind === 'online-dpo' && story.collapsed > 0) fragments.push({ text: ` ${collapseWords(story.collapsed, total)}` });
  return fragments;
}

/** The written responses that hold most: the chosen ones, or others of the reference. */
function writtenFragment({ experiment, now }: OnlineStory): Fragment {
  const other = now['mass/otherInDistribution'] > now['mass/chosen'];
  const metric = other ? 'mass/otherInDistribution' : 'mass/chosen';
  const where = other ? onOther(experiment) : onChosen(experiment);
  return { text: msg`${shareWords(now[metric])} on ${where}`, role: other ? 'other' : 'chosen', metric, value: now[metric] };
}

/** What is written and in no pair: one response by its name. */
function onOther({ preferences, reference }: Experiment): string {
  const paired = 'pairs' in preferences ? new Set(preferences.pairs.flatMap(({ chosen, rejected }) => [chosen, rejected])) : new Set<string>();
  const others = new Set(reference.kind === 'corpus' ? reference.corpus.map(({ response }) => response).filter((text) => !paired.has(text)) : []);
  const [only] = others;
  return others.size === 1 ? quoted(only) : msg`written responses that no pair names`;
}

/** What a judge that likes length does to it, and to the gold reward; nothing of an honest judge. */
function lengthFragments({ experiment: { algorithm }, length, gold }: OnlineStory): Fragment[] {
  if (algorithm.kind !== 'online-dpo' || algorithm.judgeLengthBias === 0 || !Number.isFinite(gold.now)) return [];
  const stayed = ({ start, now }: Change) => formatNumber(start) === formatNumber(now);
  const went = (change: Change) => (stayed(change) ? msg`stayed at` : msg`went from ${formatNumber(change.start)} to`);
  // The same verb is not said twice.
  const reward = stayed(length) || stayed(gold) ? went(gold) : msg`from ${formatNumber(gold.start)} to`;
  return [
    { text: msg`To the judge a word more is worth ${knobWords(algorithm.judgeLengthBias).replace('-', '−')}: the mean length ${went(length)} ` },
    { text: formatNumber(length.now), metric: 'meanLength', value: length.now },
    { text: msg` words, the gold reward ${reward} ` }, { text: formatNumber(gold.now), metric: 'goldReward', value: gold.now }, { text: '.' },
  ];
}

/** What the pairs chose: one response by its name. */
function onChosen({ preferences }: Experiment): string {
  const texts = 'pairs' in preferences ? new Set(preferences.pairs.map(({ chosen }) => chosen)) : new Set<string>();
  const [only] = texts;
  return texts.size === 1 ? quoted(only) : msg`chosen responses`;
}

/** "Of the 640 pairs drawn, 34 set such a response against a written one: it lost 33 times and won 1." */
function drawnWords({ drawn: { pairs, lost, won }, drawnSince, seed, total }: OnlineStory): string {
  const contests = lost + won;
  const who = seed === null && total > 1 ? msg` by all seeds` : '';
  const drawn = msg`${drawnSince ? msg`last ` : ''}${count(pairs, 'pair')} drawn${who}`;
  if (contests === 0) return msg`${pairs === 1 ? msg`The ${drawn} did not` : msg`None of the ${drawn}`} set such a response against a written one.`;
  const lostOf = lost === contests ? (contests === 1 ? msg`it lost` : msg`it lost every time`) : msg`it lost ${lost.toLocaleString('en')} times and won ${won.toLocaleString('en')}`;
  return msg`Of the ${drawn}, ${contests.toLocaleString('en')} set such a response against a written one: ${lostOf}.`;
}

/** A peak that counts as low: at most this share in every seed. */
const LOW = 0.05;

/** What a sweep of the resampling rate shows: up to which rate every seed stays below 5 %, and what the rarest one does. */
export function ratesSentence(rates: readonly RatePeaks[], step: number): Fragment[] {
  if (step === 0) return [{ text: msg`${rates.length} rates, ${rates[0].peaks.length === 1 ? msg`one seed` : msg`the same ${rates[0].peaks.length} seeds`} at each. Press Play.` }];
  const worst = ({ peaks }: RatePeaks) => Math.max(...peaks);
  const seeds = rates[0].peaks.length;
  const inAny = seeds === 1 ? '' : msg` in any of ${seeds} seeds`;
  const ood = (share: number): Fragment => ({ text: shareWords(share), role: 'ood' });
  const after = msg`After ${count(step, 'update')}: `;
  const firstHigh = rates.findIndex((rate) => worst(rate) > LOW);
  if (firstHigh < 0) return [{ text: msg`${after}at every rate, responses nobody ever wrote have held at most ` }, ood(Math.max(...rates.map(worst))), { text: `${inAny}.` }];
  const last = rates[rates.length - 1];
  const end = [{ text: msg`; ${withWords(last.every)}, they have reached ` }, ood(last.median), { text: seeds > 1 ? msg` in the median.` : '.' }];
  if (firstHigh === 0) {
    const start: Fragment[] = [{ text: msg`${after}even ${withWords(rates[0].every)}, responses nobody ever wrote have reached ` }, ood(worst(rates[0])), { text: seeds > 1 ? msg` in one seed` : '' }];
    return rates.length === 1 ? [...start, { text: '.' }] : [...start, ...end];
  }
  const kept = rates.slice(0, firstHigh);
  const often = `${withWords(kept[kept.length - 1].every)}${firstHigh > 1 ? msg` or more often` : ''}`;
  return [{ text: msg`${after}${often}, responses nobody ever wrote have held at most ` }, ood(Math.max(...kept.map(worst))), { text: inAny }, ...end];
}

function withWords(every: number | null): string {
  return every === null ? msg`without fresh pairs` : msg`with fresh pairs ${everyWords(every)}`;
}

/**
 * One catch told: drawn, judged, fallen (or not).
 *
 * @param name  of a response, from its number
 * @param more  further such pairs in the same draw
 */
export function catchWords({ step, outcome, response, against, score, againstScore, before, after }: Catch, name: (y: number) => string, more: number): string {
  const [own, other] = [score, againstScore].map(formatNumber);
  const drawn = msg`Before update ${step.toLocaleString('en')}, ${quoted(name(response))} was drawn beside ${quoted(name(against))}`;
  let verdict: string;
  if (outcome === 'both') verdict = msg`, which nobody wrote either: ${own} against ${other}`;
  else if (outcome === 'lost') verdict = msg`. The judge gave it ${own} against ${other}: it lost${score > againstScore ? msg`, by chance` : ''}`;
  else verdict = msg`. The judge gave it ${own} against ${other}${score < againstScore ? msg`, and yet it won, by chance` : msg`: it won`}`;
  const others = more === 0 ? '' : msg` (and ${more} more such ${more === 1 ? msg`pair` : msg`pairs`} in this draw)`;
  if (!before) return `${drawn}${verdict}${others}.`;
  const held = msg`Responses nobody wrote held ${shareWords(before.mass)} then`;
  const later = after ? msg`, and ${shareWords(after.mass)} at update ${after.step.toLocaleString('en')}` : '';
  return `${drawn}${verdict}${others}. ${held}${later}.`;
}
