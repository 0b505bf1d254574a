/** Trains the toys of the gallery's cards, over their own eight seeds, with the real trainers. */
import { toyExperiment, type Bug, type Toy } from '../src/components/gallery/bug.ts';
import { BUGS } from '../src/components/gallery/bugs.ts';
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

/** From update 0 to the last one, and at some updates between. */
export async function trainToy(toy: Toy, between: readonly number[] = []): Promise<Trained> {
  const experiment = toyExperiment(toy);
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
