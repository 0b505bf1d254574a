/** The presets, in the order of the picker; the first is what opens. */
import type { Experiment } from '../experiment.ts';
import { balancedPairs } from './balanced-pairs.ts';
import { distantPairs } from './distant-pairs.ts';
import { nearPairs } from './near-pairs.ts';
import { strongTie } from './strong-tie.ts';
import { tabularControl } from './tabular-control.ts';
import { theTheThe } from './the-the-the.ts';

/** One experiment with what it shows; the claim is a test over its seeds (tests/presets.test.ts). */
export interface Preset {
  /** Its name in links. */
  id: string;
  title: string;
  /** What to predict before pressing Play. */
  question: string;
  /** What to look for while it runs. */
  lookFor: string;
  experiment: Experiment;
}

export const PRESETS: readonly Preset[] = [theTheThe, strongTie, tabularControl, nearPairs, distantPairs, balancedPairs];
