/**
 * Metrics between frames, on a fixed grid of updates, so that charts do not depend on how often the
 * page draws: a run of N updates has a point at least every N/100 updates, wherever that is cheap.
 */
import type { EngineRun } from './loopParts.ts';
import type { Point } from './protocol.ts';

/** Grid points per run. */
const POINTS = 100;

export interface Points {
  /** Updates that may be made before the next grid point. */
  untilNext(step: number): number;
  /** Measures where the run is, whatever the grid says: where it begins without being shown. */
  begin(): Promise<void>;
  /** `ms` of training went by; measures if `engine.step` is on the grid and measuring keeps to half of the time. */
  collect(ms: number): Promise<void>;
  /** What was collected since the last call. */
  take(): Point[];
}

/** @param now  the loop's clock, ms */
export function createPoints(engine: EngineRun, now: () => number): Points {
  const spacing = Math.max(1, Math.ceil(engine.totalSteps / POINTS));
  let collected: Point[] = [];
  let trainedMs = 0;
  let costMs = 0;
  return {
    untilNext: (step) => (engine.point ? spacing - step % spacing : Infinity),
    async begin() {
      const point = await engine.point?.();
      if (point) collected.push(point);
    },
    async collect(ms) {
      trainedMs += ms;
      if (!engine.point || engine.step % spacing !== 0 || trainedMs < costMs) return;
      const begin = now();
      const point = await engine.point();
      if (point) collected.push(point);
      costMs = now() - begin;
      trainedMs = 0;
    },
    take() {
      const taken = collected;
      collected = [];
      return taken;
    },
  };
}
