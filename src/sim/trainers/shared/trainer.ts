/**
 * Gradient descent on a population: what every trainer of this lab shares.
 *
 * The objective says what is minimised; this owns parameters, optimiser state and the update counter.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../../experiment.ts';
import type { MetricId } from '../../metrics.ts';
import type { BoundPolicy, ParameterArrays } from '../../models/policy.ts';
import type { JudgedBatch, PpoIteration, Snapshot } from '../../worker/protocol.ts';
import { OPTIMIZERS } from './optimizers.ts';

/** An array of an objective's own state, as snapshots hold it. */
export type StateArray = Snapshot['tensors'][number];

/** What a trainer minimises. Owns its constant tensors until `dispose`. */
export interface Objective {
  /**
   * Loss of every policy, [R]; differentiable in `params`.
   * @param update  the update being made, 1-based; null = the whole objective, as the metric `loss` shows it
   * @param pass    which of the gradient steps of this update, 0-based
   */
  loss(params: readonly tf.Tensor[], update: number | null, pass: number): tf.Tensor1D;
  /** Gradient steps that one update makes (PPO: epochs · minibatches); 1 where absent. */
  readonly passes?: number;
  /** Before an update: draws what it needs from the policy as it is. Absent: the update needs nothing. */
  before?(update: number, params: readonly tf.Tensor[]): void | Promise<void>;
  /** What was drawn and measured on the way, for `Reading`; null before the first. */
  sampled?(): Promise<Sampled | null>;
  /** State besides parameters and optimiser that a resumed run needs (pairs drawn some updates ago). */
  save?(): StateArray[];
  /** Takes back what `save` gave. */
  load?(arrays: readonly StateArray[]): void;
  /** New β for every policy from the next update on. */
  setBeta(beta: number): void;
  dispose(): void;
}

/** What a sampling trainer tells besides the policy. */
export interface Sampled {
  /** Sampled metrics of the last update by id, [R] each (PPO under TRL's names). */
  metrics: Partial<Record<MetricId, ArrayLike<number>>>;
  /** Pairs drawn and judged since the last reading, oldest first (online DPO). */
  judged: JudgedBatch[];
  /** The last PPO iteration of every policy, [R]; empty for others. */
  iterations: PpoIteration[];
}

export interface Reading {
  /** Logits of all contexts, [R, C, K] row-major; null where the run trains a reward model. */
  logits: Float32Array | null;
  /** Learned reward of every response, [R, Y]; only where the run trains a reward model. */
  scores?: Float64Array[];
  /** Loss of every policy, [R]; null where the trainer has none of its own (PPO: −J is computed exactly). */
  loss: ArrayLike<number> | null;
  sampled: Sampled | null;
}

export interface Trainer {
  /** Updates made so far. */
  readonly step: number;
  /** Makes one update; on a GPU it is only queued. A promise where the update has to sample from the policy first. */
  update(): void | Promise<void>;
  /** Waits until all queued updates are done and reads the numbers back. */
  read(): Promise<Reading>;
  /** Waits until all queued updates are done. */
  sync(): Promise<void>;
  setBeta(beta: number): void;
  setLearningRate(learningRate: number): void;
  snapshot(): Promise<Snapshot>;
  /** Goes to a snapshot of this same experiment; continuing from it repeats the run bit for bit. */
  restore(snapshot: Snapshot): void;
  /**
   * Begins with a snapshot of another experiment on the same policies, and goes on from its update number. Kept are the
   * parameters (those this trainer alone has, a critic's, stay as they start); the optimiser's state and its count of
   * gradient steps, where asked for and where all parameters are the same, else it starts afresh; the objective's own
   * state, where asked for and of the same shape. Absent where what is trained is no policy.
   *
   * @throws RangeError for a snapshot of other policies
   */
  adopt?(snapshot: Snapshot, keeps: { optimizer: boolean; objective: boolean }): void;
  dispose(): void;
}

export interface TrainerParts {
  policy: BoundPolicy;
  /** Parameters at update 0: the reference, [R, …]. */
  start: readonly ParameterArrays[];
  objective: Objective;
  optimizer: OptimizerSpec['kind'];
  /** One per policy, [R]. */
  learningRates: readonly number[];
  /** False where the loss of a moment is not the objective's to tell (PPO). */
  readsLoss?: boolean;
}

/**
 * Gradient descent from `start`: θ ← optimiser(θ, ∇θ Σ_R loss). The sum over the population leaves every
 * policy its own gradient. Takes over `policy` and `objective`: `dispose` disposes of them too.
 */
export function createTrainer({ policy, start, objective, optimizer: kind, learningRates, readsLoss = true }: TrainerParts): Trainer {
  const optimizer = OPTIMIZERS[kind];
  const passes = objective.passes ?? 1;
  let params = policy.load(start);
  let state = optimizer.init(params);
  let step = 0;
  /** Gradient steps that the optimiser's state comes from: those of all updates, but after `adopt`. */
  let optimized = 0;
  let rates = tf.tensor1d([...learningRates]);

  const replace = (next: { params: tf.Tensor[]; state: tf.Tensor[] }) => {
    tf.dispose([params, state]);
    ({ params, state } = next);
  };

  const descend = () => {
    for (let pass = 0; pass < passes; pass++) {
      replace(tf.tidy(() => {
        const grads = tf.grads((...p: tf.Tensor[]) => tf.sum(objective.loss(p, step + 1, pass)))(params);
        return optimizer.update(params, grads, state, rates, optimized + 1);
      }));
      optimized++;
    }
    step++;
  };

  return {
    get step() { return step; },
    update() {
      const drawn = objective.before?.(step + 1, params);
      if (drawn === undefined) descend();
      else return drawn.then(descend);
    },
    async read() {
      if (!readsLoss) {
        const [logits, sampled] = await Promise.all([policy.readLogits(params), objective.sampled?.() ?? null]);
        return { logits, loss: null, sampled };
      }
      const loss = tf.tidy(() => objective.loss(params, null, 0));
      const [logits, lossValues, sampled] = await Promise.all([policy.readLogits(params), loss.data(), objective.sampled?.() ?? null]);
      loss.dispose();
      return { logits, loss: lossValues as Float32Array, sampled };
    },
    async sync() {
      const probe = tf.tidy(() => tf.sum(params[params.length - 1]));
      await probe.data();
      probe.dispose();
    },
    setBeta: (beta) => objective.setBeta(beta),
    setLearningRate(learningRate) {
      rates.dispose();
      rates = tf.fill([learningRates.length], learningRate);
    },
    async snapshot() {
      const at = step;
      const own = objective.save?.() ?? [];
      const tensors = await Promise.all([...params, ...state].map(async (tensor, i) => ({
        name: i < params.length ? `parameter${i}` : `state${i - params.length}`,
        shape: tensor.shape,
        data: await tensor.data() as Float32Array,
      })));
      return { step: at, tensors: [...tensors, ...own, { name: GRADIENT_STEPS, shape: [], data: Float32Array.of(optimized) }] };
    },
    restore(snapshot) {
      const parts = partsOf(snapshot);
      replace({ params: parts.params.map(toTensor), state: parts.state.map(toTensor) });
      objective.load?.(parts.own);
      step = snapshot.step;
      optimized = parts.optimized ?? step * passes;
    },
    adopt(snapshot, keeps) {
      const parts = partsOf(snapshot);
      const common = Math.min(params.length, parts.params.length);
      if (common === 0 || !sameShapes(params.slice(0, common), parts.params.slice(0, common))) {
        throw new RangeError('createTrainer.adopt: the snapshot must be of the same policies, got one of other parameters');
      }
      const next = params.map((param, i) => (i < common ? toTensor(parts.params[i]) : tf.clone(param)));
      const goesOn = keeps.optimizer && params.length === parts.params.length && sameShapes(state, parts.state);
      replace({ params: next, state: goesOn ? parts.state.map(toTensor) : optimizer.init(next) });
      if (keeps.objective && sameShapes(objective.save?.() ?? [], parts.own)) objective.load?.(parts.own);
      step = snapshot.step;
      optimized = goesOn ? parts.optimized ?? snapshot.step : 0;
    },
    dispose() {
      tf.dispose([params, state, rates]);
      objective.dispose();
      policy.dispose();
    },
  };
}

/** Name of a snapshot's count of gradient steps, a float32: what it has beside parameters where a trainer keeps no other state. */
export const GRADIENT_STEPS = 'gradientSteps';

/** What a snapshot of `createTrainer` holds. */
function partsOf({ tensors }: Snapshot): { params: StateArray[]; state: StateArray[]; own: StateArray[]; optimized: number | undefined } {
  const named = (pattern: RegExp) => tensors.filter(({ name }) => pattern.test(name));
  const [params, state] = [named(/^parameter\d+$/), named(/^state\d+$/)];
  const own = tensors.slice(params.length + state.length).filter(({ name }) => name !== GRADIENT_STEPS);
  return { params, state, own, optimized: tensors.find(({ name }) => name === GRADIENT_STEPS)?.data[0] };
}

function toTensor({ data, shape }: StateArray): tf.Tensor {
  return tf.tensor(data, shape);
}

function sameShapes(a: readonly { shape: readonly number[] }[], b: readonly { shape: readonly number[] }[]): boolean {
  return a.length === b.length && a.every(({ shape }, i) => shape.length === b[i].shape.length && shape.every((size, axis) => size === b[i].shape[axis]));
}
