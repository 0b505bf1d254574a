/** The sentences of chapter 3, from policy to reward: pure functions from the numbers of a run to words. */
import type { ImpliedStory } from './impliedStory.ts';
import { msg } from './msg.ts';
import { count } from './nouns.ts';
import { formatNumber } from './numbers.ts';
import { headline, shareWords, trainedWords, type Fragment } from './sentences.ts';
import { quoted } from './words.ts';

/** Every response is as near to the line as this share of the true rewards' range: it lies on it. */
const ON_THE_LINE = 0.01;

/** The headline of a run, read as a reward. */
export function impliedSentence(story: ImpliedStory): Fragment[] {
  if (story.diverged || (story.step > 0 && story.notFinite === story.total)) return headline(story);
  if (story.step === 0) return openingWords(story);
  const begin: Fragment = { text: `${trainedWords(story.trained)}${whoseWords(story)} ` };
  const [low, high] = story.rewards;
  if (story.pairCount > 1 && story.farthest < ON_THE_LINE * (high - low)) return [begin, ...onTheLineWords(story)];
  return [begin, ...(story.gap ? gapWords(story.gap) : farWords(story)), ...rankWords(story)];
}

function whoseWords({ seed, total }: ImpliedStory): string {
  if (seed !== null) return msg` (seed ${seed})`;
  return total > 1 ? msg` (mean of ${total} seeds)` : '';
}

function openingWords({ rewards: [low, high], responseCount, pairCount, gap }: ImpliedStory): Fragment[] {
  const data = pairCount === 0 ? '' : gap ? msg`, and one pair is compared` : msg`, and ${count(pairCount, 'comparison')} between them`;
  const range = low === high ? msg`all worth ${formatNumber(low)}` : msg`worth ${formatNumber(low)} to ${formatNumber(high)}`;
  return [{ text: msg`${count(responseCount, 'response')}, ${range}${data}. The policy is still the reference, and the reward that it implies is 0 for each of them. Press Play.` }];
}

/** "“on the mat” is worth 3.1 more than “on a mat”; truly 1 more." */
function gapWords({ chosen, rejected, truly, implied }: NonNullable<ImpliedStory['gap']>): Fragment[] {
  const more = (difference: number) => (difference < 0 ? msg`${formatNumber(Math.abs(difference))} less` : msg`${formatNumber(Math.abs(difference))} more`);
  return [
    { text: msg`the policy implies that ` }, { text: quoted(chosen), role: 'chosen' }, { text: msg` is worth ${more(implied)} than ` },
    { text: quoted(rejected), role: 'rejected' }, { text: msg`; truly ${more(truly)}.` },
  ];
}

function farWords({ farthest, offsets }: ImpliedStory): Fragment[] {
  return [{ text: msg`the implicit rewards are up to ${formatNumber(farthest)} off ${offsets.length > 1 ? msg`the lines of their prompts` : msg`the line`}.` }];
}

/** How far the two rewards agree in order, and the response that is rewarded most, where nobody ever compared it. */
function rankWords({ agreement, topUnseen, pairCount }: ImpliedStory): Fragment[] {
  if (agreement === 1 && !topUnseen) return [{ text: msg` Every two responses are in the true order.` }];
  const ranked = Number.isNaN(agreement) ? '' : msg` Of unequal responses it orders ${shareWords(agreement)} rightly`;
  if (!topUnseen || pairCount === 0) return ranked === '' ? [] : [{ text: `${ranked}.` }];
  return [
    { text: ranked === '' ? msg` It puts ` : msg`${ranked}, with ` }, { text: quoted(topUnseen.text), role: topUnseen.isOod ? 'ood' : 'other' },
    { text: msg`, in no pair, on top${ranked === '' ? msg` of all` : ''}.` },
  ];
}

function onTheLineWords({ farthest, offsets, responseCount, rewards: [low, high] }: ImpliedStory): Fragment[] {
  const near = farthest < 0.0001 ? msg`to within 0.0001` : msg`to within ${formatNumber(farthest)}`;
  const [first] = offsets;
  if (offsets.length === 1) {
    return [{ text: msg`all ${responseCount} responses lie on the line ${near}: the policy implies every true reward, from ${formatNumber(low)} to ${formatNumber(high)}, but for one number, β log Z = ${formatNumber(first)}, that no comparison can tell.` }];
  }
  const all = offsets.map(formatNumber);
  const listed = all.length > 3 ? `${all.slice(0, 3).join(', ')} …` : msg`${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
  return [{ text: msg`all ${responseCount} responses lie on their prompts’ lines ${near}: the policy implies every true reward but for a number per prompt, β log Z = ${listed}.` }];
}

/** What the formula's last step says where the run trains on another loss than the formula's. */
export interface OtherLoss {
  /** Its name. */
  name: string;
  /** Why it is not the formula's: it has another form, or its pairs are drawn. */
  why: 'form' | 'pairs';
}

export function otherLossWords({ name, why }: OtherLoss): string {
  if (why === 'pairs') return msg`This run draws its pairs, so its loss is on other pairs than this one.`;
  return msg`This run trains another loss: ${name}.`;
}
