/** Short runs of presets for the claims of the talk, each trained once. */
import { settingOf, type Setting } from '../src/derivation/setting.ts';
import { drawnPairs, type DrawnPair } from '../src/sim/drawn.ts';
import { metricIndex, type MetricId } from '../src/sim/metrics.ts';
import { referenceCache } from '../src/sim/prepare.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import type { Measurement } from '../src/sim/run.ts';
import { nodeOf, type World } from '../src/sim/world.ts';
import { startRun } from './product.ts';

const cache = referenceCache(8);

export interface Course {
  world: World;
  rewards: Float64Array;
  refLogps: Float64Array[];
  /** Before the first update, then every tenth, the last one included. */
  points: Measurement[];
  drawn: DrawnPair[];
  beta: number;
}

export function preset(id: string) {
  const found = PRESETS.find((entry) => entry.id === id);
  if (!found) throw new Error(`no preset ${id}`);
  return found;
}

const courses = new Map<string, Promise<Course>>();

/** A preset's own run, over its own seeds. */
export function courseOf(id: string): Promise<Course> {
  const known = courses.get(id);
  if (known) return known;
  const course = trainCourse(id);
  courses.set(id, course);
  return course;
}

async function trainCourse(id: string): Promise<Course> {
  const { experiment } = preset(id);
  const run = await startRun(experiment, cache);
  const { world, rewards, groups } = run.prepared;
  if (!rewards) throw new Error(`${id} has no gold reward`);
  const course: Course = { world, rewards: Float64Array.from(rewards), refLogps: run.refLogps.map((own) => own.slice()), points: [], drawn: [], beta: experiment.algorithm.beta };
  for (;;) {
    if (run.step % 10 === 0 || run.step === experiment.steps) {
      course.points.push(await run.measure());
      course.drawn.push(...run.takeJudged().flatMap((batch) => drawnPairs(batch, groups[0])));
    }
    if (run.step === experiment.steps) break;
    await run.update();
  }
  run.dispose();
  return course;
}

export const valuesOf = ({ metrics, logps }: Measurement, id: MetricId): number[] => Array.from(metrics.subarray(metricIndex(id) * logps.length, (metricIndex(id) + 1) * logps.length));

export const last = <T>(values: readonly T[]): T => {
  const value = values.at(-1);
  if (value === undefined) throw new Error('nothing recorded');
  return value;
};

/** π of a response to the first prompt, of every seed. */
export const shareOf = ({ world }: Course, { logps }: Measurement, text: string): number[] => logps.map((own) => Math.exp(own[nodeOf(world, 0, text)]));

/** What the derivation is evaluated on once the run of a preset has ended, as the page has it: the first seed, or the mean. */
export async function endSettingOf(id: string): Promise<Setting> {
  const course = await courseOf(id);
  const { preferences } = preset(id).experiment;
  if (!('pairs' in preferences)) throw new Error(`${id} has no given pairs`);
  const pairs = preferences.pairs.map(({ prompt, chosen, rejected, weight }) => ({ chosen: nodeOf(course.world, prompt, chosen), rejected: nodeOf(course.world, prompt, rejected), weight }));
  return settingOf({ world: course.world, beta: course.beta, refLogps: course.refLogps[0], rewards: course.rewards, logps: last(course.points).logps[0], pairs });
}
