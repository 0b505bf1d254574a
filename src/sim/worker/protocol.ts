/**
 * The messages between page and worker: plain, typed, tagged with the run they belong to.
 *
 * One frame is in flight at a time: the worker sends the next only after the page's `ack`.
 * A message of a run that has been replaced is dropped (`isCurrent`).
 */
import type { Experiment } from '../experiment.ts';

export const BACKENDS = ['webgpu', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** Which policy the per-response arrays show: one seed, or the mean of the probabilities over seeds. */
export interface Focus {
  /** Index into experiment.seeds; null = mean over seeds. */
  seedIndex: number | null;
  /** Index into the sweep's combinations (0 without a sweep). */
  sweepIndex: number;
}

/** starting: backend and reference are being prepared; done: `steps` updates were made. */
export type RunState = 'starting' | 'paused' | 'running' | 'done' | 'failed';

export interface Snapshot {
  step: number;
  /** Parameters and optimiser state, one array per tensor, in the trainer's order. */
  tensors: { name: string; shape: number[]; data: Float32Array }[];
}

export type Command =
  | { type: 'start'; run: number; experiment: Experiment; backend: BackendName | null; play: boolean; updatesPerSecond: number; focus: Focus; from?: Snapshot }
  | { type: 'play'; run: number }
  | { type: 'pause'; run: number }
  | { type: 'step'; run: number; count: number }
  /** Wanted speed; Infinity = flat out. */
  | { type: 'speed'; run: number; updatesPerSecond: number }
  /** Back to update 0, the reference. */
  | { type: 'reset'; run: number; play: boolean }
  /** New β and/or learning rate from the next update on (all policies; refused while that knob is swept). */
  | { type: 'retune'; run: number; beta?: number; learningRate?: number }
  | { type: 'focus'; run: number; focus: Focus }
  | { type: 'ack'; run: number }
  | { type: 'dispose'; run: number };

export interface BackendTrial {
  name: BackendName;
  /** Updates of the whole population per second, measured on this machine; null = not available. */
  updatesPerSecond: number | null;
  /** Why it is not available, or what kind of adapter it is. */
  note: string;
}

export interface BackendReport {
  name: BackendName;
  /** One sentence: why this backend runs. */
  reason: string;
  trials: BackendTrial[];
}

export interface Progress {
  stage: 'backend' | 'reference';
  /** 0..1 */
  done: number;
  /** e.g. "fitting π_ref: update 400 of at most 6000, KL 0.013". */
  detail: string;
}

/** What stays the same between frames for one focus and β. All arrays [Y], natural logs. */
export interface View {
  focus: Focus;
  /** β the arrays were computed with. */
  beta: number;
  refLogps: Float64Array;
  /** log π*(y|x) for the gold reward; null without gold. */
  optimalLogps: Float64Array | null;
  /** Gold reward per response; null without gold. */
  gold: Float64Array | null;
  /** Index into GROUPS per response. */
  groups: Uint8Array;
  /** KL(target‖π_ref) per policy, [R], nats. */
  referenceKl: Float64Array;
}

/** The metrics of one moment. */
export interface Point {
  step: number;
  /** [M, R] row-major in the order of METRICS. */
  metrics: Float64Array;
}

export interface Frame {
  /** Updates made. */
  step: number;
  /** [M, R] row-major in the order of METRICS; NaN where a metric does not apply. */
  metrics: Float64Array;
  /** log π(y|x) of the focused policy (or log of the mean probability), [Y]. */
  logps: Float64Array;
  focus: Focus;
  /** Moments since the previous frame, ascending, on a fixed grid of updates; empty where reading back is dear (a GPU). */
  between: Point[];
  /** Measured speed of the population, updates per second, over the last second of training; 0 when paused. */
  updatesPerSecond: number;
}

export interface Fault {
  kind: 'not-finite' | 'device-lost' | 'gpu-validation' | 'worker-crashed' | 'backend-failed' | 'internal';
  /** One sentence for the reader. */
  sentence: string;
  /** Update at which it happened. */
  step: number;
  /** Backend that would be tried next, if any. */
  nextBackend: BackendName | null;
}

export type Event =
  | { type: 'backend'; run: number; report: BackendReport }
  | { type: 'progress'; run: number; progress: Progress }
  | { type: 'view'; run: number; view: View }
  | { type: 'frame'; run: number; frame: Frame }
  | { type: 'state'; run: number; state: RunState; step: number }
  | { type: 'snapshot'; run: number; snapshot: Snapshot }
  | { type: 'fault'; run: number; fault: Fault }
  /** New knobs act from the update after `step` on. */
  | { type: 'retuned'; run: number; step: number; beta?: number; learningRate?: number }
  /** A command or experiment that cannot be carried out; nothing was changed. */
  | { type: 'refused'; run: number; message: string };

/** True when a message belongs to the run that is shown now; late messages of a replaced run are dropped. */
export function isCurrent(message: { run: number }, run: number): boolean {
  return message.run === run;
}
