/** The sentences of chapter 1, the reward model: pure functions from the numbers of a run to words. */
import { msg } from './msg.ts';
import { count } from './nouns.ts';
import { formatNumber } from './numbers.ts';
import type { RewardStory } from './rewardStory.ts';
import { headline, knobWords, shareWords, type Fragment } from './sentences.ts';
import { quoted } from './words.ts';

/** "the one pair", "the 16 pairs", "1,000 sampled pairs". */
function pairsWords({ pairCount, sampled }: RewardStory): string {
  if (sampled) return count(pairCount, 'sampledPair');
  return pairCount === 1 ? msg`the one pair` : msg`the ${count(pairCount, 'pair')}`;
}

/** The headline of a run that fits a reward model. */
export function rewardSentence(story: RewardStory): Fragment[] {
  if (story.diverged || story.notFinite === story.total) return headline(story);
  if (story.step === 0) return openingWords(story);
  return [
    { text: msg`After ${count(story.step, 'update')} on ${pairsWords(story)}${whoseWords(story)} ` },
    ...learnedWords(story), { text: ' ' },
    ...standoutWords(story), { text: ' ' },
    ...optimumWords(story),
  ];
}

/** Its numbers are medians; the rewards of single responses are means over the seeds, and say so. */
function whoseWords({ seed, total }: RewardStory): string {
  if (seed !== null) return msg` (seed ${seed})`;
  return total > 1 ? msg` (median over ${total} seeds)` : '';
}

function openingWords(story: RewardStory): Fragment[] {
  const rest = story.responseCount - story.pairedCount;
  const asked = rest === 0 ? msg`all of them in a pair` : msg`${rest.toLocaleString('en')} of them in no pair${story.sampled && story.seed === null && story.total > 1 ? msg` of any seed` : ''}`;
  const pairs = pairsWords(story);
  return [{ text: msg`${pairs.charAt(0).toUpperCase()}${pairs.slice(1)}, ${count(story.responseCount, 'response')}, ${asked}: which reward will each get? Press Play.` }];
}

/** What it knows: of given pairs which are ranked right, of sampled ones how far it agrees with the truth. */
function learnedWords(story: RewardStory): Fragment[] {
  const { concordance, accuracy, sampled } = story;
  if (sampled && Number.isFinite(concordance)) {
    return [{ text: msg`the reward model agrees with the truth in ${shareWords(concordance)} of the comparisons that the reference offers.` }];
  }
  const all = accuracy === 1;
  return [{ text: msg`the reward model ranks ` }, { text: all ? (story.pairCount === 1 ? msg`the pair` : msg`every pair`) : msg`${shareWords(accuracy)} of the pairs`, metric: 'rm/accuracy', value: accuracy }, { text: msg` right.` }];
}

/** Which response it likes best, and whether anybody ever compared it. */
function standoutWords({ topPaired, topUnpaired, seed, total }: RewardStory): Fragment[] {
  const unseen = topUnpaired && (!topPaired || topUnpaired.score > topPaired.score);
  const top = unseen ? topUnpaired : topPaired;
  if (!top) return [];
  const average = seed === null && total > 1 ? msg` on average` : '';
  const name: Fragment = { text: quoted(top.text), ...(top.isOod ? { role: 'ood' } : {}) };
  if (!unseen) return [{ text: msg`It rewards ` }, name, { text: msg` most${average}.` }];
  const others = topPaired ? ` (${formatNumber(top.score)}; ${quoted(topPaired.text)} ${formatNumber(topPaired.score)})` : '';
  return [{ text: msg`It rewards ` }, name, { text: msg`, which is in no pair, most${average}${others}.` }];
}

/** What would come of it: the policy that is best by the learned reward. */
function optimumWords(story: RewardStory): Fragment[] {
  const { oodCount, now, length, optimalLength } = story;
  const beta = knobWords(story.trained.at(-1)?.beta ?? story.experiment.algorithm.beta);
  if (oodCount > 0) {
    const value = now['mass/ood'];
    return [{ text: msg`Its optimum at β = ${beta} has ` }, { text: msg`${shareWords(value)} of its probability on responses nobody wrote`, role: 'ood', metric: 'mass/ood', value }, { text: '.' }];
  }
  const fragments: Fragment[] = [{ text: msg`Its optimum at β = ${beta} writes ` }, { text: wordsWords(length), metric: 'meanLength', value: length }];
  if (Number.isFinite(optimalLength)) fragments.push({ text: msg`, that of the truth ` }, { text: formatNumber(optimalLength), metric: 'optimal/meanLength', value: optimalLength });
  return [...fragments, { text: '.' }];
}

function wordsWords(length: number): string {
  return msg`${formatNumber(length)} words`;
}

/** What a scale that grows says: whether a larger margin is always likelier. */
export function scaleWords({ accuracy, start, now }: { accuracy: number; start: number; now: number }): string {
  const grown = msg`The scale has gone from ${formatNumber(start)} to ${formatNumber(now)}.`;
  if (accuracy === 1) return msg`${grown} Every pair is ranked right, so a larger reward always makes the pairs likelier: they set no scale, and it grows for as long as training goes on.`;
  return msg`${grown} Not every pair is ranked right: a pair that is ranked wrong becomes less likely as the reward grows, and that sets a scale.`;
}

/** How much probability is on what no pair speaks of. @param ref  mass of these responses under π_ref; `now` under the optimum */
export function unseenWords({ unseen, total, ref, now }: { unseen: number; total: number; ref: number; now: number }): string {
  if (unseen === 0) return msg`Every response is in a pair.`;
  const share = msg`${unseen.toLocaleString('en')} of ${count(total, 'response')} ${unseen === 1 ? msg`is` : msg`are`} in no pair`;
  return msg`${share}: the reference has ${shareWords(ref)} of its probability on them, the optimum of the learned reward ${shareWords(now)}.`;
}
