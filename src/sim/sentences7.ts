/** The sentences of chapter 7, PPO: pure functions from the numbers of a run to words. */
import { msg } from './msg.ts';
import { formatAmong, formatNumber } from './numbers.ts';
import type { Bargain, PpoStory } from './ppoStory.ts';
import { headline, shareWords, trainedWords, type Fragment } from './sentences.ts';
import { collapseWords, quoted } from './words.ts';

/** As near to an optimum as this, in nats, counts as found. */
export const FOUND = 0.2;

/** The headline of a PPO run at one update. */
export function ppoSentence(story: PpoStory): Fragment[] {
  if (story.diverged || story.notFinite === story.total) return headline(story);
  if (story.step === 0) return openingWords(story);
  const whose = story.seed === null ? (story.total > 1 ? msg` (median over ${story.total} seeds)` : '') : msg` (seed ${story.seed})`;
  const fragments: Fragment[] = [{ text: `${trainedWords(story.trained)}${whose} ` }, ...rewardWords(story), { text: '. ' }, ...distanceWords(story)];
  if (story.oodCount > 0) {
    const ood = story.now['mass/ood'];
    fragments.push({ text: ' ' }, { text: msg`Responses nobody ever wrote have ${shareWords(ood)} of the probability`, role: 'ood', metric: 'mass/ood', value: ood });
    if (ood > 0.2 && story.topOod && story.topOod.share > 0.5) fragments.push({ text: ', ' }, { text: quoted(story.topOod.text), role: 'ood' }, { text: msg` most of it${story.seed === null && story.total > 1 ? msg` on average` : ''}` });
    fragments.push({ text: `. ${collapseWords(story.collapsed, story.total)}` });
  } else if (story.learned && story.hasGold) {
    fragments.push({ text: msg` It writes ` }, { text: msg`${formatNumber(story.facts.meanLength)} words`, metric: 'meanLength', value: story.facts.meanLength },
      { text: msg`, the true optimum ` }, { text: formatNumber(story.facts['optimal/meanLength']), metric: 'optimal/meanLength', value: story.facts['optimal/meanLength'] }, { text: '.' });
  }
  return fragments;
}

function openingWords({ learned, experiment }: PpoStory): Fragment[] {
  const { algorithm } = experiment;
  const drawn = algorithm.kind === 'ppo' ? algorithm.rolloutBatch : 0;
  const given = learned ? msg`what a reward model makes of them` : msg`their true reward`;
  return [{ text: msg`Before every update the policy writes ${drawn} responses${experiment.world.prompts.length > 1 ? msg` to each prompt` : ''} and is told ${given}; leaving the reference costs β per nat. Press Play.` }];
}

/** "has risen from −0.46 to 0.43". @param before  what has just been said of another reward: the same verb is not said twice */
function moved(from: number, to: number, before = ''): string {
  const size = Math.max(Math.abs(from), Math.abs(to), 1e-9);
  // A learned reward has mean 0 under the reference up to rounding.
  const text = (value: number) => formatAmong(value, size);
  if (Math.abs(to - from) < 0.005 * size) return msg`is still ${text(to)}`;
  const verb = msg`has ${to > from ? msg`risen` : msg`fallen`} `;
  return msg`${before.startsWith(verb) ? '' : verb}from ${text(from)} to ${text(to)}`;
}

function rewardWords({ learned, hasGold, facts, factsAtStart, bargain }: PpoStory): Fragment[] {
  const proxy = learned ? moved(factsAtStart.proxyReward, facts.proxyReward) : '';
  const gold: Fragment[] = hasGold ? [{ text: learned ? msg`the true one ` : msg`the true reward ` }, { text: moved(factsAtStart.goldReward, facts.goldReward, proxy), metric: 'goldReward', value: facts.goldReward }] : [];
  if (!learned) {
    const cheaper = earnsMore(bargain) && bargain.optimalKl < bargain.kl ? msg` at a lower KL` : '';
    return [...gold, { text: msg`; the optimum π* has ` }, { text: formatNumber(facts['optimal/goldReward']), metric: 'optimal/goldReward', value: facts['optimal/goldReward'] }, { text: cheaper }];
  }
  const given: Fragment[] = [{ text: msg`the reward it is given ` }, { text: proxy, metric: 'proxyReward', value: facts.proxyReward }];
  return hasGold ? [...given, { text: ', ' }, ...gold] : given;
}

/** A surplus of reward that is worth a word. */
const earnsMore = ({ more, reward, optimalReward }: Bargain) => more > 0.005 * Math.max(Math.abs(reward), Math.abs(optimalReward));

/** What the optimum is optimal at, from the numbers: more reward alone is not more than the optimum. */
export function bargainWords(bargain: Bargain, optimum: string): string {
  const { reward, optimalReward, kl, optimalKl, below } = bargain;
  if (![reward, optimalReward, kl, optimalKl, below].every(Number.isFinite)) return '';
  const objective = msg`reward\u00a0−\u00a0β·KL, and there PPO is ${formatNumber(below)} below it`;
  if (!earnsMore(bargain)) return msg`${optimum} is the best at ${objective}.`;
  return msg`PPO earns more than ${optimum}, ${formatNumber(reward)} against ${formatNumber(optimalReward)}, at a ${kl > optimalKl ? msg`higher` : msg`lower`} KL from the reference, ${formatNumber(kl)} against ${formatNumber(optimalKl)} nats. ${optimum} is the best at ${objective}.`;
}

/** How far from which optimum; what was found is said only where it was, in every seed. */
function distanceWords({ learned, hasGold, facts, farthest, total }: PpoStory): Fragment[] {
  const nats = (id: 'klToOptimal' | 'klToProxyOptimal'): Fragment => ({ text: msg`${formatNumber(facts[id])} nats`, metric: id, value: facts[id] });
  const every = total > 1 ? msg`, at most ${formatNumber(farthest)} in every seed` : '';
  if (!learned) return [{ text: msg`It is ` }, nats('klToOptimal'), { text: msg` from π*${every}.` }];
  if (hasGold && farthest <= FOUND && facts.klToOptimal > 5 * FOUND) {
    return [{ text: msg`It has found the optimum of the wrong reward: ` }, nats('klToProxyOptimal'), { text: msg` from it, ` }, nats('klToOptimal'), { text: msg` from the true one.` }];
  }
  const fragments: Fragment[] = [{ text: msg`It is ` }, nats('klToProxyOptimal'), { text: msg` from the optimum of what it is given` }];
  if (!hasGold) return [...fragments, { text: `${every}.` }];
  return [...fragments, { text: ', ' }, nats('klToOptimal'), { text: msg` from the true one.` }];
}

/** The headline of a run that is trained on comparisons without a reward of its own: how long its answers are. */
export function lengthSentence(story: PpoStory): Fragment[] {
  if (story.diverged || story.notFinite === story.total || story.step === 0 || !story.hasGold) return headline(story);
  const { facts, factsAtStart, seed, total } = story;
  const whose = seed === null ? (total > 1 ? msg` (median over ${total} seeds)` : '') : msg` (seed ${seed})`;
  return [
    { text: msg`${trainedWords(story.trained)}${whose} the answers are ` }, { text: msg`${formatNumber(facts.meanLength)} words`, metric: 'meanLength', value: facts.meanLength },
    { text: msg` long; the reference wrote ${formatNumber(factsAtStart.meanLength)}, and the optimum of the truth writes ` },
    { text: formatNumber(facts['optimal/meanLength']), metric: 'optimal/meanLength', value: facts['optimal/meanLength'] }, { text: msg`. The true reward ` },
    { text: moved(factsAtStart.goldReward, facts.goldReward), metric: 'goldReward', value: facts.goldReward }, { text: msg`; at that optimum it is ` },
    { text: formatNumber(facts['optimal/goldReward']), metric: 'optimal/goldReward', value: facts['optimal/goldReward'] }, { text: '.' },
  ];
}

/** What the length does along a swept knob: "From b = 0 to b = 0.6 the median mean length goes from 1.8 to 3.95 words." */
export function lengthWords(symbol: string, points: readonly { value: number; median: number; target: number }[], what: string): string {
  const sorted = [...points].sort((a, b) => a.value - b.value);
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  if (!first || !Number.isFinite(first.median) || !Number.isFinite(last.median)) return ' ';
  const rises = sorted.every((point, i) => i === 0 || point.median >= sorted[i - 1].median);
  const falls = sorted.every((point, i) => i === 0 || point.median <= sorted[i - 1].median);
  const course = rises !== falls ? msg`, ${rises ? msg`rising` : msg`falling`} at every step` : '';
  const gap = Math.max(...sorted.map(({ median, target }) => Math.abs(median - target)));
  const near = Number.isFinite(gap) ? msg` No median is more than ${formatNumber(gap)} from its mark ◇.` : '';
  return msg`From ${symbol} = ${first.value} to ${symbol} = ${last.value} ${what} goes from ${formatNumber(first.median)} to ${formatNumber(last.median)}${course}.${near}`;
}
