/**
 * The messages between page and worker: plain, typed, tagged with the run they belong to.
 *
 * One frame is in flight at a time: the worker sends the next only after the page's `ack`.
 * A message of a run that has been replaced is dropped (`isCurrent`).
 */
import type { Experiment } from '../experiment.ts';

export const BACKENDS = ['webgpu', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** Which policy the per-response arrays show: one seed, or the mean of the probabilities over seeds. */
export interface Focus {
  /** Index into experiment.seeds; null = mean over seeds. */
  seedIndex: number | null;
  /** Index into the sweep's combinations (0 without a sweep). */
  sweepIndex: number;
}

/** starting: backend and reference are being prepared; done: `steps` updates were made. */
export type RunState = 'starting' | 'paused' | 'running' | 'done' | 'failed';

export interface Snapshot {
  step: number;
  /** Parameters and optimiser state, one array per tensor, in the trainer's order. */
  tensors: { name: string; shape: number[]; data: Float32Array }[];
}

/** Most bytes of states that the worker keeps of a run, to go back from; fewer are kept when they are larger, and going back makes more updates again. */
export const KEPT_BYTES = 64 * 2 ** 20;

/** Knobs as they were changed while a run went on: they act from the update after `step`. */
export interface KnobsAt {
  step: number;
  beta?: number;
  learningRate?: number;
}

/** A way that was gone before, to be gone again. */
export interface Course {
  /** Where it stops. */
  step: number;
  /** The furthest update on record, at least `step`. */
  furthest: number;
  /** Ascending. */
  changes: KnobsAt[];
}

export type Command =
  /**
   * `others`: experiments trained side by side with `experiment`, update by update, on the same world, reference and
   * seeds; the population is that of `experiment`, then theirs in order.
   * `from`: the state it begins with: of this very experiment, or where `forkOf` is given of that one (run.ts, `adopt`).
   * `to`: it goes along there, before its first frame.
   */
  | {
    type: 'start'; run: number; experiment: Experiment; others?: Experiment[]; backend: BackendName | null; play: boolean; updatesPerSecond: number; focus: Focus;
    from?: Snapshot; forkOf?: Experiment; to?: Course;
  }
  | { type: 'play'; run: number }
  | { type: 'pause'; run: number }
  | { type: 'step'; run: number; count: number }
  /**
   * To an update between the first and the furthest one, and stays there; the state is bit for bit what it was. A newer
   * seek takes its place; a pause ends it where it is, a reset at the reference; play, step and retune wait for it.
   */
  | { type: 'seek'; run: number; step: number }
  /** Wanted speed; Infinity = flat out. */
  | { type: 'speed'; run: number; updatesPerSecond: number }
  /** Back to update 0, the reference. */
  | { type: 'reset'; run: number; play: boolean }
  /** New β and/or learning rate from the next update on (all policies; refused while that knob is swept). */
  | { type: 'retune'; run: number; beta?: number; learningRate?: number }
  | { type: 'focus'; run: number; focus: Focus }
  | { type: 'ack'; run: number }
  | { type: 'dispose'; run: number };

export interface BackendTrial {
  name: BackendName;
  /** Updates of the whole population per second, measured on this machine; null = not available. */
  updatesPerSecond: number | null;
  /** Why it is not available, or what kind of adapter it is. */
  note: string;
}

export interface BackendReport {
  name: BackendName;
  /** One sentence: why this backend runs. */
  reason: string;
  trials: BackendTrial[];
}

export interface Progress {
  stage: 'backend' | 'reference' | 'reward-model';
  /** 0..1 */
  done: number;
  /** e.g. "fitting π_ref: update 400 of at most 6000, KL 0.013". */
  detail: string;
}

/** What stays the same between frames for one focus and β. All arrays [Y], natural logs. */
export interface View {
  focus: Focus;
  /** β the arrays were computed with. */
  beta: number;
  refLogps: Float64Array;
  /** log π*(y|x) for the gold reward; null without gold. */
  optimalLogps: Float64Array | null;
  /** Gold reward per response; null without gold. */
  gold: Float64Array | null;
  /** Index into GROUPS per response. */
  groups: Uint8Array;
  /** 1 where a response is in a preference pair of the focused policies, [Y]; pairs of a response with itself count. */
  paired: Uint8Array;
  /** KL(target‖π_ref) per policy, [R], nats. */
  referenceKl: Float64Array;
  /** The reward model that judges or rewards in this run; null where none does. */
  rewardModel: RewardModelView | null;
  /**
   * The exact frontier: E[r] and KL(π‖π_ref) of π* for the gold reward at several β, from the strongest tie to the weakest (KL rises), each the mean over
   * the focused seeds; null without gold.
   */
  frontier: FrontierPoint[] | null;
  /** The pairs that were drawn for the focused policy (of its first seed where the mean is shown); absent where pairs are given. */
  drawn?: DrawnTraining;
}

/** Preference pairs that were drawn from the reference of one seed and labelled. */
export interface DrawnTraining {
  seed: number;
  /** Chosen and rejected of every different pair, alternating, [2·B] responses (nodes of the world). */
  nodes: Int32Array;
  /** How often each was drawn, [B]. */
  times: Int32Array;
}

export interface FrontierPoint {
  beta: number;
  kl: number;
  reward: number;
}

/** A fitted reward model, of the focused policy or the mean over the seeds. */
export interface RewardModelView {
  /** r̂(x, y) as it is given to training (normalised, if asked for), [Y]. */
  scores: Float64Array;
  /** log π*(y|x) for that reward at the run's β, [Y]. */
  optimalLogps: Float64Array;
  /** The fit, per policy of the focused experiment's population. */
  curves: RewardModelCurves[];
}

/** How a reward model was fitted. */
export interface RewardModelCurves {
  steps: number[];
  /** Mean log σ(r̂(w) − r̂(l)) and share ranked right, on the training pairs and on held-out ones (empty without any). */
  logLikelihood: number[];
  accuracy: number[];
  margin: number[];
  heldOutLogLikelihood: number[];
  heldOutAccuracy: number[];
  /** The step whose parameters were kept. */
  keptStep: number;
  /** Standard deviation under π_ref before normalising. */
  scale: number;
  /** What a word more is worth to it, with the gold reward held fixed: reward units (before normalising) per word. */
  lengthCoefficient: number;
}

/** Pairs that online DPO drew from the policy and had judged, to make one update with. */
export interface JudgedBatch {
  /** The update that used them first, 1-based. */
  step: number;
  /** Policy of the population. */
  policy: number;
  /** Winner and loser of every pair, alternating, [2·n] responses (nodes of the world). */
  nodes: Int32Array;
  /** What the judge gave to each of them, [2·n]: its score, its length bias included. */
  scores: Float32Array;
}

/**
 * One PPO iteration of one policy, token by token: B rollouts × T positions, row-major; positions after the end of
 * a response have `used` 0.
 */
export interface PpoIteration {
  /** The update that it was, 1-based. */
  step: number;
  rollouts: number;
  positions: number;
  /** Response of every rollout, [B]. */
  nodes: Int32Array;
  /** Score of every response, [B], reward units. */
  scores: Float64Array;
  /** [B·T]: 1 where the rollout has a token. */
  used: Uint8Array;
  /** The token drawn at each position, [B·T]. */
  tokens: Int32Array;
  /** log π_old and log π_ref of the token, [B·T], nats. */
  oldLogps: Float64Array;
  refLogps: Float64Array;
  /** −β·(log π_old − log π_ref), plus the score at the last token, [B·T]. */
  rewards: Float64Array;
  /** V_old, returns and (whitened) advantages, [B·T]; values are 0 without a critic. */
  values: Float64Array;
  returns: Float64Array;
  advantages: Float64Array;
  /** log π of the token as each gradient step found it, [passes][B·T]; NaN where that minibatch did not see it. */
  newLogps: Float64Array[];
  /** Clip range ε of the surrogate. */
  clipRange: number;
}

/** The metrics of one moment. */
export interface Point {
  step: number;
  /** [M, R] row-major in the order of METRICS. */
  metrics: Float64Array;
}

/** Which of two methods gives the better response, judged by the gold reward, per seed. */
export interface Duels {
  /** Exact P(row method's response has the higher, the equal, the lower gold reward), [A, A, S, 3], mean over prompts. */
  exact: Float64Array;
  /** Gold rewards of `draws` responses sampled from every policy, [R, draws]; prompts in turn. */
  sampledRewards: Float64Array;
  draws: number;
}

export interface Frame {
  /** Updates made. */
  step: number;
  /** [M, R] row-major in the order of METRICS; NaN where a metric does not apply. */
  metrics: Float64Array;
  /** log π(y|x) of the focused policy (or log of the mean probability), [Y]. */
  logps: Float64Array;
  focus: Focus;
  /** The learned reward of the focused policy as it is now (mean over seeds), [Y]; only where the run fits a reward model. */
  scores: Float64Array | null;
  /** Moments since the previous frame, ascending, on a fixed grid of updates; empty where reading back is dear (a GPU). */
  between: Point[];
  /** What online DPO drew and had judged since the previous frame, oldest first. */
  judged: JudgedBatch[];
  /** The last PPO iteration of the focused policy (of its first seed where the mean is shown); null for others. */
  iteration: PpoIteration | null;
  /** Head-to-head of the methods trained side by side; null for a single experiment, or without gold. */
  duels: Duels | null;
  /** Measured speed of the population, updates per second, over the last second of training; 0 when paused. */
  updatesPerSecond: number;
  /** The furthest update that the run has been at and would come to again; absent: `step`. What was recorded beyond it is void. */
  furthest?: number;
}

export interface Fault {
  kind: 'not-finite' | 'device-lost' | 'gpu-validation' | 'worker-crashed' | 'backend-failed' | 'internal';
  /** One sentence for the reader. */
  sentence: string;
  /** Update at which it happened. */
  step: number;
  /** Backend that would be tried next, if any. */
  nextBackend: BackendName | null;
}

export type Event =
  | { type: 'backend'; run: number; report: BackendReport }
  | { type: 'progress'; run: number; progress: Progress }
  | { type: 'view'; run: number; view: View }
  | { type: 'frame'; run: number; frame: Frame }
  | { type: 'state'; run: number; state: RunState; step: number }
  | { type: 'snapshot'; run: number; snapshot: Snapshot }
  | { type: 'fault'; run: number; fault: Fault }
  /** New knobs act from the update after `step` on. */
  | { type: 'retuned'; run: number; step: number; beta?: number; learningRate?: number }
  /** The run went to where other changes of its knobs are in force: these; those left out are as it started. */
  | { type: 'knobs'; run: number; step: number; beta?: number; learningRate?: number }
  /** A seek to `target` takes longer than 0.1 s; it is at `step` now. */
  | { type: 'seeking'; run: number; step: number; target: number }
  /** A seek to `target` is over: there, or where a refusal or another command left it. Its frame has been sent. */
  | { type: 'sought'; run: number; step: number; target: number }
  /** A command or experiment that cannot be carried out; nothing was changed. */
  | { type: 'refused'; run: number; message: string };

/** True when a message belongs to the run that is shown now; late messages of a replaced run are dropped. */
export function isCurrent(message: { run: number }, run: number): boolean {
  return message.run === run;
}
