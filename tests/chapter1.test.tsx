/** Chapter 1 over real fits of a reward model: its facts, its sentences, and that every number on the page is one of the run's. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Chapter1 } from '../src/components/chapter1/Chapter1.tsx';
import { RewardScatter } from '../src/components/chapter1/RewardScatter.tsx';
import { readyRun } from '../src/components/chapter/ready.ts';
import { LengthPanel } from '../src/components/panels/LengthPanel.tsx';
import { ScalePanel } from '../src/components/panels/ScalePanel.tsx';
import { UnseenPanel } from '../src/components/panels/UnseenPanel.tsx';
import { concordance } from '../src/sim/exact/concordance.ts';
import { formatNumber } from '../src/sim/numbers.ts';
import { lengthBiasedAnnotator } from '../src/sim/presets/length-biased-annotator.ts';
import { onePairReward } from '../src/sim/presets/one-pair-reward.ts';
import { sampledPreferences } from '../src/sim/presets/sampled-preferences.ts';
import { rewardStoryOf, topScores } from '../src/sim/rewardStory.ts';
import { rewardSentence, scaleWords, unseenWords } from '../src/sim/sentences1.ts';
import { nodeOf } from '../src/sim/world.ts';
import { singlePage, textOf, type SinglePage } from './fixtures/singlePage.tsx';

vi.mock('../src/components/charts/useBox.ts', () => ({ useBox: () => [() => undefined, { width: 800, height: 320, rem: 16, theme: '' }] }));

const storyOf = (page: SinglePage) => rewardStoryOf(readyRun(page.store.getState())!)!;
const said = (page: SinglePage) => rewardSentence(storyOf(page)).map(({ text }) => text).join('');

describe('concordance', () => {
  /** Straight from the definition. */
  function pairByPair(weights: readonly number[], scores: readonly number[], truth: readonly number[]): number {
    let right = 0, apart = 0;
    weights.forEach((p, i) => weights.forEach((q, j) => {
      if (truth[i] <= truth[j]) return;
      apart += p * q;
      if (scores[i] > scores[j]) right += p * q;
      if (scores[i] === scores[j]) right += 0.5 * p * q;
    }));
    return right / apart;
  }
  it.each([1, 2, 3, 4])('is the weighted share of pairs ranked alike, ties counting half (case %i)', (k) => {
    const n = 40;
    const of = (salt: number, levels: number) => Array.from({ length: n }, (_, i) => Math.floor(levels * (0.5 + 0.5 * Math.sin(salt * (i + 1) * (i + k)))));
    const weights = of(1.3, 1000).map((w) => w / 1000);
    const [scores, truth] = [of(2.7, 12 * k), of(0.9, 5)];
    expect(concordance(weights, scores, truth)).toBeCloseTo(pairByPair(weights, scores, truth), 12);
  });
  it('is 1, 0 or ½ for the truth itself, its opposite or a constant, and not a number where nothing can be told apart', () => {
    const truth = [3, 1, 2, 2];
    const weights = [0.1, 0.2, 0.3, 0.4];
    expect(concordance(weights, truth, truth)).toBe(1);
    expect(concordance(weights, truth.map((t) => -t), truth)).toBe(0);
    expect(concordance(weights, [7, 7, 7, 7], truth)).toBeCloseTo(0.5, 12);
    expect(concordance(weights, truth, [1, 1, 1, 1])).toBeNaN();
  });
});

describe('one pair', () => {
  let page: SinglePage;
  let opening = '';
  beforeAll(async () => {
    page = await singlePage(onePairReward, { ...onePairReward.experiment, seeds: [0, 1], steps: 60 });
    opening = said(page);
    await page.trainTo(60);
  });

  it('asks before the first update what the rest will get', () => {
    expect(opening).toBe('The one pair, 156 responses, 154 of them in no pair: which reward will each get? Press Play.');
  });

  it('says what is rewarded most, that no pair speaks of it, and what the optimum does', () => {
    const story = storyOf(page);
    expect(story).toMatchObject({ pairedCount: 2, responseCount: 156, accuracy: 1, pairCount: 1 });
    expect(story.topUnpaired).toMatchObject({ text: 'the the the', isOod: true });
    expect(story.topPaired).toMatchObject({ text: 'on the mat', isOod: false });
    const text = said(page);
    expect(text).toContain('After 60 updates on the one pair (median over 2 seeds) the reward model ranks the pair right.');
    expect(text).toContain(`It rewards “the the the”, which is in no pair, most on average (${formatNumber(story.topUnpaired!.score)}; “on the mat” ${formatNumber(story.topPaired!.score)}).`);
    expect(text).toMatch(/Its optimum at β = 0\.1 has .+ of its probability on responses nobody wrote\.$/);
  });

  it('the highest scores are those of the frame, of equals the first', () => {
    const { world, frame, view } = readyRun(page.store.getState())!;
    const scores = frame.scores!;
    const [paired, unpaired] = topScores(world, scores, view);
    expect(unpaired!.score).toBe(Math.max(...scores));
    expect(paired!.response).toBe(nodeOf(world, 0, 'on the mat'));
    expect(topScores(world, new Float64Array(156), view).map((top) => top?.response)).toEqual([nodeOf(world, 0, 'on the mat') < nodeOf(world, 0, 'on a mat') ? nodeOf(world, 0, 'on the mat') : nodeOf(world, 0, 'on a mat'), 0]);
  });

  it('the page has the sentence, the scatter with its names, the likelihood and the optimum, said to be no trained policy', () => {
    const html = page.show(<Chapter1 />);
    const text = textOf(html);
    expect(text).toContain(said(page));
    expect(text).toContain('What a perfect optimiser would make of it');
    expect(text).toContain('No policy is trained here: π is the exact optimum of the learned reward at this β.');
    expect(html).toMatch(/aria-label="Scatter of 156 responses[^"]*the the the/);
    expect(html).toContain('data-metric="rm/logLikelihood"');
    expect(text, 'there are none where pairs are given').not.toContain('unseen pairs');
  });

  it('in the scatter two dots are filled and 154 are not', () => {
    const html = page.show(<RewardScatter />);
    const dots = [...html.matchAll(/data-hollow="(true|false)"><path class="scatter-dots" d="([^"]*)"/g)].map(([, hollow, d]) => [hollow, d.split('M').length - 1]);
    expect(dots.filter(([hollow]) => hollow === 'false').reduce((sum, [, n]) => sum + Number(n), 0)).toBe(2);
    expect(dots.filter(([hollow]) => hollow === 'true').reduce((sum, [, n]) => sum + Number(n), 0)).toBe(154);
  });

  it('what the pairs do not say: masses of the responses in no pair, from the run', () => {
    const { view, frame } = readyRun(page.store.getState())!;
    const mass = (logps: Float64Array) => logps.reduce((sum, logp, y) => sum + (view.paired[y] ? 0 : Math.exp(logp)), 0);
    const text = textOf(page.show(<UnseenPanel />));
    expect(text).toContain(unseenWords({ unseen: 154, total: 156, ref: mass(view.refLogps), now: mass(frame.logps) }));
    expect(text).toContain('a number c(x) added to all rewards of a prompt changes no comparison');
    expect(text).toContain('Word counts and length');
  });

  it('the scale grows, and the pair sets none', () => {
    expect(textOf(page.show(<ScalePanel />))).toContain('Every pair is ranked right, so a larger reward always makes the pairs likelier');
    expect(scaleWords({ accuracy: 0.9, start: 0, now: 2 })).toBe('The scale has gone from 0 to 2.00. Not every pair is ranked right: a pair that is ranked wrong becomes less likely as the reward grows, and that sets a scale.');
  });

  it('has no dial of an annotator: the panel says so', () => {
    expect(textOf(page.show(<LengthPanel onSweep={() => undefined} onSweepOf={() => undefined} />))).toContain('there is no annotator whose length bias could be moved');
  });
});

describe('sampled pairs', () => {
  it('says how often it agrees with the truth, from all responses of the reference', async () => {
    const page = await singlePage(sampledPreferences, { ...sampledPreferences.experiment, seeds: [0, 1], steps: 50 });
    await page.trainTo(50, { seedIndex: 1, sweepIndex: 0 });
    const { view, frame } = readyRun(page.store.getState())!;
    const agreement = concordance(view.refLogps.map(Math.exp), frame.scores!, view.gold!);
    expect(storyOf(page).concordance).toBe(agreement);
    expect(agreement).toBeGreaterThan(0.8);
    expect(said(page)).toMatch(/^After 50 updates on 1,000 sampled pairs \(seed 1\) the reward model agrees with the truth in \d\d(\.\d)? % of the comparisons that the reference offers\./);
    expect(page.show(<Chapter1 />)).toContain('data-metric="rm/heldOutLogLikelihood"');
    // Of another seed another set of pairs: in the mean over seeds both count.
    const paired = ({ paired: own }: { paired: Uint8Array }) => own.reduce((a, b) => a + b, 0);
    expect(paired(page.run.view({ seedIndex: null, sweepIndex: 0 }))).toBeGreaterThan(paired(view));
    page.run.dispose();
  });

  it('a sweep of the annotator’s length bias: the learned worth of a word beside it', async () => {
    const page = await singlePage(lengthBiasedAnnotator, { ...lengthBiasedAnnotator.experiment, seeds: [0, 1], steps: 60, sweep: { lengthBias: [0, 0.6] } });
    await page.trainTo(60);
    const html = page.show(<LengthPanel onSweep={() => undefined} onSweepOf={() => undefined} />);
    const medians = [...html.matchAll(/data-median="([^"]*)"/g)].map(([, value]) => Number(value));
    expect(medians).toHaveLength(2);
    expect(medians[0]).toBeLessThan(0.2);
    expect(medians[1]).toBeGreaterThan(0.4);
    expect(textOf(html)).toContain(`From b = 0 to b = 0.6 the median worth of a word goes from ${formatNumber(medians[0])} to ${formatNumber(medians[1])}, rising at every step.`);
    // The marks are what the annotator adds.
    expect(html.match(/target-diamond/g)!.length).toBe(3);
    expect(html).toContain('the annotator’s own 0.600');
    page.run.dispose();
  });
});
