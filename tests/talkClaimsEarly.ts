/** TABLE of what the notes of the opening and of chapters 1 to 3 claim. */
import { expect } from 'vitest';
import { CANCEL_STEPS } from '../src/components/chapter3/steps.ts';
import { pushOf } from '../src/components/chapter4/ruler.ts';
import { linesOf } from '../src/components/derivation/lines.ts';
import { SLIDE_VERSIONS } from '../src/derivation/errata.ts';
import { objectiveOf } from '../src/derivation/objective.ts';
import { optimumOf } from '../src/derivation/optimum.ts';
import { evaluate } from '../src/derivation/step.ts';
import { nodeOf } from '../src/sim/world.ts';
import { HEADLINE_COLLAPSE, LOSS_FALLS, TIED, type Claim } from './talkClaim.ts';
import { courseOf, endSettingOf, last, shareOf, valuesOf } from './talkRuns.ts';

const close = (value: number, to: number, by: number) => { expect(Math.abs(value - to)).toBeLessThan(by); };
/** Numbers of a population: every seed obeys. */
const all = (values: readonly number[], holds: (value: number) => boolean) => { expect(values.length).toBeGreaterThan(0); expect(values.every(holds), values.join(', ')).toBe(true); };

/** The steps whose slide version fails on a setting. */
const failing = (setting: Parameters<typeof evaluate>[1], errata: readonly number[]) => SLIDE_VERSIONS
  .filter(({ erratum }) => errata.includes(erratum.number))
  .map(({ version }) => evaluate(version.check, setting).verdict);

const ONE_PAIR = ['presets1.test.ts', 'in every seed “the the the”, in no pair, gets the highest reward'] as const;
const CLIMB = ['presets2.test.ts', 'J rises at every update and ends at π*, where “yes” has 73 %'] as const;
const ON_THE_LINE = ['presets3.test.ts', 'in every seed each ends on the line'] as const;

export const EARLY_CLAIMS: readonly Claim[] = [
  {
    step: 'the-the-the', says: 'about half of its probability to each', async check() {
      const course = await courseOf('the-the-the');
      for (const text of ['on the mat', 'on a mat']) all(shareOf(course, course.points[0], text), (p) => Math.abs(p - 0.5) < 0.01);
      all(valuesOf(course.points[0], 'mass/ood'), (p) => p < 0.01);
    },
  },
  { step: 'the-the-the', says: '154 other strings', async check() { expect((await courseOf('the-the-the')).world.responseCount - 2).toBe(154); } },
  { step: 'the-the-the', says: 'The loss begins at log 2', by: LOSS_FALLS },
  {
    step: 'the-the-the-run', says: '“on the mat” rises', async check() {
      const course = await courseOf('the-the-the');
      const courseOfChosen = course.points.map((point) => shareOf(course, point, 'on the mat'));
      courseOfChosen[0].forEach((start, r) => {
        const own = courseOfChosen.map((values) => values[r]);
        const top = own.indexOf(Math.max(...own));
        expect(own[top], `seed ${r}`).toBeGreaterThan(0.9);
        expect(course.points.length - 1 - top).toBeGreaterThan(20);
        expect(last(own)).toBeLessThan(start);
      });
    },
  },
  { step: 'the-the-the-run', says: 'Now watch it fall', by: HEADLINE_COLLAPSE },
  { step: 'the-the-the-run', says: 'The loss falls all the way', by: LOSS_FALLS },
  { step: 'the-the-the-run', says: 'In nearly every seed what nobody wrote ends with at least 90 % of the probability, with “the the the” on top', by: HEADLINE_COLLAPSE },
  { step: 'the-the-the-run', says: 'its loss falls just as well', by: TIED },
  { step: 'reward-model', says: '156 responses', async check() { expect((await courseOf('one-pair-reward')).world.responseCount).toBe(156); } },
  { step: 'reward-model-run', says: 'in no pair, gets the highest reward, and the optimum of that reward puts more than 99 %', by: ONE_PAIR },
  {
    step: 'reward-model-run', says: 'The log-likelihood rises', async check() {
      const { points } = await courseOf('one-pair-reward');
      const [start, end] = [points[0], last(points)].map((point) => valuesOf(point, 'rm/logLikelihood'));
      end.forEach((value, r) => { expect(value).toBeGreaterThan(start[r]); });
    },
  },
  { step: 'reward-model-run', says: 'larger ones always make the same wins likelier', check() { for (const gap of [0.1, 1, 5]) expect(pushOf(2 * gap, 1).loss).toBeLessThan(pushOf(gap, 1).loss); } },
  { step: 'reward-model-run', says: 'make the same rewards larger', by: ONE_PAIR },
  {
    step: 'best-policy', says: 'Three answers, worth 1, 0 and −1', async check() {
      const { world, rewards, refLogps: [ref] } = await courseOf('three-answers');
      expect(['yes', 'no', ''].map((text) => rewards[nodeOf(world, 0, text)])).toEqual([1, 0, -1]);
      expect(ref.indexOf(Math.max(...ref))).toBe(nodeOf(world, 0, 'no'));
    },
  },
  {
    step: 'best-policy', says: 'it is below the best, because the KL costs more than the reward brings', async check() {
      const setting = await endSettingOf('three-answers');
      const corner = setting.logps.map((_, y) => (y === nodeOf(setting.world, 0, 'yes') ? Math.log1p(-1e-6) : Math.log(5e-7)));
      const best = objectiveOf(setting, optimumOf(setting).logps), there = objectiveOf(setting, corner);
      expect(there.value).toBeLessThan(best.value - 0.1);
      expect(there.reward).toBeGreaterThan(best.reward);
    },
  },
  { step: 'best-policy-run', says: 'J rises at every update', by: CLIMB },
  { step: 'best-policy-run', says: '“yes” gets 73 %', by: CLIMB },
  {
    step: 'best-policy-run', says: 'At a small β it is the best answer, at a large one it is the reference', async check() {
      const setting = await endSettingOf('three-answers');
      const yes = nodeOf(setting.world, 0, 'yes');
      expect(Math.exp(optimumOf({ ...setting, beta: 0.01 }).logps[yes])).toBeGreaterThan(0.999);
      close(Math.exp(optimumOf({ ...setting, beta: 100 }).logps[yes]), Math.exp(setting.refLogps[yes]), 0.01);
    },
  },
  { step: 'best-policy-run', says: 'In nine lines', check() { expect(linesOf(2).findIndex(({ step: { id } }) => id === 'optimal-policy') + 1).toBe(9); } },
  { step: 'derive-pi-star', says: 'at β = 1 every one of these lines is right', by: ['derivation/errata.test.ts', 'of %d is exact at β = 1, and at no other of these β'] },
  { step: 'derive-pi-star', says: 'the slides’ versions of the lines without β fail', async check() { expect(new Set(failing(await endSettingOf('three-answers'), [2, 3, 4, 5]))).toEqual(new Set(['fail'])); } },
  { step: 'implied-reward', says: 'the 13 responses', async check() { expect((await courseOf('every-pair')).world.responseCount).toBe(13); } },
  {
    step: 'implied-reward', says: 'Before the first update all implicit rewards are zero', async check() {
      const { points: [start], refLogps } = await courseOf('every-pair');
      start.logps.forEach((own, r) => own.forEach((logp, y) => { close(logp, refLogps[r][y], 1e-6); }));
    },
  },
  { step: 'implied-reward-run', says: 'In every seed each response ends on the line r = r̂ + β log Z', by: ON_THE_LINE },
  { step: 'implied-reward-run', says: 'the policy does not notice', by: ['presets3.test.ts', 'in every seed ends on two lines that far apart, with the same implicit rewards'] },
  { step: 'sign-of-z', says: 'the two sides differ and the line is red', async check() { expect(failing(await endSettingOf('every-pair'), [6])).toEqual(['fail']); } },
  { step: 'dpo-objective', says: 'at the end of the five steps no Z is left', check() { expect(CANCEL_STEPS.map(({ id }) => id)).toEqual(['invert', 'subtract', 'cancel', 'gap', 'loss']); } },
];
