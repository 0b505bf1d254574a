/** What the cards of the gallery say of training curves: every claim, over eight seeds. */
import { beforeAll, expect, test } from 'vitest';
import { BUGS_OF_CURVES } from '../src/components/gallery/bugsOfCurves.ts';
import { bugOf, expectRemediesHelp, least, most, trainToy } from './galleryRuns.ts';
import { switchBackend } from './product.ts';

beforeAll(() => switchBackend('wasm'));

test('chosen-reward-negative: all ranked right, the gap grows, the chosen reward is negative, and little is lost', async () => {
  const { toy, remedies: [nll, dpop] } = bugOf('chosen-reward-negative');
  const { start, at, end } = await trainToy(toy, [100, 300]);
  expect(least(end.of('rewards/accuracies'))).toBe(1);
  for (const [a, b] of [[start, at(100)], [at(100), at(300)], [at(300), end]]) {
    b.of('rewards/margins').forEach((margin, s) => expect(margin).toBeGreaterThan(a.of('rewards/margins')[s]));
  }
  expect(least(end.of('rewards/margins'))).toBeGreaterThan(5);
  expect(most(end.of('rewards/chosen'))).toBeLessThan(0);
  end.of('rewards/chosen').forEach((reward, s) => expect(reward).toBeLessThan(at(100).of('rewards/chosen')[s]));
  expect(least(end.of('mass/chosen'))).toBeGreaterThanOrEqual(0.7);
  const held = (await trainToy(nll.toy)).end;
  expect(most(held.of('rewards/chosen').map(Math.abs))).toBeLessThan(0.01);
  expect(least(held.of('mass/chosen'))).toBeGreaterThanOrEqual(0.98);
  expect(least(held.of('rewards/margins'))).toBeGreaterThan(5);
  (await trainToy(dpop.toy)).end.of('mass/chosen').forEach((mass, s) => expect(mass).toBeGreaterThan(end.of('mass/chosen')[s]));
  const tooMuch = await trainToy({ ...toy, knobs: [['loss', 'dpop'], ['dpopLambda', 50]] });
  expect(most(tooMuch.end.of('mass/chosen'))).toBeLessThan(0.5);
});

test('loss-falls-model-worse: a small loss and a true reward below the start; β or a judge keeps it', async () => {
  const { toy, remedies } = bugOf('loss-falls-model-worse');
  const { start, end } = await trainToy(toy);
  end.of('loss').forEach((loss, s) => expect(loss).toBeLessThan(start.of('loss')[s] / 10));
  for (const reward of start.of('goldReward')) expect(reward).toBeCloseTo(0.49, 2);
  expect(most(end.of('goldReward'))).toBeLessThan(0);
  for (const { toy: helped } of remedies) expect(least((await trainToy(helped)).end.of('goldReward'))).toBeGreaterThan(0.9);
  const tied = await trainToy(remedies[0].toy);
  tied.end.of('loss').forEach((loss, s) => expect(loss).toBeLessThan(tied.start.of('loss')[s] / 10));
});

test('accuracy-one-at-once: 1 after 10 updates and at the end, with and without the collapse', async () => {
  const { toy, remedies: [tied] } = bugOf('accuracy-one-at-once');
  for (const [run, ends] of [[toy, 'broken'], [tied.toy, 'well']] as const) {
    const { at, end } = await trainToy(run, [10]);
    for (const moment of [at(10), end]) expect(least(moment.of('rewards/accuracies'))).toBe(1);
    expect(most(at(10).of('mass/ood'))).toBeLessThan(0.01);
    expect(most(end.of('loss'))).toBeLessThan(0.05);
    if (ends === 'broken') expect(least(end.of('mass/ood'))).toBeGreaterThan(0.9);
    else expect(most(end.of('mass/ood'))).toBeLessThanOrEqual(0.05);
  }
});

test('stuck-at-0-693: at β near 0 nothing moves; a larger β does; Adam moves it, the wrong way and unseen by the loss', async () => {
  const { toy, remedies: [larger] } = bugOf('stuck-at-0-693');
  const { start, at, end } = await trainToy(toy, [1, 400]);
  for (const moment of [start, at(1), at(400), end]) for (const loss of moment.of('loss')) expect(loss.toFixed(4)).toBe('0.6931');
  end.of('mass/chosen').forEach((mass, s) => expect(Math.abs(mass - start.of('mass/chosen')[s])).toBeLessThan(0.01));
  const moved = (await trainToy(larger.toy)).end;
  expect(most(moved.of('loss'))).toBeLessThan(0.05);
  expect(least(moved.of('mass/chosen'))).toBeGreaterThan(0.9);
  const unseen = await trainToy({ ...toy, knobs: [['beta', 1e-6], ['optimizer', 'adam'], ['learningRate', 0.01]] });
  expect(most(unseen.end.of('mass/chosen'))).toBeLessThan(0.01);
  for (const loss of unseen.end.of('loss')) expect(loss.toFixed(2)).toBe('0.69');
});

test('broken-within-steps: four long updates are enough; a hundredth of the rate is not, a larger β alone does not help', async () => {
  const { toy, remedies: [usual, small] } = bugOf('broken-within-steps');
  const { at, start } = await trainToy(toy, [4]);
  expect(most(start.of('mass/ood'))).toBeLessThan(0.01);
  expect(least(at(4).of('mass/ood'))).toBeGreaterThan(0.9);
  expect(most(at(4).of('loss'))).toBeLessThan(0.05);
  expect(most((await trainToy(usual.toy)).end.of('mass/ood'))).toBeLessThanOrEqual(0.02);
  expect(most((await trainToy(small.toy)).end.of('mass/ood'))).toBeLessThanOrEqual(0.15);
  const tied = await trainToy({ ...toy, preset: 'strong-tie' });
  expect(least(tied.end.of('mass/ood'))).toBeGreaterThan(0.9);
});

test('ipo-nan: not finite within 20 updates where DPO is; a rate of β²/2 of it reaches the target', async () => {
  const { toy, remedies: [slower] } = bugOf('ipo-nan');
  const broken = await trainToy({ ...toy, knobs: [...toy.knobs ?? [], ['steps', 20]] });
  expect(broken.start.notFinite).toEqual([]);
  expect(broken.end.notFinite).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect((await trainToy({ ...toy, knobs: [] })).end.notFinite, 'DPO').toEqual([]);
  const { end } = await trainToy(slower.toy);
  expect(end.notFinite).toEqual([]);
  for (const margin of end.of('rewards/margins')) expect(margin).toBeCloseTo(0.5, 3);
  expect(most(end.of('mass/ood'))).toBeLessThanOrEqual(0.05);
});

test.each(BUGS_OF_CURVES)('$id: in every seed each remedy betters what the picture draws', expectRemediesHelp);
