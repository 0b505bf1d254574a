/** Trains the methods of a preset, each alone, to the end, over the preset's own seeds. */
import { metricIndex, type MetricId } from '../src/sim/metrics.ts';
import { methodsOf } from '../src/sim/methods.ts';
import { referenceCache } from '../src/sim/prepare.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import { contestOf, type Contest } from '../src/sim/duels.ts';
import { duelsOf } from '../src/sim/sideBySide.ts';
import { startRun, switchBackend } from './product.ts';

const cache = referenceCache(3);

export interface Trained {
  id: string;
  /** Of every seed at the end, and at update 0. */
  end(metric: MetricId): number[];
  start(metric: MetricId): number[];
  logps: Float64Array[];
}

/** The preset's methods by id, and the head-to-head of any two of them. */
export async function trainMethods(presetId: string): Promise<{ of(id: string): Trained; contest(a: string, b: string): Contest; seeds: number }> {
  await switchBackend('wasm');
  const preset = PRESETS.find(({ id }) => id === presetId);
  if (!preset?.methods) throw new Error(`no preset ${presetId} with methods`);
  const trained: Trained[] = [];
  let contest: ((a: string, b: string) => Contest) | undefined;
  const { seeds } = preset.experiment;
  for (const method of methodsOf(preset.methods)) {
    const run = await startRun(method.apply(preset.experiment), cache);
    const read = ({ metrics }: { metrics: Float64Array }) => (id: MetricId) => seeds.map((_, r) => metrics[metricIndex(id) * seeds.length + r]);
    const start = read(await run.measure());
    while (run.step < run.totalSteps) await run.update();
    const last = await run.measure();
    trained.push({ id: method.id, start, end: read(last), logps: last.logps });
    const { world, rewards } = run.prepared;
    contest ??= (a, b) => {
      const [first, second] = [a, b].map((id) => trained.find((own) => own.id === id)!.logps);
      return contestOf(duelsOf(world, [...first, ...second], rewards!, seeds, run.totalSteps), seeds.length, 0, 1);
    };
    run.dispose();
  }
  return { of: (id) => trained.find((own) => own.id === id)!, contest: contest!, seeds: seeds.length };
}
