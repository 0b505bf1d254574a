/**
 * The DPO family: pure functions from the log-probabilities of pairs to the loss of every pair.
 *
 * h = [log π(w) − log π_ref(w)] − [log π(l) − log π_ref(l)] = a − b,  z = β·h.
 * w is the chosen response, l the rejected one; |y| counts words, n(y) tokens with the end token.
 * All results are [R, B]: policies of the population × pairs; nothing is averaged here.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { DpoKnobs, DpoLossName } from '../experiment.ts';
import { logSigmoid } from './logSigmoid.ts';

/** What a loss may read of the pairs; each is computed when first asked for. */
export interface PairTerms {
  /** h = a − b, [R, B], nats. */
  margin(): tf.Tensor2D;
  /** a = log π(w)/π_ref(w), [R, B], nats. */
  chosenLogRatios(): tf.Tensor2D;
  /** b = log π(l)/π_ref(l), [R, B], nats. */
  rejectedLogRatios(): tf.Tensor2D;
  /** log π(w), log π(l), summed over tokens, [R, B], nats. */
  chosenLogps(): tf.Tensor2D;
  rejectedLogps(): tf.Tensor2D;
  /** |w| − |l| in words, [1, B]. */
  lengthDifference: tf.Tensor2D;
  /** n(w), n(l) in tokens, [1, B]. */
  chosenTokens: tf.Tensor2D;
  rejectedTokens: tf.Tensor2D;
}

/** The knobs of every policy, [R, 1] each. */
export type KnobTensors = Record<keyof DpoKnobs, tf.Tensor2D>;

export type DpoLoss = (pairs: PairTerms, knobs: KnobTensors) => tf.Tensor2D;

/** −(1−ε)·log σ(z) − ε·log σ(−z) */
function smoothedLogistic(z: tf.Tensor2D, labelSmoothing: tf.Tensor2D): tf.Tensor2D {
  const right = tf.mul(tf.sub(1, labelSmoothing), logSigmoid(z));
  const wrong = tf.mul(labelSmoothing, logSigmoid(tf.neg(z)));
  return tf.neg(tf.add(right, wrong));
}

/**
 * DPO, with label smoothing (cDPO) and length regularisation (R-DPO).
 *
 *   −(1−ε)·log σ(z′) − ε·log σ(−z′),   z′ = β·h + α·(|w| − |l|)
 *
 * The plus sign gives a longer winner a larger margin, hence a smaller gradient.
 * Source: Rafailov et al. 2023, eq. 7; Mitchell 2023 (cDPO); Park et al. 2024 (R-DPO).
 */
export const sigmoid: DpoLoss = (pairs, { beta, labelSmoothing, lengthAlpha }) => {
  const z = tf.add(tf.mul(beta, pairs.margin()), tf.mul(lengthAlpha, pairs.lengthDifference)) as tf.Tensor2D;
  return smoothedLogistic(z, labelSmoothing);
};

/**
 * IPO: (h − 1/(2β))², log-probabilities summed over tokens. A finite target: the pull stops there.
 * Source: Azar et al. 2023, eq. 17 (τ is β here).
 */
export const ipo: DpoLoss = (pairs, { beta }) =>
  tf.square(tf.sub(pairs.margin(), tf.div(0.5, beta)));

/** SLiC-style hinge: [1 − z]₊. Source: Zhao et al. 2023 as in TRL's `hinge`. */
export const hinge: DpoLoss = (pairs, { beta }) =>
  tf.relu(tf.sub(1, tf.mul(beta, pairs.margin())));

/**
 * DPO-Positive: −log σ(z − β·λ·[log π_ref(w) − log π(w)]₊). Defends the chosen response's reference probability.
 * Source: Pal et al. 2024 (Smaug).
 */
export const dpop: DpoLoss = (pairs, { beta, dpopLambda }) => {
  const fall = tf.relu(tf.neg(pairs.chosenLogRatios()));
  return tf.neg(logSigmoid(tf.mul(beta, tf.sub(pairs.margin(), tf.mul(dpopLambda, fall))) as tf.Tensor2D));
};

/**
 * Robust DPO: [−(1−ε)·log σ(z) + ε·log σ(−z)] / (1 − 2ε), unbiased under labels flipped with probability ε.
 * Source: Chowdhury et al. 2024; TRL's `robust`.
 */
export const robust: DpoLoss = (pairs, { beta, labelSmoothing }) => {
  const z = tf.mul(beta, pairs.margin()) as tf.Tensor2D;
  const right = tf.mul(tf.sub(1, labelSmoothing), logSigmoid(z));
  const wrong = tf.mul(labelSmoothing, logSigmoid(tf.neg(z)));
  return tf.div(tf.sub(wrong, right), tf.sub(1, tf.mul(2, labelSmoothing)));
};

/** SPPO, hard labels: (a − 1/(2β))² + (b + 1/(2β))². Source: Wu et al. 2024; TRL's `sppo_hard`. */
export const sppoHard: DpoLoss = (pairs, { beta }) => {
  const target = tf.div(0.5, beta);
  return tf.add(
    tf.square(tf.sub(pairs.chosenLogRatios(), target)),
    tf.square(tf.add(pairs.rejectedLogRatios(), target)),
  );
};

/** NCA: −log σ(βa) − ½·log σ(−βa) − ½·log σ(−βb). Source: Chen et al. 2024; TRL's `nca_pair`. */
export const ncaPair: DpoLoss = (pairs, { beta }) => {
  const chosen = tf.mul(beta, pairs.chosenLogRatios());
  const rejected = tf.mul(beta, pairs.rejectedLogRatios());
  const pushedDown = tf.mul(0.5, tf.add(logSigmoid(tf.neg(chosen)), logSigmoid(tf.neg(rejected))));
  return tf.neg(tf.add(logSigmoid(chosen), pushedDown));
};

/**
 * EXO for pairs: q_w·[log q_w − log(1−ε)] + q_l·[log q_l − log ε], q_w = σ(z), q_l = 1 − q_w; needs ε > 0.
 * Source: Ji et al. 2024; TRL's `exo_pair`.
 */
export const exoPair: DpoLoss = (pairs, { beta, labelSmoothing }) => {
  const z = tf.mul(beta, pairs.margin()) as tf.Tensor2D;
  const chosen = tf.mul(tf.sigmoid(z), tf.sub(logSigmoid(z), tf.log(tf.sub(1, labelSmoothing))));
  const rejected = tf.mul(tf.sigmoid(tf.neg(z)), tf.sub(logSigmoid(tf.neg(z)), tf.log(labelSmoothing)));
  return tf.add(chosen, rejected);
};

/** APO-zero: 1 − σ(βa) + σ(βb). Source: D'Oosterlinck et al. 2024; TRL's `apo_zero`. */
export const apoZero: DpoLoss = (pairs, { beta }) => tf.add(
  tf.sub(1, tf.sigmoid(tf.mul(beta, pairs.chosenLogRatios()))),
  tf.sigmoid(tf.mul(beta, pairs.rejectedLogRatios())),
);

/** APO-down: σ(βa) + 1 − σ(β(a − b)). Source: D'Oosterlinck et al. 2024; TRL's `apo_down`. */
export const apoDown: DpoLoss = (pairs, { beta }) => tf.add(
  tf.sigmoid(tf.mul(beta, pairs.chosenLogRatios())),
  tf.sub(1, tf.sigmoid(tf.mul(beta, pairs.margin()))),
);

/**
 * SimPO: −log σ(β·(log π(w)/n(w) − log π(l)/n(l)) − γ); no reference.
 * Source: Meng et al. 2024, eq. 6.
 */
export const simpo: DpoLoss = (pairs, { beta, simpoGamma }) => {
  const chosen = tf.div(pairs.chosenLogps(), pairs.chosenTokens);
  const rejected = tf.div(pairs.rejectedLogps(), pairs.rejectedTokens);
  return tf.neg(logSigmoid(tf.sub(tf.mul(beta, tf.sub(chosen, rejected)), simpoGamma) as tf.Tensor2D));
};

/**
 * NLL of the chosen responses per token, −log π(w)/n(w), [R, B]; added with weight `nllWeight` (RPO).
 * Source: Pang et al. 2024; TRL's `sft` term.
 */
export function chosenNll(pairs: PairTerms): tf.Tensor2D {
  return tf.neg(tf.div(pairs.chosenLogps(), pairs.chosenTokens));
}

/** The table: one row per loss of the format. */
export const DPO_LOSSES: Record<DpoLossName, DpoLoss> = {
  sigmoid, ipo, hinge, dpop, robust, simpo,
  sppo_hard: sppoHard, nca_pair: ncaPair, exo_pair: exoPair, apo_zero: apoZero, apo_down: apoDown,
};
