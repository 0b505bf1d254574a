/** The formula of the cancellation: its TeX, and the numbers that stand under its terms. Pure. */
import { logSigmoid } from '../../sim/exact/numerics.ts';
import { optimumOf } from '../../derivation/optimum.ts';
import type { Setting } from '../../derivation/setting.ts';

const Y = { chosen: '\\term{y-plus}{\\chosen{y_+}}', rejected: '\\term{y-minus}{\\rejected{y_-}}' } as const;
type Side = keyof typeof Y;

const BETA = '\\term{beta}{\\beta}';
const reward = (side: Side) => `\\term{r}{r}(x,${Y[side]})`;
const implicit = (side: Side) => `\\term{r-hat}{\\hat r}(x,${Y[side]})`;
const ratio = (side: Side) => `${BETA}\\log\\dfrac{\\term{pi}{\\pi}(${Y[side]}|x)}{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(${Y[side]}|x)}`;

/** The pieces that the page sets side by side. */
export const TEX = {
  reward: { chosen: reward('chosen'), rejected: reward('rejected') },
  ratio: { chosen: ratio('chosen'), rejected: ratio('rejected') },
  logZ: `${BETA}\\log\\term{Z}{Z}(x)`,
  gap: `${reward('chosen')}-${reward('rejected')}`,
  loss: `\\term{L-DPO}{\\mathcal L_{\\mathrm{DPO}}}=-\\,\\term{E}{\\mathbb E}\\,\\log\\term{sigma}{\\sigma}\\bigl(${implicit('chosen')}-${implicit('rejected')}\\bigr)`,
  optimal: '\\term{pi-star}{\\pi^*}',
  trained: '\\term{pi-theta}{\\pi_\\theta}',
} as const;

/** The numbers of one policy: reward = implicit + logZ for both responses. */
export interface Terms {
  reward: Record<Side, number>;
  /** β·log π/π_ref, reward units. */
  implicit: Record<Side, number>;
  /** β·log Z(x) of the reward that this policy is optimal for, reward units. */
  logZ: number;
}

/**
 * The terms of a pair, for the optimal policy of the world's rewards and for the policy that trains, which is optimal for
 * its own implicit rewards: their log Z is 0.
 *
 *   r(x, y) = β·log π(y|x)/π_ref(y|x) + β·log Z(x)
 *
 * Source: Rafailov et al. 2023, eq. 5 and section 4. Derivation steps: `inverted-reward`, `implicit-normaliser`.
 */
export function termsOf(setting: Setting, pair: Record<Side, number>): { optimal: Terms; trained: Terms } {
  const { beta, refLogps, logps, rewards, promptOf } = setting;
  const best = optimumOf(setting);
  const of = (policy: Float64Array, y: number) => beta * (policy[y] - refLogps[y]);
  const sides = (f: (y: number) => number) => ({ chosen: f(pair.chosen), rejected: f(pair.rejected) });
  const implied = sides((y) => of(logps, y));
  return {
    optimal: { reward: sides((y) => rewards[y]), implicit: sides((y) => of(best.logps, y)), logZ: beta * best.logZ[promptOf[pair.chosen]] },
    trained: { reward: implied, implicit: implied, logZ: 0 },
  };
}

export const gapOf = ({ implicit: { chosen, rejected } }: Terms): number => chosen - rejected;

/** −log σ(gap), nats. */
export const pairLoss = (gap: number): number => -logSigmoid(gap);
