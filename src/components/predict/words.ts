/** What the card says of predictions that were not scored. Pure. */
import { msg } from '../../sim/msg.ts';
import type { VoidReason } from './predictStore.ts';

const VOID: Record<VoidReason, string> = {
  changed: msg`The experiment was changed before its last update: the prediction is void.`,
  over: msg`The run was started over before its last update: the prediction is taken back.`,
  stopped: msg`The run stopped before its last update: there is nothing to compare the prediction with.`,
  undefined: msg`A number that the question asks for is not finite at the last update: there is nothing to compare the prediction with.`,
};

export function voidWords(why: VoidReason): string {
  return VOID[why];
}
