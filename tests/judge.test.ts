/** The judge of online DPO: what it draws, and who wins how often. */
import { describe, expect, it } from 'vitest';
import { drawJudgedPairs, utilityOf, winProbability, type Judge } from '../src/sim/judge.ts';
import { responseLogps } from '../src/sim/exact/forest.ts';
import { buildWorld, lengthOf, nodeOf, promptOf } from '../src/sim/world.ts';

const WORLD = buildWorld({ words: ['good', 'bad'], maxLength: 2, prompts: ['x', 'y'] });
/** Logits of a second policy, after a block that must not be read. */
const OFFSET = WORLD.contextCount * WORLD.tokenCount;
const LOGITS = Float64Array.from({ length: 2 * OFFSET }, (_, i) => (i < OFFSET ? NaN : Math.sin(i)));
const SCORES = Float64Array.from({ length: WORLD.responseCount }, (_, y) => Math.cos(3 * y));

const draw = (judge: Judge, pairs: number, seed: number, update: number) =>
  drawJudgedPairs(WORLD, judge, { logits: LOGITS, offset: OFFSET }, pairs, seed, update);
const honest = (temperature: number): Judge => ({ scores: SCORES, temperature, lengthBias: 0 });

/** How often each ordered pair (winner, loser) came up, over many updates. */
function verdicts(judge: Judge): Map<string, number> {
  const counts = new Map<string, number>();
  for (let update = 1; update <= 300; update++) {
    const { nodes } = draw(judge, 32, 5, update);
    for (let i = 0; i < nodes.length; i += 2) {
      const key = `${nodes[i]},${nodes[i + 1]}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

describe('who wins', () => {
  it.each([{ temperature: 0.25, lengthBias: 0 }, { temperature: 2, lengthBias: 0 }, { temperature: 1, lengthBias: 0.6 }])(
    'each of two with probability σ(Δu/τ): $temperature, bias $lengthBias', ({ temperature, lengthBias }) => {
      const counts = verdicts({ scores: SCORES, temperature, lengthBias });
      let tested = 0;
      for (let a = 0; a < WORLD.responseCount; a++) {
        for (let b = a + 1; b < WORLD.responseCount; b++) {
          const [won, lost] = [counts.get(`${a},${b}`) ?? 0, counts.get(`${b},${a}`) ?? 0];
          const total = won + lost;
          if (total < 30) continue;
          const difference = SCORES[a] - SCORES[b] + lengthBias * (lengthOf(WORLD, a) - lengthOf(WORLD, b));
          const expected = 1 / (1 + Math.exp(-difference / temperature));
          const sd = Math.sqrt(expected * (1 - expected) / total);
          expect(Math.abs(won / total - expected), `${a} against ${b}`).toBeLessThanOrEqual(4 * sd + 1 / total);
          tested++;
        }
      }
      expect(tested).toBeGreaterThan(30);
    });

  it('is certain where the difference is large, without overflow', () => {
    expect(winProbability(1e9, -1e9, 1e-9)).toBe(1);
    expect(winProbability(-1e9, 1e9, 1e-9)).toBe(0);
    expect(winProbability(2, 2, 0.01)).toBe(0.5);
    expect(winProbability(1, 0, 0.25) + winProbability(0, 1, 0.25)).toBeCloseTo(1, 15);
  });

  it('a length bias is worth its value per word, whatever the prompt', () => {
    const judge = { scores: SCORES, temperature: 1, lengthBias: 0.5 };
    for (const prompt of [0, 1]) {
      for (const text of ['', 'bad', 'good bad']) {
        const y = nodeOf(WORLD, prompt, text);
        expect(utilityOf(WORLD, judge, y)).toBeCloseTo(SCORES[y] + 0.5 * text.split(' ').filter(Boolean).length, 12);
      }
    }
  });
});

describe('what is drawn', () => {
  it('both responses of a pair answer the same prompt, the same number of pairs for each', () => {
    const { nodes, scores } = draw(honest(1), 10, 3, 7);
    expect(nodes).toHaveLength(2 * 2 * 10);
    nodes.forEach((y, i) => {
      expect(promptOf(WORLD, y)).toBe(i < 20 ? 0 : 1);
      expect(scores[i]).toBe(Math.fround(SCORES[y]));
    });
  });

  it('every response as often as the policy says, identical ones included', () => {
    const logps = responseLogps(WORLD, LOGITS, OFFSET);
    const seen = new Float64Array(WORLD.responseCount);
    let same = 0;
    const updates = 300, pairs = 32;
    for (let update = 1; update <= updates; update++) {
      const { nodes } = draw(honest(1), pairs, 8, update);
      nodes.forEach((y, i) => {
        seen[y]++;
        if (i % 2 === 1 && nodes[i - 1] === y) same++;
      });
    }
    const perPrompt = 2 * pairs * updates;
    logps.forEach((logp, y) => {
      const p = Math.exp(logp);
      expect(Math.abs(seen[y] / perPrompt - p), `response ${y}`).toBeLessThanOrEqual(4.5 * Math.sqrt(p * (1 - p) / perPrompt));
    });
    const collision = logps.reduce((sum, logp) => sum + Math.exp(2 * logp), 0) / 2;
    expect(Math.abs(same / perPrompt - collision)).toBeLessThanOrEqual(4.5 * Math.sqrt(collision * (1 - collision) / perPrompt));
  });

  it('depends on policy, seed and update only', () => {
    const [first, again] = [draw(honest(1), 40, 3, 7), draw(honest(1), 40, 3, 7)];
    expect(again).toEqual(first);
    expect(draw(honest(1), 40, 4, 7).nodes).not.toEqual(first.nodes);
    expect(draw(honest(1), 40, 3, 8).nodes).not.toEqual(first.nodes);
    // Another judge sees the same pairs, in another order.
    const other = draw({ ...honest(1), scores: SCORES.map((score) => -score) }, 40, 3, 7);
    const unordered = ({ nodes }: { nodes: Int32Array }) => Array.from({ length: nodes.length / 2 }, (_, i) => [nodes[2 * i], nodes[2 * i + 1]].sort((a, b) => a - b));
    expect(unordered(other)).toEqual(unordered(first));
    expect(other.nodes).not.toEqual(first.nodes);
  });
});
