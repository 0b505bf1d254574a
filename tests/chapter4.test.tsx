/** Chapter 4: the ruler, the same loss for another policy, less and less support, and that the page says what its numbers are. */
import { afterEach, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { Chapter4 } from '../src/components/chapter4/Chapter4.tsx';
import { BetaBenchPanel } from '../src/components/chapter4/BetaBenchPanel.tsx';
import { IsoLossPanel } from '../src/components/chapter4/IsoLossPanel.tsx';
import { SupportPanel, supportAt } from '../src/components/chapter4/SupportPanel.tsx';
import { isoLossPolicy, onGrid, onGridSetting, pairedWith } from '../src/components/chapter4/isoLoss.ts';
import { EXAMPLES, farthestLogRatio, LEAST_LOG_RATIO, marksOf, moved, pushOf, ratioText, reachOf, readRuler, roundReach, shortNumber, signed, type RulerMarks } from '../src/components/chapter4/ruler.ts';
import { moveMark, rulerStore, showExample, showRun } from '../src/components/chapter4/rulerStore.ts';
import { readSupport, withSupport } from '../src/components/chapter4/support.ts';
import { candidates } from '../src/components/chapter4/useTarget.ts';
import { dpoLoss, logRatioGap, objectiveOf } from '../src/derivation/objective.ts';
import { settingOf, sumOverResponses, type Setting } from '../src/derivation/setting.ts';
import { optimalPolicy } from '../src/sim/exact/optimal.ts';
import { readingTheObjective } from '../src/sim/presets/reading-the-objective.ts';
import { randomAt, STREAM } from '../src/sim/random.ts';
import { isoWords, objectiveSentence, supportWords, type PairSource } from '../src/sim/sentences4.ts';
import { buildWorld, nodeOf } from '../src/sim/world.ts';
import { singlePage, textOf, type SinglePage } from './fixtures/singlePage.tsx';

vi.mock('../src/components/charts/useBox.ts', () => ({ useBox: () => [() => undefined, { width: 800, height: 320, rem: 16, theme: '' }] }));
// Rendered to a string, zustand shows what a store began with; here it is to be what it holds now.
Object.assign(rulerStore, { getInitialState: rulerStore.getState });
afterEach(() => { showRun(0); rulerStore.setState({ target: null }); });

describe('the ruler', () => {
  test('the slide’s numbers: 1.125 and 1.1, and a margin of .303', () => {
    const [high, low, margin] = (['high', 'low', 'margin'] as const).map((id) => readRuler(EXAMPLES[id].marks, 1));
    expect(high.chosen.ratio).toBeCloseTo(1.125, 14);
    expect(high.chosen.now).toBeCloseTo(0.9, 14);
    expect(low.chosen.ratio).toBeCloseTo(1.1, 14);
    expect(low.chosen.now).toBeCloseTo(0.11, 14);
    expect(margin.margin).toBeCloseTo(0.303, 15);
    expect(margin.loss).toBeCloseTo(Math.log(1 + Math.exp(-0.303)), 14);
    for (const { marks } of Object.values(EXAMPLES)) {
      const { chosen, rejected } = readRuler(marks, 1);
      expect(chosen.ref + rejected.ref).toBeLessThanOrEqual(1);
      expect(chosen.now + rejected.now).toBeLessThanOrEqual(1 + 1e-12);
    }
  });

  test('at h = 0 the weight is exactly ½ and the loss log 2, whatever β is; weight is −dℓ/dh divided by β', () => {
    for (const beta of [0.01, 0.1, 1, 10]) {
      expect(pushOf(0, beta).weight).toBeCloseTo(0.5, 15);
      expect(pushOf(0, beta).loss).toBe(Math.LN2);
      for (const h of [-30, -2, 0.3, 5]) {
        const step = 1e-5;
        const slope = (pushOf(h + step, beta).loss - pushOf(h - step, beta).loss) / (2 * step);
        expect(-slope / beta).toBeCloseTo(pushOf(h, beta).weight, 6);
      }
    }
  });

  test('a mark goes where it is wanted, and no further than probabilities go', () => {
    const marks: RulerMarks = { chosen: { refLogp: Math.log(0.4), logRatio: 0 }, rejected: { refLogp: Math.log(0.4), logRatio: 0 } };
    expect(moved(marks, 'chosen', 0.2).chosen.logRatio).toBe(0.2);
    expect(moved(marks, 'chosen', 0.2).rejected).toBe(marks.rejected);
    const end = moved(marks, 'chosen', 3);
    expect(end.chosen.logRatio).toBe(farthestLogRatio(marks, 'chosen'));
    expect(Math.exp(end.chosen.refLogp + end.chosen.logRatio)).toBeCloseTo(0.6, 14);
    expect(moved(marks, 'rejected', -1e9).rejected.logRatio).toBe(LEAST_LOG_RATIO);
    // The other one falls, and there is room again.
    expect(farthestLogRatio(moved(end, 'rejected', -5), 'chosen')).toBeGreaterThan(end.chosen.logRatio);
    // A run's mark below the end of the drag stays where it is until it is moved up.
    const far: RulerMarks = { ...marks, rejected: { refLogp: Math.log(0.4), logRatio: -117 } };
    expect(moved(far, 'rejected', -117).rejected.logRatio).toBe(LEAST_LOG_RATIO);
  });

  test('the reach is a round number that holds both marks', () => {
    expect([0, 0.5, 0.51, 1.9, 4, 7, 11, 26, 140].map(roundReach)).toEqual([0.5, 0.5, 1, 2, 5, 10, 20, 50, 200]);
    const marks = (a: number, b: number): RulerMarks => ({ chosen: { refLogp: -1, logRatio: a }, rejected: { refLogp: -1, logRatio: b } });
    expect(reachOf(marks(0.118, 0))).toBe(0.5);
    expect(reachOf(marks(0.118, -0.45))).toBe(1);
    expect(reachOf(marks(0.1, 0), 5)).toBe(5);
    expect(reachOf(marks(-15, -117))).toBe(200);
  });

  test('numbers as they are written', () => {
    expect([Math.log(1.125), Math.log(1.1), 0, Math.log(0.99995), Math.log(12.5), -117].map(ratioText)).toEqual(['1.125', '1.100', '1.000', '1.000', '12.50', '1.54·10⁻⁵¹']);
    expect([0.3, -0.003, 0, 0.117783].map(signed)).toEqual(['+0.3', '−0.003', '0', '+0.118']);
    expect(shortNumber(1.2345e-7)).toBe('1.23·10⁻⁷');
  });
});

/** A world of two prompts with random policies, rewards and pairs, on the grid. */
function randomSetting(k: number, pairsOnly = 0): Setting {
  const world = buildWorld({ words: ['a', 'b', 'c'], maxLength: 2, prompts: ['p', 'q'] });
  const random = randomAt(k, STREAM.preferences);
  const numbers = (scale: number) => Float64Array.from({ length: world.responseCount }, () => scale * (random.uniform() - 0.5));
  const pairs = [['a', 'b', 0], ['a b', 'b', 0], ['c', 'a', 1]] as const;
  return onGridSetting(settingOf({
    world, beta: 10 ** (3 * random.uniform() - 2), refLogps: numbers(12), rewards: numbers(4), logps: numbers(12 + k % 5 * 10),
    pairs: pairs.slice(0, pairsOnly || 3).map(([chosen, rejected, prompt], i) => ({ chosen: nodeOf(world, prompt, chosen), rejected: nodeOf(world, prompt, rejected), weight: 1 + i })),
  }));
}
const SETTINGS = Array.from({ length: 200 }, (_, k) => randomSetting(k));
const SHARES = [0.01, 0.1, 0.37, 0.5, 0.75, 0.9, 0.99, 0.999];

describe('the same loss, another policy', () => {
  test('the grid changes a log-probability by at most 2⁻⁴⁵ nats and leaves −∞', () => {
    for (const x of [-0.1, -1 / 3, -7.123456789, -300.1]) expect(Math.abs(onGrid(x) - x)).toBeLessThanOrEqual(2 ** -45);
    expect(onGrid(-Infinity)).toBe(-Infinity);
  });

  test('in 200 random worlds the loss and every margin are the same to the last bit at every s, and the policy is one', () => {
    for (const setting of SETTINGS) {
      const target = nodeOf(setting.world, 0, 'c c');
      const loss = dpoLoss(setting, setting.logps);
      const margins = setting.pairs.map((pair) => logRatioGap(setting, setting.logps, pair));
      for (const share of SHARES) {
        const logps = isoLossPolicy(setting, target, share);
        expect(dpoLoss(setting, logps)).toBe(loss);
        expect(setting.pairs.map((pair) => logRatioGap(setting, logps, pair))).toEqual(margins);
        for (const total of sumOverResponses(setting, (y) => Math.exp(logps[y]))) expect(total).toBeCloseTo(1, 10);
      }
    }
  });

  test('the mass of the pairs of y₀’s prompt is what moves, and nothing else', () => {
    for (const setting of SETTINGS.slice(0, 50)) {
      const target = nodeOf(setting.world, 0, 'c c');
      const paired = pairedWith(setting, target);
      expect(paired).toHaveLength(3);
      const logps = isoLossPolicy(setting, target, 0.75);
      setting.logps.forEach((before, y) => {
        if (paired.includes(y)) expect(Math.exp(logps[y] - before)).toBeCloseTo(0.25, 12);
        else if (y !== target) expect(logps[y]).toBe(before);
      });
      const mass = paired.reduce((sum, y) => sum + Math.exp(setting.logps[y]), 0);
      expect(Math.exp(logps[target])).toBeCloseTo(Math.exp(setting.logps[target]) + 0.75 * mass, 12);
    }
  });

  test('y₀ has a log-probability also where a run has left it and the pairs less than float64 can hold', () => {
    const [given] = SETTINGS;
    const kept = nodeOf(given.world, 0, 'b b');
    const setting = { ...given, logps: given.logps.map((_, y) => (given.promptOf[y] !== 0 ? given.logps[y] : y === kept ? 0 : -1000)) };
    const target = nodeOf(given.world, 0, 'c c');
    // Three responses of a pair give 9/10 of their mass each.
    expect(isoLossPolicy(setting, target, 0.9)[target]).toBeCloseTo(-1000 + Math.log(1 + 0.9 * 3), 10);
    const { logRatio } = readSupport(setting, isoLossPolicy(setting, target, 0.9), target, 1e-12);
    expect(logRatio).toBeGreaterThan(-1000);
  });

  test('while KL, J and E[r] are others', () => {
    for (const setting of SETTINGS.slice(0, 50)) {
      const before = objectiveOf(setting, setting.logps);
      const after = objectiveOf(setting, isoLossPolicy(setting, nodeOf(setting.world, 0, 'c c'), 0.9));
      expect(after.kl).not.toBe(before.kl);
      expect(after.reward).not.toBe(before.reward);
      expect(after.value).not.toBe(before.value);
    }
  });

  test('s = 0 is the policy itself; 1, and a y₀ that is in a pair, are refused', () => {
    const [setting] = SETTINGS;
    expect(isoLossPolicy(setting, nodeOf(setting.world, 0, 'c c'), 0)).toEqual(setting.logps);
    expect(() => isoLossPolicy(setting, nodeOf(setting.world, 0, 'c c'), 1)).toThrow('isoLossPolicy: share must be in [0, 1), got 1');
    expect(() => isoLossPolicy(setting, nodeOf(setting.world, 0, 'a'), 0.5)).toThrow('isoLossPolicy: target must be in no pair');
  });

  test('the candidates for y₀ are in no pair, those that nobody wrote first, the likelier first', () => {
    const [setting] = SETTINGS;
    const groups = new Uint8Array(setting.world.responseCount).fill(3);
    groups[nodeOf(setting.world, 0, 'c')] = 2;
    const all = candidates(setting, groups);
    expect(all).toHaveLength(13 - 3);
    expect(all.at(-1)).toBe(nodeOf(setting.world, 0, 'c'));
    const logps = all.slice(0, -1).map((y) => setting.logps[y]);
    expect(logps).toEqual(logps.toSorted((a, b) => b - a));
  });
});

describe('less and less support', () => {
  test('the reference stays one, π*’s odds of y₀ fall as the reference’s do, and the loss does not change', () => {
    for (const setting of SETTINGS) {
      const target = nodeOf(setting.world, 0, 'c c');
      const loss = dpoLoss(setting, setting.logps);
      const own = optimalPolicy(setting.world, setting.refLogps, setting.rewards, setting.beta).logps[target];
      const odds = (logp: number) => logp - Math.log1p(-Math.exp(logp));
      for (const q of [0.1, 1e-3, 1e-12]) {
        const thin = withSupport(setting, target, q);
        for (const total of sumOverResponses(setting, (y) => Math.exp(thin.refLogps[y]))) expect(total).toBeCloseTo(1, 10);
        const read = readSupport(setting, setting.logps, target, q);
        expect(read.loss).toBe(loss);
        expect(read.logRatio).toBe(setting.logps[target] - Math.log(q));
        // Where π* leaves the others anything that a double can hold.
        if (read.optimalLogp < -1e-6 && own < -1e-6) expect(odds(read.optimalLogp) - odds(own)).toBeCloseTo(odds(Math.log(q)) - odds(setting.refLogps[target]), 6);
      }
    }
  });

  test('KL grows by log 10·π(y₀) with every decade, on and on, to the limit', () => {
    for (const setting of SETTINGS.slice(0, 50)) {
      const target = nodeOf(setting.world, 0, 'c c');
      const logps = isoLossPolicy(setting, target, 0.9);
      const kl = (q: number) => readSupport(setting, logps, target, q).kl ?? NaN;
      // Averaged over the two prompts.
      expect(kl(1e-12) - kl(1e-11)).toBeCloseTo(Math.LN10 * Math.exp(logps[target]) / 2, 8);
    }
  });

  test('at exactly 0 there is no log-ratio and no KL, π* is exactly 0, and the loss is what it was', () => {
    const [setting] = SETTINGS;
    const target = nodeOf(setting.world, 0, 'c c');
    expect(readSupport(setting, setting.logps, target, 0)).toEqual({ optimalLogp: -Infinity, logRatio: null, kl: null, loss: dpoLoss(setting, setting.logps) });
    expect(() => withSupport(setting, target, 1)).toThrow('withSupport: q must be in [0, 1), got 1');
    expect(supportAt(0)).toBeCloseTo(0.1, 15);
    expect(supportAt(44)).toBeCloseTo(1e-12, 24);
    expect(supportAt(45)).toBe(0);
  });
});

describe('sentences', () => {
  const said = (marks: RulerMarks, source: PairSource, beta = 0.05) => objectiveSentence(readRuler(marks, beta), source, beta).map(({ text }) => text).join('');
  const pair = (a: number, b: number): RulerMarks => ({ chosen: { refLogp: Math.log(0.5), logRatio: a }, rejected: { refLogp: Math.log(0.5), logRatio: b } });
  const run: PairSource = { kind: 'run', step: 160, chosen: 'on the mat', rejected: 'on a mat', whose: '' };

  test('the slide’s two ratios beside each other', () => {
    expect(said(EXAMPLES.high.marks, { kind: 'risen', other: readRuler(EXAMPLES.low.marks, 0.05) })).toBe(
      'From 80 % to 90 % is ten points, a ratio of 1.125; from 10 % to 11 % one point, 1.1. On the ruler they stand at 0.118 and 0.0953, the losses are 0.690 and 0.691: the loss reads ratios, not probabilities.',
    );
  });
  test('the slide’s log-ratios', () => {
    expect(said(EXAMPLES.margin.marks, { kind: 'margin' }, 0.1)).toBe('Log-ratios of 0.3 and −0.003 are 0.303 apart: that is the margin h. Times β = 0.1 it is 0.0303, and the loss is 0.678. Any other two marks as far apart have the same loss.');
  });
  test('the run: before training, and which way both went', () => {
    expect(said(pair(0, 0), { ...run, step: 0 })).toContain('Before training every ratio is 1: the margin h is 0, the loss is log 2 = 0.693');
    expect(said(pair(-2, -9), run)).toContain('After 160 updates “on the mat” has 0.135 times its probability in the reference, “on a mat” 0.000123 times. Both have fallen; the loss sees only that they are apart. The margin is 7.00, the loss 0.533.');
    expect(said(pair(0.5, 0.2), run)).toContain('Both have risen');
    expect(said(pair(0.5, -0.2), run)).toContain('The loss sees only how far apart the two are.');
    expect(said(pair(-0.5, 0.2), { ...run, step: 1 })).toContain('After 1 update “on the mat”');
    expect(said(pair(-0.5, 0.2), run)).toContain('The pair is ranked the wrong way round. The loss is 0.711.');
  });
  test('what the slider has changed', () => {
    const start = { loss: 0.693, value: 0.494, kl: 0 };
    const facts = { share: 0.6, left: 0.99, start, now: { loss: 0.693, value: -1.29, kl: 5.83 }, name: 'the the the', on: 0.599 };
    expect(isoWords(facts)).toBe('“the the the” now has 59.9 % of the probability, and the loss is the same to the last digit. KL has risen from 0 to 5.83, J fallen from 0.494 to −1.29: the loss does not see it.');
    expect(isoWords({ ...facts, now: { ...facts.now, loss: 0.7 } })).toContain('the loss has changed by 0.00700');
    expect(isoWords({ ...facts, share: 0 })).toContain('Which of these numbers will change?');
    expect(isoWords({ ...facts, left: 1e-6 })).toContain('Training has done it already');
  });
  test('exactly 0 is said in words', () => {
    const words = supportWords({ q: 0, name: 'the the the', optimal: '0', logRatio: null, kl: null, sameLoss: true });
    expect(words).toContain('At exactly 0 the log-ratio of “the the the” is undefined: it divides by 0. KL, which averages it, has no finite value, and π* gives it exactly 0');
    expect(words).not.toMatch(/∞|Infinity|NaN/);
  });
});

describe('the page', () => {
  let page: SinglePage;
  beforeAll(async () => {
    page = await singlePage(readingTheObjective, { ...readingTheObjective.experiment, steps: 40 });
    await page.trainTo(40);
  });
  const value = (html: string, attribute: string, id: string) => Number(new RegExp(`data-${attribute}="${id}" data-value="([^"]*)"`).exec(html)?.[1]);

  it('the ruler follows the run’s pair: its margin is the run’s, its loss the one that was measured', () => {
    const html = page.show(<Chapter4 />);
    const { view, frame, world } = page.store.getState();
    if (!view || !frame || !world) throw new Error('no numbers');
    const marks = marksOf(view.refLogps, frame.logps, { chosen: nodeOf(world, 0, 'on the mat'), rejected: nodeOf(world, 0, 'on a mat') });
    const { margin, loss } = readRuler(marks, 0.05);
    expect(margin).toBeGreaterThan(1);
    expect(value(html, 'ruler', 'h')).toBeCloseTo(margin, 9);
    expect(value(html, 'ruler', 'loss')).toBeCloseTo(loss, 9);
    expect(value(html, 'metric', 'loss'), 'the trainer’s own, in float32').toBeCloseTo(loss, 5);
    expect(html.match(/role="slider"/g)).toHaveLength(2);
    expect(html).toContain('data-pair="weight"');
    expect(textOf(html)).toContain('After 40 updates “on the mat” has');
  });

  it('the slide’s numbers on request, and the reader’s own after a move', () => {
    showExample('high');
    expect(textOf(page.show(<Chapter4 />))).toContain('80.0 % → 90.0 %1.125+0.118');
    showExample('margin');
    expect(value(page.show(<Chapter4 />), 'ruler', 'h')).toBeCloseTo(0.303, 14);
    moveMark(EXAMPLES.margin.marks, 'rejected', -0.2, 0.5);
    const html = page.show(<Chapter4 />);
    expect(value(html, 'ruler', 'h')).toBeCloseTo(0.5, 14);
    expect(html).toContain('aria-valuenow="-0.2"');
    expect(textOf(html)).toContain('the margin h is 0.500');
  });

  it('every term that a hover can light is marked', () => {
    const html = page.show(<Chapter4 />);
    for (const term of ['h', 'beta', 'sigma', 'y-plus', 'y-minus', 'pi-ref', 'pi-theta', 'kl', 'J']) expect(html).toContain(`data-term="${term}"`);
  });

  it('the other policy begins as the run’s own: its loss to 15 decimals, and KL and J of the run', () => {
    const html = page.show(<IsoLossPanel />);
    expect(textOf(html)).toMatch(/DPO loss 0\.\d{15}/);
    const metrics = page.show(<Chapter4 />);
    expect(value(html, 'metric', 'iso/kl')).toBeCloseTo(value(metrics, 'metric', 'kl'), 8);
    expect(value(html, 'metric', 'iso/J')).toBeCloseTo(value(metrics, 'metric', 'objective'), 8);
    expect(html).toContain('“the the the”');
  });

  it('the support panel and the invitation to the bench', () => {
    const text = textOf(page.show(<SupportPanel />));
    expect(text).toContain('The DPO loss of the pair has not changed in any digit');
    expect(text).not.toMatch(/∞|Infinity|NaN/);
    const bench = textOf(page.show(<BetaBenchPanel />));
    expect(bench).toContain('One pair at β = 0.05, 0.1, 0.2, 0.5, 1, each without noise and with a tenth of the comparisons the other way round: 10 policies, 3,000 updates');
    expect(bench).toContain('This replaces the present run.');
  });
});
