/** The messages between page and the worker that tests the engine. */
import type { Experiment } from '../experiment.ts';
import type { BackendName } from './protocol.ts';

/** Asks a worker of its own (named `SELF_TEST_WORKER`) to test the engine on an experiment and a backend. */
export interface SelfTestRequest {
  type: 'self-test';
  experiment: Experiment;
  backend: BackendName;
}

/** One thing that was tested, with its numbers. */
export interface SelfTestRow {
  /** What is tested: "gradient of the loss". */
  name: string;
  /** How, in one sentence. */
  how: string;
  /** How far it is off, and how far it may be; both NaN where it was not run. */
  off: number;
  allowed: number;
  verdict: 'pass' | 'fail' | 'not-run';
  /** What was compared, or why it was not run. */
  note: string;
}

/** A row as soon as it is known; after the last one `done`. */
export type SelfTestEvent = { type: 'self-test-row'; row: SelfTestRow } | { type: 'self-test-done' } | { type: 'self-test-failed'; message: string };

/** A worker started under this name tests the engine instead of training. */
export const SELF_TEST_WORKER = 'dpo-lab self-test';
