/** What a policy is worth beside the best one: every number of the page's right side, from one setting. */
import { useMemo } from 'react';
import { lagrangianGradient, objectiveOf } from '../../derivation/objective.ts';
import type { Setting } from '../../derivation/setting.ts';
import { klDivergence } from '../../sim/exact/estimators.ts';
import { optimalPolicy } from '../../sim/exact/optimal.ts';

export interface Worth {
  /** J, reward units; averaged over prompts, as all that follow. */
  value: number;
  /** E[r], reward units. */
  reward: number;
  /** β·KL(π‖π_ref), reward units. */
  klCost: number;
  /** β log Z, reward units. */
  best: number;
  /** β·KL(π‖π*), reward units: computed by itself, not as best − value. */
  gap: number;
  /** log π*(y|x), [Y]. */
  optimalLogps: Float64Array;
  /** The Lagrangian's gradient, [Y], reward units. */
  gradient: Float64Array;
}

export function worthOf(setting: Setting, logps: Float64Array): Worth {
  const { world, refLogps, rewards, beta } = setting;
  const { logps: optimalLogps, logZ } = optimalPolicy(world, refLogps, rewards, beta);
  const { value, reward, kl } = objectiveOf(setting, logps);
  return {
    value, reward, klCost: beta * kl, optimalLogps,
    best: beta * logZ.reduce((sum, own) => sum + own, 0) / world.promptCount,
    gap: beta * klDivergence(world, logps, optimalLogps),
    gradient: lagrangianGradient(setting, logps),
  };
}

export function useWorth(setting: Setting, logps: Float64Array): Worth {
  return useMemo(() => worthOf(setting, logps), [setting, logps]);
}
