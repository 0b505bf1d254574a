/**
 * TABLE of what a reader may change: one row per knob → sliders, URL keys, validation, docs.
 *
 * Rows stand in the order in which a link's values are applied: what adds or removes other knobs comes first.
 * A slider's range is narrower than what the schema allows; typed and linked values may use all of the latter.
 */
import { SUPPORTED_ALGORITHMS, SUPPORTED_POLICIES, lossReads } from './experimentKnobs.ts';
import { DPO_LOSSES, RANGES } from './experimentRanges.ts';
import { msg } from './msg.ts';
import { SAMPLING_PARAMS, SAMPLING_SWEEPS } from './paramsOfSampling.ts';
import type { DpoLossName, Experiment } from './experiment.ts';
import type { Param } from './paramRow.ts';

const always = (): boolean => true;
const trainsByLoss = ({ algorithm }: Experiment): boolean => algorithm.kind === 'dpo' || algorithm.kind === 'online-dpo';

const LOSS_LABELS: Readonly<Record<DpoLossName, string>> = {
  sigmoid: msg`DPO (sigmoid)`,
  ipo: msg`IPO (squared distance to a target margin)`,
  hinge: msg`Hinge (SLiC: stops at margin 1)`,
  dpop: msg`DPO-Positive (penalty when chosen falls)`,
  robust: msg`Robust DPO (corrects for flipped labels)`,
  sppo_hard: msg`SPPO (fixed targets for chosen and rejected)`,
  nca_pair: msg`NCA (holds the chosen reward up)`,
  exo_pair: msg`EXO (reverse KL to the labels)`,
  apo_zero: msg`APO-zero (chosen up, rejected down)`,
  apo_down: msg`APO-down (both down, rejected faster)`,
  simpo: msg`SimPO (per-token average, no reference)`,
};
const ALGORITHM_LABELS: Readonly<Record<(typeof SUPPORTED_ALGORITHMS)[number], string>> = {
  dpo: msg`DPO on the pairs`, 'online-dpo': msg`Online DPO (fresh pairs from the policy)`, ppo: msg`PPO (rollouts, reward, KL)`,
  'reward-model': msg`Reward model (and the optimum of what it learned)`, exact: msg`Exact objective (every response counted)`,
};
const POLICY_LABELS: Readonly<Record<(typeof SUPPORTED_POLICIES)[number], string>> = {
  tabular: msg`Table (one logit per context)`, mlp: msg`Neural network (contexts share weights)`, transformer: msg`Transformer (one attention block)`,
};

export const PARAMS: readonly Param[] = [
  {
    id: 'algorithm', path: 'algorithm.kind', urlKey: 'algorithm', label: msg`Algorithm`, symbol: '', tex: '', unit: '',
    explanation: msg`How the policy is trained: from preference pairs, from responses it draws itself, or on the exact objective as the yardstick.`,
    retune: false, appliesTo: always,
    kind: 'choice', choices: SUPPORTED_ALGORITHMS.map((value) => ({ value, label: ALGORITHM_LABELS[value] })),
  },
  {
    id: 'loss', path: 'algorithm.loss', urlKey: 'loss', label: msg`Loss`, symbol: '', tex: '', unit: '',
    explanation: msg`The function of a pair’s log-probabilities that training makes smaller.`,
    retune: false, appliesTo: trainsByLoss,
    kind: 'choice', choices: DPO_LOSSES.map((value) => ({ value, label: LOSS_LABELS[value] })),
  },
  {
    id: 'beta', path: 'algorithm.beta', urlKey: 'beta', label: msg`KL strength`, symbol: 'β', tex: '\\beta', unit: msg`reward per nat`,
    explanation: msg`What a loss multiplies the log-ratios to the reference by (SimPO: the log-probabilities per token; IPO and SPPO aim at 1/(2β)); in PPO, in the exact objective and in the optimum of a reward, the price of KL.`,
    retune: true, appliesTo: ({ sweep }) => sweep?.beta === undefined,
    kind: 'log', min: 0.01, max: 10, step: 0.05, allowed: RANGES.beta,
  },
  {
    id: 'optimizer', path: 'optimizer.kind', urlKey: 'optimizer', label: msg`Optimiser`, symbol: '', tex: '', unit: '',
    explanation: msg`How a gradient becomes a step: SGD follows it as it is, Adam rescales every parameter’s share.`,
    retune: false, appliesTo: always,
    kind: 'choice', choices: [{ value: 'sgd', label: msg`SGD` }, { value: 'adam', label: msg`Adam` }],
  },
  {
    id: 'learningRate', path: 'optimizer.learningRate', urlKey: 'learningRate', label: msg`Learning rate`, symbol: 'η', tex: '\\eta', unit: '',
    explanation: msg`The size of one update; the presets use 1 with SGD and 0.01 with Adam.`,
    retune: true, appliesTo: ({ sweep }) => sweep?.learningRate === undefined,
    kind: 'log', min: 1e-4, max: 10, step: 0.05, allowed: RANGES.learningRate,
  },
  {
    id: 'labelSmoothing', path: 'algorithm.labelSmoothing', urlKey: 'labelSmoothing', label: msg`Label smoothing`, symbol: 'ε', tex: '\\varepsilon', unit: '',
    explanation: msg`The share of preference labels that the loss takes to be wrong.`,
    retune: false, appliesTo: (experiment) => trainsByLoss(experiment) && lossReads(experiment, 'labelSmoothing') && experiment.sweep?.labelSmoothing === undefined,
    kind: 'linear', min: 0, max: 0.45, step: 0.01, allowed: RANGES.labelSmoothing,
  },
  {
    id: 'lengthAlpha', path: 'algorithm.lengthAlpha', urlKey: 'lengthAlpha', label: msg`Length penalty`, symbol: 'α', tex: '\\alpha', unit: msg`per word`,
    explanation: msg`Above 0, a pair pulls less where its chosen response is the longer one, and more where it is the shorter one (R-DPO).`,
    retune: false, appliesTo: (experiment) => trainsByLoss(experiment) && lossReads(experiment, 'lengthAlpha') && experiment.sweep?.lengthAlpha === undefined,
    kind: 'linear', min: -1, max: 1, step: 0.01, allowed: RANGES.lengthAlpha,
  },
  {
    id: 'dpopLambda', path: 'algorithm.dpopLambda', urlKey: 'dpopLambda', label: msg`Penalty when chosen falls`, symbol: 'λ', tex: '\\lambda', unit: '',
    explanation: msg`How hard DPO-Positive punishes a chosen response that becomes less likely than in the reference.`,
    retune: false, appliesTo: (experiment) => trainsByLoss(experiment) && lossReads(experiment, 'dpopLambda') && experiment.sweep?.dpopLambda === undefined,
    kind: 'linear', min: 0, max: 100, step: 1, allowed: RANGES.dpopLambda,
  },
  {
    id: 'simpoGamma', path: 'algorithm.simpoGamma', urlKey: 'simpoGamma', label: msg`Target margin`, symbol: 'γ', tex: '\\gamma', unit: '',
    explanation: msg`By how much SimPO wants the chosen response’s reward to exceed the rejected one’s.`,
    retune: false, appliesTo: (experiment) => trainsByLoss(experiment) && lossReads(experiment, 'simpoGamma') && experiment.sweep?.simpoGamma === undefined,
    kind: 'linear', min: 0, max: 5, step: 0.05, allowed: RANGES.simpoGamma,
  },
  {
    id: 'nllWeight', path: 'algorithm.nllWeight', urlKey: 'nllWeight', label: msg`Chosen-likelihood term`, symbol: 'λₙ', tex: '\\lambda_n', unit: msg`per nat and token`,
    explanation: msg`Adds ordinary training on the chosen responses (RPO).`,
    retune: false, appliesTo: (experiment) => trainsByLoss(experiment) && experiment.sweep?.nllWeight === undefined,
    kind: 'linear', min: 0, max: 2, step: 0.05, allowed: RANGES.nllWeight,
  },
  {
    id: 'klWeight', path: 'algorithm.klWeight', urlKey: 'klWeight', label: msg`Exact KL term`, symbol: 'λₖ', tex: '\\lambda_k', unit: msg`per nat`,
    explanation: msg`Adds the exact KL to the reference, over all responses and not only those in pairs.`,
    retune: false, appliesTo: (experiment) => trainsByLoss(experiment) && experiment.sweep?.klWeight === undefined,
    kind: 'linear', min: 0, max: 2, step: 0.01, allowed: RANGES.klWeight,
  },
  ...SAMPLING_PARAMS,
  {
    id: 'policy', path: 'policy.kind', urlKey: 'policy', label: msg`Policy`, symbol: 'π', tex: '\\pi_\\theta', unit: '',
    explanation: msg`What holds the probabilities: a table, where contexts are independent, or a network, where they move together.`,
    retune: false, appliesTo: always,
    kind: 'choice', choices: SUPPORTED_POLICIES.map((value) => ({ value, label: POLICY_LABELS[value] })),
  },
  {
    id: 'hidden', path: 'policy.hidden', urlKey: 'hidden', label: msg`Hidden units`, symbol: '', tex: '', unit: msg`units per layer`,
    explanation: msg`The width of each hidden layer of the network: one number per layer.`,
    retune: false, appliesTo: ({ policy }) => policy.kind === 'mlp',
    kind: 'list', minCount: 1, maxCount: 4, allowed: RANGES.hiddenUnits, distinct: false, suggestions: ['8', '16', '32', '32,32', '64'],
  },
  {
    id: 'width', path: 'policy.width', urlKey: 'width', label: msg`Width`, symbol: 'd', tex: 'd', unit: msg`numbers per token`,
    explanation: msg`How many numbers the transformer keeps for each token; a multiple of its heads.`,
    retune: false, appliesTo: ({ policy }) => policy.kind === 'transformer',
    kind: 'integer', min: 4, max: 64, step: 4, allowed: RANGES.width,
  },
  {
    id: 'heads', path: 'policy.heads', urlKey: 'heads', label: msg`Heads`, symbol: '', tex: '', unit: msg`heads`,
    explanation: msg`Into how many attention heads the transformer’s width is divided.`,
    retune: false, appliesTo: ({ policy }) => policy.kind === 'transformer',
    kind: 'integer', min: 1, max: 8, step: 1, allowed: RANGES.heads,
  },
  {
    id: 'smoothing', path: 'reference.smoothing', urlKey: 'smoothing', label: msg`Reference coverage`, symbol: 'ε_ref', tex: '\\varepsilon_{\\mathrm{ref}}', unit: '',
    explanation: msg`The probability that the reference spreads evenly over all responses, those outside its corpus included.`,
    retune: false, appliesTo: ({ reference }) => reference.kind === 'corpus',
    kind: 'log', min: 1e-6, max: 0.5, step: 0.1, allowed: RANGES.smoothing,
  },
  {
    id: 'seeds', path: 'seeds', urlKey: 'seeds', label: msg`Seeds`, symbol: '', tex: '', unit: '',
    explanation: msg`One policy is trained per seed; the band in a chart shows how much they differ.`,
    retune: false, appliesTo: always,
    kind: 'list', minCount: 1, maxCount: 256, allowed: RANGES.seed, distinct: true, suggestions: ['0', '0-3', '0-7', '0-31'],
  },
  {
    id: 'steps', path: 'steps', urlKey: 'steps', label: msg`Updates`, symbol: '', tex: '', unit: msg`updates`,
    explanation: msg`How many updates a run makes before it stops by itself; an update of PPO is one whole iteration.`,
    retune: false, appliesTo: always,
    kind: 'integer', min: 10, max: 20000, step: 10, allowed: RANGES.steps,
  },
  {
    id: 'sweepBeta', path: 'sweep.beta', urlKey: 'betas', label: msg`Compare values of β`, symbol: 'β', tex: '\\beta', unit: msg`reward per nat`,
    explanation: msg`Trains every seed once for each of these β, side by side; none means the one β above.`,
    retune: false, appliesTo: always,
    kind: 'list', minCount: 0, maxCount: 64, allowed: RANGES.beta, distinct: true, suggestions: ['none', '0.05,0.1,0.5', '0.01,0.1,1,10'],
  },
  ...SAMPLING_SWEEPS,
];
