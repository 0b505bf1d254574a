/** The state of the run as a report holds it. */
import { minimalExperiment } from '../../sim/experimentPrint.ts';
import { METRICS, type MetricId } from '../../sim/metrics.ts';
import { metricOf } from '../../sim/focus.ts';
import { onlineStoryOf } from '../../sim/onlineStory.ts';
import type { RunStore } from '../../sim/runStore.ts';
import { headline } from '../../sim/sentences.ts';
import { onlineSentence } from '../../sim/sentences6.ts';
import { storyOf } from '../../sim/story.ts';
import { responseText } from '../../sim/world.ts';
import { readyRun, type ReadyRun } from '../chapter/ready.ts';
import type { LabStore } from '../labStore.ts';
import { linkOf } from '../link.ts';
import type { Evidence } from './report.ts';

const TOP = 8;

/** What the run shows now; null while it shows nothing. */
export function evidenceOf(run: RunStore, lab: LabStore): Evidence | null {
  const status = run.getState();
  const ready = readyRun(status);
  const { experiment, others, backend } = status;
  if (!ready || !experiment || !backend) return null;
  const { frame: { step } } = ready;
  return {
    link: linkOf(run, lab, { step, path: false }), experiments: [experiment, ...others].map(minimalExperiment), seeds: experiment.seeds, backend: backend.name, step,
    headline: sentenceOf(ready), metrics: metricsOf(ready), top: topOf(ready),
  };
}

/** The sentence over the charts, as the chapters of the path say it. */
export function sentenceOf(ready: ReadyRun): string {
  const fragments = ready.experiment.algorithm.kind === 'online-dpo' ? onlineSentence(onlineStoryOf(ready)) : headline(storyOf(ready));
  return fragments.map(({ text }) => text).join('');
}

function metricsOf({ frame, policyCount }: ReadyRun): Evidence['metrics'] {
  const policies = Array.from({ length: policyCount }, (_, r) => r);
  const rows = METRICS.map(({ id }): [MetricId, number[]] => [id, metricOf(frame.metrics, policyCount, id, policies)]);
  return Object.fromEntries(rows.filter(([, values]) => values.every(Number.isFinite)));
}

/** The most probable responses of what is in focus, descending. */
export function topOf({ world, frame: { logps } }: ReadyRun): Evidence['top'] {
  const order = Array.from(logps.keys()).filter((y) => Number.isFinite(logps[y])).sort((a, b) => logps[b] - logps[a] || a - b).slice(0, TOP);
  return order.map((y) => ({ response: responseText(world, y), probability: Math.min(1, Math.exp(logps[y])) }));
}
