/** The KL-regularised optimum: both trainers reach it, and the exact module keeps its identities in random worlds. */
import { describe, expect, it } from 'vitest';
import { entropy, expectation, groupMasses, klDivergence, meanLength } from '../src/sim/exact/estimators.ts';
import { responseLogps } from '../src/sim/exact/forest.ts';
import { optimalPolicy } from '../src/sim/exact/optimal.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { goldRewards } from '../src/sim/gold.ts';
import { metricIndex } from '../src/sim/metrics.ts';
import { givenPairs } from '../src/sim/preferences.ts';
import { referenceTarget, targetKl } from '../src/sim/reference.ts';
import {
  buildWorld, childOf, GROUPS, groupResponses, inDistribution, lengthOf, nodeOf, pathOf, promptOf, responseText, tokensOf, type World,
} from '../src/sim/world.ts';
import { generator } from './experimentGenerator.ts';
import { logProbs, measure, oracleProblem, optimum } from './oracle/float64.ts';
import { enumerate } from './oracle/space.ts';
import { experimentOf } from './experimentOf.ts';
import { BACKENDS, farthest, startRun, train, switchBackend } from './product.ts';

const WORLD = {
  world: { words: ['good', 'bad'], maxLength: 2, prompts: ['x', 'y'] },
  reference: {
    kind: 'corpus', smoothing: 0.3,
    corpus: [{ prompt: 0, response: 'good', weight: 1 }, { prompt: 0, response: 'bad bad', weight: 2 }, { prompt: 1, response: '', weight: 1 }],
  },
  gold: { otherwise: 0, responses: [{ prompt: 1, response: 'bad', reward: 1.5 }], perWord: { good: 0.4, bad: -0.6 }, perToken: 0.1 },
};

/** Every pair of responses of a prompt in both orders, weighted by the probability that the annotator prefers the first. */
function allPairs(): { prompt: number; chosen: string; rejected: string; weight: number }[] {
  const problem = oracleProblem(experimentOf({ ...WORLD, preferences: { pairs: [{ prompt: 0, chosen: 'good', rejected: 'bad' }] } }));
  const { responses } = problem.space;
  const gold = problem.gold!;
  return responses.flatMap(({ prompt, text }, y) => responses.flatMap((other, z) => (other.prompt !== prompt || z === y ? [] : [{
    prompt, chosen: text, rejected: other.text, weight: 1 / (1 + Math.exp(gold[z] - gold[y])),
  }])));
}

describe.each(BACKENDS)('trainers reach π* on %s', (backend) => {
  it.each([
    { kind: 'dpo', learningRate: 0.05, steps: 500 },
    { kind: 'exact', learningRate: 0.05, steps: 500 },
  ])('$kind: KL(π‖π*) ≤ 1e-4', async ({ kind, learningRate, steps }) => {
    await switchBackend(backend);
    const experiment = experimentOf({
      ...WORLD, preferences: { pairs: allPairs() }, policy: { kind: 'tabular' }, algorithm: { kind },
      optimizer: { kind: 'adam', learningRate }, sweep: { beta: [0.3, 1] }, seeds: [0], steps,
    });
    const run = await startRun(experiment);
    const before = await run.measure();
    await train(run, steps);
    const { logps, metrics } = await run.measure();
    experiment.sweep!.beta!.forEach((beta, r) => {
      const problem = oracleProblem(experiment, { beta });
      const truth = optimum(problem, problem.gold!);
      const byKey = new Map(problem.space.responses.map(({ prompt, text }, y) => [`${prompt}|${text}`, truth.logps[y]]));
      const { world } = run.prepared;
      const kl = (own: Float64Array) => own.reduce((sum, logp, y) =>
        sum + Math.exp(logp) * (logp - byKey.get(`${promptOf(world, y)}|${responseText(world, y)}`)!), 0) / world.promptCount;
      expect(kl(before.logps[r]), 'the reference is far from π*').toBeGreaterThan(0.05);
      expect(kl(logps[r])).toBeLessThanOrEqual(1e-4);
      const value = (id: 'klToOptimal' | 'objective' | 'objective/optimal') => metrics[metricIndex(id) * 2 + r];
      expect(Math.abs(value('klToOptimal') - kl(logps[r]))).toBeLessThan(1e-9);
      expect(value('objective')).toBeLessThanOrEqual(value('objective/optimal') + 1e-9);
      expect(value('objective/optimal') - value('objective')).toBeLessThan(1e-4 * beta + 1e-9);
    });
    run.dispose();
  });
});

const close = (a: number, b: number, what: string) => expect(Math.abs(a - b), what).toBeLessThan(1e-10 * Math.max(1, Math.abs(a), Math.abs(b)));

/** A random world with rewards, pairs and a random policy beside the reference, in both the product's and the oracle's order. */
function randomCase(seed: number) {
  const random = generator(seed);
  const below = (n: number) => Math.floor(random() * n);
  const words = ['a', 'b', 'c', 'd'].slice(0, 1 + below(4));
  const maxLength = 1 + below(words.length > 2 ? 3 : 5);
  const prompts = ['x', 'y', 'z'].slice(0, 1 + below(3));
  const response = () => Array.from({ length: below(maxLength + 1) }, () => words[below(words.length)]).join(' ');
  const pairs = Array.from({ length: 4 }, () => ({ prompt: below(prompts.length), chosen: response(), rejected: response(), weight: 0.1 + random() }))
    .filter(({ chosen, rejected }) => chosen !== rejected);
  const experiment: Experiment = experimentOf({
    world: { words, maxLength, prompts },
    reference: random() < 0.3
      ? { kind: 'unigram', wordWeights: words.map(() => 0.1 + random()), stop: 0.1 + 0.8 * random() }
      : { kind: 'corpus', smoothing: 0.01 + 0.3 * random(), corpus: prompts.map((_, prompt) => ({ prompt, response: response(), weight: 0.1 + random() })) },
    gold: { otherwise: 2 * random() - 1, responses: [{ prompt: 0, response: response(), reward: 3 * random() }], perWord: { a: random() - 0.5 }, containsWord: { a: random() - 0.5 }, perToken: random() - 0.5 },
    preferences: { pairs: pairs.length > 0 ? pairs : [{ prompt: 0, chosen: 'a', rejected: '' }] },
    policy: { kind: 'tabular' }, algorithm: { kind: 'dpo', beta: 0.05 + random() }, seeds: [0],
  });
  const world = buildWorld(experiment.world);
  const problem = oracleProblem(experiment);
  const { space } = problem;
  // Place of every node's response in the oracle's list, and of its context's logits.
  const place = Array.from({ length: world.responseCount }, (_, y) => space.find(promptOf(world, y), responseText(world, y)));
  const oracleLogits = problem.refLogits.map((logit) => logit + 2 * (random() - 0.5));
  const inNodeOrder = (logits: Float64Array) => {
    const own = new Float64Array(logits.length);
    for (let c = 0; c < world.contextCount; c++) {
      const { cells } = space.responses[place[c]];
      const row = cells[cells.length - 1] - world.wordCount;
      own.set(logits.subarray(row, row + world.tokenCount), c * world.tokenCount);
    }
    return own;
  };
  return {
    experiment, world, problem, place, random,
    logits: inNodeOrder(oracleLogits), refLogits: inNodeOrder(problem.refLogits), oracleLogps: logProbs(space, oracleLogits).responses,
  };
}

/** KL(p‖q) by the chain rule: reach(c)·KL of the conditionals, summed over contexts. */
function chainRuleKl(world: World, p: Float64Array, q: Float64Array): number {
  const reach = new Float64Array(world.contextCount).fill(1, 0, world.promptCount);
  const rowLogs = (logits: Float64Array, c: number) => {
    const row = logits.subarray(c * world.tokenCount, (c + 1) * world.tokenCount);
    const norm = Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));
    return row.map((value) => value - norm);
  };
  let kl = 0;
  for (let c = 0; c < world.contextCount; c++) {
    const [lp, lq] = [rowLogs(p, c), rowLogs(q, c)];
    lp.forEach((logp, k) => { kl += reach[c] * Math.exp(logp) * (logp - lq[k]); });
    for (let w = 0; w < world.wordCount; w++) if (childOf(world, c, w) < world.contextCount) reach[childOf(world, c, w)] = reach[c] * Math.exp(lp[w]);
  }
  return kl / world.promptCount;
}

describe.each(Array.from({ length: 12 }, (_, seed) => seed))('random world %i', (seed) => {
  const { experiment, world, problem, place, logits, refLogits, oracleLogps } = randomCase(seed + 100);
  const { beta } = experiment.algorithm;
  const logps = responseLogps(world, logits);
  const refLogps = responseLogps(world, refLogits);
  const rewards = goldRewards(world, experiment.gold!);
  const optimal = optimalPolicy(world, refLogps, rewards, beta);
  const groups = groupResponses(inDistribution(world, experiment), givenPairs(world, experiment));

  it('numbers its nodes so that text, path, child and prompt agree with enumeration', () => {
    const { responses } = enumerate(experiment);
    expect(world.responseCount).toBe(responses.length);
    expect(place.toSorted((a, b) => a - b)).toEqual(responses.map((_, y) => y));
    place.forEach((p, y) => {
      const { prompt, text, words, tokenCount } = responses[p];
      expect(nodeOf(world, prompt, text)).toBe(y);
      expect([lengthOf(world, y), tokensOf(world, y)]).toEqual([words.length, tokenCount]);
      const path = pathOf(world, y);
      const tokens = words.map((word) => world.words.indexOf(word));
      expect(path.map(({ token }) => token)).toEqual(words.length < world.maxLength ? [...tokens, world.wordCount] : tokens);
      let node = prompt;
      path.forEach(({ context, token }) => {
        expect(context).toBe(node);
        if (token < world.wordCount) node = childOf(world, node, token);
      });
      expect(node).toBe(y);
    });
  });

  it('has the oracle\'s reference, rewards, groups, log-probabilities and optimum', () => {
    const brute = optimum(problem, problem.gold!);
    const { conditionals } = referenceTarget(world, experiment);
    expect(farthest(conditionals.map((p) => Math.log(Math.max(p, 1e-12))), refLogits)).toBeLessThan(1e-10);
    place.forEach((p, y) => {
      close(logps[y], oracleLogps[p], 'log π');
      close(refLogps[y], problem.refLogps[p], 'log π_ref');
      close(rewards[y], problem.gold![p], 'r');
      close(optimal.logps[y], brute.logps[p], 'log π*');
      expect(GROUPS[groups[y]]).toBe(problem.groups[p]);
    });
  });

  it('has the oracle\'s expectations', () => {
    const brute = measure(problem, oracleLogps, 0);
    const masses = groupMasses(world, logps, groups);
    GROUPS.forEach((group, g) => close(masses[g], brute[`mass/${group}`], group));
    close(masses.reduce((a, b) => a + b, 0), 1, 'groups');
    close(entropy(world, logps), brute.entropy, 'entropy');
    close(meanLength(world, logps), brute.meanLength, 'length');
    close(expectation(world, logps, rewards), brute.goldReward, 'reward');
    close(klDivergence(world, logps, refLogps), brute.kl, 'kl');
    close(klDivergence(world, logps, optimal.logps), brute.klToOptimal, 'kl to optimal');
  });

  it('keeps the identities of the optimum', () => {
    for (const p of [logps, refLogps, optimal.logps]) {
      for (let x = 0; x < world.promptCount; x++) {
        close(p.reduce((sum, logp, y) => sum + (promptOf(world, y) === x ? Math.exp(logp) : 0), 0), 1, 'Σπ');
      }
    }
    const objective = (p: Float64Array) => expectation(world, p, rewards) - beta * klDivergence(world, p, refLogps);
    const best = beta * optimal.logZ.reduce((a, b) => a + b, 0) / world.promptCount;
    close(objective(optimal.logps), best, 'J(π*) = β·log Z');
    for (const p of [logps, refLogps]) {
      expect(klDivergence(world, p, optimal.logps)).toBeGreaterThan(0);
      close(best - objective(p), beta * klDivergence(world, p, optimal.logps), 'J(π*) − J(π) = β·KL(π‖π*)');
    }
    close(klDivergence(world, logps, logps), 0, 'KL(π‖π)');
    expect(klDivergence(world, logps, refLogps)).toBeGreaterThan(0);
  });

  it('has one KL: by responses, by the chain rule, and as the fit measures it', () => {
    close(chainRuleKl(world, logits, refLogits), klDivergence(world, logps, refLogps), 'chain rule');
    const target = referenceTarget(world, experiment);
    close(targetKl(world, target, logits), klDivergence(world, refLogps, logps), 'KL(target‖π)');
  });
});

it('optimalPolicy refuses a beta that is not positive and finite', () => {
  const world = buildWorld({ words: ['a'], maxLength: 1, prompts: ['x'] });
  for (const beta of [0, -1, NaN, Infinity]) {
    expect(() => optimalPolicy(world, new Float64Array(2).fill(Math.log(0.5)), new Float64Array(2), beta)).toThrow(`got ${beta}`);
  }
});
