/**
 * The table of what is measured: one row per metric, TRL's names where TRL logs it.
 * Charts, tooltips, the command line's table, result files and tests read it.
 *
 * Sums in float64 over the whole response space, or over all pairs where `needsPairs` says so; nothing is sampled
 * but what `sampled` marks. Only `loss` is the trainer's own float32 tensor program, evaluated at the current
 * parameters (PPO: −J of the reward it is given, exact, which its surrogate lowers; a reward model: −log-likelihood).
 */
import { msg } from './msg.ts';


export type MetricUnit = 'probability' | 'nats' | 'reward' | 'words' | 'loss' | 'share';

/** The units as they are said. */
export const UNIT_WORDS: Readonly<Record<MetricUnit, string>> = {
  probability: msg`probability`, nats: msg`nats`, reward: msg`reward`, words: msg`words`, loss: msg`loss`, share: msg`share`,
};

export interface MetricRow {
  readonly id: string;
  /** Words a student knows. */
  readonly label: string;
  /** TeX of the symbol. */
  readonly tex: string;
  readonly unit: MetricUnit;
  /** What it is, exactly. */
  readonly formula: string;
  /** True when it needs a gold reward. */
  readonly needsGold?: true;
  /** True when it needs preference pairs. */
  readonly needsPairs?: true;
  /** True when it needs a reward model that judges or rewards. */
  readonly needsRewardModel?: true;
  /** True when it belongs to a run that fits a reward model (chapter 1). */
  readonly fitsRewardModel?: true;
  /** True when it is an average over the samples of the last PPO iteration: there is none at update 0. */
  readonly sampled?: true;
  /** False: shown on the page only, not part of the result file. */
  readonly inFile: boolean;
}

export const METRICS = [
  { id: 'mass/chosen', label: msg`chosen`, tex: '\\pi(\\text{chosen})', unit: 'probability', formula: msg`mean over prompts of Σ π(y|x) over responses ever chosen and never rejected`, inFile: true },
  { id: 'mass/rejected', label: msg`rejected`, tex: '\\pi(\\text{rejected})', unit: 'probability', formula: msg`mean over prompts of Σ π(y|x) over responses ever rejected and never chosen`, inFile: true },
  { id: 'mass/otherInDistribution', label: msg`other in-distribution`, tex: '\\pi(\\text{other})', unit: 'probability', formula: msg`mean over prompts of Σ π(y|x) over the other responses of the reference’s data: those with positive corpus weight, or all where the reference is a unigram model`, inFile: true },
  { id: 'mass/ood', label: msg`responses nobody wrote`, tex: '\\pi(\\text{OOD})', unit: 'probability', formula: msg`mean over prompts of Σ π(y|x) over all remaining responses`, inFile: true },
  { id: 'loss', label: msg`loss`, tex: '\\mathcal L', unit: 'loss', formula: msg`the objective the optimiser minimises, at the current parameters (exact: −J)`, inFile: true },
  { id: 'rewards/chosen', label: msg`implicit reward of chosen`, tex: '\\hat r(x,y_+)', unit: 'reward', formula: msg`weighted mean over pairs of β·log π(y₊|x)/π_ref(y₊|x)`, needsPairs: true, inFile: true },
  { id: 'rewards/rejected', label: msg`implicit reward of rejected`, tex: '\\hat r(x,y_-)', unit: 'reward', formula: msg`weighted mean over pairs of β·log π(y₋|x)/π_ref(y₋|x)`, needsPairs: true, inFile: true },
  { id: 'rewards/margins', label: msg`reward gap`, tex: '\\hat r(x,y_+)-\\hat r(x,y_-)', unit: 'reward', formula: 'rewards/chosen − rewards/rejected', needsPairs: true, inFile: true },
  { id: 'rewards/accuracies', label: msg`pairs ranked right`, tex: '\\Pr[\\hat r_+>\\hat r_-]', unit: 'share', formula: msg`weighted share of pairs with implicit reward of chosen > of rejected`, needsPairs: true, inFile: true },
  { id: 'logps/chosen', label: msg`log-probability of chosen`, tex: '\\log\\pi(y_+|x)', unit: 'nats', formula: msg`weighted mean over pairs of log π(y₊|x), summed over tokens`, needsPairs: true, inFile: true },
  { id: 'logps/rejected', label: msg`log-probability of rejected`, tex: '\\log\\pi(y_-|x)', unit: 'nats', formula: msg`weighted mean over pairs of log π(y₋|x), summed over tokens`, needsPairs: true, inFile: true },
  { id: 'kl', label: msg`distance from the reference`, tex: '\\mathrm{KL}(\\pi\\|\\pi_{\\mathrm{ref}})', unit: 'nats', formula: msg`mean over prompts of Σ π log π/π_ref`, inFile: true },
  { id: 'klToOptimal', label: msg`distance from the optimum`, tex: '\\mathrm{KL}(\\pi\\|\\pi^*)', unit: 'nats', formula: msg`mean over prompts of Σ π log π/π*, π* = π_ref·exp(r/β)/Z for the gold reward`, needsGold: true, inFile: true },
  { id: 'objective', label: msg`the objective J`, tex: 'J(\\pi)', unit: 'reward', formula: 'goldReward − β·kl', needsGold: true, inFile: true },
  { id: 'objective/optimal', label: msg`the best possible J`, tex: 'J(\\pi^*)', unit: 'reward', formula: msg`mean over prompts of β·log Z(x)`, needsGold: true, inFile: false },
  { id: 'goldReward', label: msg`gold reward`, tex: '\\mathbb E_\\pi[r]', unit: 'reward', formula: msg`mean over prompts of Σ π r`, needsGold: true, inFile: true },
  { id: 'meanLength', label: msg`mean length`, tex: '\\mathbb E_\\pi|y|', unit: 'words', formula: msg`mean over prompts of Σ π·(number of words)`, inFile: true },
  { id: 'entropy', label: msg`entropy`, tex: 'H(\\pi)', unit: 'nats', formula: msg`mean over prompts of −Σ π log π`, inFile: true },
  { id: 'proxyReward', label: msg`reward it was given`, tex: '\\mathbb E_\\pi[\\hat r]', unit: 'reward', formula: msg`mean over prompts of Σ π r̂, r̂ = the reward model’s score that training used`, needsRewardModel: true, inFile: true },
  { id: 'klToProxyOptimal', label: msg`distance from the optimum of the reward it was given`, tex: '\\mathrm{KL}(\\pi\\|\\hat\\pi^*)', unit: 'nats', formula: msg`mean over prompts of Σ π log π/π̂*, π̂* = π_ref·exp(r̂/β)/Ẑ`, needsRewardModel: true, inFile: true },
  { id: 'optimal/goldReward', label: msg`gold reward of the optimum`, tex: '\\mathbb E_{\\pi^*}[r]', unit: 'reward', formula: msg`mean over prompts of Σ π* r, π* = π_ref·exp(r/β)/Z for the gold reward`, needsGold: true, inFile: false },
  { id: 'optimal/meanLength', label: msg`mean length of the optimum`, tex: '\\mathbb E_{\\pi^*}|y|', unit: 'words', formula: msg`mean over prompts of Σ π*·(number of words), π* for the gold reward`, needsGold: true, inFile: false },
  { id: 'proxyOptimal/proxyReward', label: msg`reward it was given, of that reward’s optimum`, tex: '\\mathbb E_{\\hat\\pi^*}[\\hat r]', unit: 'reward', formula: msg`mean over prompts of Σ π̂* r̂, π̂* = π_ref·exp(r̂/β)/Ẑ`, needsRewardModel: true, inFile: false },
  { id: 'proxyOptimal/goldReward', label: msg`gold reward of the optimum of the reward it was given`, tex: '\\mathbb E_{\\hat\\pi^*}[r]', unit: 'reward', formula: msg`mean over prompts of Σ π̂* r`, needsRewardModel: true, needsGold: true, inFile: false },
  { id: 'proxyOptimal/meanLength', label: msg`mean length of the optimum of the reward it was given`, tex: '\\mathbb E_{\\hat\\pi^*}|y|', unit: 'words', formula: msg`mean over prompts of Σ π̂*·(number of words)`, needsRewardModel: true, inFile: false },
  { id: 'rm/logLikelihood', label: msg`log-likelihood of the pairs`, tex: '\\log\\sigma(\\hat r_+-\\hat r_-)', unit: 'nats', formula: msg`weighted mean over pairs of log σ(r̂(y₊) − r̂(y₋)), before normalising`, fitsRewardModel: true, inFile: true },
  { id: 'rm/accuracy', label: msg`pairs ranked right`, tex: '\\Pr[\\hat r_+>\\hat r_-]', unit: 'share', formula: msg`weighted share of pairs with r̂(y₊) > r̂(y₋)`, fitsRewardModel: true, inFile: true },
  { id: 'rm/heldOutLogLikelihood', label: msg`log-likelihood of held-out pairs`, tex: '\\log\\sigma(\\hat r_+-\\hat r_-)', unit: 'nats', formula: msg`the same on pairs of the same annotator that the fit has not seen`, fitsRewardModel: true, inFile: true },
  { id: 'rm/heldOutAccuracy', label: msg`held-out pairs ranked right`, tex: '\\Pr[\\hat r_+>\\hat r_-]', unit: 'share', formula: msg`the same on pairs that the fit has not seen`, fitsRewardModel: true, inFile: true },
  { id: 'rm/margin', label: msg`learned reward gap`, tex: '\\hat r_+-\\hat r_-', unit: 'reward', formula: msg`weighted mean over pairs of r̂(y₊) − r̂(y₋), before normalising`, fitsRewardModel: true, inFile: true },
  { id: 'rm/scale', label: msg`scale of the learned reward`, tex: '\\mathrm{sd}_{\\pi_{\\mathrm{ref}}}(\\hat r)', unit: 'reward', formula: msg`standard deviation of r̂ under π_ref, before normalising: √ of the mean over prompts of the variance`, fitsRewardModel: true, inFile: true },
  { id: 'rm/lengthCoefficient', label: msg`what a word more is worth to it`, tex: '\\partial\\hat r/\\partial|y|', unit: 'reward', formula: msg`coefficient of the number of words in the least-squares fit of r̂ (before normalising) on number of words, gold reward and a constant per prompt, under π_ref; without gold where there is none or the two say the same`, fitsRewardModel: true, inFile: true },
  { id: 'objective/kl', label: msg`sampled KL`, tex: '\\widehat{\\mathrm{KL}}', unit: 'nats', formula: msg`PPO: mean over the last iteration’s rollouts of Σ_t log π_old/π_ref`, sampled: true, inFile: true },
  { id: 'objective/entropy', label: msg`sampled surprise`, tex: '-\\log\\pi(y)', unit: 'nats', formula: msg`PPO: mean over rollouts of −Σ_t log π_old`, sampled: true, inFile: true },
  { id: 'objective/scores', label: msg`mean score`, tex: '\\bar{s}', unit: 'reward', formula: msg`PPO: mean over rollouts of the score`, sampled: true, inFile: true },
  { id: 'objective/non_score_reward', label: msg`KL part of the reward`, tex: '-\\beta\\,\\widehat{\\mathrm{KL}}', unit: 'reward', formula: msg`PPO: −β · objective/kl`, sampled: true, inFile: true },
  { id: 'objective/rlhf_reward', label: msg`reward with its KL part`, tex: '\\bar{s}-\\beta\\,\\widehat{\\mathrm{KL}}', unit: 'reward', formula: msg`PPO: objective/scores + objective/non_score_reward`, sampled: true, inFile: true },
  { id: 'policy/approxkl_avg', label: msg`step size`, tex: '\\tfrac12\\overline{(\\Delta\\log\\pi)^2}', unit: 'nats', formula: msg`PPO: mean over the gradient steps of ½·mean over tokens of (log π − log π_old)²`, sampled: true, inFile: true },
  { id: 'policy/clipfrac_avg', label: msg`share of clipped tokens`, tex: '\\Pr[\\text{clipped}]', unit: 'share', formula: msg`PPO: mean over the gradient steps of the share of tokens whose clipped loss is the larger one`, sampled: true, inFile: true },
  { id: 'policy/entropy_avg', label: msg`entropy of the next token`, tex: '\\overline{H}', unit: 'nats', formula: msg`PPO: mean over the gradient steps and tokens of −Σ_k π(k|c) log π(k|c)`, sampled: true, inFile: true },
  { id: 'loss/policy_avg', label: msg`surrogate loss`, tex: '\\mathcal L_{\\mathrm{clip}}', unit: 'loss', formula: msg`PPO: mean over the gradient steps of mean over tokens of max(−A·ρ, −A·clip(ρ, 1−ε, 1+ε))`, sampled: true, inFile: true },
  { id: 'loss/value_avg', label: msg`value loss`, tex: '\\mathcal L_V', unit: 'loss', formula: msg`PPO: mean over the gradient steps of ½·mean over tokens of max((V−R)², (V_clipped−R)²)`, sampled: true, inFile: true },
  { id: 'val/ratio', label: msg`mean ratio`, tex: '\\bar\\rho', unit: 'share', formula: msg`PPO: mean over the gradient steps and tokens of ρ = π/π_old`, sampled: true, inFile: true },
  { id: 'val/clipfrac_avg', label: msg`share of clipped values`, tex: '\\Pr[V\\text{ clipped}]', unit: 'share', formula: msg`PPO: mean over the gradient steps of the share of tokens whose clipped value loss is the larger one`, sampled: true, inFile: true },
] as const satisfies readonly MetricRow[];

export type MetricId = (typeof METRICS)[number]['id'];

const INDEX = new Map<MetricId, number>(METRICS.map((row, i) => [row.id, i]));

/** Row number of a metric in METRICS, and so in every [M, R] array. */
export function metricIndex(id: MetricId): number {
  return INDEX.get(id)!;
}
