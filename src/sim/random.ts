/**
 * Seeded randomness without state: the counter-based generator Threefry2x32-20.
 *
 * A draw is a pure function of (seed, stream, step, index), so replay, restart and a change of
 * backend all see the same numbers and there is nothing to save.
 *
 * Source: Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
 */

/** Independent streams of one seed: the second word of the generator's key. */
export const STREAM = {
  initialisation: 1, preferences: 2, labels: 3, batch: 4,
  rollout: 5, judge: 6, minibatch: 7, valueInitialisation: 8, rewardInitialisation: 9, heldOut: 10, heldOutLabels: 11, duel: 12,
} as const;
export type Stream = (typeof STREAM)[keyof typeof STREAM];

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];
const PARITY = 0x1bd11bda;

/** One block of Threefry2x32 with 20 rounds: two 32-bit words of output for a key and a counter. */
export function threefry2x32(key0: number, key1: number, counter0: number, counter1: number): [number, number] {
  const keys = [key0 | 0, key1 | 0, (PARITY ^ key0 ^ key1) | 0];
  let x0 = (counter0 + keys[0]) | 0;
  let x1 = (counter1 + keys[1]) | 0;
  for (let round = 0; round < 20; round++) {
    const r = ROTATIONS[round % 8];
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << r) | (x1 >>> (32 - r))) ^ x0;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x0 = (x0 + keys[injection % 3]) | 0;
      x1 = (x1 + keys[(injection + 1) % 3] + injection) | 0;
    }
  }
  return [x0 >>> 0, x1 >>> 0];
}

/** A sequence of draws of one (seed, stream, step). */
export interface Random {
  /** Uniform in [0, 1), a multiple of 2⁻²⁴ (exact in float32 too). */
  uniform(): number;
  /** Standard normal (Box–Muller, both words of a block). */
  normal(): number;
  /** Index drawn with the given probabilities, by inverse CDF; they need not sum to exactly 1. */
  index(probabilities: ArrayLike<number>): number;
}

/**
 * The draws of a seed's stream at a step.
 *
 * @param seed  0..2³²−1
 * @param step  optimiser update (or another counter), 0..2³²−1
 */
export function randomAt(seed: number, stream: Stream, step = 0): Random {
  let next = 0;
  const uniform = () => (threefry2x32(seed, stream, step, next++)[0] >>> 8) * 2 ** -24;
  return {
    uniform,
    normal() {
      const [a, b] = threefry2x32(seed, stream, step, next++);
      const radius = Math.sqrt(-2 * Math.log(((a >>> 8) + 1) * 2 ** -24));
      return radius * Math.cos(2 * Math.PI * (b >>> 8) * 2 ** -24);
    },
    index(probabilities) {
      const u = uniform();
      let cumulative = 0;
      let last = 0;
      for (let i = 0; i < probabilities.length; i++) {
        if (probabilities[i] > 0) last = i;
        cumulative += probabilities[i];
        if (u < cumulative) return i;
      }
      return last;
    },
  };
}
