/** The facts of one PPO iteration, on iterations that the trainer made and on small ones worked out by hand. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { PpoAlgorithm } from '../src/sim/experiment.ts';
import {
  batchFacts, clipDots, clipFacts, drawnResponses, END_TOKEN, isClipped, tokenPlaces, tokenRows, valueDots, valueFacts,
} from '../src/sim/iteration.ts';
import { clipWords, STAGES, stageWords, valueWords, type StageFacts } from '../src/sim/iterationWords.ts';
import { tokensOf } from '../src/sim/world.ts';
import type { PpoIteration } from '../src/sim/worker/protocol.ts';
import { iterationsOf, metricOf, small } from './ppoCases.ts';
import { startRun, switchBackend } from './product.ts';

const BETA = 0.2;

/** The sixth update of a small run, its metrics, and its world. */
async function trained(algorithm: Record<string, unknown>) {
  const experiment = small({ epochs: 3, clipRange: 0.05, ...algorithm, beta: BETA }, { seeds: [4], optimizer: { kind: 'adam', learningRate: 0.05 } });
  const run = await startRun(experiment);
  for (let i = 0; i < 6; i++) await run.update();
  const measured = await run.measure();
  run.dispose();
  const [iteration] = iterationsOf(measured);
  return { experiment, algorithm: experiment.algorithm as PpoAlgorithm, iteration, world: run.prepared.world, metric: (id: Parameters<typeof metricOf>[1]) => metricOf(measured, id)[0] };
}

describe.each([{ minibatches: 1 }, { minibatches: 3, valueCoef: 0 }])('an iteration of the trainer, $minibatches minibatches', (knobs) => {
  let made: Awaited<ReturnType<typeof trained>>;
  beforeAll(async () => {
    await switchBackend('wasm');
    made = await trained(knobs);
  });

  test('agrees with the metrics that training reported', () => {
    const { iteration, metric } = made;
    const passes = iteration.newLogps.map((_, pass) => clipFacts(iteration, pass));
    expect(passes.reduce((sum, { clipped, seen }) => sum + clipped / seen, 0) / passes.length).toBeCloseTo(metric('policy/clipfrac_avg'), 12);
    expect(metric('policy/clipfrac_avg'), 'something is clipped').toBeGreaterThan(0.05);
    const batch = batchFacts(iteration);
    expect(batch.approxKl).toBeCloseTo(metric('policy/approxkl_avg'), 12);
    expect(batch.kl).toBeCloseTo(metric('objective/kl'), 12);
    expect(batch.meanScore).toBeCloseTo(metric('objective/scores'), 12);
    expect(batch.highestScore).toBe(Math.max(...iteration.scores));
    expect(batch.lowestScore).toBe(Math.min(...iteration.scores));
  });

  test('every token is in one dot of every step that saw it, and the hollow ones are the clipped ones', () => {
    const { iteration } = made;
    const places = tokenPlaces(iteration);
    iteration.newLogps.forEach((logps, pass) => {
      const dots = clipDots(iteration, pass);
      const facts = clipFacts(iteration, pass);
      expect(dots.flatMap((dot) => dot.places).sort((a, b) => a - b)).toEqual(places.filter((i) => !Number.isNaN(logps[i])));
      expect(dots.filter(({ hollow }) => hollow).reduce((sum, dot) => sum + dot.places.length, 0)).toBe(facts.clipped);
      expect(dots.length, 'equal tokens share a dot').toBeLessThan(facts.seen);
      for (const { x, y, places: own } of dots) {
        for (const i of own) {
          expect(Math.abs(logps[i] - iteration.oldLogps[i] - x)).toBeLessThan(1.01e-4);
          expect(Math.abs(iteration.advantages[i] - y)).toBeLessThan(1.01e-4);
        }
      }
    });
    expect(valueDots(iteration).reduce((sum, dot) => sum + dot.places.length, 0)).toBe(places.length);
  });

  test('the first step finds every ratio at 1; minibatches deal every rollout once per epoch', () => {
    const { iteration, algorithm } = made;
    const first = clipFacts(iteration, 0);
    expect(Math.max(first.highest - 1, 1 - first.lowest)).toBeLessThan(1e-5);
    expect(first.clipped).toBe(0);
    const seen = iteration.newLogps.slice(0, algorithm.minibatches).reduce((sum, _, pass) => sum + clipFacts(iteration, pass).seen, 0);
    expect(seen).toBe(tokenPlaces(iteration).length);
    expect(clipWords(first, 0, iteration.newLogps.length)).toMatch(/nothing has moved: every ratio is 1/);
  });

  test('responses: by score, every rollout in one of them, equal ones with equal tokens', () => {
    const { iteration, world } = made;
    const responses = drawnResponses(iteration);
    expect(responses.flatMap(({ rollouts }) => rollouts).sort((a, b) => a - b)).toEqual([...iteration.nodes.keys()]);
    const scores = responses.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(responses.some(({ rollouts }) => rollouts.length > 1)).toBe(true);
    for (const { response, score, rollouts } of responses) {
      for (const b of rollouts) {
        expect(iteration.nodes[b]).toBe(response);
        const rows = tokenRows(world, iteration, b);
        expect(rows).toHaveLength(tokensOf(world, response));
        const [first] = [tokenRows(world, iteration, rollouts[0])];
        expect(rows.map(({ name, reward, advantage }) => [name, reward, advantage])).toEqual(first.map(({ name, reward, advantage }) => [name, reward, advantage]));
        expect(rows.reduce((sum, row) => sum + row.score, 0)).toBe(score);
      }
    }
  });

  test('the rows of a response: the KL share is −β·(log π_old − log π_ref), the rest the score at the end', () => {
    const { iteration, world, algorithm } = made;
    for (let b = 0; b < iteration.rollouts; b++) {
      const rows = tokenRows(world, iteration, b);
      for (const row of rows) {
        expect(row.klReward).toBeCloseTo(-BETA * (row.oldLogp - row.refLogp), 12);
        expect(row.reward).toBeCloseTo(row.klReward + row.score, 12);
        row.ratios.forEach((ratio, pass) => {
          const inBatch = !Number.isNaN(iteration.newLogps[pass][row.place]);
          expect(Number.isNaN(ratio)).toBe(!inBatch);
          if (inBatch) expect(row.clipped[pass]).toBe(row.advantage > 0 ? ratio > 1.05 : row.advantage < 0 && ratio < 0.95);
        });
      }
      expect(rows.at(-1)?.score).toBe(iteration.scores[b]);
      // γ = 1 and no critic: the return of the first token is the sum of its rewards.
      if (algorithm.valueCoef === 0) expect(rows[0].return).toBeCloseTo(rows.reduce((sum, { reward }) => sum + reward, 0), 12);
    }
    const ended = [...iteration.nodes.keys()].find((b) => tokenRows(world, iteration, b).at(-1)?.name === END_TOKEN);
    expect(ended, 'some response ends by itself').toBeDefined();
  });

  test('the words of every stage carry the numbers of this update', () => {
    const { iteration, world, algorithm } = made;
    const [{ rollouts }] = drawnResponses(iteration);
    const passes = iteration.newLogps.length;
    const facts: StageFacts = {
      algorithm, beta: BETA, step: iteration.step, batch: batchFacts(iteration), lastPass: clipFacts(iteration, passes - 1), passes,
      text: 'good', times: rollouts.length, rows: tokenRows(world, iteration, rollouts[0]), after: 0.25,
    };
    const said = Object.fromEntries(STAGES.map((stage) => [stage, stageWords(stage, facts)]));
    expect(said.sample).toMatch(/^While update 6 lasts.* 32 responses, \d+ different ones\. “good” came/);
    expect(said.score).toMatch(/^The gold reward reads .* “good” gets -?[\d.]+\. It stands at the last token/);
    expect(said.kl).toContain('β = 0.2 for each nat of log π_old − log π_ref. Here this response ');
    expect(said.advantage).toMatch(algorithm.valueCoef === 0 ? /^There is no critic: .* mean 0 and variance 1\. Tokens with A above 0/ : /At the first token of this response that was −?[\d.]+, and the return R.* is −?[\d.]+: .* than expected\..* mean 0 and variance 1\. Tokens with A above 0/);
    expect(said.epochs).toContain(`${passes} gradient steps on the same 32 responses (${algorithm.minibatches === 1 ? '3 epochs' : '3 epochs of 3 minibatches'})`);
    expect(said.epochs).toContain(`${facts.lastPass.clipped} of ${facts.lastPass.seen} tokens`);
    expect(said.refresh).toMatch(/π_old gave “good” [\d.]+ %, the new policy gives it 25 %\./);
    expect(said.epochs).toContain('above 1.05 with A above 0, or below 0.95 with A below 0, the token');
    expect(stageWords('epochs', { ...facts, algorithm: { ...algorithm, clipRange: 10 } }), 'no ratio is below 0').toContain('above 11 with A above 0, the token is pushed no further');
    expect(stageWords('refresh', { ...facts, after: null })).not.toContain('the new policy gives');
    const still = { ...facts, rows: facts.rows.map((row) => ({ ...row, refLogp: row.oldLogp, klReward: 0, reward: row.score })) };
    expect(stageWords('kl', still)).toMatch(/nothing is paid, and its rewards sum to its score, -?[\d.]+\.$/);
    for (const text of Object.values(said)) expect(text).not.toMatch(/NaN|undefined|not defined/);
  });
});

/** Four tokens of four rollouts of one position. */
function byHand(values: number[], returns: number[]): PpoIteration {
  const zero = new Float64Array(4);
  return {
    step: 1, rollouts: 4, positions: 1, nodes: new Int32Array(4), scores: zero, used: new Uint8Array(4).fill(1), tokens: new Int32Array(4), oldLogps: zero, refLogps: zero, rewards: zero,
    values: Float64Array.from(values), returns: Float64Array.from(returns), advantages: zero, newLogps: [zero], clipRange: 0.2,
  };
}

describe('by hand', () => {
  test.each([
    [0.5, 1, true], [-0.5, 1, false], [-0.5, -1, true], [0.5, -1, false], [0.1, 1, false], [-0.1, -1, false], [3, 0, false],
  ])('log ρ %s with advantage %s is clipped: %s', (logRatio, advantage, clipped) => {
    expect(isClipped(logRatio, advantage, 0.2)).toBe(clipped);
  });

  test('a clip range of 1 or more never clips a token that becomes less likely', () => {
    expect(isClipped(-50, -1, 1)).toBe(false);
    expect(isClipped(50, 1, 1)).toBe(true);
  });

  test('explained variance: 1 for a perfect critic and for one that is off by a constant, 0 for a constant, below 0 for a wrong one', () => {
    const returns = [1, 2, 3, 4];
    expect(valueFacts(byHand(returns, returns))).toEqual({ tokens: 4, explained: 1, error: 0 });
    expect(valueFacts(byHand([3, 4, 5, 6], returns))).toEqual({ tokens: 4, explained: 1, error: 2 });
    expect(valueFacts(byHand([7, 7, 7, 7], returns)).explained).toBe(0);
    // R − V = 2R: four times the variance.
    expect(valueFacts(byHand([-1, -2, -3, -4], returns)).explained).toBe(-3);
    expect(valueFacts(byHand([0, 1, 0, 1], [2, 2, 2, 2])).explained).toBeNaN();
  });

  test('its words', () => {
    expect(valueWords({ tokens: 4, explained: 0.834, error: 0.2 })).toBe('The critic explains 83 % of the variance of the returns: 1 − Var(R − V)/Var(R) is 0.834; a value misses its return by 0.200 (root mean square).');
    expect(valueWords({ tokens: 4, explained: -0.4, error: 1 })).toMatch(/^The critic explains nothing of the returns yet: .* is −0\.400;/);
    expect(valueWords({ tokens: 4, explained: NaN, error: 1 })).toBe('The returns of all 4 tokens are equal: there is nothing to explain.');
    expect(clipWords({ seen: 240, clipped: 9, lowest: 0.7, highest: 1.4 }, 3, 4)).toBe('When gradient step 4 of 4 comes, 9 of 240 tokens are clipped: it pushes those no further.');
    expect(clipWords({ seen: 240, clipped: 1, lowest: 0.7, highest: 1.4 }, 3, 4)).toMatch(/1 of 240 tokens is clipped: it pushes that one no further\.$/);
    expect(clipWords({ seen: 240, clipped: 0, lowest: 0.9, highest: 1.1 }, 1, 2)).toMatch(/none of 240 tokens is clipped: it pushes all of them\.$/);
  });
});
