/** What the live pictures ask of a policy: J, the Lagrangian's gradient, margins, the DPO loss; and rivals, optimum, setting. */
import { describe, expect, it } from 'vitest';
import { derivative } from '../../src/derivation/finiteDifferences.ts';
import { dpoLoss, lagrangianGradient, logRatioGap, marginOf, objectiveOf } from '../../src/derivation/objective.ts';
import { multiplierOf, optimumOf, treeLogZ, valueOf } from '../../src/derivation/optimum.ts';
import { mixed, rivalsOf } from '../../src/derivation/rivals.ts';
import { nameOf, settingOf, sumOverResponses, type Setting } from '../../src/derivation/setting.ts';
import { buildWorld, nodeOf } from '../../src/sim/world.ts';
import { randomSettings } from './worlds.ts';

const settings = randomSettings(60);
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

/** π_ref (.5, .3, .2), r (1, 0, −1), π_θ (.2, .2, .6), one prompt. */
function three(beta = 2): Setting {
  const world = buildWorld({ prompts: ['Is it raining?'], words: ['yes', 'no'], maxLength: 1 });
  return settingOf({
    world, beta, refLogps: [0.5, 0.3, 0.2].map(Math.log), logps: [0.2, 0.2, 0.6].map(Math.log), rewards: [1, 0, -1],
    pairs: [{ chosen: 0, rejected: 1, weight: 3 }, { chosen: 2, rejected: 0, weight: 1 }],
  });
}

describe('objectiveOf', () => {
  it('is E[r] − β·KL, by hand', () => {
    const kl = 0.2 * Math.log(0.2 / 0.5) + 0.2 * Math.log(0.2 / 0.3) + 0.6 * Math.log(3);
    const { value, reward, kl: found } = objectiveOf(three(), three().logps);
    expect(reward).toBeCloseTo(0.2 - 0.6, 14);
    expect(found).toBeCloseTo(kl, 14);
    expect(value).toBeCloseTo(-0.4 - 2 * kl, 14);
    expect(objectiveOf(three(), Float64Array.from([0, -Infinity, -Infinity])).value).toBeCloseTo(1 - 2 * Math.log(2), 14);
  });

  it('is the mean of the prompts’ own J', () => {
    for (const setting of settings) {
      const own = mean(valueOf(setting, setting.logps));
      expect(Math.abs(objectiveOf(setting, setting.logps).value - own)).toBeLessThan(1e-12 * Math.max(1, Math.abs(own)));
    }
  });
});

describe('lagrangianGradient', () => {
  it('is zero for all responses exactly at π*, and of mean zero under every policy', () => {
    for (const setting of settings) {
      const atBest = lagrangianGradient(setting, optimumOf(setting).logps);
      const size = Math.max(1, ...setting.rewards.map(Math.abs), setting.beta * -Math.min(...setting.refLogps));
      expect(Math.max(...atBest.map(Math.abs))).toBeLessThan(1e-12 * size);
      const elsewhere = lagrangianGradient(setting, setting.logps);
      sumOverResponses(setting, (y) => Math.exp(setting.logps[y]) * elsewhere[y]).forEach((sum) => expect(Math.abs(sum)).toBeLessThan(1e-11 * size));
      expect(Math.max(...elsewhere.map(Math.abs))).toBeGreaterThan(1e-3);
    }
  });

  it('points to where mass gains: J rises along it, response by response', () => {
    const setting = three();
    const gradient = lagrangianGradient(setting, setting.logps);
    [0, 1, 2].forEach((y) => {
      const towards = (share: number): number => objectiveOf(setting, mixed(setting.logps, Float64Array.from([0, 1, 2], (i) => (i === y ? 0 : -Infinity)), share)).value;
      expect((towards(1e-6) - towards(1e-7)) / 9e-7).toBeCloseTo(gradient[y], 4);
    });
  });

  it('is +∞ where the policy is 0, and finite elsewhere', () => {
    const gradient = lagrangianGradient(three(), Float64Array.from([Math.log(0.5), Math.log(0.5), -Infinity]));
    expect(gradient[2]).toBe(Infinity);
    expect(0.5 * gradient[0] + 0.5 * gradient[1]).toBeCloseTo(0, 14);
  });
});

describe('margins and the DPO loss', () => {
  it('are those of the log-ratios, by hand', () => {
    const setting = three();
    const h = Math.log(0.2 / 0.5) - Math.log(0.2 / 0.3);
    const [pair, other] = setting.pairs;
    expect(logRatioGap(setting, setting.logps, pair)).toBeCloseTo(h, 14);
    expect(marginOf(setting, setting.logps, pair)).toBeCloseTo(2 * h, 14);
    const loss = (z: number): number => Math.log(1 + Math.exp(-z));
    expect(dpoLoss(setting, setting.logps)).toBeCloseTo(0.75 * loss(2 * h) + 0.25 * loss(marginOf(setting, setting.logps, other)), 14);
  });

  it('are 0 and log 2 at the reference', () => {
    for (const setting of settings) {
      expect(dpoLoss(setting, setting.refLogps)).toBeCloseTo(Math.LN2, 14);
      for (const pair of setting.pairs) expect(marginOf(setting, setting.refLogps, pair)).toBe(0);
    }
  });
});

describe('the optimum', () => {
  it('has the same Z word by word as in one sum', () => {
    for (const setting of settings) treeLogZ(setting).forEach((logZ, x) => expect(Math.abs(logZ - optimumOf(setting).logZ[x])).toBeLessThan(1e-14 * Math.max(100, Math.abs(logZ))));
  });

  it('has the multiplier β·(1 − log Z), found without Z', () => {
    for (const setting of settings) multiplierOf(setting).forEach((lambda, x) => expect(lambda / setting.beta).toBeCloseTo(1 - treeLogZ(setting)[x], 9));
  });
});

describe('rivals', () => {
  it('are policies, and among them some that are close and some that are far', () => {
    for (const setting of settings) {
      const claim = optimumOf(setting).logps;
      const rivals = rivalsOf(setting, claim);
      expect(rivals.length).toBeGreaterThan(15);
      for (const { logps, name } of rivals) {
        expect(name(0)).not.toBe('');
        sumOverResponses(setting, (y) => Math.exp(logps[y])).forEach((sum) => expect(sum, name(0)).toBeCloseTo(1, 11));
      }
    }
  });

  it('find out every claim that is not the optimum, however near', () => {
    let claims = 0;
    for (const setting of settings) {
      const best = valueOf(setting, optimumOf(setting).logps);
      const wrong = [1.3, 1.02, 0.98, 0.5].map((factor) => optimumOf({ ...setting, beta: factor * setting.beta }).logps);
      for (const claim of [setting.refLogps, setting.logps, mixed(optimumOf(setting).logps, setting.refLogps, 0.05), ...wrong]) {
        const claimed = valueOf(setting, claim);
        const rivals = rivalsOf(setting, claim).map(({ logps }) => valueOf(setting, logps));
        claimed.forEach((value, x) => {
          // A claim that is as good as the optimum is one: in a prompt where one response has all mass, every β asks for it.
          if (best[x] - value < 1e-6 * Math.max(1, Math.abs(value))) return;
          claims++;
          expect(Math.max(...rivals.map((own) => own[x]))).toBeGreaterThan(value + 1e-10 * Math.max(1, Math.abs(value)));
        });
      }
    }
    expect(claims).toBeGreaterThan(200);
  });
});

describe('derivative', () => {
  it('is exact to ten digits', () => {
    expect(derivative((s) => s * Math.log(s), 1, 0.01)).toBeCloseTo(1, 13);
    expect(derivative(Math.exp, 0.7, 0.01)).toBeCloseTo(Math.exp(0.7), 12);
    expect(derivative((s) => s ** 3, 2, 0.1)).toBeCloseTo(12, 12);
  });
});

describe('settingOf', () => {
  const world = buildWorld({ prompts: ['a?', 'b?'], words: ['yes', 'no'], maxLength: 1 });
  const given = { world, beta: 1, refLogps: [0, 0, -1, 0, 0, -3], logps: [0, 0, 0, 0, 0, 0], rewards: [0, 0, 1, 0, 0, 1], pairs: [{ chosen: 2, rejected: 3 }, { chosen: 4, rejected: 1, weight: 3 }] };

  it('normalises policies for every prompt, and weights over all pairs', () => {
    const setting = settingOf(given);
    sumOverResponses(setting, (y) => Math.exp(setting.refLogps[y])).forEach((sum) => expect(sum).toBeCloseTo(1, 15));
    expect(setting.logps[0]).toBeCloseTo(-Math.log(3), 15);
    expect(setting.pairs.map(({ weight }) => weight)).toEqual([0.25, 0.75]);
    expect([...setting.promptOf]).toEqual([0, 1, 0, 0, 1, 1]);
    expect(setting.shown).toBe(2);
    expect([nameOf(setting, 2), nameOf(setting, 0)]).toEqual(['“yes”', 'the empty response']);
  });

  it('checks the shown response and those of pairs one by one even in a large world', () => {
    const large = buildWorld({ prompts: ['a?'], words: ['u', 'v', 'w', 'z'], maxLength: 5 });
    const zeros = new Float64Array(large.responseCount);
    const pair = { chosen: nodeOf(large, 0, 'z v u w z'), rejected: nodeOf(large, 0, 'v v') };
    const setting = settingOf({ world: large, beta: 1, refLogps: zeros, logps: zeros, rewards: zeros, pairs: [pair], shown: 777 });
    expect(setting.checked.length).toBe(200);
    for (const y of [pair.chosen, pair.rejected, 777]) expect(setting.checked).toContain(y);
    expect(rivalsOf(setting, setting.refLogps).length).toBeGreaterThan(4);
  });

  it.each([
    [{ beta: 0 }, 'beta must be a finite number > 0, got 0'],
    [{ pairs: [] }, 'pairs must have at least one pair, got none'],
    [{ pairs: [{ chosen: 2, rejected: 4 }] }, 'pairs must be of two responses to one prompt, got 2 and 4'],
    [{ pairs: [{ chosen: 20, rejected: 40 }] }, 'pairs must be of two responses to one prompt, got 20 and 40'],
    [{ logps: [0, 0, 0, 0, 0, -Infinity] }, 'logps must be finite, got -Infinity for response 5'],
    [{ beta: 1e-6, rewards: [0, 0, 1, 0, 0, 1e4] }, 'rewards must be at most 10⁹ times beta (0.000001) in size, got 10000'],
  ])('refuses %j', (change, message) => {
    expect(() => settingOf({ ...given, ...change })).toThrow(`settingOf: ${message}`);
  });
});
