/** What worker events make of what the page knows of the run. Pure. */
import type { Experiment } from './experiment.ts';
import { emptyHistory, upTo, visit, type History } from './history.ts';
import { judgedAt } from './judgedLog.ts';
import { METRICS } from './metrics.ts';
import type { KnobChange, RunStatus } from './runStore.ts';
import type { Event, Frame, KnobsAt } from './worker/protocol.ts';

type Knobs = Omit<KnobsAt, 'step'>;

/** What one worker event changes; nothing else in the page turns events into state. */
export function reduceEvent(status: RunStatus, event: Event): Partial<RunStatus> {
  switch (event.type) {
    case 'backend': return { backend: event.report };
    case 'progress': return { progress: event.progress };
    case 'view': return status.replacing ? { replacing: { ...status.replacing, view: event.view } } : { view: event.view };
    case 'frame': return withFrame(status, event.frame);
    case 'state': return { state: event.state, step: status.replacing ? status.step : event.step, ...(event.state === 'starting' ? {} : { progress: null }) };
    case 'snapshot': return { snapshot: event.snapshot };
    case 'fault': return {
      ...withoutOldPicture(status), fault: event.fault, state: 'failed', seeking: null, forking: [],
      ...(event.fault.kind === 'not-finite' ? { brokeAfter: event.fault.step } : {}),
    };
    case 'retuned': return withRetuned(status, event);
    case 'knobs': return withKnobs(status, event);
    case 'seeking': return status.seeking?.sent === event.target ? { seeking: { ...status.seeking, at: event.step } } : {};
    case 'sought': return status.seeking?.sent === event.target && status.seeking.target === event.target ? { seeking: null } : {};
    case 'refused': return { refused: event.message, askedKnobs: null };
  }
}

export function knobsFrom(step: number, { algorithm, optimizer }: Experiment): KnobChange {
  return { step, beta: algorithm.beta, learningRate: optimizer.learningRate };
}

/** The experiment with new β and/or learning rate: what `retune` makes of it. */
export function retuned(experiment: Experiment, { beta, learningRate }: Knobs): Experiment {
  return {
    ...experiment,
    algorithm: beta === undefined ? experiment.algorithm : { ...experiment.algorithm, beta },
    optimizer: learningRate === undefined ? experiment.optimizer : { ...experiment.optimizer, learningRate },
  };
}

/** A run that failed before its first frame has no picture: its predecessor's would be taken for its own. */
export function withoutOldPicture(status: RunStatus): Partial<RunStatus> {
  if (!status.replacing) return {};
  return {
    replacing: null, view: null, frame: null, step: 0, furthest: 0, history: emptyHistory(METRICS.length, status.members.length),
    schedule: status.experiment ? [knobsFrom(0, status.experiment)] : [],
  };
}

function withFrame(status: RunStatus, frame: Frame): Partial<RunStatus> {
  const { replacing, experiment, members } = status;
  const furthest = Math.max(frame.step, frame.furthest ?? 0);
  const append = (history: History) => [...frame.between, frame].reduce((past, { step, metrics }) => visit(past, step, metrics, furthest), history);
  return {
    frame, furthest,
    step: frame.step,
    ...judgedAt(status, frame.step, frame.judged, furthest),
    ...(replacing
      ? { view: replacing.view, replacing: null, schedule: experiment ? [knobsFrom(0, experiment)] : [], history: append(emptyHistory(METRICS.length, members.length)) }
      : { history: append(status.history) }),
  };
}

/** New knobs from an update on: another future than the one on record. */
function withRetuned(status: RunStatus, { step, beta, learningRate }: KnobsAt): Partial<RunStatus> {
  const knobs: Knobs = { ...(beta === undefined ? {} : { beta }), ...(learningRate === undefined ? {} : { learningRate }) };
  const here = status.changes.find((change) => change.step === step);
  const { askedKnobs } = status;
  const isLast = askedKnobs === null || (['beta', 'learningRate'] as const).every((key) => askedKnobs[key] === undefined || askedKnobs[key] === knobs[key]);
  return {
    schedule: withChange(status.schedule, { step, ...knobs }),
    changes: [...status.changes.filter((change) => change.step < step), { ...here, ...knobs, step }],
    furthest: step, brokeAfter: null,
    history: upTo(status.history, step),
    ...judgedAt(status, step, [], step),
    ...(isLast ? { askedKnobs: null } : {}),
  };
}

/** The schedule with one more change, and nothing beyond it; two changes before the same update are one. */
export function withChange(schedule: KnobChange[], { step, beta, learningRate }: KnobsAt): KnobChange[] {
  const known = schedule.filter((entry) => entry.step <= step);
  const last = known.at(-1);
  if (!last) return schedule;
  const change = { step, beta: beta ?? last.beta, learningRate: learningRate ?? last.learningRate };
  if (change.beta === last.beta && change.learningRate === last.learningRate) return known.length === schedule.length ? schedule : known;
  return [...known.filter((entry) => entry.step < step), change];
}

/** The run is where other knobs are in force; what the reader asks for meanwhile is on its way. */
function withKnobs({ started, askedKnobs }: RunStatus, knobs: Knobs): Partial<RunStatus> {
  if (!started) return {};
  const now = (experiment: Experiment) => retuned(retuned(experiment, knobs), askedKnobs ?? {});
  return { experiment: now(started.experiment), others: started.others.map(now) };
}
