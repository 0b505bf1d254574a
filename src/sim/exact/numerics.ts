/** Float64 building blocks of the oracle. */

/** log Σ exp(values[from..to)), computed without overflow; −∞ for an empty or all −∞ range. */
export function logSumExp(values: ArrayLike<number>, from = 0, to = values.length): number {
  let max = -Infinity;
  for (let i = from; i < to; i++) if (values[i] > max) max = values[i];
  if (max === -Infinity || Number.isNaN(max)) return max;
  let sum = 0;
  for (let i = from; i < to; i++) sum += Math.exp(values[i] - max);
  return max + Math.log(sum);
}

/** log σ(z) = −log(1 + e^−z), without overflow or cancellation. */
export function logSigmoid(z: number): number {
  return z >= 0 ? -Math.log1p(Math.exp(-z)) : z - Math.log1p(Math.exp(z));
}

/** p·log(p/q) from logs, with 0·log 0 = 0; nats. */
export function klTerm(logP: number, logQ: number): number {
  return logP === -Infinity ? 0 : Math.exp(logP) * (logP - logQ);
}
