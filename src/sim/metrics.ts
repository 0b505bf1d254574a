/**
 * The table of what is measured: one row per metric, TRL's names where TRL logs it.
 * Charts, tooltips, the command line's table, result files and tests read it.
 *
 * Sums in float64 over the whole response space, or over all pairs where `needsPairs` says so: nothing is
 * sampled. Only `loss` is the trainer's own float32 tensor program, evaluated at the current parameters.
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
] as const satisfies readonly MetricRow[];

export type MetricId = (typeof METRICS)[number]['id'];

const INDEX = new Map<MetricId, number>(METRICS.map((row, i) => [row.id, i]));

/** Row number of a metric in METRICS, and so in every [M, R] array. */
export function metricIndex(id: MetricId): number {
  return INDEX.get(id)!;
}
