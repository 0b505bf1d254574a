/** The messages between page and the worker that records a run for a PyTorch script. */
import type { Experiment } from '../experiment.ts';
import type { BackendName, KnobsAt } from './protocol.ts';

/** Asks a worker of its own (named `SCRIPT_WORKER`) for the script of a run. */
export interface ScriptRequest {
  type: 'script';
  experiment: Experiment;
  /** β and learning rate as they were changed while the run on screen went on. */
  changes: KnobsAt[];
  /** Where the run on screen trains. */
  backend: BackendName;
}

/** How far it is, 0 to 1, with words; then the script, with what of the run it does not compare, or a sentence why there is none. */
export type ScriptEvent =
  | { type: 'script-progress'; done: number; words: string }
  | { type: 'script-done'; script: string; note: string | null }
  | { type: 'script-failed'; message: string };

/** A worker started under this name records a run for a script instead of training for the page. */
export const SCRIPT_WORKER = 'dpo-lab script';
