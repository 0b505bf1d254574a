/** What the worker's loop (serve.ts) is given: a way to make runs, and a clock. */
import type { Experiment } from '../experiment.ts';
import type { BackendName, BackendReport, Fault, Focus, Frame, Point, Progress, Snapshot, View } from './protocol.ts';

/** What a frame shows of a run. */
export type Picture = Omit<Frame, 'focus' | 'between' | 'updatesPerSecond' | 'furthest'>;

/** What the loop needs of a run. */
export interface EngineRun {
  readonly step: number;
  readonly totalSteps: number;
  /** Makes one update; a promise where it has to sample from the policy first. */
  update(): void | Promise<void>;
  sync(): Promise<void>;
  /** Exact numbers of now; `notFinite` names what broke, or is null. */
  frame(focus: Focus): Promise<Picture & { notFinite: string | null }>;
  /** The metrics alone, null when they are not finite; absent where reading back is dear. */
  point?(): Promise<Point | null>;
  view(focus: Focus): View;
  /** A sentence when the knobs cannot be changed while running; nothing is changed then. */
  retune(knobs: { beta?: number; learningRate?: number }): string | null;
  /** The knobs are the experiment's own again. */
  untune(): void;
  snapshot(): Promise<Snapshot>;
  restore(snapshot: Snapshot): void;
  /** The state of now, to come back to; null when its numbers are not finite. */
  state(): Promise<Snapshot | null>;
  /** True where a frame tells how the last update was made, which no snapshot holds (PPO). */
  readonly tellsUpdate?: boolean;
  /** Begins with the state of a run of another experiment, `parent`. */
  adopt(snapshot: Snapshot, parent: Experiment): void;
  dispose(): void;
}

export interface RunRequest {
  experiment: Experiment;
  /** Trained side by side with it; usually none. */
  others: readonly Experiment[];
  backend: BackendName | null;
  onProgress: (progress: Progress) => void | Promise<void>;
  onBackend: (report: BackendReport) => void;
  /** True as soon as the run has been replaced: give up early. */
  isStale: () => boolean;
  /** A fault that no exception tells of (device loss, GPU validation). */
  onFault: (fault: FoundFault) => void;
}

/** A fault before it is known at which update it was noticed. */
export type FoundFault = Pick<Fault, 'kind' | 'sentence' | 'nextBackend'>;

export type CreateRun = (request: RunRequest) => Promise<EngineRun>;

/** An error that already is a sentence for the reader. */
export class RunFault extends Error {
  constructor(readonly kind: Fault['kind'], sentence: string, readonly nextBackend: BackendName | null) {
    super(sentence);
  }
}

export interface Clock {
  now(): number;
  /** Lets messages in; resolves as soon as possible. */
  yield(): Promise<void>;
  sleep(ms: number): Promise<void>;
}
