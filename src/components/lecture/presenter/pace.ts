/** Time in a talk: what was planned, what has passed, in words. Pure. */
import { msg } from '../../../sim/msg.ts';

/** The plan for the present step, from the clock's start on, minutes: it should begin at `from` and end at `to`. @param startedAt  the step at which the clock was started */
export function planned(minutes: readonly number[], at: number, startedAt: number): { from: number; to: number } {
  const sum = (upTo: number) => minutes.slice(startedAt, upTo).reduce((total, each) => total + each, 0);
  return { from: sum(at), to: sum(at + 1) };
}

/** "on time", to half a minute, or by how many minutes before or behind the plan. @param elapsed  minutes */
export function paceWords({ from, to }: { from: number; to: number }, elapsed: number): string {
  const behind = Math.round(elapsed - to);
  const ahead = Math.round(from - elapsed);
  if (behind > 0) return msg`${behind} min behind the plan`;
  if (ahead > 0) return msg`${ahead} min ahead of the plan`;
  return msg`on time`;
}

/** "12:34", "1:02:03". @param ms  at least 0 */
export function elapsedText(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** "14:05", the time of day on this machine's clock. */
export function clockText(time: number): string {
  const date = new Date(time);
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}
