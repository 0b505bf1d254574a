/** All steps, in reading order. A new step is one entry in the list of its chapter. */
import type { Step } from './step.ts';
import { OBJECTIVE_STEPS } from './steps/objective.ts';
import { OPTIMAL_POLICY_STEPS } from './steps/optimalPolicy.ts';
import { OPTIMUM_PROPERTY_STEPS } from './steps/optimumProperties.ts';
import { POLICY_TO_REWARD_STEPS } from './steps/policyToReward.ts';
import { PPO_STEPS } from './steps/ppo.ts';
import { REWARD_MODEL_STEPS } from './steps/rewardModel.ts';

export const STEPS: readonly Step[] = [
  ...REWARD_MODEL_STEPS,
  ...OPTIMAL_POLICY_STEPS,
  ...OPTIMUM_PROPERTY_STEPS,
  ...POLICY_TO_REWARD_STEPS,
  ...OBJECTIVE_STEPS,
  ...PPO_STEPS,
];
