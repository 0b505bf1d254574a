/** Chapter 7 over real runs of PPO: its sentence, both optima, the sweep of the length; and the optima against their definition. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Lead } from '../src/components/chapter/Lead.tsx';
import { readyRun } from '../src/components/chapter/ready.ts';
import { Chapter7 } from '../src/components/chapter7/Chapter7.tsx';
import { LengthPanel } from '../src/components/panels/LengthPanel.tsx';
import { ResponsesPanel } from '../src/components/panels/ResponsesPanel.tsx';
import type { PpoAlgorithm } from '../src/sim/experiment.ts';
import { metricOf } from '../src/sim/focus.ts';
import type { MetricId } from '../src/sim/metrics.ts';
import { formatNumber } from '../src/sim/numbers.ts';
import { ppoStoryOf, type PpoStory } from '../src/sim/ppoStory.ts';
import { dpoLength } from '../src/sim/presets/dpo-length.ts';
import { ppoGold } from '../src/sim/presets/ppo-gold.ts';
import { ppoLengthBias } from '../src/sim/presets/ppo-length-bias.ts';
import { bargainWords, lengthSentence, lengthWords, ppoSentence } from '../src/sim/sentences7.ts';
import { lengthOf } from '../src/sim/world.ts';
import { singlePage, textOf, type SinglePage } from './fixtures/singlePage.tsx';

vi.mock('../src/components/charts/useBox.ts', () => ({ useBox: () => [() => undefined, { width: 800, height: 320, rem: 16, theme: '' }] }));

const storyOf = (page: SinglePage) => ppoStoryOf(readyRun(page.store.getState())!);
const words = (story: PpoStory) => ppoSentence(story).map(({ text }) => text).join('');
const nowOf = (page: SinglePage, id: MetricId) => {
  const { frame, policyCount } = readyRun(page.store.getState())!;
  return metricOf(frame.metrics, policyCount, id, Array.from({ length: policyCount }, (_, r) => r));
};

describe('PPO on a biased reward', () => {
  let page: SinglePage;
  let opening = '';
  beforeAll(async () => {
    page = await singlePage(ppoLengthBias, { ...ppoLengthBias.experiment, seeds: [0, 1], steps: 60 });
    opening = words(storyOf(page));
    await page.trainTo(60);
  });

  it('begins with what PPO is told', () => {
    expect(opening).toBe('Before every update the policy writes 64 responses and is told what a reward model makes of them; leaving the reference costs β per nat. Press Play.');
  });

  it('the values of both optima are expectations over every response, seed by seed, and follow a changed β', async () => {
    const { prepared, refLogps } = page.run;
    const { world, rewards, rewardModel } = prepared;
    const check = (beta: number) => [0, 1].forEach((r) => {
      for (const [reward, prefix] of [[rewards!, 'optimal'], [rewardModel!.scores[r], 'proxyOptimal']] as const) {
        const unnormalised = refLogps[r].map((logp, y) => Math.exp(logp + reward[y] / beta));
        const z = unnormalised.reduce((a, b) => a + b, 0);
        const mean = (of: (y: number) => number) => unnormalised.reduce((sum, p, y) => sum + p * of(y), 0) / z;
        expect(nowOf(page, `${prefix}/goldReward`)[r]).toBeCloseTo(mean((y) => rewards![y]), 9);
        expect(nowOf(page, `${prefix}/meanLength`)[r]).toBeCloseTo(mean((y) => lengthOf(world, y)), 9);
        if (prefix === 'proxyOptimal') expect(nowOf(page, 'proxyOptimal/proxyReward')[r]).toBeCloseTo(mean((y) => reward[y]), 9);
      }
    });
    check(0.3);
    page.run.retune({ beta: 2 });
    await page.trainTo(60);
    check(2);
    page.run.retune({ beta: 0.3 });
    await page.trainTo(60);
  });

  it('the sentence says both rewards, both distances and both lengths, as the run has them', () => {
    const story = storyOf(page);
    const { facts, factsAtStart } = story;
    expect(Math.abs(factsAtStart.proxyReward)).toBeLessThan(1e-12);
    const text = words(story);
    expect(text).toContain('After 60 updates at β = 0.3 (median over 2 seeds)');
    expect(text).toContain(`the reward it is given has risen from 0 to ${formatNumber(facts.proxyReward)}, the true one from ${formatNumber(factsAtStart.goldReward)} to ${formatNumber(facts.goldReward)}.`);
    expect(story.farthest).toBeLessThan(0.2);
    expect(text).toContain(`It has found the optimum of the wrong reward: ${formatNumber(facts.klToProxyOptimal)} nats from it, ${formatNumber(facts.klToOptimal)} nats from the true one.`);
    expect(text).toMatch(new RegExp(`It writes ${formatNumber(facts.meanLength)} words, the true optimum ${formatNumber(facts['optimal/meanLength'])}\\.$`));
  });

  it('earning more than the optimum of what it is given is not being better: J is compared, and J’s gap is β times the distance', () => {
    const story = storyOf(page);
    const { bargain } = story;
    expect(bargain.below).toBeCloseTo(0.3 * story.facts.klToProxyOptimal, 12);
    // The optimum's KL by its definition, over every response.
    const { view } = readyRun(page.store.getState())!;
    const defined = view.rewardModel!.optimalLogps.reduce((sum, logp, y) => sum + Math.exp(logp) * (logp - view.refLogps[y]), 0);
    expect(Math.abs(bargain.optimalKl / defined - 1)).toBeLessThan(0.05);
    const given = { ...bargain, more: 0.04, reward: 4.05, optimalReward: 4.01, kl: 5.2, optimalKl: 4.98, below: 0.0203 };
    expect(bargainWords(given, 'π̂*')).toBe('PPO earns more than π̂*, 4.05 against 4.01, at a higher KL from the reference, 5.20 against 4.98 nats. π̂* is the best at reward\u00a0−\u00a0β·KL, and there PPO is 0.0203 below it.');
    expect(bargainWords({ ...given, more: -0.1, reward: 3.91 }, 'π̂*')).toBe('π̂* is the best at reward\u00a0−\u00a0β·KL, and there PPO is 0.0203 below it.');
    expect(bargainWords({ ...given, below: NaN }, 'π̂*')).toBe('');
    expect(textOf(page.show(<Chapter7 />))).toContain(bargainWords(bargain, 'π̂*'));
  });

  it('what was found is said only where every seed has found it, and is not also true', () => {
    const story = storyOf(page);
    expect(words({ ...story, farthest: 0.3 })).toContain(' nats from the optimum of what it is given, ');
    expect(words({ ...story, facts: { ...story.facts, klToOptimal: 0.1 } })).not.toContain('wrong');
    expect(words({ ...story, facts: { ...story.facts, goldReward: story.factsAtStart.goldReward - 1 } })).toContain('the true one has fallen from');
    expect(words({ ...story, facts: { ...story.facts, goldReward: story.factsAtStart.goldReward } })).toContain('the true one is still');
    expect(words({ ...story, hasGold: false })).not.toContain('true');
  });

  it('the page draws both rewards with their optima, and the optimum of the given reward in the bars', () => {
    const html = page.show(<Chapter7 />);
    expect(textOf(html)).toContain(words(storyOf(page)));
    for (const id of ['proxyReward', 'proxyOptimal/proxyReward', 'goldReward', 'optimal/goldReward', 'proxyOptimal/goldReward'] as const) expect(html, id).toContain(`data-metric="${id}"`);
    expect(html).toContain('One update in slow motion');
    const bars = page.show(<ResponsesPanel />);
    expect(bars.match(/class="bars-given" data-below/g)).toHaveLength(8);
    expect(bars.match(/class="bars-optimal" data-below="(true|false)" style/g)).toHaveLength(8);
  });

  it('the optimum in the bars is that of the reward model shown', () => {
    const { view } = readyRun(page.store.getState())!;
    const total = view.rewardModel!.optimalLogps.reduce((sum, logp) => sum + Math.exp(logp), 0);
    expect(total).toBeCloseTo(1, 9);
    expect(Math.max(...view.rewardModel!.optimalLogps)).toBeGreaterThan(Math.max(...view.optimalLogps!.filter((_, y) => lengthOf(page.run.prepared.world, y) === 4)));
  });

  it('offers the sweeps of the length bias and of β', () => {
    const text = textOf(page.show(<LengthPanel onSweep={() => undefined} onSweepOf={() => undefined} />));
    expect(text).toContain('4 length biases of the annotator: b = 0, 0.2, 0.4, 0.6');
    expect(text).toContain('4 prices of KL: β = 0.3, 1, 3, 10');
  });
});

it('PPO on the true reward: how near π* is said of the worst seed too', async () => {
  const page = await singlePage(ppoGold, { ...ppoGold.experiment, seeds: [0, 1], steps: 30, algorithm: { ...(ppoGold.experiment.algorithm as PpoAlgorithm), valueCoef: 0 } });
  await page.trainTo(30);
  const story = storyOf(page);
  expect(story.farthest).toBe(Math.max(...nowOf(page, 'klToOptimal')));
  expect(words(story)).toMatch(new RegExp(`It is ${formatNumber(story.facts.klToOptimal)} nats from π\\*, at most ${formatNumber(story.farthest)} in every seed\\.$`));
  const html = page.show(<Chapter7 />);
  expect(textOf(html)).toContain('The reward it is given: the true one');
  expect(textOf(html)).toContain('Distance from the optimum');
  expect(html).not.toContain('class="bars-given"');
  // What PPO does on the true reward does not depend on an annotator.
  expect(textOf(page.show(<LengthPanel onSweep={() => undefined} onSweepOf={() => undefined} />))).not.toContain('length biases');
  page.run.dispose();
});

it('the preset’s question survives a change of seeds, and no other change; of the true reward it is said that no pairs are read', async () => {
  const page = await singlePage(ppoGold, { ...ppoGold.experiment, seeds: [3, 4] });
  page.lab.setState({ origin: ppoGold });
  expect(textOf(page.show(<Lead />))).toContain(ppoGold.question);
  expect(textOf(page.show(<Chapter7 />))).toContain('PPO is given the true reward here and never reads the pairs');
  page.run.dispose();
  const shorter = await singlePage(ppoGold, { ...ppoGold.experiment, seeds: [3], steps: 20 });
  shorter.lab.setState({ origin: ppoGold });
  expect(textOf(shorter.show(<Lead />))).not.toContain(ppoGold.question);
  shorter.run.dispose();
});

it('lengths along a sweep: a dot for each seed, both optima beside them, and the words', async () => {
  const experiment = { ...ppoLengthBias.experiment, seeds: [0, 1, 2], steps: 20, sweep: { lengthBias: [0, 0.6] } };
  const page = await singlePage(ppoLengthBias, experiment);
  await page.trainTo(20);
  const html = page.show(<LengthPanel onSweep={() => undefined} onSweepOf={() => undefined} />);
  expect(html.match(/setting-dot"/g)).toHaveLength(6);
  const lengths = nowOf(page, 'meanLength');
  const medians = [...html.matchAll(/data-median="([^"]*)"/g)].map(([, value]) => Number(value));
  expect(medians).toEqual([0, 3].map((from) => lengths.slice(from, from + 3).sort((a, b) => a - b)[1]));
  expect(medians[1]).toBeGreaterThan(medians[0]);
  expect(textOf(html)).toContain(`From b = 0 to b = 0.6 the median of the mean lengths goes from ${formatNumber(medians[0])} to ${formatNumber(medians[1])}, rising at every step.`);
  page.run.dispose();
});

it('a DPO run in this chapter is told by its length', async () => {
  const { sweep: _sweep, ...rest } = dpoLength.experiment;
  const page = await singlePage(dpoLength, { ...rest, seeds: [0, 1], steps: 20 });
  await page.trainTo(20);
  const { facts } = storyOf(page);
  const html = page.show(<Chapter7 />);
  expect(textOf(html)).toContain(lengthSentence(storyOf(page)).map(({ text }) => text).join(''));
  expect(textOf(html)).toContain(`the answers are ${formatNumber(facts.meanLength)} words long`);
  expect(html).not.toContain('One update in slow motion');
  page.run.dispose();
});

it('words of a sweep: a course only where there is one, a gap only where there are marks', () => {
  const at = (value: number, median: number, target = NaN) => ({ value, median, target });
  expect(lengthWords('b', [at(0.6, 3), at(0, 1), at(0.3, 2)], 'it')).toBe('From b = 0 to b = 0.6 it goes from 1.00 to 3.00, rising at every step.');
  expect(lengthWords('β', [at(1, 3, 3.1), at(3, 1, 0.8)], 'it')).toBe('From β = 1 to β = 3 it goes from 3.00 to 1.00, falling at every step. No median is more than 0.200 from its mark ◇.');
  expect(lengthWords('b', [at(0, 1), at(0.3, 4), at(0.6, 2)], 'it')).toBe('From b = 0 to b = 0.6 it goes from 1.00 to 2.00.');
  expect(lengthWords('b', [at(0, 1), at(0.3, NaN)], 'it')).toBe(' ');
});
