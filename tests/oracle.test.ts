/** The product against numbers that none of its code has made: two golden files and the float64 oracle. */
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DPO_LOSSES } from '../src/sim/experimentRanges.ts';
import { populationOf, type DpoLossName, type Experiment } from '../src/sim/experiment.ts';
import { trainOracle, type OracleResult } from './oracle/float64.ts';
import { WORLDS } from './oracle/worlds.ts';
import { experimentOf } from './experimentOf.ts';
import { BACKENDS, responseKey, trainProduct, switchBackend, type ProductPolicy } from './product.ts';

/** In probability, and in metrics: relative where a metric is larger than 1. Measured: 1e-6 under SGD, 7e-5 under Adam. */
const TOLERANCE = 1e-4;

const load = (name: string): unknown => JSON.parse(fs.readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8'));

/** Largest errors of a policy against a result: in probability, and in any metric. */
function errors(policy: ProductPolicy, truth: OracleResult): { probability: number; metric: number; worst: string } {
  expect(policy.logps.size).toBe(truth.final.length);
  let probability = 0;
  for (const { prompt, response, logp } of truth.final) {
    const own = policy.logps.get(responseKey(prompt, response));
    expect(own, response).toBeTypeOf('number');
    probability = Math.max(probability, Math.abs(Math.exp(own!) - Math.exp(logp)));
  }
  expect(Object.keys(policy.metrics).toSorted()).toEqual(Object.keys(truth.metrics).toSorted());
  let metric = 0, worst = '';
  for (const [name, series] of Object.entries(truth.metrics)) {
    expect(policy.metrics[name].length, name).toBe(series.length);
    series.forEach((value, i) => {
      const undecided = name === 'rewards/accuracies' && truth.ties ? truth.ties[i] : 0;
      const error = Math.max(0, Math.abs(policy.metrics[name][i] - value) - undecided) / Math.max(1, Math.abs(value));
      if (!(error <= metric)) [metric, worst] = [error, `${name} at ${truth.steps[i]}: ${policy.metrics[name][i]}, truth ${value}`];
    });
  }
  return { probability, metric, worst };
}

function expectClose(policy: ProductPolicy, truth: OracleResult, label: string): void {
  const { metric, worst } = errors(policy, truth);
  expectCloseProbabilities(policy, truth, label);
  expect(metric, `${label}: ${worst}`).toBeLessThanOrEqual(TOLERANCE);
}

function expectCloseProbabilities(policy: ProductPolicy, truth: OracleResult, label: string): void {
  expect(errors(policy, truth).probability, label).toBeLessThanOrEqual(TOLERANCE);
}

describe('golden files', () => {
  const cases = (['two-prompts-tabular', 'tabular-control'] as const).map((name) => ({
    name,
    experiment: experimentOf(load(`${name}.json`) as Record<string, unknown>),
    golden: load(`${name}.golden.json`) as OracleResult,
  }));

  it.each(cases)('$name: the oracle agrees to 1e-9', ({ experiment, golden }) => {
    const own = trainOracle(experiment, golden.steps[1]);
    expect(own.steps).toEqual(golden.steps);
    expect(Object.keys(own.metrics).toSorted()).toEqual(Object.keys(golden.metrics).toSorted());
    for (const [name, series] of Object.entries(golden.metrics)) {
      series.forEach((value, i) => expect(Math.abs(own.metrics[name][i] - value), `${name} at ${golden.steps[i]}`).toBeLessThanOrEqual(1e-9));
    }
    expect(own.final.length).toBe(golden.final.length);
    const truth = new Map(golden.final.map((entry) => [responseKey(entry.prompt, entry.response), entry]));
    for (const entry of own.final) {
      const { group, ...numbers } = truth.get(responseKey(entry.prompt, entry.response))!;
      expect(entry.group).toBe(group);
      for (const key of ['refLogp', 'logp', 'optimalLogp'] as const) expect(Math.abs(entry[key]! - numbers[key]!), `${entry.response} ${key}`).toBeLessThanOrEqual(1e-9);
    }
  });

  describe.each(BACKENDS)('%s', (backend) => {
    it.each(cases)('$name: the product agrees', async ({ name, experiment, golden }) => {
      await switchBackend(backend);
      const [policy] = await trainProduct(experiment, golden.steps[1]);
      expectClose(policy, golden, `${name} on ${backend}`);
    });
  });
});

/** Trains a whole sweep at once and compares every policy with the oracle. */
async function compare(file: Record<string, unknown>): Promise<void> {
  const experiment: Experiment = experimentOf(file);
  const policies = await trainProduct(experiment, experiment.steps / 2);
  // Under Adam a log-probability of −28 (a floored conditional) moves by less than float32 can add: probabilities only.
  const check = experiment.optimizer.kind === 'sgd' ? expectClose : expectCloseProbabilities;
  populationOf(experiment).forEach(({ swept }, r) => {
    check(policies[r], trainOracle(experiment, experiment.steps / 2, swept), `${file.name as string}, ${JSON.stringify(swept)}`);
  });
}

/** Learning rates at which 120 updates move far and no loss oscillates (IPO and SPPO are quadratic with slope 1/β). */
const RATES: Record<'sgd' | 'adam', (loss: DpoLossName | 'exact') => number> = {
  sgd: (loss) => (loss === 'ipo' || loss === 'sppo_hard' ? 0.02 : loss === 'dpop' ? 0.1 : 0.5),
  adam: () => 0.02,
};

/** Option settings of a loss, each a sweep of one population. */
function sweepsOf(loss: DpoLossName): Record<string, number[]>[] {
  // At the hinge's kink the slope jumps, and a policy held there chatters: these stay on one side or pass it once.
  const beta = loss === 'hinge' ? [0.05, 0.1] : [0.1, 0.7];
  const own: Partial<Record<DpoLossName, Record<string, number[]>>> = {
    sigmoid: { labelSmoothing: [0, 0.2], lengthAlpha: [0, 0.3, -0.5] },
    robust: { labelSmoothing: [0, 0.2] },
    exo_pair: { labelSmoothing: [0.001, 0.2] },
    dpop: { dpopLambda: [0, 2, 50] },
    simpo: { simpoGamma: [0, 0.5, 2] },
  };
  return [{ beta, ...own[loss] }, { beta: [loss === 'hinge' ? 0.1 : 0.3], nllWeight: [0, 0.4], klWeight: [0, 0.2] }];
}

describe.each(['sgd', 'adam'] as const)('against the oracle, %s', (kind) => {
  describe.each(Object.keys(WORLDS) as (keyof typeof WORLDS)[])('%s', (world) => {
    it.each(DPO_LOSSES)('%s', async (loss) => {
      // Both backends in turn, so that every loss meets both.
      await switchBackend(DPO_LOSSES.indexOf(loss) % 2 === 0 ? 'wasm' : 'cpu');
      for (const sweep of sweepsOf(loss)) {
        const algorithm = { kind: 'dpo', loss, ...(loss === 'exo_pair' ? { labelSmoothing: 0.001 } : {}) };
        await compare({
          name: `${loss} in ${world}, ${kind}`, ...WORLDS[world], algorithm, sweep,
          policy: { kind: 'tabular' }, optimizer: { kind, learningRate: RATES[kind](loss) }, steps: 120, seeds: [0],
        });
      }
    });

    it('exact', async () => {
      await switchBackend('wasm');
      await compare({
        name: `exact in ${world}, ${kind}`, ...WORLDS[world], algorithm: { kind: 'exact' },
        sweep: { beta: [0.1, 0.5, 2] }, policy: { kind: 'tabular' }, optimizer: { kind, learningRate: RATES[kind]('exact') }, steps: 120, seeds: [0],
      });
    });
  });
});
