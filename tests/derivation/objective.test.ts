/** The lines of chapters 4 and 7 against numbers made another way. */
import { describe, expect, it } from 'vitest';
import { objectiveOf } from '../../src/derivation/objective.ts';
import { optimumOf, valueOf } from '../../src/derivation/optimum.ts';
import { outsiderOf } from '../../src/derivation/pairs.ts';
import { rolloutOf } from '../../src/derivation/rollout.ts';
import { logSumOverResponses, settingOf, sumOverResponses, type Setting } from '../../src/derivation/setting.ts';
import type { Check, Sides } from '../../src/derivation/step.ts';
import { OBJECTIVE_STEPS } from '../../src/derivation/steps/objective.ts';
import { PPO_STEPS } from '../../src/derivation/steps/ppo.ts';
import { advantagesOf } from '../../src/sim/advantages.ts';
import { DPO_DEFAULTS } from '../../src/sim/experimentDefaults.ts';
import { buildWorld, tokensOf } from '../../src/sim/world.ts';
import { pairLoss } from '../oracle/pairLosses.ts';
import { randomSettings } from './worlds.ts';

const settings = randomSettings();
const STEPS = [...OBJECTIVE_STEPS, ...PPO_STEPS];

function checkOf(id: string): Exclude<Check, { kind: 'definition' }> {
  const check = STEPS.find((step) => step.id === id)?.check;
  if (!check || check.kind === 'definition') throw new Error(`${id} has nothing to check`);
  return check;
}

const sidesOf = (id: string, setting: Setting): Sides[] => checkOf(id).sides(setting);
const closeTo = (a: number, b: number, tolerance: number): void => expect(Math.abs(a - b), `${a} ${b}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(a), Math.abs(b)));

/** A softmax whose logit of one response moved by t, normalised by summing over all responses. */
function movedLogit(setting: Setting, j: number, t: number): Float64Array {
  const logits = setting.logps.map((logp, y) => (y === j ? logp + t : logp));
  const totals = logSumOverResponses(setting, (y) => logits[y]);
  return logits.map((logit, y) => logit - totals[setting.promptOf[y]]);
}

/** A prompt with two responses whose log-probabilities need not sum to 1: those of long texts. */
function longTexts(beta: number, [policyChosen, refChosen, policyRejected, refRejected]: number[]): Setting {
  const world = buildWorld({ prompts: ['Why?'], words: ['so'], maxLength: 1 });
  const setting = settingOf({ world, beta, refLogps: [-1, -1], logps: [-1, -1], rewards: [0, 0], pairs: [{ chosen: 0, rejected: 1 }] });
  return { ...setting, logps: Float64Array.of(policyChosen, policyRejected), refLogps: Float64Array.of(refChosen, refRejected) };
}

describe('reading the objective', () => {
  it('has the softmax form that numbers of a paper’s size show', () => {
    const setting = longTexts(0.1, [-40, -42, -55, -50]);
    const [softmax] = sidesOf('softmax-form', setting);
    expect(softmax.lhs).toBeCloseTo(-0.403, 3);
    expect(softmax.rhs).toBeCloseTo(-0.403, 3);
    const [weight] = sidesOf('dpo-weight', setting);
    expect(weight.lhs).toBeCloseTo(0.332, 3);
    // The chosen one may fall by 3 nats, and nothing changes.
    expect(sidesOf('softmax-form', longTexts(0.1, [-45, -42, -60, -50]))[0].lhs).toBeCloseTo(softmax.lhs, 12);
  });

  it('has the gradient that forward differentiation gives', () => {
    for (const setting of settings) {
      const { world, beta, logps, refLogps, pairs } = setting;
      const sides = sidesOf('dpo-gradient', setting);
      let next = 0;
      for (const pair of pairs) {
        const { chosen, rejected } = pair;
        const { dw, dl } = pairLoss('sigmoid', {
          logpW: logps[chosen], logpL: logps[rejected], refW: refLogps[chosen], refL: refLogps[rejected],
          wordsW: 0, wordsL: 0, tokensW: tokensOf(world, chosen), tokensL: tokensOf(world, rejected),
        }, { ...DPO_DEFAULTS, beta });
        const outsider = outsiderOf(setting, pair);
        for (const j of outsider === null ? [chosen, rejected] : [chosen, rejected, outsider]) {
          const p = Math.exp(logps[j]);
          const truth = dw * ((j === chosen ? 1 : 0) - p) + dl * ((j === rejected ? 1 : 0) - p);
          closeTo(sides[next].rhs, truth, 1e-9);
          closeTo(sides[next].lhs, truth, 1e-9);
          next++;
        }
      }
      expect(next).toBe(sides.length);
    }
  });

  it('leaves the logit of a response outside the pair alone, while both in it move', () => {
    for (const setting of settings) {
      for (const { at, rhs } of sidesOf('dpo-gradient', setting)) {
        if (at.endsWith('logit of y₀')) closeTo(rhs, 0, 1e-15);
        if (at.endsWith('logit of y₊')) expect(rhs).toBeLessThanOrEqual(0);
        if (at.endsWith('logit of y₋')) expect(rhs).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('ends at a finite gap with IPO: σ(1/(2β)) of two answers the reference likes equally', () => {
    for (const beta of [0.1, 0.5, 2]) {
      const target = 1 / (2 * beta);
      const logps = [-Math.log1p(Math.exp(-target)), -target - Math.log1p(Math.exp(-target))];
      const world = buildWorld({ prompts: ['Why?'], words: ['so'], maxLength: 1 });
      const setting = settingOf({ world, beta, refLogps: [0, 0], logps, rewards: [0, 0], pairs: [{ chosen: 0, rejected: 1 }] });
      const atPolicy = sidesOf('ipo-target', setting).at(-1);
      closeTo(atPolicy?.lhs ?? NaN, 0, 1e-12);
      // A little further or less far, and the square pulls back.
      for (const by of [-0.1, 0.1]) {
        const moved = settingOf({ ...setting, logps: [logps[0] + by, logps[1]] });
        closeTo(sidesOf('ipo-target', moved).at(-1)?.lhs ?? NaN, 2 * by, 1e-10);
      }
    }
  });

  it('does not see mass that moves to y₀, which KL, J and the log-ratio do', () => {
    for (const setting of settings.filter(({ world }) => world.promptCount === 1).slice(0, 30)) {
      const [pair] = setting.pairs;
      const y0 = outsiderOf(setting, pair);
      if (y0 === null) continue;
      const moved = settingOf({ ...setting, logps: setting.logps.map((logp, y) => (y === y0 ? Math.log(0.9 + 0.1 * Math.exp(logp)) : logp + Math.log(0.1))) });
      closeTo(sidesOf('softmax-form', moved)[0].lhs, sidesOf('softmax-form', setting)[0].lhs, 1e-11);
      expect(moved.logps[y0]).toBeGreaterThanOrEqual(setting.logps[y0]);
      if (setting.logps[y0] < -3) expect(Math.abs(objectiveOf(moved, moved.logps).kl - objectiveOf(setting, setting.logps).kl)).toBeGreaterThan(1e-3);
    }
    const counted = settings.flatMap((setting) => sidesOf('support-zero', setting)).filter(({ at }) => at.includes('of all mass moved'));
    expect(counted.length).toBeGreaterThan(1000);
  });

  it('has the whole solution set of Xu’s table 1: the same loss at the same b/a', () => {
    for (const setting of settings.slice(0, 20)) {
      const sides = sidesOf('solution-set', setting);
      expect(sides.filter(({ at }) => at.includes('against all mass on the two')).length).toBe(3);
      const limits = sides.filter(({ at }) => at.includes('in the limit'));
      expect(limits.map(({ at }) => at.slice(0, 11))).toEqual(['(0.1, 0, 0.', '(1, 0, 0) i']);
      for (const { lhs } of limits) expect(lhs).toBeLessThan(1e-20);
    }
    const atBeta01 = sidesOf('solution-set', { ...settings[0], beta: 0.1 });
    // At a small β even a tiny b leaves much of the loss.
    expect(atBeta01.find(({ at }) => at === 'a = 0.1, b/a = 0.000001')?.lhs).toBeCloseTo(0.224, 3);
  });
});

describe('the policy gradient and PPO', () => {
  it('has the gradient of J that moving a logit and summing over all responses gives', () => {
    for (const setting of settings.slice(0, 40)) {
      const { logps, promptOf } = setting;
      for (const { y = -1, lhs, rhs, scale = 1 } of sidesOf('policy-gradient', setting).slice(0, 12)) {
        const at = (t: number): number => valueOf(setting, movedLogit(setting, y, t))[promptOf[y]];
        const slope = (8 * (at(1e-3) - at(-1e-3)) - (at(2e-3) - at(-2e-3))) / 12e-3;
        expect(Math.abs(slope - rhs) / Math.max(1, scale), `${logps[y]}`).toBeLessThan(1e-9);
        expect(Math.abs(slope - lhs) / Math.max(1, scale)).toBeLessThan(1e-9);
      }
    }
  });

  it('is 0 everywhere at π*', () => {
    for (const setting of settings.slice(0, 60)) {
      const best = { ...setting, logps: optimumOf(setting).logps };
      for (const { rhs, scale = 1 } of sidesOf('policy-gradient', best)) expect(Math.abs(rhs) / Math.max(1, scale)).toBeLessThan(1e-11);
    }
  });

  it('has the slope of the whole clipped surrogate, summed over all responses', () => {
    for (const setting of settings.slice(0, 40)) {
      const { logps, refLogps, rewards, beta, promptOf } = setting;
      const value = valueOf(setting, logps);
      const advantage = (y: number): number => rewards[y] - beta * (logps[y] - refLogps[y]) - value[promptOf[y]];
      for (const { y = -1, lhs, scale = 1 } of sidesOf('ppo-surrogate', setting).filter((side) => side.y !== undefined).slice(0, 8)) {
        const at = (t: number): number => {
          const moved = movedLogit(setting, y, t);
          return sumOverResponses(setting, (k) => {
            const ratio = Math.exp(moved[k] - logps[k]);
            return Math.exp(logps[k]) * Math.min(ratio * advantage(k), Math.min(1.2, Math.max(0.8, ratio)) * advantage(k));
          })[promptOf[y]];
        };
        const slope = (8 * (at(1e-3) - at(-1e-3)) - (at(2e-3) - at(-2e-3))) / 12e-3;
        expect(Math.abs(slope - lhs) / Math.max(1, scale)).toBeLessThan(1e-9);
      }
    }
  });

  it('is cut off exactly where the advantage and the ratio say', () => {
    const cut = sidesOf('ppo-surrogate', settings[0]).filter(({ at, lhs }) => at.startsWith('one draw') && Math.abs(lhs) < 1e-12).map(({ at }) => at.replace(/[\d.]+(?=, ρ)/, 'a'));
    expect(cut).toEqual(['one draw, A = a, ρ = 1.25', 'one draw, A = a, ρ = 1.5', 'one draw, A = -a, ρ = 0.5', 'one draw, A = -a, ρ = 0.75']);
  });

  it('makes rollouts whose rewards and values are those of the world', () => {
    for (const setting of settings.slice(0, 60)) {
      const { world, logps, refLogps, rewards, beta, promptOf } = setting;
      const value = valueOf(setting, logps);
      const mean = sumOverResponses(setting, (y) => {
        const rollout = rolloutOf(setting, y);
        expect(rollout.rewards.length).toBe(tokensOf(world, y));
        closeTo(rollout.values[0], value[promptOf[y]], 1e-10);
        const earned = rollout.rewards.reduce((sum, reward) => sum + reward, 0);
        expect(Math.abs(earned - (rewards[y] - beta * (logps[y] - refLogps[y])))).toBeLessThan(1e-10 * Math.max(1, ...rollout.rewards.map(Math.abs)));
        return Math.exp(logps[y]) * (earned - rollout.values[0]);
      });
      // The critic is exact: what is earned beyond its value is 0 on average.
      mean.forEach((surplus, x) => expect(Math.abs(surplus)).toBeLessThan(1e-9 * Math.max(1, Math.abs(value[x]))));
    }
  });

  it('has the advantages of the trainer’s own code', () => {
    for (const setting of settings.slice(0, 60)) {
      const { rewards, values } = rolloutOf(setting, setting.shown);
      const used = rewards.map(() => 1);
      const own = advantagesOf(rewards, values, used, rewards.length, { gamma: 1, gaeLambda: 0.95 });
      const sides = sidesOf('gae', setting).filter(({ at }) => at.endsWith('γ = 1, λ = 0.95')).slice(0, rewards.length);
      sides.forEach(({ lhs }, t) => expect(Math.abs(lhs - own[t])).toBeLessThan(1e-10 * Math.max(1, ...rewards.map(Math.abs))));
      expect(sides.length).toBe(rewards.length);
    }
  });
});
