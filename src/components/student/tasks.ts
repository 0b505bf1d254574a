/**
 * TABLE of the guided path through the OOD experiment, one row a task: what to do, what is entered, what is found.
 *
 * Sentences with a number or a direction come from the facts of a run, or are tests over seeds (tests/student.test.ts).
 */
import { msg } from '../../sim/msg.ts';
import { knobWords, lossWords, shareWords } from '../../sim/sentences.ts';
import { checkControl, checkForked, checkOnline, checkPredicted, checkRewound, checkRun, checkVaried } from './checks.ts';
import { choice, lossRead, measured, oodRead, ownText, PAIR_WORDS, type Entry } from './entries.ts';
import { FORK_BETA, HEADLINE, HELD, ONLINE_EVERY, type Check } from './looked.ts';
import type { TaskId } from './taskIds.ts';

export interface PathTask {
  id: TaskId;
  title: string;
  /** What to do and where to look, in two or three sentences. */
  asked: string;
  /** Of the state of the page; null where nothing but what is entered counts. */
  check: Check | null;
  entries: readonly Entry[];
  hint: string;
  /** What will be seen. */
  seen: string;
}

const STEPS = HEADLINE.steps;
const BETA = knobWords(HEADLINE.algorithm.beta);

const whyDrift = choice('why', msg`Why does “the the the”, which nobody wrote, get the probability?`, 'shared', [
  { id: 'judge', text: msg`The data prefer it: it was ranked above “on a mat”.`, said: msg`No: the data hold one pair, ${PAIR_WORDS}. “the the the” is in none.` },
  {
    id: 'seed', text: msg`Bad luck with the random seeds.`,
    said: (facts) => { const run = facts('run'); return run && msg`No: ${run.collapsed} of ${run.seeds} seeds ended with more than half of the probability there.`; },
  },
  { id: 'shared', text: msg`The pair differs in “the” against “a”, and the weights are shared: raising “the” here raises it everywhere.`, said: msg`Yes. The loss asks for “the” instead of “a” in one place; the weights that say “the” there say it in other places too.` },
  {
    id: 'reference', text: msg`The reference policy liked it already.`,
    said: (facts) => { const run = facts('run'); return run && msg`No: in the reference all responses nobody wrote together had ${shareWords(run.oodStart)}.`; },
  },
]);

const whyBeta = choice('why', msg`Why does a larger β hold the probability?`, 'gap', [
  { id: 'slow', text: msg`It makes the first updates gentler.`, said: msg`No: at the first update the push is proportional to β, so a larger β pushes harder there.` },
  { id: 'gap', text: msg`The loss looks at β times the gap of the two log-ratios: with a larger β a smaller gap is enough, and the push ends sooner.`, said: msg`Yes. Once β times the gap is large, the loss is almost 0 and pushes no further.` },
  { id: 'sees', text: msg`With a larger β the loss counts the responses outside the pair.`, said: msg`No: at every β the loss reads two responses only, those of the pair.` },
]);

const lossThere = measured('loss', msg`What did the loss do around that update?`, [
  { id: 'jumped', text: msg`It went up: something was wrong.` }, { id: 'fell', text: msg`It fell, as before and after.` }, { id: 'still', text: msg`It had stopped changing.` },
], (facts) => {
  const found = facts('rewind');
  if (!found) return null;
  const { lossBefore, lossAt, lossAfter, stepBefore, stepAt, stepAfter } = found;
  const moves = [lossAt - lossBefore, lossAfter - lossAt];
  const least = 0.01 * lossBefore;
  const option = moves.some((move) => move > least) ? 'jumped' : moves.every((move) => move < -least) ? 'fell' : 'still';
  return { option, sentence: msg`Medians of the loss: ${lossWords(lossBefore)} at update ${stepBefore}, ${lossWords(lossAt)} at ${stepAt}, ${lossWords(lossAfter)} at ${stepAfter}.` };
});

/** A change of the OOD mass by less is none. */
const STAYS = 0.05;

const afterFork = measured('after', msg`What became of the probability on responses nobody wrote?`, [
  { id: 'back', text: msg`It went back to the two sentences.` }, { id: 'stayed', text: msg`It stayed where it was.` }, { id: 'on', text: msg`It went on growing.` },
], (facts) => {
  const found = facts('fork');
  if (!found) return null;
  const { oodFork, oodEnd, step, lossFork, lossStep } = found;
  const moved = oodEnd - oodFork;
  const option = Math.abs(moved) < STAYS ? 'stayed' : moved < 0 ? 'back' : 'on';
  return { option, sentence: msg`It was ${shareWords(oodFork)} at update ${step} and ${shareWords(oodEnd)} at the end (medians). With the new β the loss was ${lossWords(lossFork)} by update ${lossStep}.` };
});

const whatControl = choice('what', msg`What does this control show?`, 'weights', [
  { id: 'data', text: msg`That the pair was a bad one.`, said: msg`No: the pair, the loss and β are the same in both runs; only the policy is another.` },
  {
    id: 'learns', text: msg`That a table cannot learn the pair.`,
    said: (facts) => { const found = facts('control'); return found && msg`No: it ended with ${shareWords(found.chosen)} on “on the mat”.`; },
  },
  { id: 'weights', text: msg`That the drift comes through weights that are shared between contexts.`, said: msg`Yes. The same loss on the same pair, without shared weights, leaves the total of what nobody wrote where it was.` },
]);

const whyOnline = choice('why', msg`What keeps the probability on the sentences here?`, 'same', [
  {
    id: 'caught', text: msg`Nearly all of the pairs show the judge a response nobody wrote, and it loses.`,
    said: (facts) => { const found = facts('online'); return found && msg`No: of ${found.pairs.toLocaleString('en')} pairs drawn, ${found.twice.toLocaleString('en')} were one response twice, about which there is nothing to say.`; },
  },
  { id: 'beta', text: msg`A larger β.`, said: msg`No: β is ${BETA} here as in the first run.` },
  {
    id: 'same', text: msg`Its pairs are what it says now: soon both sides are the same sentence, and such a pair pushes nothing.`,
    said: (facts) => { const found = facts('online'); return found && msg`Yes: of ${found.pairs.toLocaleString('en')} pairs drawn, ${found.twice.toLocaleString('en')} were one response twice. The old pair would have gone on pushing.`; },
  },
]);

const whatToAsk = choice('ask', msg`A colleague shows you a DPO run: the loss falls smoothly, every pair is ranked right. What do you ask for?`, 'samples', [
  {
    id: 'longer', text: msg`Longer training, until the loss is lower still.`,
    said: (facts) => { const run = facts('run'); return run && msg`Here the loss fell to ${lossWords(run.loss)} while ${shareWords(run.ood)} of the probability left: a lower loss is no answer.`; },
  },
  { id: 'samples', text: msg`What the policy says now: samples of its own, or the probability outside the pairs.`, said: msg`Yes. The loss cannot say it: it reads the two sides of the pairs and nothing else.` },
  {
    id: 'accuracy', text: msg`The reward accuracy on more pairs of the same kind.`,
    said: (facts) => { const run = facts('run'); return run && msg`Here the pair was ranked right in ${run.rankedRight} of ${run.seeds} seeds, while ${shareWords(run.ood)} of the probability was elsewhere.`; },
  },
]);

export const TASKS: readonly PathTask[] = [
  {
    id: 'predict', title: msg`Predict before you look`, check: checkPredicted, entries: [],
    asked: msg`DPO will be told one thing: ${PAIR_WORDS}. Open “Predict first” under the chapter’s question and drag the bars to where you think the probability will be after ${STEPS} updates. Then press “Commit and run”.`,
    hint: msg`Nothing depends on being right, and a prediction that was wrong is worth more than none. Before training each of the two sentences has half of the probability.`,
    seen: msg`The run begins as soon as you commit, and the card shows your bars beside what happened when it is at its end.`,
  },
  {
    id: 'run', title: msg`Run it, and read two numbers`, check: checkRun, entries: [oodRead, lossRead],
    asked: msg`Let the run at β = ${BETA} go to its last update (Play, or Space). Then read two numbers off the page: how much of the probability is on responses nobody wrote, and the loss. Both stand in the sentence over the chart.`,
    hint: msg`If one seed is shown, choose the mean over all of them beside the responses. “All the numbers” at the bottom of the page has them with three digits.`,
    seen: msg`Responses nobody wrote end with more than 90 % (median), and the loss ends below a twentieth of where it began.`,
  },
  {
    id: 'explain', title: msg`Explain it`, check: null, entries: [whyDrift, ownText('own', msg`In your own words: what did training on one pair do to all the other sentences?`)],
    asked: msg`Look at “The responses by name”: which words do the likeliest responses share, and in which word does the pair differ? Choose an explanation, then write yours.`,
    hint: msg`The policy is a small network: the same weights give the next word in every context.`,
    seen: msg`The likeliest response repeats “the”, the word by which the chosen sentence differs from the rejected one.`,
  },
  {
    id: 'vary', title: msg`Turn one knob`, check: checkVaried, entries: [whyBeta],
    asked: msg`β ties the policy to the reference. Raise it until no seed ends with more than ${100 * HELD} % on responses nobody wrote. Change nothing else, and let every run go to its end.`,
    hint: msg`β is the first of the controls; a number can be typed into its field. Try two or three values, each to the end of its run.`,
    seen: msg`At β = 0.1 seeds end far apart; at β = 0.5 every seed ends on “on the mat”.`,
  },
  {
    id: 'rewind', title: msg`Take it back to the moment it tipped`, check: checkRewound, entries: [lossThere],
    asked: msg`Run β = ${BETA} to its end once more. Then go back, on the timeline at the bottom, to the update by which responses nobody wrote have passed one half (median over the seeds).`,
    hint: msg`The timeline has a mark there: press on it, or find it in the list of events. On the timeline the arrow keys go one update at a time.`,
    seen: msg`The loss falls through that moment as before and after: nothing in it tells that the probability has left.`,
  },
  {
    id: 'fork', title: msg`Another ending from there?`, check: checkForked, entries: [afterFork, ownText('why', msg`Why? Say what the loss looks like at that point to the larger β.`)],
    asked: msg`Would a larger β bring the probability back? Stay at the update where it passed one half, press “Fork”, choose β = ${FORK_BETA} or more, and let the fork go to its end. Guess before you start it.`,
    hint: msg`“Fork” is beside the timeline. What was recorded before stays in the chart as a thin line.`,
    seen: msg`Nothing comes back: with the larger β the loss is almost 0 at once, and then nothing pushes. DPO does not see where the probability is.`,
  },
  {
    id: 'control', title: msg`The control`, check: checkControl, entries: [whatControl],
    asked: msg`Train a policy that shares nothing between contexts on the same pair: set “Policy” to the table, or choose “Tabular control” among the experiments of chapter 5. β stays ${BETA}. Let the run go to its end.`,
    hint: msg`The policy is among the first controls. “All the numbers” shows the probability on responses nobody wrote at the end.`,
    seen: msg`“on the mat” takes what “on a mat” loses, and responses nobody wrote stay at their level in the reference in every seed.`,
  },
  {
    id: 'online', title: msg`Let somebody look`, check: checkOnline, entries: [whyOnline],
    asked: msg`In chapter 6 the policy’s own answers are drawn anew every K updates and judged. Run it with K = ${ONLINE_EVERY} or less at β = ${BETA} to its end, and watch which pairs are drawn.`,
    hint: msg`The experiment “Every 10 updates” is what chapter 6 opens with. “The pairs it trains on now” shows the last pairs drawn.`,
    seen: msg`Responses nobody wrote stay below 5 % in every seed, and most pairs drawn are one sentence twice.`,
  },
  {
    id: 'say', title: msg`Say it in your own words`, check: null, entries: [whatToAsk, ownText('own', msg`What does the loss of DPO not see, when does that do harm, and what helps?`)],
    asked: msg`Look back at what you predicted. Answer one last question, then write three or four sentences for somebody who knows what DPO is and has not seen this. Your report is complete with it.`,
    hint: msg`Say what the loss reads, what the shared weights did with it, and which of β, the table and fresh pairs changed the ending, and why.`,
    seen: msg`There is no model answer: your teacher reads what you write. Chapter 9 tries remedies that need no new data.`,
  },
];

/** @throws RangeError where there is no such task */
export function taskOf(id: TaskId): PathTask {
  const found = TASKS.find((task) => task.id === id);
  if (!found) throw new RangeError(`taskOf: id must be one of ${TASKS.map((task) => task.id).join(', ')}, got ${String(id)}`);
  return found;
}
