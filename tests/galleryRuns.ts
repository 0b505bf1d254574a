/** Trains the toys of the gallery's cards, over their own eight seeds, with the real trainers. */
import { expect } from 'vitest';
import { toyExperiment, type Bug, type Toy } from '../src/components/gallery/bug.ts';
import { BUGS } from '../src/components/gallery/bugs.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { metricIndex, type MetricId } from '../src/sim/metrics.ts';
import { referenceCache } from '../src/sim/prepare.ts';
import { GROUPS, nodeOf, promptOf, type World } from '../src/sim/world.ts';
import { startRun } from './product.ts';

const cache = referenceCache(12);

export interface Moment {
  step: number;
  notFinite: readonly number[];
  /** One metric of every seed. */
  of(metric: MetricId): number[];
  /** Probability of a response of the first prompt, of every seed. */
  share(response: string): number[];
  /** Probability that one prompt leaves to responses nobody wrote, of every seed. */
  unwritten(prompt: number): number[];
}

export interface Trained {
  start: Moment;
  end: Moment;
  /** Those asked for, by update. */
  at(step: number): Moment;
}

export function bugOf(id: string): Bug {
  const found = BUGS.find((bug) => bug.id === id);
  if (!found) throw new Error(`no card ${id}`);
  return found;
}

const trained = new Map<string, { trained: Promise<Trained>; between: readonly number[] }>();

/** From update 0 to the last one, and at some updates between. A run that was made for another test is not made again. */
export function trainToy(toy: Toy, between: readonly number[] = []): Promise<Trained> {
  const experiment = toyExperiment(toy);
  const key = JSON.stringify(experiment);
  const known = trained.get(key);
  if (known && between.every((step) => known.between.includes(step))) return known.trained;
  const made = { trained: train(experiment, between), between };
  trained.set(key, made);
  return made.trained;
}

async function train(experiment: Experiment, between: readonly number[]): Promise<Trained> {
  const run = await startRun(experiment, cache);
  const { world, groups, members } = run.prepared;
  if (members.length !== 8) throw new Error(`a toy has eight policies, this one ${members.length}`);
  const moments: Moment[] = [];
  for (;;) {
    if (run.step === 0 || run.step === experiment.steps || between.includes(run.step)) moments.push(momentOf(await run.measure(), world, groups));
    if (run.step === experiment.steps) break;
    await run.update();
  }
  run.dispose();
  const at = (step: number) => {
    const found = moments.find((moment) => moment.step === step);
    if (!found) throw new Error(`update ${step} was not measured`);
    return found;
  };
  return { start: at(0), end: at(experiment.steps), at };
}

function momentOf({ step, metrics, logps, notFinite }: { step: number; metrics: Float64Array; logps: Float64Array[]; notFinite: number[] }, world: World, groups: readonly Uint8Array[]): Moment {
  const ood = GROUPS.indexOf('ood');
  return {
    step, notFinite,
    of: (metric) => logps.map((_, r) => metrics[metricIndex(metric) * logps.length + r]),
    share: (response) => logps.map((own) => Math.exp(own[nodeOf(world, 0, response)])),
    unwritten: (prompt) => logps.map((own, r) => own.reduce((sum, logp, y) => (groups[r][y] === ood && promptOf(world, y) === prompt ? sum + Math.exp(logp) : sum), 0)),
  };
}

export const most = (values: readonly number[]): number => Math.max(...values);
export const least = (values: readonly number[]): number => Math.min(...values);

/** Which way is better, for the metrics of which it can be said. A reward that is given, or the accuracy, may be as high where all is lost. */
const BETTER: Partial<Record<MetricId, 'more' | 'less'>> = {
  'mass/ood': 'less', 'mass/chosen': 'more', meanLength: 'less', goldReward: 'more', 'rewards/chosen': 'more', loss: 'less',
};

/** Every remedy of a card, at its end and in every seed, against the toy as it is: each metric in the picture. What is not finite is worst. */
export async function expectRemediesHelp({ toy, remedies, metrics, draws = metrics }: Bug): Promise<void> {
  const judged = draws.filter((id) => BETTER[id] !== undefined);
  expect(judged).not.toEqual([]);
  const { end } = await trainToy(toy);
  for (const remedy of remedies) {
    const helped = (await trainToy(remedy.toy)).end;
    for (const id of judged) {
      const sign = BETTER[id] === 'more' ? 1 : -1;
      const worth = (values: readonly number[]) => values.map((value) => (Number.isFinite(value) ? sign * value : -Infinity));
      const without = worth(end.of(id));
      worth(helped.of(id)).forEach((value, s) => expect(value, `${remedy.name}, ${id}, seed ${s}`).toBeGreaterThan(without[s]));
    }
  }
}
