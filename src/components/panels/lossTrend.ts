/** What the loss has done so far, in words that are true of the numbers. Pure. */
import { msg } from '../../sim/msg.ts';


/** Less than this share of its start is not yet a fall to speak of. */
const WORTH_SAYING = 0.1;
/** A rise of more than this share of the fall so far is called a rise. */
const NOTABLE = 0.05;

/** @param medians  the loss over the kept updates, oldest first */
export function lossTrend(medians: readonly number[]): string {
  if (medians.length === 0) return msg`the loss`;
  const last = medians[medians.length - 1];
  if (!Number.isFinite(last)) return msg`the loss is no longer a number`;
  const start = medians[0];
  let low = start;
  let rise = 0;
  for (const value of medians) {
    low = Math.min(low, value);
    rise = Math.max(rise, value - low);
  }
  const fall = start - low;
  const scale = Math.max(Math.abs(start), 1e-9);
  if (fall < 0.01 * scale && rise < 0.01 * scale) return medians.length < 2 ? msg`the loss` : msg`the loss, hardly moving`;
  if (last > start + 0.01 * scale) return msg`the loss, above where it began`;
  if (rise <= NOTABLE * fall) return fall >= WORTH_SAYING * scale ? msg`the loss, falling politely` : msg`the loss`;
  return last - low > NOTABLE * fall ? msg`the loss, rising again` : msg`the loss, falling with bumps`;
}

/** Label of the loss at update 0: "log 2" where it is ln 2. */
export function isLogTwo(value: number): boolean {
  return Math.abs(value - Math.LN2) < 1e-5;
}
