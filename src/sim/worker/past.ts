/**
 * What a run needs to go to any update it has been at: kept states, and the changes of its knobs.
 *
 * A state is restored from the nearest one kept before it and updates made again; every update is a function of state,
 * seed, number and knobs, so it comes out bit for bit as it was, on the same backend. What lies beyond the present stays
 * on record until a knob is changed: then it is another run from here on.
 *
 * Keeping states takes at most a tenth of the training time, whatever reading back costs (on a GPU some milliseconds):
 * where it would take more, fewer are kept and going back makes more updates again.
 */
import { msg } from '../msg.ts';
import { keptStates } from './keptStates.ts';
import type { EngineRun } from './loopParts.ts';
import type { Course, KnobsAt, Snapshot } from './protocol.ts';

/** States kept per run, before the bound in bytes: as many as charts have grid points. */
const STATES = 100;
/** Training time per time spent on keeping states. */
const TRAINING_SHARE = 9;

type Knobs = Omit<KnobsAt, 'step'>;

export interface Past {
  /** The furthest update on record. */
  readonly furthest: number;
  /** Whether the run has never been further than it is now. */
  readonly isNew: boolean;
  /** Changes of knobs in force now; those never changed are left out. */
  readonly knobs: Knobs;
  /** Why the run cannot go to an update, in a sentence; null when it can. */
  refusal(target: number): string | null;
  /** Updates that may be made before something is to be done: a state is due, a change of knobs is on record, new ground begins. */
  untilNext(step: number): number;
  /** Goes back to where `target` is come to by going on: a state that was kept, or the present one (false: it did not move). */
  rewind(target: number): Promise<boolean>;
  /** Updates were made in `ms`: keeps the state if it is due and affordable. */
  collect(ms: number): Promise<void>;
  keep(state: Snapshot): void;
  /** Whether a change of knobs is on record here that is not in force yet; `follow` makes it. */
  readonly changes: boolean;
  follow(): void;
  /** The engine was given new knobs: a new future begins. */
  retuned(knobs: Knobs): void;
  /** The engine is at the reference again, with the knobs it has: a new run. */
  restart(): void;
}

/**
 * @param origin  update 0
 * @param start   where the run began instead, and what is on record already
 * @param now     the loop's clock, ms
 */
export function createPast(engine: EngineRun, origin: Snapshot, start: { from?: Snapshot; to?: Course }, now: () => number): Past {
  const spacing = Math.max(1, Math.ceil(engine.totalSteps / STATES));
  let first = start.from ?? origin;
  let states = keptStates(first, spacing);
  let changes: KnobsAt[] = start.to?.changes ?? [];
  let inForce: Knobs = {};
  let visited = first.step;
  let recorded = start.to?.furthest ?? 0;
  let trainedMs = 0;
  let costMs = 0;

  const knobsAt = (step: number): Knobs => changes.filter((change) => change.step <= step).reduce(withChange, {});

  function tune(wanted: Knobs): boolean {
    if (sameKnobs(wanted, inForce)) return false;
    if ((['beta', 'learningRate'] as const).some((key) => wanted[key] === undefined && inForce[key] !== undefined)) engine.untune();
    if (Object.keys(wanted).length > 0) engine.retune(wanted);
    inForce = wanted;
    return true;
  }

  return {
    get furthest() { return Math.max(visited, recorded); },
    get isNew() { return engine.step >= visited; },
    get knobs() { return inForce; },
    refusal(target) {
      const furthest = Math.max(visited, recorded);
      if (Number.isInteger(target) && target >= first.step && target <= furthest) return null;
      const since = first.step > 0 ? msg`, because it began at update ${first.step} with the state of another run` : '';
      const range = first.step === furthest ? msg`at update ${furthest} only` : msg`from update ${first.step} to update ${furthest}`;
      return msg`This run can be shown ${range}${since}; asked for was update ${target}.`;
    },
    untilNext(step) {
      const change = changes.find((each) => each.step > step);
      return Math.min(states.spacing - step % states.spacing, change ? change.step - step : Infinity, step < visited ? visited - step : Infinity);
    },
    async rewind(target) {
      // How an update was made is known only by making it.
      const tells = engine.tellsUpdate === true && target > first.step;
      const nearest = states.nearest(tells ? target - 1 : target);
      if (engine.step === target || (engine.step < target && engine.step >= nearest.step)) return false;
      engine.restore(nearest);
      tune(knobsAt(nearest.step));
      if (tells) await engine.update();
      return true;
    },
    async collect(ms) {
      visited = Math.max(visited, engine.step);
      trainedMs += ms;
      if (!states.isDue(engine.step) || trainedMs < TRAINING_SHARE * costMs) return;
      const begin = now();
      const state = await engine.state();
      if (state) states.keep(state);
      costMs = now() - begin;
      trainedMs = 0;
    },
    keep: (state) => states.keep(state),
    get changes() { return changes.some(({ step }) => step === engine.step) && !sameKnobs(knobsAt(engine.step), inForce); },
    follow() { tune(knobsAt(engine.step)); },
    retuned(knobs) {
      const { step } = engine;
      const [here] = changes.filter((change) => change.step === step);
      changes = [...changes.filter((change) => change.step < step), { step, ...withChange(here ?? {}, knobs) }];
      inForce = withChange(inForce, knobs);
      states.dropAfter(step);
      visited = step;
      recorded = step;
    },
    restart() {
      first = origin;
      states = keptStates(origin, spacing);
      changes = Object.keys(inForce).length > 0 ? [{ step: 0, ...inForce }] : [];
      visited = 0;
      recorded = 0;
    },
  };
}

/** Knobs with some of them changed; nothing is said of those that never were. */
function withChange(knobs: Knobs, { beta, learningRate }: Knobs): Knobs {
  return { ...knobs, ...(beta === undefined ? {} : { beta }), ...(learningRate === undefined ? {} : { learningRate }) };
}

function sameKnobs(a: Knobs, b: Knobs): boolean {
  return a.beta === b.beta && a.learningRate === b.learningRate;
}
