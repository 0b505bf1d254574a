/**
 * One run in the worker: training in between looks at what the page wants.
 *
 * Rules: chunks of at most about 8 ms between looks at the inbox; one frame in flight, and at most a
 * third of the time spent on frames; at most about 25 ms of queued updates between two
 * synchronisations, so that a pause is prompt on a GPU too.
 */
import { msg } from '../msg.ts';
import { RunFault, type Clock, type CreateRun, type EngineRun, type FoundFault } from './loopParts.ts';
import { createPace } from './pace.ts';
import { createPast } from './past.ts';
import { createPoints } from './points.ts';
import type { Command, Event, RunState } from './protocol.ts';
import { createSeeks } from './seeks.ts';
import { take, wantsAnything, wishesOf } from './wishes.ts';

const CHUNK_MS = 8;
const FRAME_MS = 33;
const SNAPSHOT_MS = 2000;

export interface Session {
  readonly id: number;
  handle(command: Command): void;
  /** Ends the session; it sends nothing from now on. */
  stop(): void;
  /** Resolves when the session is over and its engine disposed; never rejects. */
  run(): Promise<void>;
}

export function createSession(
  start: Extract<Command, { type: 'start' }>, post: (event: Event) => void, createRun: CreateRun, clock: Clock,
): Session {
  const id = start.run;
  const wishes = wishesOf(start);
  let frameWanted = true;
  let fault: FoundFault | null = null;
  let announced: RunState | null = null;
  let wake = () => {};

  function send(event: Event) {
    if (!wishes.stopped) post(event);
  }

  function announce(state: RunState, step: number) {
    announced = state;
    send({ type: 'state', run: id, state, step });
  }

  function handle(command: Command) {
    take(wishes, command);
    wake();
  }

  async function run(): Promise<void> {
    if (wishes.stopped) return;
    let engine: EngineRun | null = null;
    try {
      announce('starting', 0);
      engine = await createRun({
        experiment: start.experiment,
        others: start.others ?? [],
        backend: start.backend,
        onProgress: async (progress) => { send({ type: 'progress', run: id, progress }); await clock.yield(); },
        onBackend: (report) => send({ type: 'backend', run: id, report }),
        isStale: () => wishes.stopped,
        onFault: (found) => { fault = found; wake(); },
      });
      if (!wishes.stopped) await loop(engine);
    } catch (error) {
      fail(error, engine?.step ?? 0);
    } finally {
      try { engine?.dispose(); } catch { /* a lost device has nothing to free */ }
    }
  }

  /** The first of: an error that is a sentence, a fault that no exception told of, any other error. */
  function fail(error: unknown, step: number) {
    let found = fault;
    if (error instanceof RunFault) found = { kind: error.kind, sentence: error.message, nextBackend: error.nextBackend };
    const words = error instanceof Error ? error.message : String(error);
    found ??= { kind: 'internal', sentence: msg`The engine stopped at update ${step}: ${words.replace(/\.$/, '')}.`, nextBackend: null };
    send({ type: 'fault', run: id, fault: { ...found, step } });
    announce('failed', step);
  }

  function throwFault() {
    if (fault) throw new RunFault(fault.kind, fault.sentence, fault.nextBackend);
  }

  async function loop(engine: EngineRun): Promise<void> {
    const origin = await engine.snapshot();
    const pace = createPace(() => clock.now());
    const points = createPoints(engine, () => clock.now());
    let { from } = start;
    let snapshotAt = clock.now();
    let lastFrame = -Infinity;
    let frameMs = 0;
    if (from && start.forkOf) {
      engine.adopt(from, start.forkOf);
      from = await engine.snapshot();
    } else if (from) engine.restore(from);
    const past = createPast(engine, origin, { from, to: start.to }, () => clock.now());
    /** Update of the snapshot that the page has, NaN where it is not one of here. */
    let snapshotStep = from?.step ?? origin.step;
    const seeks = createSeeks({
      engine, past, wishes, run: id, now: () => clock.now(), send, sendSnapshot,
      arrived: showAgain, moved: () => { snapshotStep = NaN; },
    });
    send({ type: 'view', run: id, view: engine.view(wishes.focus) });
    send({ type: 'snapshot', run: id, snapshot: from ?? origin });
    // On its way elsewhere it is shown only there: the curves begin here all the same.
    if (start.to && !from) await points.begin();

    /** Sends a frame; false when the numbers broke (the fault has been sent). */
    async function sendFrame(): Promise<boolean> {
      const seen = wishes.focus;
      const begin = clock.now();
      const { notFinite, ...frame } = await engine.frame(seen);
      throwFault();
      frameWanted = false;
      lastFrame = clock.now();
      frameMs = lastFrame - begin;
      wishes.credit = 0;
      const furthest = notFinite === null ? past.furthest : frame.step;
      send({ type: 'frame', run: id, frame: { ...frame, focus: seen, between: points.take(), updatesPerSecond: wishes.playing ? pace.rate : 0, furthest } });
      if (notFinite !== null) {
        await sendSnapshot();
        send({ type: 'fault', run: id, fault: { kind: 'not-finite', sentence: notFinite, step: frame.step, nextBackend: null } });
        announce('failed', frame.step);
        return false;
      }
      seeks.shown();
      // Only here, right after numbers that were seen to be finite: a snapshot is what a run goes back to.
      if (clock.now() - snapshotAt > SNAPSHOT_MS) await sendSnapshot();
      return true;
    }

    async function sendSnapshot() {
      snapshotAt = clock.now();
      const snapshot = await engine.snapshot();
      snapshotStep = snapshot.step;
      past.keep(snapshot);
      send({ type: 'snapshot', run: id, snapshot });
    }

    /** Updates one after another until the chunk, the queue or the wanted speed says stop. */
    async function train() {
      const begin = clock.now();
      const { seek: target } = wishes;
      const stepping = target === null && wishes.steps > 0;
      // Commands come in while an update samples: what they ended is not gone on with.
      const wanted = () => !wishes.stopped && !wishes.reset && wishes.seek === target && (target !== null || (stepping ? wishes.steps > 0 : wishes.playing));
      const due = target !== null ? target - engine.step : stepping ? wishes.steps : pace.due(engine.step);
      const allowed = Math.min(due, engine.totalSteps - engine.step, pace.queueLimit(), points.untilNext(engine.step), past.untilNext(engine.step));
      if (allowed === 0) {
        await clock.sleep(Math.min(16, 1000 / pace.speed));
        return;
      }
      const { isNew } = past;
      let made = 0;
      do {
        await engine.update();
        made++;
        if (stepping && wishes.steps > 0) wishes.steps--;
      } while (made < allowed && wanted() && clock.now() - begin < CHUNK_MS);
      frameWanted = true;
      await engine.sync();
      const ms = clock.now() - begin;
      pace.made(made, ms, engine.step);
      await past.collect(ms);
      if (isNew) await points.collect(ms);
      await seeks.follow();
    }

    /** Carries out what the page asked for since the last look. */
    async function obey() {
      if (!wishes.retune || wishes.retune.afterSeek) await seeks.steer();
      if (wishes.retune && (!wishes.retune.afterSeek || wishes.seek === null)) {
        // Going back means replaying updates, and those were made with the old knobs.
        if (engine.step !== snapshotStep) await sendSnapshot();
        const { beta, learningRate } = wishes.retune;
        const knobs = { beta, learningRate };
        const refusal = engine.retune(knobs);
        wishes.retune = null;
        if (refusal !== null) send({ type: 'refused', run: id, message: refusal });
        else {
          past.retuned(knobs);
          send({ type: 'retuned', run: id, step: engine.step, ...knobs });
          wishes.focusChanged = true;
        }
      }
      if (wishes.reset) {
        wishes.reset = false;
        engine.restore(origin);
        past.restart();
        points.take();
        snapshotStep = origin.step;
        send({ type: 'snapshot', run: id, snapshot: origin });
        showAgain();
      }
      if (wishes.focusChanged) {
        wishes.focusChanged = false;
        frameWanted = true;
        lastFrame = -Infinity;
        send({ type: 'view', run: id, view: engine.view(wishes.focus) });
      }
    }

    /** The page is to see where the run is now, and in which state. */
    function showAgain() {
      frameWanted = true;
      lastFrame = -Infinity;
      announced = null;
    }

    /** Resolves at the next command or fault; at once when one came while the loop was busy. */
    function news(): Promise<void> {
      return new Promise((resolve) => {
        wake = resolve;
        if (fault || wantsAnything(wishes)) resolve();
      });
    }

    while (!wishes.stopped) {
      throwFault();
      await obey();
      const seeking = wishes.seek !== null;
      const finished = !seeking && engine.step >= engine.totalSteps;
      if (finished) { wishes.playing = false; wishes.steps = 0; }
      const busy = seeking || wishes.playing || wishes.steps > 0;
      const frameDue = frameWanted && !seeking && (!busy || clock.now() - lastFrame >= Math.max(FRAME_MS, 2 * frameMs));
      if (frameDue && wishes.credit > 0 && !(await sendFrame())) return;
      if (busy) {
        const begins = !seeking && wishes.playing && announced !== 'running';
        if (begins || wishes.speed !== pace.speed) pace.start(engine.step, wishes.speed);
        if (begins) announce('running', engine.step);
        await train();
        await clock.yield();
        continue;
      }
      const state = finished ? 'done' : 'paused';
      if (!frameWanted) {
        seeks.shown();
        const isNews = announced !== state;
        if (isNews) announce(state, engine.step);
        // Where it stands still the page has its state: to recover from, to fork.
        if (isNews || snapshotStep !== engine.step) await sendSnapshot();
      }
      await news();
    }
  }

  return { id, handle, run, stop: () => { wishes.stopped = true; wake(); } };
}
