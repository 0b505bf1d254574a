/** What the card says of predictions that were not scored. Pure. */
import type { VoidReason } from './predictStore.ts';

const VOID: Record<VoidReason, string> = {
  changed: 'The experiment was changed before its last update: the prediction is void.',
  over: 'The run was started over before its last update: the prediction is taken back.',
  stopped: 'The run stopped before its last update: there is nothing to compare the prediction with.',
  undefined: 'A number that the question asks for is not finite at the last update: there is nothing to compare the prediction with.',
};

export function voidWords(why: VoidReason): string {
  return VOID[why];
}
