import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { BIASED_PPO_FILE } from './ppo-length-bias.ts';

/** The same biased reward at several prices of KL, as one population. */
export const ppoKlStrength: Preset = {
  id: 'ppo-kl-strength',
  ask: 'shortest',
  chapter: 7,
  title: msg`The same, at four prices of KL`,
  question: msg`The same biased reward at four values of β. Which of them keeps the answers short?`,
  lookFor: msg`In every seed the answers are the shorter, the higher β is. At β = 10 they are hardly longer than the reference’s; the policy has hardly moved either.`,
  experiment: presetExperiment({ ...BIASED_PPO_FILE, name: 'the same, at four prices of KL', sweep: { beta: [0.3, 1, 3, 10] } }),
};
