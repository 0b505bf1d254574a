/** How often a panel that reads every response is drawn anew. */
import { useRun } from '../run.ts';

/** More responses than this are worth a second's patience. */
const MANY = 20_000;

/** `ms`, or a second where the world has many responses. */
export function useRefreshMs(ms: number): number {
  return useRun((run) => (run.world !== null && run.world.responseCount > MANY ? 1000 : ms));
}
