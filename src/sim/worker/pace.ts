/**
 * How many updates are due, and how fast training goes: arithmetic on the loop's clock.
 *
 * With a wanted speed the updates made keep to (time since `start`) × speed. A gap longer than a
 * quarter of a second (a hidden page, a slow machine) is not caught up afterwards.
 */

/** Work that may be queued between two synchronisations, ms: a pause waits for it on a GPU. */
const QUEUE_MS = 25;
/** Most of a backlog that is still made up, s. */
const BACKLOG_S = 0.25;
/** The measured speed is renewed about this often, ms. */
const METER_MS = 500;

export interface Pace {
  /** Wanted updates per second; Infinity = flat out. */
  readonly speed: number;
  /** Measured updates per second, over the last half second of training; 0 before the first. */
  readonly rate: number;
  /** Training goes on now, after `step` updates, at a (new) wanted speed: the past does not count. */
  start(step: number, speed: number): void;
  /** Updates that the wanted speed asks for now. */
  due(step: number): number;
  /** Updates that may be queued before the next synchronisation, from how long past ones took; at least 1. */
  queueLimit(): number;
  /** A synchronised chunk of `count` updates took `ms`; `step` updates are made now. */
  made(count: number, ms: number, step: number): void;
}

/** @param now  the loop's clock, ms */
export function createPace(now: () => number): Pace {
  let speed = Infinity;
  let rate = 0;
  let base = { at: now(), step: 0 };
  let meter = { at: now(), step: 0 };
  let updateMs = QUEUE_MS;
  return {
    get speed() { return speed; },
    get rate() { return rate; },
    start(step, wanted) {
      speed = wanted;
      rate = 0;
      base = meter = { at: now(), step };
    },
    due(step) {
      if (speed === Infinity) return Infinity;
      const behind = Math.floor((now() - base.at) / 1000 * speed) - (step - base.step);
      const most = Math.max(1, Math.floor(speed * BACKLOG_S));
      if (behind <= most) return Math.max(0, behind);
      base = { at: now(), step: step + most };
      return most;
    },
    queueLimit: () => Math.max(1, Math.floor(QUEUE_MS / updateMs)),
    made(count, ms, step) {
      updateMs = 0.7 * updateMs + 0.3 * (ms / count);
      const elapsed = now() - meter.at;
      if (elapsed <= METER_MS) return;
      rate = (step - meter.step) * 1000 / elapsed;
      meter = { at: now(), step };
    },
  };
}
