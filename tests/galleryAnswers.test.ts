/** What the cards of the gallery say of the trained model: every claim, over eight seeds. */
import { beforeAll, expect, test } from 'vitest';
import { toyExperiment } from '../src/components/gallery/bug.ts';
import { BUGS_OF_ANSWERS } from '../src/components/gallery/bugsOfAnswers.ts';
import { bugOf, expectRemediesHelp, least, most, trainToy } from './galleryRuns.ts';
import { switchBackend } from './product.ts';

beforeAll(() => switchBackend('wasm'));

test('repeats-one-word: the word repeats; an NLL term, a larger β and covered pairs hold', async () => {
  const { toy, remedies } = bugOf('repeats-one-word');
  const { start, at, end } = await trainToy(toy, [100, 300]);
  expect(most(start.of('mass/ood'))).toBeLessThan(0.01);
  expect(end.share('sat sat sat').filter((share) => share >= 0.9).length).toBeGreaterThanOrEqual(7);
  for (const [a, b] of [[start, at(100)], [at(100), at(300)], [at(300), end]]) {
    b.of('loss').forEach((loss, s) => expect(loss).toBeLessThan(a.of('loss')[s]));
  }
  const [nll, beta, covered] = remedies;
  for (const { toy: helped } of [nll, beta]) expect(most((await trainToy(helped)).end.of('mass/ood'))).toBeLessThanOrEqual(0.05);
  const course = await trainToy(covered.toy, [50, 100, 200, 400]);
  for (const moment of [course.at(50), course.at(100), course.at(200), course.at(400), course.end]) expect(most(moment.of('mass/ood'))).toBeLessThanOrEqual(0.01);
});

test('never-stops: the answers fill the room there is; an NLL term and a larger β let them end, a length term does not', async () => {
  const { toy, remedies } = bugOf('never-stops');
  const { start, end } = await trainToy(toy);
  for (const length of start.of('meanLength')) expect(length).toBeCloseTo(1.5, 1);
  expect(least(end.of('meanLength'))).toBeGreaterThan(3.9);
  for (const { toy: helped } of remedies) {
    const length = (await trainToy(helped)).end.of('meanLength');
    expect(least(length)).toBeGreaterThan(1.9);
    expect(most(length)).toBeLessThan(2.1);
  }
  const lengthTerm = await trainToy({ ...toy, knobs: [['lengthAlpha', 1]] });
  expect(least(lengthTerm.end.of('meanLength'))).toBeGreaterThan(3.9);
});

test('longer-answers: an annotator who likes length makes them longer; a length term, or another annotator, does not', async () => {
  const { toy, remedies: [lengthTerm, unbiased] } = bugOf('longer-answers');
  const { start, end } = await trainToy(toy);
  for (const length of start.of('meanLength')) expect(length).toBeCloseTo(1.5, 1);
  expect(least(end.of('meanLength'))).toBeGreaterThan(2.5);
  const shorter = (await trainToy(lengthTerm.toy)).end;
  shorter.of('meanLength').forEach((length, s) => expect(length).toBeLessThan(end.of('meanLength')[s] - 0.5));
  shorter.of('goldReward').forEach((reward, s) => expect(reward).toBeGreaterThan(end.of('goldReward')[s]));
  const other = (await trainToy(unbiased.toy)).end;
  expect(most(other.of('meanLength'))).toBeLessThan(1.6);
  other.of('goldReward').forEach((reward, s) => expect(reward).toBeGreaterThan(end.of('goldReward')[s]));
  expect(least((await trainToy({ preset: 'ppo-length-bias' })).end.of('meanLength')), 'PPO goes further').toBeGreaterThan(3.9);
});

test('other-prompts-change: the prompt without a pair drifts; the KL term holds both, the NLL term helps', async () => {
  const { toy, remedies: [kl, nll] } = bugOf('other-prompts-change');
  const { start, end } = await trainToy(toy);
  end.unwritten(1).forEach((mass, s) => expect(mass).toBeGreaterThan(10 * start.unwritten(1)[s]));
  expect(end.unwritten(1).filter((mass) => mass > 0.5).length).toBeGreaterThanOrEqual(5);
  const held = (await trainToy(kl.toy)).end;
  expect(most([...held.unwritten(0), ...held.unwritten(1)])).toBeLessThanOrEqual(0.01);
  const helped = (await trainToy(nll.toy)).end.unwritten(1);
  expect(most(helped)).toBeLessThanOrEqual(0.15);
  expect(most(helped), 'not safe').toBeGreaterThan(0.05);
});

test('simpo-repeats: all pairs ranked right, and only one word; a larger β holds', async () => {
  const { toy, remedies: [larger] } = bugOf('simpo-repeats');
  const { start, end } = await trainToy(toy);
  expect(least(end.of('rewards/accuracies'))).toBe(1);
  expect(most(end.of('mass/chosen'))).toBeLessThan(0.01);
  expect(least(end.share('sat sat sat'))).toBeGreaterThan(0.9);
  for (const metric of ['logps/chosen', 'logps/rejected'] as const) end.of(metric).forEach((logp, s) => expect(logp).toBeLessThan(start.of(metric)[s]));
  expect(most((await trainToy(larger.toy)).end.of('mass/ood'))).toBeLessThanOrEqual(0.01);
});

test('ppo-grows-alike: the given reward and the KL rise, the true reward falls; a higher price of KL and covered strings make it rise', async () => {
  const { toy, remedies: [price, covered] } = bugOf('ppo-grows-alike');
  const { start, end } = await trainToy(toy);
  expect(most(start.of('proxyReward').map(Math.abs))).toBeLessThan(1e-9);
  for (const reward of start.of('goldReward')) expect(reward).toBeCloseTo(0.49, 2);
  expect(least(end.of('proxyReward'))).toBeGreaterThan(2.9);
  expect(least(end.of('kl'))).toBeGreaterThan(10);
  expect(most(end.of('goldReward'))).toBeLessThan(-1.9);
  expect(least(end.share('the the the'))).toBeGreaterThan(0.9);
  const near = (await trainToy(price.toy)).end;
  expect(most(near.of('kl'))).toBeLessThan(0.6);
  expect(least(near.of('goldReward'))).toBeGreaterThan(0.7);
  expect(most(near.of('mass/ood'))).toBeLessThanOrEqual(0.01);
  expect(least((await trainToy(covered.toy)).end.of('goldReward'))).toBeGreaterThan(0.98);
  expect(toyExperiment(covered.toy).algorithm).toEqual(toyExperiment(toy).algorithm);
});

test.each(BUGS_OF_ANSWERS)('$id: in every seed each remedy betters what the picture draws', expectRemediesHelp);
