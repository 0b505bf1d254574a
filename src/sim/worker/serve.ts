/**
 * The worker's loop: commands in, frames out, training in between.
 *
 * Knows no tfjs, no Worker and no timer: it gets a port, a way to make runs and a clock, so tests
 * drive it through a real MessageChannel. Rules: chunks of at most about 8 ms between looks at the
 * inbox; one frame in flight, and at most a third of the time spent on frames; at most about 25 ms
 * of queued updates between two synchronisations, so that a pause is prompt on a GPU too.
 */
import { onMessages, post, type MessageTarget } from './endpoint.ts';
import { RunFault, type Clock, type CreateRun, type EngineRun, type FoundFault } from './loopParts.ts';
import { createPace } from './pace.ts';
import { createPoints } from './points.ts';
import type { Command, Event, RunState } from './protocol.ts';

const CHUNK_MS = 8;
const FRAME_MS = 33;
const SNAPSHOT_MS = 2000;

/**
 * Serves runs on a port until the worker ends: one run at a time, a new `start` replaces the present one.
 * Every failure becomes a `fault` event; nothing is thrown.
 */
export function serve(port: MessageTarget, createRun: CreateRun, clock: Clock): void {
  let session: Session | null = null;
  let starting: Promise<void> = Promise.resolve();
  onMessages<Command>(port, (command) => {
    if (command.type === 'start') {
      session?.stop();
      const next = createSession(command, (event) => post(port, event), createRun, clock);
      session = next;
      // One engine: the next run starts only after the previous one has let go of its tensors.
      starting = starting.then(() => next.run());
    } else if (session?.id === command.run) {
      session.handle(command);
    }
  });
}

interface Session {
  readonly id: number;
  handle(command: Command): void;
  /** Ends the session; it sends nothing from now on. */
  stop(): void;
  /** Resolves when the session is over and its engine disposed; never rejects. */
  run(): Promise<void>;
}

function createSession(
  start: Extract<Command, { type: 'start' }>, post: (event: Event) => void, createRun: CreateRun, clock: Clock,
): Session {
  const id = start.run;
  let stopped = false;
  let playing = start.play;
  let stepsWanted = 0;
  let resetWanted = false;
  let frameWanted = true;
  let credit = 1;
  let speed = start.updatesPerSecond;
  let focus = start.focus;
  let retuneWanted: { beta?: number; learningRate?: number } | null = null;
  let focusChanged = false;
  let fault: FoundFault | null = null;
  let announced: RunState | null = null;
  let wake = () => {};

  function send(event: Event) {
    if (!stopped) post(event);
  }

  function announce(state: RunState, step: number) {
    announced = state;
    send({ type: 'state', run: id, state, step });
  }

  function handle(command: Command) {
    switch (command.type) {
      case 'play': playing = true; break;
      case 'pause': playing = false; stepsWanted = 0; break;
      case 'step': playing = false; stepsWanted += command.count; break;
      case 'speed': speed = command.updatesPerSecond; break;
      case 'reset': resetWanted = true; playing = command.play; stepsWanted = 0; break;
      case 'retune': retuneWanted = { beta: command.beta ?? retuneWanted?.beta, learningRate: command.learningRate ?? retuneWanted?.learningRate }; break;
      case 'focus': focus = command.focus; focusChanged = true; break;
      case 'ack': credit = 1; break;
      case 'dispose': stopped = true; break;
      case 'start': break;
    }
    wake();
  }

  async function run(): Promise<void> {
    if (stopped) return;
    let engine: EngineRun | null = null;
    try {
      announce('starting', 0);
      engine = await createRun({
        experiment: start.experiment,
        others: start.others ?? [],
        backend: start.backend,
        onProgress: async (progress) => { send({ type: 'progress', run: id, progress }); await clock.yield(); },
        onBackend: (report) => send({ type: 'backend', run: id, report }),
        isStale: () => stopped,
        onFault: (found) => { fault = found; wake(); },
      });
      if (!stopped) await loop(engine);
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
    found ??= { kind: 'internal', sentence: `The engine stopped at update ${step}: ${words.replace(/\.$/, '')}.`, nextBackend: null };
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
    let snapshotAt = clock.now();
    let snapshotStep = start.from?.step ?? origin.step;
    let lastFrame = -Infinity;
    let frameMs = 0;
    if (start.from) engine.restore(start.from);
    send({ type: 'view', run: id, view: engine.view(focus) });
    send({ type: 'snapshot', run: id, snapshot: start.from ?? origin });

    /** Sends a frame; false when the numbers broke (the fault has been sent). */
    async function sendFrame(): Promise<boolean> {
      const seen = focus;
      const begin = clock.now();
      const { notFinite, ...frame } = await engine.frame(seen);
      throwFault();
      frameWanted = false;
      lastFrame = clock.now();
      frameMs = lastFrame - begin;
      credit = 0;
      send({ type: 'frame', run: id, frame: { ...frame, focus: seen, between: points.take(), updatesPerSecond: playing ? pace.rate : 0 } });
      if (notFinite !== null) {
        await sendSnapshot();
        send({ type: 'fault', run: id, fault: { kind: 'not-finite', sentence: notFinite, step: frame.step, nextBackend: null } });
        announce('failed', frame.step);
        return false;
      }
      // Only here, right after numbers that were seen to be finite: a snapshot is what a run goes back to.
      if (clock.now() - snapshotAt > SNAPSHOT_MS) await sendSnapshot();
      return true;
    }

    async function sendSnapshot() {
      snapshotAt = clock.now();
      const snapshot = await engine.snapshot();
      snapshotStep = snapshot.step;
      send({ type: 'snapshot', run: id, snapshot });
    }

    /** Updates one after another until the chunk, the queue or the wanted speed says stop. */
    async function train() {
      const begin = clock.now();
      const stepping = stepsWanted > 0;
      // Commands come in while an update samples: what they ended is not gone on with.
      const wanted = () => !stopped && !resetWanted && (stepping ? stepsWanted > 0 : playing);
      const due = stepping ? stepsWanted : pace.due(engine.step);
      const allowed = Math.min(due, engine.totalSteps - engine.step, pace.queueLimit(), points.untilNext(engine.step));
      if (allowed === 0) {
        await clock.sleep(Math.min(16, 1000 / pace.speed));
        return;
      }
      let made = 0;
      do {
        await engine.update();
        made++;
        if (stepping && stepsWanted > 0) stepsWanted--;
      } while (made < allowed && wanted() && clock.now() - begin < CHUNK_MS);
      frameWanted = true;
      await engine.sync();
      pace.made(made, clock.now() - begin, engine.step);
      await points.collect(clock.now() - begin);
    }

    /** Carries out what the page asked for since the last look. */
    async function obey() {
      if (retuneWanted) {
        // Going back means replaying updates, and those were made with the old knobs.
        if (engine.step !== snapshotStep) await sendSnapshot();
        const knobs = retuneWanted;
        const refusal = engine.retune(knobs);
        retuneWanted = null;
        if (refusal !== null) send({ type: 'refused', run: id, message: refusal });
        else {
          send({ type: 'retuned', run: id, step: engine.step, ...knobs });
          focusChanged = true;
        }
      }
      if (resetWanted) {
        resetWanted = false;
        engine.restore(origin);
        points.take();
        snapshotStep = origin.step;
        send({ type: 'snapshot', run: id, snapshot: origin });
        frameWanted = true;
        lastFrame = -Infinity;
        announced = null;
      }
      if (focusChanged) {
        focusChanged = false;
        frameWanted = true;
        lastFrame = -Infinity;
        send({ type: 'view', run: id, view: engine.view(focus) });
      }
    }

    /** Resolves at the next command or fault; at once when one came while the loop was busy. */
    function news(): Promise<void> {
      return new Promise((resolve) => {
        wake = resolve;
        if (stopped || fault || resetWanted || retuneWanted || focusChanged || playing || stepsWanted > 0) resolve();
      });
    }

    while (!stopped) {
      throwFault();
      await obey();
      const finished = engine.step >= engine.totalSteps;
      if (finished) { playing = false; stepsWanted = 0; }
      const busy = playing || stepsWanted > 0;
      const frameDue = frameWanted && (!busy || clock.now() - lastFrame >= Math.max(FRAME_MS, 2 * frameMs));
      if (frameDue && credit > 0 && !(await sendFrame())) return;
      if (busy) {
        const begins = playing && announced !== 'running';
        if (begins || speed !== pace.speed) pace.start(engine.step, speed);
        if (begins) announce('running', engine.step);
        await train();
        await clock.yield();
        continue;
      }
      const state = finished ? 'done' : 'paused';
      if (!frameWanted && announced !== state) {
        announce(state, engine.step);
        await sendSnapshot();
      }
      await news();
    }
  }

  return { id, handle, run, stop: () => { stopped = true; wake(); } };
}
