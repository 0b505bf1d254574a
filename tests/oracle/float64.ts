/**
 * The oracle: tabular policies trained in float64, full batch, with hand-written gradients.
 * Shares no code with src; tests/oracle.test.ts holds it against the golden files, then the product against it.
 */
import type { DpoKnobs, Experiment, PolicyMember } from '../../src/sim/experiment.ts';
import { pairLoss } from './pairLosses.ts';
import { enumerate, goldOf, groupsOf, referenceLogits, type OracleGroup, type Space } from './space.ts';

export interface OracleResult {
  steps: number[];
  /** One series per metric of the result file. */
  metrics: Record<string, number[]>;
  /** Weight of the pairs whose two implicit rewards are equal to 1e-4 nats, at each step: float32 may rank these either way. */
  ties?: number[];
  final: { prompt: number; response: string; refLogp: number; logp: number; optimalLogp?: number; group: OracleGroup }[];
}

/** Everything about one policy that training does not change. */
export interface OracleProblem {
  experiment: Experiment;
  knobs: DpoKnobs & { learningRate: number };
  space: Space;
  refLogits: Float64Array;
  refLogps: Float64Array;
  gold: number[] | null;
  groups: OracleGroup[];
  /** Pairs as places in `space.responses`, weights summing to 1. */
  pairs: { chosen: number; rejected: number; weight: number }[];
}

export function oracleProblem(experiment: Experiment, swept: PolicyMember['swept'] = {}): OracleProblem {
  const { algorithm, optimizer, preferences } = experiment;
  const none = { labelSmoothing: 0, lengthAlpha: 0, dpopLambda: 0, simpoGamma: 0, nllWeight: 0, klWeight: 0 };
  const space = enumerate(experiment);
  const refLogits = referenceLogits(space, experiment);
  const given = 'pairs' in preferences ? preferences.pairs : [];
  const total = given.reduce((sum, pair) => sum + pair.weight, 0);
  return {
    experiment, space, refLogits,
    knobs: { ...none, ...algorithm, learningRate: optimizer.learningRate, ...swept },
    refLogps: logProbs(space, refLogits).responses,
    gold: goldOf(space, experiment),
    groups: groupsOf(space, experiment),
    pairs: given.map((pair) => ({
      chosen: space.find(pair.prompt, pair.chosen), rejected: space.find(pair.prompt, pair.rejected), weight: pair.weight / total,
    })),
  };
}

/** log π of every token choice and of every response. */
export function logProbs(space: Space, logits: ArrayLike<number>): { cells: Float64Array; responses: Float64Array } {
  const cells = new Float64Array(logits.length);
  for (let from = 0; from < cells.length; from += space.tokenCount) {
    let max = -Infinity;
    for (let k = 0; k < space.tokenCount; k++) max = Math.max(max, logits[from + k]);
    let sum = 0;
    for (let k = 0; k < space.tokenCount; k++) sum += Math.exp(logits[from + k] - max);
    for (let k = 0; k < space.tokenCount; k++) cells[from + k] = logits[from + k] - max - Math.log(sum);
  }
  const responses = Float64Array.from(space.responses, (response) => response.cells.reduce((sum, cell) => sum + cells[cell], 0));
  return { cells, responses };
}

/** The training loss of a policy and its gradient by every logit. */
export function lossAndGradient(problem: OracleProblem, logits: ArrayLike<number>): { loss: number; gradient: Float64Array } {
  const { experiment: { algorithm }, space, knobs, refLogps, gold, pairs } = problem;
  const { cells, responses: logps } = logProbs(space, logits);
  // First by the log-probability of every response …
  const byLogp = new Float64Array(logps.length);
  let loss = 0;
  if (algorithm.kind === 'dpo') {
    for (const { chosen, rejected, weight } of pairs) {
      const w = space.responses[chosen], l = space.responses[rejected];
      const term = pairLoss(algorithm.loss, {
        logpW: logps[chosen], logpL: logps[rejected], refW: refLogps[chosen], refL: refLogps[rejected],
        wordsW: w.words.length, wordsL: l.words.length, tokensW: w.tokenCount, tokensL: l.tokenCount,
      }, knobs);
      loss += weight * term.value;
      byLogp[chosen] += weight * term.dw;
      byLogp[rejected] += weight * term.dl;
    }
  }
  // A multiple of KL(π‖π_ref) and, for `exact`, −E_π[r]; means over prompts.
  const klWeight = (algorithm.kind === 'exact' ? knobs.beta : knobs.klWeight) / space.promptCount;
  const rewardWeight = algorithm.kind === 'exact' ? 1 / space.promptCount : 0;
  if (klWeight > 0) {
    logps.forEach((logp, y) => {
      const p = Math.exp(logp);
      const cost = klWeight * (logp - refLogps[y]) - rewardWeight * (gold ? gold[y] : 0);
      loss += p * cost;
      byLogp[y] += p * (cost + klWeight);
    });
  }
  // … then by that of every token choice, then through the softmax of its context.
  const byCell = new Float64Array(cells.length);
  byLogp.forEach((slope, y) => {
    if (slope !== 0) for (const cell of space.responses[y].cells) byCell[cell] += slope;
  });
  const gradient = new Float64Array(cells.length);
  for (let from = 0; from < cells.length; from += space.tokenCount) {
    let sum = 0;
    for (let k = 0; k < space.tokenCount; k++) sum += byCell[from + k];
    for (let k = 0; k < space.tokenCount; k++) gradient[from + k] = byCell[from + k] - Math.exp(cells[from + k]) * sum;
  }
  return { loss, gradient };
}

/** Trains for `experiment.steps` updates; metrics at 0, every, 2·every, … */
export function trainOracle(experiment: Experiment, every: number, swept: PolicyMember['swept'] = {}): OracleResult {
  const problem = oracleProblem(experiment, swept);
  const { space, refLogps, gold, groups, knobs } = problem;
  const logits = problem.refLogits.slice();
  const m = new Float64Array(logits.length), v = new Float64Array(logits.length);
  const steps: number[] = [];
  const metrics: Record<string, number[]> = {};
  const ties: number[] = [];
  for (let step = 0; ; step++) {
    const { loss, gradient } = lossAndGradient(problem, logits);
    if (step % every === 0) {
      steps.push(step);
      const now = logProbs(space, logits).responses;
      const ratio = (y: number) => now[y] - refLogps[y];
      const tied = problem.pairs.filter(({ chosen, rejected }) => Math.abs(ratio(chosen) - ratio(rejected)) < 1e-4);
      ties.push(tied.reduce((sum, pair) => sum + pair.weight, 0));
      for (const [name, value] of Object.entries(measure(problem, now, loss))) (metrics[name] ??= []).push(value);
    }
    if (step === experiment.steps) break;
    gradient.forEach((g, i) => {
      if (experiment.optimizer.kind === 'sgd') {
        logits[i] -= knobs.learningRate * g;
      } else {
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        logits[i] -= knobs.learningRate * (m[i] / (1 - 0.9 ** (step + 1))) / (Math.sqrt(v[i] / (1 - 0.999 ** (step + 1))) + 1e-8);
      }
    });
  }
  const logps = logProbs(space, logits).responses;
  const optimal = gold && optimum(problem, gold).logps;
  const final = space.responses.map(({ prompt, text }, y) => ({
    prompt, response: text, refLogp: refLogps[y], logp: logps[y], ...(optimal ? { optimalLogp: optimal[y] } : {}), group: groups[y],
  }));
  return { steps, metrics, ties, final };
}

/** π* = π_ref·exp(r/β)/Z per prompt, and the mean over prompts of log Z. */
export function optimum({ space, refLogps, knobs }: OracleProblem, gold: readonly number[]): { logps: number[]; meanLogZ: number } {
  const logZ = Array.from({ length: space.promptCount }, (_, x) => {
    const terms = space.responses.flatMap(({ prompt }, y) => (prompt === x ? [refLogps[y] + gold[y] / knobs.beta] : []));
    const max = Math.max(...terms);
    return max + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - max), 0));
  });
  return {
    logps: space.responses.map(({ prompt }, y) => refLogps[y] + gold[y] / knobs.beta - logZ[prompt]),
    meanLogZ: logZ.reduce((a, b) => a + b, 0) / space.promptCount,
  };
}

/** The metrics of the result file. */
export function measure(problem: OracleProblem, logps: Float64Array, loss: number): Record<string, number> {
  const { space, refLogps, gold, groups, pairs, knobs } = problem;
  const mean = (f: (y: number) => number) => logps.reduce((sum, logp, y) => sum + Math.exp(logp) * f(y), 0) / space.promptCount;
  const overPairs = (f: (pair: { chosen: number; rejected: number }) => number) => pairs.reduce((sum, pair) => sum + pair.weight * f(pair), 0);
  const implicit = (y: number) => knobs.beta * (logps[y] - refLogps[y]);
  const kl = mean((y) => logps[y] - refLogps[y]);
  const values: Record<string, number> = {
    loss, kl,
    entropy: -mean((y) => logps[y]),
    meanLength: mean((y) => space.responses[y].words.length),
  };
  for (const group of ['chosen', 'rejected', 'otherInDistribution', 'ood']) values[`mass/${group}`] = mean((y) => (groups[y] === group ? 1 : 0));
  if (gold) {
    const optimal = optimum(problem, gold);
    values.goldReward = mean((y) => gold[y]);
    values.objective = values.goldReward - knobs.beta * kl;
    values.klToOptimal = mean((y) => logps[y] - optimal.logps[y]);
  }
  if (pairs.length > 0) {
    values['rewards/chosen'] = overPairs(({ chosen }) => implicit(chosen));
    values['rewards/rejected'] = overPairs(({ rejected }) => implicit(rejected));
    values['rewards/margins'] = overPairs(({ chosen, rejected }) => implicit(chosen) - implicit(rejected));
    values['rewards/accuracies'] = overPairs(({ chosen, rejected }) => (implicit(chosen) > implicit(rejected) ? 1 : 0));
    values['logps/chosen'] = overPairs(({ chosen }) => logps[chosen]);
    values['logps/rejected'] = overPairs(({ rejected }) => logps[rejected]);
  }
  return values;
}
