/**
 * The table of what is measured: one row per metric, TRL's names where TRL logs it.
 * Charts, tooltips, the command line's table, result files and tests read it.
 *
 * Sums in float64 over the whole response space, or over all pairs where `needsPairs` says so; nothing is sampled
 * but what `sampled` marks. Only `loss` is the trainer's own float32 tensor program, evaluated at the current
 * parameters (PPO: −J of the reward it is given, exact, which its surrogate lowers; a reward model: −log-likelihood).
 */

export type MetricUnit = 'probability' | 'nats' | 'reward' | 'words' | 'loss' | 'share';

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
  { id: 'mass/chosen', label: 'chosen', tex: '\\pi(\\text{chosen})', unit: 'probability', formula: 'mean over prompts of Σ π(y|x) over responses ever chosen and never rejected', inFile: true },
  { id: 'mass/rejected', label: 'rejected', tex: '\\pi(\\text{rejected})', unit: 'probability', formula: 'mean over prompts of Σ π(y|x) over responses ever rejected and never chosen', inFile: true },
  { id: 'mass/otherInDistribution', label: 'other in-distribution', tex: '\\pi(\\text{other})', unit: 'probability', formula: 'mean over prompts of Σ π(y|x) over the other responses of the reference’s data: those with positive corpus weight, or all where the reference is a unigram model', inFile: true },
  { id: 'mass/ood', label: 'responses nobody wrote', tex: '\\pi(\\text{OOD})', unit: 'probability', formula: 'mean over prompts of Σ π(y|x) over all remaining responses', inFile: true },
  { id: 'loss', label: 'loss', tex: '\\mathcal L', unit: 'loss', formula: 'the objective the optimiser minimises, at the current parameters (exact: −J)', inFile: true },
  { id: 'rewards/chosen', label: 'implicit reward of chosen', tex: '\\hat r(x,y_+)', unit: 'reward', formula: 'weighted mean over pairs of β·log π(y₊|x)/π_ref(y₊|x)', needsPairs: true, inFile: true },
  { id: 'rewards/rejected', label: 'implicit reward of rejected', tex: '\\hat r(x,y_-)', unit: 'reward', formula: 'weighted mean over pairs of β·log π(y₋|x)/π_ref(y₋|x)', needsPairs: true, inFile: true },
  { id: 'rewards/margins', label: 'reward gap', tex: '\\hat r(x,y_+)-\\hat r(x,y_-)', unit: 'reward', formula: 'rewards/chosen − rewards/rejected', needsPairs: true, inFile: true },
  { id: 'rewards/accuracies', label: 'pairs ranked right', tex: '\\Pr[\\hat r_+>\\hat r_-]', unit: 'share', formula: 'weighted share of pairs with implicit reward of chosen > of rejected', needsPairs: true, inFile: true },
  { id: 'logps/chosen', label: 'log-probability of chosen', tex: '\\log\\pi(y_+|x)', unit: 'nats', formula: 'weighted mean over pairs of log π(y₊|x), summed over tokens', needsPairs: true, inFile: true },
  { id: 'logps/rejected', label: 'log-probability of rejected', tex: '\\log\\pi(y_-|x)', unit: 'nats', formula: 'weighted mean over pairs of log π(y₋|x), summed over tokens', needsPairs: true, inFile: true },
  { id: 'kl', label: 'distance from the reference', tex: '\\mathrm{KL}(\\pi\\|\\pi_{\\mathrm{ref}})', unit: 'nats', formula: 'mean over prompts of Σ π log π/π_ref', inFile: true },
  { id: 'klToOptimal', label: 'distance from the optimum', tex: '\\mathrm{KL}(\\pi\\|\\pi^*)', unit: 'nats', formula: 'mean over prompts of Σ π log π/π*, π* = π_ref·exp(r/β)/Z for the gold reward', needsGold: true, inFile: true },
  { id: 'objective', label: 'the objective J', tex: 'J(\\pi)', unit: 'reward', formula: 'goldReward − β·kl', needsGold: true, inFile: true },
  { id: 'objective/optimal', label: 'the best possible J', tex: 'J(\\pi^*)', unit: 'reward', formula: 'mean over prompts of β·log Z(x)', needsGold: true, inFile: false },
  { id: 'goldReward', label: 'gold reward', tex: '\\mathbb E_\\pi[r]', unit: 'reward', formula: 'mean over prompts of Σ π r', needsGold: true, inFile: true },
  { id: 'meanLength', label: 'mean length', tex: '\\mathbb E_\\pi|y|', unit: 'words', formula: 'mean over prompts of Σ π·(number of words)', inFile: true },
  { id: 'entropy', label: 'entropy', tex: 'H(\\pi)', unit: 'nats', formula: 'mean over prompts of −Σ π log π', inFile: true },
  { id: 'proxyReward', label: 'reward it was given', tex: '\\mathbb E_\\pi[\\hat r]', unit: 'reward', formula: 'mean over prompts of Σ π r̂, r̂ = the reward model’s score that training used', needsRewardModel: true, inFile: true },
  { id: 'klToProxyOptimal', label: 'distance from the optimum of the reward it was given', tex: '\\mathrm{KL}(\\pi\\|\\hat\\pi^*)', unit: 'nats', formula: 'mean over prompts of Σ π log π/π̂*, π̂* = π_ref·exp(r̂/β)/Ẑ', needsRewardModel: true, inFile: true },
  { id: 'optimal/goldReward', label: 'gold reward of the optimum', tex: '\\mathbb E_{\\pi^*}[r]', unit: 'reward', formula: 'mean over prompts of Σ π* r, π* = π_ref·exp(r/β)/Z for the gold reward', needsGold: true, inFile: false },
  { id: 'optimal/meanLength', label: 'mean length of the optimum', tex: '\\mathbb E_{\\pi^*}|y|', unit: 'words', formula: 'mean over prompts of Σ π*·(number of words), π* for the gold reward', needsGold: true, inFile: false },
  { id: 'proxyOptimal/proxyReward', label: 'reward it was given, of that reward’s optimum', tex: '\\mathbb E_{\\hat\\pi^*}[\\hat r]', unit: 'reward', formula: 'mean over prompts of Σ π̂* r̂, π̂* = π_ref·exp(r̂/β)/Ẑ', needsRewardModel: true, inFile: false },
  { id: 'proxyOptimal/goldReward', label: 'gold reward of the optimum of the reward it was given', tex: '\\mathbb E_{\\hat\\pi^*}[r]', unit: 'reward', formula: 'mean over prompts of Σ π̂* r', needsRewardModel: true, needsGold: true, inFile: false },
  { id: 'proxyOptimal/meanLength', label: 'mean length of the optimum of the reward it was given', tex: '\\mathbb E_{\\hat\\pi^*}|y|', unit: 'words', formula: 'mean over prompts of Σ π̂*·(number of words)', needsRewardModel: true, inFile: false },
  { id: 'rm/logLikelihood', label: 'log-likelihood of the pairs', tex: '\\log\\sigma(\\hat r_+-\\hat r_-)', unit: 'nats', formula: 'weighted mean over pairs of log σ(r̂(y₊) − r̂(y₋)), before normalising', fitsRewardModel: true, inFile: true },
  { id: 'rm/accuracy', label: 'pairs ranked right', tex: '\\Pr[\\hat r_+>\\hat r_-]', unit: 'share', formula: 'weighted share of pairs with r̂(y₊) > r̂(y₋)', fitsRewardModel: true, inFile: true },
  { id: 'rm/heldOutLogLikelihood', label: 'log-likelihood of held-out pairs', tex: '\\log\\sigma(\\hat r_+-\\hat r_-)', unit: 'nats', formula: 'the same on pairs of the same annotator that the fit has not seen', fitsRewardModel: true, inFile: true },
  { id: 'rm/heldOutAccuracy', label: 'held-out pairs ranked right', tex: '\\Pr[\\hat r_+>\\hat r_-]', unit: 'share', formula: 'the same on pairs that the fit has not seen', fitsRewardModel: true, inFile: true },
  { id: 'rm/margin', label: 'learned reward gap', tex: '\\hat r_+-\\hat r_-', unit: 'reward', formula: 'weighted mean over pairs of r̂(y₊) − r̂(y₋), before normalising', fitsRewardModel: true, inFile: true },
  { id: 'rm/scale', label: 'scale of the learned reward', tex: '\\mathrm{sd}_{\\pi_{\\mathrm{ref}}}(\\hat r)', unit: 'reward', formula: 'standard deviation of r̂ under π_ref, before normalising: √ of the mean over prompts of the variance', fitsRewardModel: true, inFile: true },
  { id: 'rm/lengthCoefficient', label: 'what a word more is worth to it', tex: '\\partial\\hat r/\\partial|y|', unit: 'reward', formula: 'coefficient of the number of words in the least-squares fit of r̂ (before normalising) on number of words, gold reward and a constant per prompt, under π_ref; without gold where there is none or the two say the same', fitsRewardModel: true, inFile: true },
  { id: 'objective/kl', label: 'sampled KL', tex: '\\widehat{\\mathrm{KL}}', unit: 'nats', formula: 'PPO: mean over the last iteration’s rollouts of Σ_t log π_old/π_ref', sampled: true, inFile: true },
  { id: 'objective/entropy', label: 'sampled surprise', tex: '-\\log\\pi(y)', unit: 'nats', formula: 'PPO: mean over rollouts of −Σ_t log π_old', sampled: true, inFile: true },
  { id: 'objective/scores', label: 'mean score', tex: '\\bar{s}', unit: 'reward', formula: 'PPO: mean over rollouts of the score', sampled: true, inFile: true },
  { id: 'objective/non_score_reward', label: 'KL part of the reward', tex: '-\\beta\\,\\widehat{\\mathrm{KL}}', unit: 'reward', formula: 'PPO: −β · objective/kl', sampled: true, inFile: true },
  { id: 'objective/rlhf_reward', label: 'reward with its KL part', tex: '\\bar{s}-\\beta\\,\\widehat{\\mathrm{KL}}', unit: 'reward', formula: 'PPO: objective/scores + objective/non_score_reward', sampled: true, inFile: true },
  { id: 'policy/approxkl_avg', label: 'step size', tex: '\\tfrac12\\overline{(\\Delta\\log\\pi)^2}', unit: 'nats', formula: 'PPO: mean over the gradient steps of ½·mean over tokens of (log π − log π_old)²', sampled: true, inFile: true },
  { id: 'policy/clipfrac_avg', label: 'share of clipped tokens', tex: '\\Pr[\\text{clipped}]', unit: 'share', formula: 'PPO: mean over the gradient steps of the share of tokens whose clipped loss is the larger one', sampled: true, inFile: true },
  { id: 'policy/entropy_avg', label: 'entropy of the next token', tex: '\\overline{H}', unit: 'nats', formula: 'PPO: mean over the gradient steps and tokens of −Σ_k π(k|c) log π(k|c)', sampled: true, inFile: true },
  { id: 'loss/policy_avg', label: 'surrogate loss', tex: '\\mathcal L_{\\mathrm{clip}}', unit: 'loss', formula: 'PPO: mean over the gradient steps of mean over tokens of max(−A·ρ, −A·clip(ρ, 1−ε, 1+ε))', sampled: true, inFile: true },
  { id: 'loss/value_avg', label: 'value loss', tex: '\\mathcal L_V', unit: 'loss', formula: 'PPO: mean over the gradient steps of ½·mean over tokens of max((V−R)², (V_clipped−R)²)', sampled: true, inFile: true },
  { id: 'val/ratio', label: 'mean ratio', tex: '\\bar\\rho', unit: 'share', formula: 'PPO: mean over the gradient steps and tokens of ρ = π/π_old', sampled: true, inFile: true },
  { id: 'val/clipfrac_avg', label: 'share of clipped values', tex: '\\Pr[V\\text{ clipped}]', unit: 'share', formula: 'PPO: mean over the gradient steps of the share of tokens whose clipped value loss is the larger one', sampled: true, inFile: true },
] as const satisfies readonly MetricRow[];

export type MetricId = (typeof METRICS)[number]['id'];

const INDEX = new Map<MetricId, number>(METRICS.map((row, i) => [row.id, i]));

/** Row number of a metric in METRICS, and so in every [M, R] array. */
export function metricIndex(id: MetricId): number {
  return INDEX.get(id)!;
}
