/** Win, tie and loss of one method against another, read from the head-to-head of a frame. */
import type { Duels } from './worker/protocol.ts';
import { spreadOf, type Spread } from './methodFacts.ts';

/** A share and where it certainly lies, with 95 % confidence. */
export interface Estimate {
  share: number;
  low: number;
  high: number;
}

/** Of one method against another, from the first one's side. */
export interface Contest {
  /** Over all pairs of responses, per seed. */
  win: Spread;
  tie: Spread;
  loss: Spread;
  /** Over `pairs` sampled pairs of responses, all seeds together. */
  sampled: { pairs: number; win: Estimate; tie: Estimate; loss: Estimate };
}

/** 97.5 % point of the normal distribution. */
const Z95 = 1.959963984540054;

/**
 * Wilson's interval of a binomial share.
 *
 *   (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n)
 *
 * Source: Wilson 1927.
 */
export function wilson(count: number, n: number): Estimate {
  const share = count / n;
  const scale = 1 + Z95 ** 2 / n;
  const centre = (share + Z95 ** 2 / (2 * n)) / scale;
  const half = (Z95 / scale) * Math.sqrt((share * (1 - share)) / n + Z95 ** 2 / (4 * n ** 2));
  return { share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * Method `a` against method `b`.
 *
 * The k-th response drawn from a's policy of a seed meets the k-th one of b's: they answer the same prompt and are drawn
 * independently. As every seed gives equally many pairs, the binomial interval is no narrower than that of the mixture.
 *
 * @param seeds  number of seeds
 */
export function contestOf({ exact, sampledRewards, draws }: Duels, seeds: number, a: number, b: number): Contest {
  const methods = Math.round(Math.sqrt(exact.length / (seeds * 3)));
  const shares = [0, 1, 2].map((k) => spreadOf(Array.from({ length: seeds }, (_, s) => exact[((a * methods + b) * seeds + s) * 3 + k])));
  const counts = [0, 0, 0];
  for (let s = 0; s < seeds; s++) {
    for (let i = 0; i < draws; i++) {
      const [own, other] = [a, b].map((m) => sampledRewards[(m * seeds + s) * draws + i]);
      let outcome = 1;
      if (own > other) outcome = 0;
      else if (own < other) outcome = 2;
      counts[outcome] += 1;
    }
  }
  const pairs = seeds * draws;
  const [win, tie, loss] = counts.map((n) => wilson(n, pairs));
  return { win: shares[0], tie: shares[1], loss: shares[2], sampled: { pairs, win, tie, loss } };
}
