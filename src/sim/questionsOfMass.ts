/** Questions about one training run: where its probability goes, and what its loss says meanwhile. */
import { COLLAPSE, collapsedCount, seedMembers } from './focus.ts';
import { msg } from './msg.ts';
import { formatNumber } from './numbers.ts';
import { askedMembers, atSwept, endsOf, lastOf, lineOf, whoseMean, whoseMedian, type Asked, type Masses, type Outcome, type Question } from './question.ts';
import { courseQuestion, groupsOf, hasGroups, hasOod } from './questionParts.ts';
import { lossWords, shareWords } from './sentences.ts';
import { collapseWords } from './words.ts';
import { GROUPS } from './world.ts';
import type { History } from './history.ts';

const overPrompts = ({ experiment: { world } }: Asked) => (world.prompts.length > 1 ? msg`, mean over ${world.prompts.length} prompts` : '');
/** The policy that the page shows of a reward model is not trained: it follows from the reward. */
const isDerived = ({ experiment }: Asked) => experiment.algorithm.kind === 'reward-model';
const isDpo = ({ experiment: { algorithm } }: Asked) => algorithm.kind === 'dpo' || algorithm.kind === 'online-dpo';

/** Mean over the members: unlike medians, the groups' means add up to 1. */
function massesOf(asked: Asked, history: History): Masses | null {
  const members = askedMembers(asked);
  const [chosen, rejected, other, ood] = GROUPS.map((group) => lastOf(history, `mass/${group}`, members).reduce((sum, p) => sum + p / members.length, 0));
  const total = chosen + rejected + other + ood;
  return total > 0 && Number.isFinite(total) ? [chosen / total, rejected / total, other / total, ood / total] : null;
}

function massOutcome(asked: Asked, history: History): { masses: Masses; right: string[]; sentence: string } | null {
  const masses = massesOf(asked, history);
  if (!masses) return null;
  const held = groupsOf(asked.experiment).map((option) => ({ ...option, p: masses[GROUPS.indexOf(option.group ?? 'ood')] })).sort((a, b) => b.p - a.p);
  const parts = held.map(({ text, p }, i) => msg`${shareWords(p)}${i === 0 ? msg` of the probability` : ''} on ${text}`);
  return { masses, right: held.filter(({ p }) => p >= held[0].p - TIE).map(({ id }) => id), sentence: msg`At the end: ${parts.join(', ')} (${whoseMean(asked)}${overPrompts(asked)}).` };
}

/** Groups whose probabilities differ by no more are equally large. */
const TIE = 0.01;

const heldWords = (asked: Asked) => msg`Counted: ${whoseMean(asked)}${overPrompts(asked)}, at update ${asked.experiment.steps}`;

export const where: Question = {
  id: 'where', kind: 'masses', title: msg`Where will the probability go?`,
  appliesTo: hasGroups,
  words: (asked) => (isDerived(asked)
    ? msg`Where does the policy that is best under the learned reward put its probability, once the reward model is fitted?`
    : msg`Where will the probability be after ${asked.experiment.steps} updates${atSwept(asked)}?`),
  rule: (asked) => msg`${heldWords(asked)}. The score is the share of the probability that is where you put it.`,
  options: ({ experiment }) => groupsOf(experiment),
  outcome(asked, history): Outcome | null {
    const found = massOutcome(asked, history);
    return found && { answer: { kind: 'masses', masses: found.masses }, right: found.right, sentence: found.sentence };
  },
};

export const most: Question = {
  id: 'most', kind: 'choice', title: msg`Who will hold most of the probability?`,
  appliesTo: (asked) => hasGroups(asked) && groupsOf(asked.experiment).length > 1,
  words: (asked) => msg`Who will hold most of the probability after ${asked.experiment.steps} updates${atSwept(asked)}?`,
  rule: (asked) => msg`${heldWords(asked)}. Up to 1 percentage point apart, both are right.`,
  options: ({ experiment }) => groupsOf(experiment),
  outcome(asked, history) {
    const found = massOutcome(asked, history);
    return found && { answer: { kind: 'choice', option: found.right[0] }, right: found.right, sentence: found.sentence };
  },
};

const chosenName = ({ experiment }: Asked) => groupsOf(experiment).find(({ group }) => group === 'chosen')?.text ?? '';

export const chosen: Question = courseQuestion({
  id: 'chosen', title: msg`Will the chosen probability rise?`, metric: 'mass/chosen', least: 0.05, leastWords: msg`5 percentage points`,
  subject: msg`The probability of what was chosen`, format: shareWords,
  appliesTo: (asked) => hasGroups(asked) && chosenName(asked) !== '',
  words: (asked) => msg`What will the probability of ${chosenName(asked)}, the better side of the pairs, do${atSwept(asked)}?`,
});

/** A rise of the loss by less than this share of its first value is none. */
const LOSS_SHARE = 0.01;

export const loss: Question = {
  id: 'loss', kind: 'choice', title: msg`Will the loss keep falling?`,
  appliesTo: (asked) => asked.others.length === 0 && isDpo(asked),
  words: (asked) => msg`Will the loss fall over all ${asked.experiment.steps} updates${atSwept(asked)}?`,
  rule: (asked) => msg`Counted: ${whoseMedian(asked)}, at the updates recorded. Up to 1 % of the first value is no change.`,
  options: () => [
    { id: 'falls', text: msg`Yes, all the way` }, { id: 'wavers', text: msg`It ends lower, but rises on the way` }, { id: 'not', text: msg`No, it ends no lower than it began` },
  ],
  outcome(asked, history) {
    const values = lineOf(asked, history, 'loss').map(({ value }) => value);
    if (values.length === 0 || !values.every(Number.isFinite)) return null;
    const [first, last] = [values[0], values[values.length - 1]];
    const least = LOSS_SHARE * Math.abs(first);
    let lowest = first;
    let rose = 0;
    for (const value of values) {
      lowest = Math.min(lowest, value);
      rose = Math.max(rose, value - lowest);
    }
    const falls = rose <= least ? 'falls' : 'wavers';
    const option = last < first - least ? falls : 'not';
    const way = rose <= least ? msg`without rising on the way` : msg`and rose by ${lossWords(rose)} on the way`;
    return { answer: { kind: 'choice', option }, right: [option], sentence: msg`The loss went from ${lossWords(first)} to ${lossWords(last)}, ${way} (${whoseMedian(asked)}).` };
  },
};

export const collapsed: Question = {
  id: 'collapsed', kind: 'count', title: msg`How many seeds will collapse?`,
  appliesTo: ({ experiment, others }) => others.length === 0 && experiment.seeds.length > 1 && hasOod(experiment),
  words: (asked) => msg`In how many of ${asked.experiment.seeds.length} seeds will responses nobody wrote hold more than half of the probability at the end${atSwept(asked)}?`,
  rule: ({ experiment }) => msg`Counted at update ${experiment.steps}, whichever seed is shown.`,
  options: ({ experiment }) => Array.from({ length: experiment.seeds.length + 1 }, (_, n) => ({ id: String(n), text: String(n) })),
  range: ({ experiment }) => ({ low: 0, high: experiment.seeds.length, step: 1, unit: msg`of ${experiment.seeds.length} seeds` }),
  outcome({ experiment, focus }, history) {
    if (!history.last) return null;
    const members = seedMembers(experiment, focus);
    if (lastOf(history, 'mass/ood', members).some(Number.isNaN)) return null;
    const count = collapsedCount(history.last.metrics, history.policyCount, members);
    return { answer: { kind: 'count', count }, right: [String(count)], sentence: collapseWords(count, experiment.seeds.length, msg`more than ${100 * COLLAPSE} % on responses nobody wrote`) };
  },
};

/** Of a log-probability, in nats: less is no change. */
const STILL = 0.1;

export const ratios: Question = {
  id: 'ratios', kind: 'choice', title: msg`Which way will the two log-ratios move?`,
  appliesTo: (asked) => hasGroups(asked) && isDpo(asked),
  words: (asked) => msg`The loss wants the two log-ratios apart. Which way will they move over ${asked.experiment.steps} updates${atSwept(asked)}?`,
  rule: (asked) => msg`Counted: the mean over the pairs, ${whoseMedian(asked)}, end against beginning. Up to ${STILL} nats is no change.`,
  options: () => [
    { id: 'apart', text: msg`Chosen rises, rejected falls` }, { id: 'down', text: msg`Both fall` }, { id: 'up', text: msg`Both rise` }, { id: 'other', text: msg`Anything else` },
  ],
  outcome(asked, history) {
    const [up, down] = (['logps/chosen', 'logps/rejected'] as const).map((id) => {
      const { start, end } = endsOf(asked, history, id);
      return end - start;
    });
    if (!Number.isFinite(up) || !Number.isFinite(down)) return null;
    let option = 'other';
    if (up > STILL && down < -STILL) option = 'apart';
    else if (up < -STILL && down < -STILL) option = 'down';
    else if (up > STILL && down > STILL) option = 'up';
    const change = (x: number) => msg`${x < 0 ? msg`fell` : msg`rose`} by ${formatNumber(Math.abs(x))} nats`;
    return { answer: { kind: 'choice', option }, right: [option], sentence: msg`The log-ratio of the chosen ${change(up)}, that of the rejected ${change(down)} (${whoseMedian(asked)}).` };
  },
};
