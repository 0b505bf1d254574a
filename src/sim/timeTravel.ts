/** The run store's part in going to another update and in forking there. */
import { differenceWords } from './differenceWords.ts';
import { populationOf, type Experiment } from './experiment.ts';
import { forkProblem, stagesOf, withBranch, type Fork, type Stage } from './fork.ts';
import { emptyHistory, pastOf } from './history.ts';
import { METRICS } from './metrics.ts';
import { msg } from './msg.ts';
import { knobsFrom, withChange } from './runEvents.ts';
import type { RunClient, RunStatus } from './runStore.ts';
import { buildWorld } from './world.ts';
import type { BackendName, Course, Event, KnobsAt, Snapshot } from './worker/protocol.ts';

/** A seek on its way to an update. */
export interface Seeking {
  /** Where the page wants to be. */
  target: number;
  /** What the worker was asked last; the newest target follows when that is over, or is known to take long. */
  sent: number;
  /** Where the worker is, once it takes longer than 0.1 s. */
  at: number | null;
}

/** Forks still to be made, one after another: each as soon as the run stands at its step. */
export interface Pending {
  step: number;
  change: Experiment;
  /** Where the fork goes on to by itself. */
  to: Course | null;
  /** It plays as soon as it is ready. */
  play?: boolean;
}

export interface TimeTravel {
  /**
   * To an update between `earliest` and `furthest`, and stays there. At most one seek is on its way, newer ones become
   * one; one that takes longer than 0.1 s gives way to a newer one at once. A run whose numbers broke is made again.
   */
  seek(step: number): void;
  /** One update back. */
  stepBack(): void;
  /**
   * Goes on from the present state as another experiment (π_ref stays), at once if it is to play; what was recorded
   * becomes a branch. What cannot be forked is refused in a sentence.
   */
  fork(change: Experiment, options?: { play?: boolean }): void;
  /** A branch in the charts, or out of them. */
  showBranch(id: number, shown: boolean): void;
  /** Forgets a branch and its record. */
  removeBranch(id: number): void;
  /** A new run that is at an update with its first frame, its knobs changed on the way as `changes` says (KnobsAt, ascending). */
  loadAt(experiment: Experiment, at: { step: number; changes?: KnobsAt[] }, options?: { backend?: BackendName | null; others?: Experiment[] }): void;
  /** Makes a fork again from its description, and goes `to` an update of it: runs its parents there first. */
  rebuild(fork: Fork, options?: { backend?: BackendName | null; to?: Course }): void;
}

interface Parts {
  get: () => RunStatus;
  set: (change: Partial<RunStatus>) => void;
  client: RunClient;
  clampFocus: (focus: RunStatus['focus'], experiment: Experiment, policies: number) => RunStatus['focus'];
}

/** Still to do after an event became state: the newest seek, a fork that waited for its state. */
export function afterEvent(parts: Parts, event: Event): void {
  const { get } = parts;
  const { seeking } = get();
  if ((event.type === 'sought' || event.type === 'seeking') && event.target === seeking?.sent) sendSeek(parts);
  if (event.type === 'snapshot' || event.type === 'state') continueFork(parts);
}

/** Sends the newest target, if it has not been: before a command that is meant for there. */
export function sendSeek({ get, set, client }: Parts): void {
  const { seeking, run } = get();
  if (!seeking || seeking.target === seeking.sent) return;
  set({ seeking: { target: seeking.target, sent: seeking.target, at: null } });
  client.send({ type: 'seek', run, step: seeking.target });
}

export function timeTravel(parts: Parts): TimeTravel {
  const { get, set, client } = parts;
  const refuse = (refused: string) => set({ refused });

  function seek(step: number): void {
    const { seeking, run, state, fault, earliest, started } = get();
    if (state === 'failed') {
      if (fault?.kind === 'not-finite' && started && earliest === 0) return again(step);
      return refuse(earliest > 0 ? msg`This run began at update ${earliest} with the state of another run and has stopped; start over.` : msg`The run has stopped; go on from its last good state first.`);
    }
    if (!seeking) {
      set({ seeking: { target: step, sent: step, at: null } });
      client.send({ type: 'seek', run, step });
      return;
    }
    set({ seeking: { ...seeking, target: step } });
    if (seeking.at !== null) sendSeek(parts);
  }

  /** The run of which the worker has let go, once more, to an update on record. */
  function again(step: number): void {
    const { started, changes, furthest, run, pinnedBackend, speed, focus } = get();
    if (!started) return;
    if (!Number.isInteger(step) || step < 0 || step > furthest) return refuse(msg`This run can be shown from update 0 to update ${furthest}; asked for was update ${step}.`);
    const { experiment, others } = started;
    set({ run: run + 1, experiment, others, state: 'starting', fault: null, refused: null, progress: null, snapshot: null, seeking: { target: step, sent: step, at: null } });
    client.send({
      type: 'start', run: run + 1, experiment, ...(others.length > 0 ? { others } : {}), backend: pinnedBackend, play: false, updatesPerSecond: speed, focus,
      to: { step, furthest, changes },
    });
  }

  return {
    seek,
    stepBack() {
      const { seeking, step, earliest } = get();
      const from = seeking?.target ?? step;
      if (from > earliest) seek(from - 1);
    },
    fork(change, { play = false } = {}) {
      const { experiment, others, step, seeking, state, run, frame } = get();
      if (!experiment || !frame) return;
      if (others.length > 0) return refuse(msg`Methods side by side have no forks: open one of them alone.`);
      if (state === 'failed') return refuse(msg`The run has stopped; go to an update that is on record first.`);
      const problem = forkProblem(experiment, change, seeking?.target ?? step);
      if (problem !== null) return refuse(problem);
      sendSeek(parts);
      set({ forking: [{ step: NaN, change, to: null, play }] });
      // A seek pauses by itself, and a pause would end it.
      if (state === 'running' && !seeking) client.send({ type: 'pause', run });
      continueFork(parts);
    },
    showBranch: (id, shown) => set({ branches: get().branches.map((branch) => (branch.id === id ? { ...branch, hidden: !shown } : branch)) }),
    removeBranch: (id) => set({ branches: get().branches.filter((branch) => branch.id !== id) }),
    rebuild(fork, options = {}) {
      const stages = stagesOf(fork);
      const [first, ...rest] = stages;
      const forking = stages.map(({ to }, i): Pending => {
        const next: Stage | undefined = rest[i];
        return { step: to.step, change: next?.experiment ?? fork.change, to: next?.to ?? options.to ?? null };
      });
      startAlong(parts, first, [], options.backend);
      set({ forking });
    },
    loadAt(experiment, { step, changes = [] }, { backend, others = [] } = {}) {
      startAlong(parts, { experiment, to: { step, furthest: step, changes: changes.filter((change) => change.step <= step) } }, others, backend);
    },
  };
}

/** A new run, of which nothing is shown before it is where it goes. */
function startAlong({ get, set, client, clampFocus }: Parts, { experiment, to }: Stage, others: Experiment[], backend = get().pinnedBackend): void {
  const run = get().run + 1;
  const members = [experiment, ...others].flatMap(populationOf);
  const focus = clampFocus(get().focus, experiment, members.length);
  set({
    ...freshRun(experiment, others), run, members, focus, pinnedBackend: backend, changes: to.changes, furthest: to.furthest,
    world: buildWorld(experiment.world), step: 0, view: null, frame: null, replacing: null,
    history: emptyHistory(METRICS.length, members.length), schedule: to.changes.reduce(withChange, [knobsFrom(0, experiment)]),
    seeking: { target: to.step, sent: to.step, at: null }, branches: [], forkedFrom: null,
  });
  client.send({ type: 'start', run, experiment, ...(others.length > 0 ? { others } : {}), backend, play: false, updatesPerSecond: get().speed, focus, to });
}

/** What a new run knows nothing of. */
export function freshRun(experiment: Experiment, others: Experiment[]): Partial<RunStatus> {
  return {
    experiment, others, started: { experiment, others }, changes: [], askedKnobs: null, brokeAfter: null, seeking: null, forking: [], earliest: 0,
    judged: [], judgedAhead: [], state: 'starting', progress: null, fault: null, refused: null, snapshot: null,
  };
}

/** Makes the next fork, if the run stands still and its state is here. */
function continueFork(parts: Parts): void {
  const { forking: [next], state, snapshot, step, seeking } = parts.get();
  if (!next || seeking || (state !== 'paused' && state !== 'done') || snapshot?.step !== step) return;
  if (!Number.isNaN(next.step) && next.step !== step) return;
  startFork(parts, snapshot, next);
}

function startFork({ get, set, client, clampFocus }: Parts, snapshot: Snapshot, { change, to, play = false }: Pending): void {
  const { run: old, experiment, started, frame, history, schedule, changes, judged, members, branches, nextBranch, forking, step, pinnedBackend, speed, forkedFrom } = get();
  if (!experiment || !started || !frame) return;
  const problem = forkProblem(experiment, change, step);
  if (problem !== null) return set({ forking: [], refused: problem });
  const run = old + 1;
  const focus = clampFocus(get().focus, change, members.length);
  const known = (entries: readonly { step: number }[]) => entries.filter((entry) => entry.step <= step).length;
  set({
    ...freshRun(change, []), run, focus, earliest: step, furthest: to?.furthest ?? step, changes: to?.changes ?? [], judged,
    history: pastOf(history, frame), forking: forking.slice(1),
    schedule: (to?.changes ?? []).reduce(withChange, [...schedule.slice(0, known(schedule)).filter((entry) => entry.step < step), knobsFrom(step, change)]),
    ...(to ? { seeking: { target: to.step, sent: to.step, at: null } } : {}),
    branches: withBranch(branches, { id: nextBranch, name: differenceWords(experiment, change), experiment, history, schedule, forkedAt: step }),
    nextBranch: nextBranch + 1,
    forkedFrom: { parent: started.experiment, from: forkedFrom, changes: changes.slice(0, known(changes)), step, change },
  });
  client.send({
    type: 'start', run, experiment: change, backend: pinnedBackend, play, updatesPerSecond: speed, focus,
    from: snapshot, forkOf: experiment, ...(to ? { to } : {}),
  });
}
