/** The presets, in the order of the picker; the first is what opens. */
import { balancedPairs } from './balanced-pairs.ts';
import { distantPairs } from './distant-pairs.ts';
import { nearPairs } from './near-pairs.ts';
import type { Preset } from './preset.ts';
import { strongTie } from './strong-tie.ts';
import { tabularControl } from './tabular-control.ts';
import { theTheThe } from './the-the-the.ts';

export type { Preset };

export const PRESETS: readonly Preset[] = [theTheThe, strongTie, tabularControl, nearPairs, distantPairs, balancedPairs];
