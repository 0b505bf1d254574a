/**
 * The supervised fit that makes π_ref: exact cross-entropy on the target, one policy per seed.
 *
 *   minimise CE = −mean over prompts of Σ_c reach(c)·Σ_k target(k|c)·log π(k|c)
 *
 * Adam, learning rate .02 falling linearly to 2 % of it over 6,000 updates; each policy stops by
 * itself at the first parameters with KL(target‖π) < 0.002 nats, so its π_ref does not depend on
 * the other policies of the population.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { PolicyModel, ParameterArrays } from '../models/policy.ts';
import type { Target } from '../reference.ts';
import type { World } from '../world.ts';
import { adam } from './shared/optimizers.ts';

export const FIT = { learningRate: 0.02, finalShare: 0.02, updates: 6000, targetKl: 0.002 } as const;
/** Updates between two looks at the KL from outside (progress, early end). */
const LOOK_EVERY = 20;

export interface FitProgress {
  update: number;
  /** Largest KL(target‖π) over the population, nats. */
  worstKl: number;
}

/**
 * Fits one policy per seed.
 *
 * @param onProgress  called about every 20 updates; awaited, so it may yield
 * @returns           parameters [S, …]
 */
export async function fitReference(
  world: World, model: PolicyModel, target: Target, seeds: readonly number[],
  onProgress: (progress: FitProgress) => void | Promise<void>,
): Promise<ParameterArrays[]> {
  const active = Array.from({ length: world.contextCount }, (_, c) => c).filter((c) => target.reach[c] > 0);
  const policy = model.bind(active);
  const { mass, targetEntropy } = targetMass(world, target, active);
  let params = policy.load(model.initial(seeds));
  let state = adam.init(params);
  try {
    for (let update = 1; update <= FIT.updates; update++) {
      const look = update % LOOK_EVERY === 0;
      const rate = FIT.learningRate * (1 - (1 - FIT.finalShare) * (update - 1) / FIT.updates);
      const next = tf.tidy(() => {
        const crossEntropy = (p: readonly tf.Tensor[]) =>
          tf.neg(tf.sum(tf.mul(mass, tf.logSoftmax(policy.logits(p))), [1, 2])) as tf.Tensor1D;
        const kl = tf.sub(crossEntropy(params), targetEntropy) as tf.Tensor1D;
        const grads = tf.grads((...p: tf.Tensor[]) => tf.sum(crossEntropy(p)))(params);
        const rates = tf.mul(rate, tf.cast(tf.greaterEqual(kl, FIT.targetKl), 'float32')) as tf.Tensor1D;
        return { ...adam.update(params, grads, state, rates, update), kl };
      });
      tf.dispose([params, state]);
      ({ params, state } = next);
      if (look) {
        const worstKl = Math.max(...await next.kl.data());
        next.kl.dispose();
        await onProgress({ update, worstKl });
        if (worstKl < FIT.targetKl) break;
      } else {
        next.kl.dispose();
      }
    }
    return await policy.save(params);
  } finally {
    tf.dispose([params, state, mass]);
    policy.dispose();
  }
}

/** reach·target per token choice, averaged over prompts, [1, Ca, K], and the target's entropy, nats. */
function targetMass(world: World, target: Target, active: readonly number[]): { mass: tf.Tensor3D; targetEntropy: number } {
  const { tokenCount, promptCount } = world;
  const data = new Float32Array(active.length * tokenCount);
  let targetEntropy = 0;
  active.forEach((c, i) => {
    for (let k = 0; k < tokenCount; k++) {
      const p = target.conditionals[c * tokenCount + k];
      const share = target.reach[c] * p / promptCount;
      data[i * tokenCount + k] = share;
      if (p > 0) targetEntropy -= share * Math.log(p);
    }
  });
  return { mass: tf.tensor3d(data, [1, active.length, tokenCount]), targetEntropy };
}
