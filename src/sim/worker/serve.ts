/**
 * The worker's loop: commands in, frames out, training in between.
 *
 * Knows no tfjs, no Worker and no timer: it gets a port, a way to make runs and a clock, so tests
 * drive it through a real MessageChannel. Rules: chunks of at most about 8 ms between looks at the
 * inbox; numbers are read back at most once per frame; one frame in flight; at most about 25 ms of
 * queued updates between two synchronisations, so that a pause is prompt on a GPU too.
 */
import type { Experiment } from '../experiment.ts';
import { onMessages, post, type MessageTarget } from './endpoint.ts';
import type { BackendName, BackendReport, Command, Event, Fault, Focus, Progress, RunState, Snapshot, View } from './protocol.ts';

/** What the loop needs of a run. */
export interface EngineRun {
  readonly step: number;
  readonly totalSteps: number;
  update(): void;
  sync(): Promise<void>;
  /** Exact numbers of now; `notFinite` names what broke, or is null. */
  frame(focus: Focus): Promise<{ step: number; metrics: Float64Array; logps: Float64Array; notFinite: string | null }>;
  view(focus: Focus): View;
  /** A sentence when the knobs cannot be changed while running; nothing is changed then. */
  retune(knobs: { beta?: number; learningRate?: number }): string | null;
  snapshot(): Promise<Snapshot>;
  restore(snapshot: Snapshot): void;
  dispose(): void;
}

export interface RunRequest {
  experiment: Experiment;
  backend: BackendName | null;
  onProgress: (progress: Progress) => void | Promise<void>;
  onBackend: (report: BackendReport) => void;
  /** True as soon as the run has been replaced: give up early. */
  isStale: () => boolean;
  /** A fault that no exception tells of (device loss, GPU validation). */
  onFault: (fault: Pick<Fault, 'kind' | 'sentence' | 'nextBackend'>) => void;
}

export type CreateRun = (request: RunRequest) => Promise<EngineRun>;

/** An error that already is a sentence for the reader. */
export class RunFault extends Error {
  constructor(readonly kind: Fault['kind'], sentence: string, readonly nextBackend: BackendName | null) {
    super(sentence);
  }
}

export interface Clock {
  now(): number;
  /** Lets messages in; resolves as soon as possible. */
  yield(): Promise<void>;
  sleep(ms: number): Promise<void>;
}

const CHUNK_MS = 8;
const FRAME_MS = 33;
const QUEUE_MS = 25;
const SNAPSHOT_MS = 2000;

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
  stop(): void;
  /** Resolves when the session is over. */
  run(): Promise<void>;
}

function createSession(
  start: Extract<Command, { type: 'start' }>, send: (event: Event) => void, createRun: CreateRun, clock: Clock,
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
  let fault: Pick<Fault, 'kind' | 'sentence' | 'nextBackend'> | null = null;
  let announced: RunState | null = null;
  let wake = () => {};

  function announce(state: RunState, step: number) {
    if (announced === state) return;
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
      case 'retune': retuneWanted = { ...retuneWanted, beta: command.beta ?? retuneWanted?.beta, learningRate: command.learningRate ?? retuneWanted?.learningRate }; break;
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
        backend: start.backend,
        onProgress: async (progress) => { send({ type: 'progress', run: id, progress }); await clock.yield(); },
        onBackend: (report) => send({ type: 'backend', run: id, report }),
        isStale: () => stopped,
        onFault: (found) => { fault = found; wake(); },
      });
      if (!stopped) await loop(engine);
    } catch (error) {
      if (!stopped) report(error, engine?.step ?? 0);
    } finally {
      try { engine?.dispose(); } catch { /* a lost device has nothing to free */ }
    }
  }

  function report(error: unknown, step: number) {
    const found = error instanceof RunFault
      ? { kind: error.kind, sentence: error.message, nextBackend: error.nextBackend }
      : fault ?? { kind: 'internal' as const, sentence: `The engine stopped at update ${step}: ${(error as Error).message}.`, nextBackend: null };
    send({ type: 'fault', run: id, fault: { ...found, step } });
    announce('failed', step);
  }

  async function loop(engine: EngineRun): Promise<void> {
    const origin = await engine.snapshot();
    let snapshotAt = clock.now();
    let lastFrame = -Infinity;
    let pace = { from: clock.now(), step: 0 };
    let updateMs = QUEUE_MS;
    let meter = { from: clock.now(), step: 0, rate: 0 };
    if (start.from) engine.restore(start.from);
    send({ type: 'view', run: id, view: engine.view(focus) });
    send({ type: 'snapshot', run: id, snapshot: start.from ?? origin });

    /** Sends a frame; false when the numbers broke (the fault has been sent). */
    async function sendFrame(): Promise<boolean> {
      const { notFinite, ...frame } = await engine.frame(focus);
      if (fault) throw new RunFault(fault.kind, fault.sentence, fault.nextBackend);
      frameWanted = false;
      lastFrame = clock.now();
      credit = 0;
      send({ type: 'frame', run: id, frame: { ...frame, focus, updatesPerSecond: playing ? meter.rate : 0 } });
      if (notFinite) {
        await sendSnapshot();
        send({ type: 'fault', run: id, fault: { kind: 'not-finite', sentence: notFinite, step: frame.step, nextBackend: null } });
        announce('failed', frame.step);
        return false;
      }
      return true;
    }

    async function sendSnapshot() {
      snapshotAt = clock.now();
      const snapshot = await engine.snapshot();
      send({ type: 'snapshot', run: id, snapshot });
    }

    /** Updates one after another until the chunk, the queue or the wanted speed says stop. */
    async function train() {
      const begin = clock.now();
      const behind = Number.isFinite(speed) ? Math.floor((begin - pace.from) / 1000 * speed) - (engine.step - pace.step) : Infinity;
      if (behind > Math.max(1, speed / 4)) pace = { from: begin, step: engine.step };
      let allowed = stepsWanted > 0 ? stepsWanted : Math.max(0, behind);
      allowed = Math.min(allowed, engine.totalSteps - engine.step, Math.max(1, Math.floor(QUEUE_MS / updateMs)));
      if (allowed === 0) {
        await clock.sleep(Math.min(16, 1000 / speed));
        return;
      }
      let made = 0;
      do { engine.update(); made++; } while (made < allowed && clock.now() - begin < CHUNK_MS);
      if (stepsWanted > 0) stepsWanted -= made;
      frameWanted = true;
      await engine.sync();
      const took = clock.now() - begin;
      updateMs = 0.7 * updateMs + 0.3 * (took / made);
      if (clock.now() - meter.from > 500) {
        const { from, step } = meter;
        meter = { from: clock.now(), step: engine.step, rate: (engine.step - step) * 1000 / (clock.now() - from) };
      }
    }

    while (!stopped) {
      if (fault) throw new RunFault(fault.kind, fault.sentence, fault.nextBackend);
      if (retuneWanted) {
        const refusal = engine.retune(retuneWanted);
        retuneWanted = null;
        if (refusal) send({ type: 'refused', run: id, message: refusal });
        focusChanged = true;
      }
      if (focusChanged) {
        focusChanged = false;
        frameWanted = true;
        lastFrame = -Infinity;
        send({ type: 'view', run: id, view: engine.view(focus) });
      }
      if (resetWanted) {
        resetWanted = false;
        engine.restore(origin);
        send({ type: 'snapshot', run: id, snapshot: origin });
        frameWanted = true;
        lastFrame = -Infinity;
        announced = null;
      }
      const finished = engine.step >= engine.totalSteps;
      if (finished) { playing = false; stepsWanted = 0; }
      const busy = !finished && (playing || stepsWanted > 0);
      const frameDue = frameWanted && (!busy || clock.now() - lastFrame >= FRAME_MS);
      if (frameDue && credit > 0 && !(await sendFrame())) return;
      if (busy) {
        if (announced !== 'running' && playing) {
          pace = { from: clock.now(), step: engine.step };
          meter = { from: clock.now(), step: engine.step, rate: 0 };
          announce('running', engine.step);
        }
        if (clock.now() - snapshotAt > SNAPSHOT_MS) await sendSnapshot();
        await train();
        await clock.yield();
      } else if (!frameWanted) {
        const state = finished ? 'done' : 'paused';
        if (announced !== state) {
          announce(state, engine.step);
          await sendSnapshot();
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (stopped || resetWanted || retuneWanted || focusChanged || playing || stepsWanted > 0) resolve();
        });
      } else {
        await new Promise<void>((resolve) => { wake = resolve; if (credit > 0) resolve(); });
      }
    }
  }

  return { id, handle, run, stop: () => { stopped = true; wake(); } };
}
