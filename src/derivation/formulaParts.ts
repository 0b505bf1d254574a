/** TABLE of the parts that objectives are made of. A part that two objectives have in common is one row here. */
import { klTerm } from '../sim/exact/numerics.ts';
import { msg } from '../sim/msg.ts';
import { lengthOf, tokensOf } from '../sim/world.ts';
import type { FormulaConstant, FormulaPart, PartKey } from './formula.ts';
import { shownPair } from './pairs.ts';
import type { Setting, SettingPair } from './setting.ts';

const THETA = '\\pi_\\theta', REF = '\\pi_{\\mathrm{ref}}';
const logRatioTex = (y: string): string => `\\log\\frac{${THETA}(${y}|x)}{${REF}(${y}|x)}`;

const ofPair = (read: (setting: Setting, pair: SettingPair) => number) => (setting: Setting): number => read(setting, shownPair(setting));
const logRatio = ({ logps, refLogps }: Setting, y: number): number => logps[y] - refLogps[y];
/** Σ_y f(y) over the responses to the shown pair's prompt. */
const ofPrompt = (f: (setting: Setting, y: number) => number) => (setting: Setting): number => {
  const x = setting.promptOf[shownPair(setting).chosen];
  return setting.promptOf.reduce((sum, own, y) => (own === x ? sum + f(setting, y) : sum), 0);
};

export const CONSTANTS = {
  dpopLambda: { tex: '\\lambda', name: 'λ', value: 50, source: msg`Pal et al. 2024, their default` },
  labelSmoothing: { tex: '\\varepsilon', name: 'ε', value: 0.1, source: msg`chosen for this lab: one label in ten taken as wrong` },
  nllWeight: { tex: '\\alpha', name: 'α', value: 1, source: msg`Pang et al. 2024 as in TRL: recommended value` },
  simpoGamma: { tex: '\\gamma', name: 'γ', value: 0.5, source: msg`TRL’s default simpo_gamma` },
  lengthAlpha: { tex: '\\alpha', name: 'α', value: 0.1, source: msg`Park et al. 2024, on Anthropic’s dialogues` },
  clipRange: { tex: '\\varepsilon', name: 'ε', value: 0.2, source: msg`Schulman et al. 2017; TRL’s default` },
  klWeight: { tex: 'c', name: 'c', value: 0.05, source: msg`chosen for this lab` },
} as const satisfies Record<string, FormulaConstant>;

const part = <K extends PartKey>(key: K, tex: string, meaning: string, value?: FormulaPart['value']): FormulaPart & { key: K } => ({ key, tex, meaning, ...(value ? { value } : {}) });

/** A(y) = r(x, y) − E_ref[r], of the first iteration of PPO: the policy that drew the samples is π_ref, whose KL is 0. */
function advantagesOf(setting: Setting): (y: number) => number {
  const mean = ofPrompt(({ refLogps, rewards }, y) => Math.exp(refLogps[y]) * rewards[y])(setting);
  return (y) => setting.rewards[y] - mean;
}

/** Σ_y π_ref(y)·ρ·A with ρ = π_θ/π_ref, which may be too large for a number and is never formed. */
function reweightedAdvantage(setting: Setting): number {
  const advantageOf = advantagesOf(setting);
  return ofPrompt(({ logps }, y) => Math.exp(logps[y]) * advantageOf(y))(setting);
}

/** Σ_y π_ref(y)·[ρA − clip(ρ)A]₊ for a clip at 1 ± range. */
function beyondClip(setting: Setting, range: number): number {
  const advantageOf = advantagesOf(setting);
  return ofPrompt(({ logps, refLogps }, y) => {
    const own = advantageOf(y), policy = Math.exp(logps[y]), old = Math.exp(refLogps[y]);
    return own > 0 ? own * Math.max(0, policy - (1 + range) * old) : own * Math.min(0, policy - (1 - range) * old);
  })(setting);
}

export const PARTS = {
  logistic: part('outer', '-\\log\\sigma(\\,\\cdot\\,)', msg`the Bradley–Terry loss of a margin`),
  smoothedLogistic: part('outer', '-(1-\\varepsilon)\\log\\sigma(\\,\\cdot\\,)-\\varepsilon\\log\\sigma(-\\,\\cdot\\,)', msg`the same loss, with a share of the labels taken as wrong`),
  square: part('outer', '(\\,\\cdot\\,)^2', msg`the squared distance from a target`),
  hinge: part('outer', '\\max(0,\\,1-\\cdot\\,)', msg`nothing once the margin is 1`),
  smoothing: part('smoothing', '\\varepsilon', msg`the share of labels taken as wrong`, () => CONSTANTS.labelSmoothing.value),

  beta: part('scale', '\\beta', msg`turns log-ratios into rewards`, ({ beta }) => beta),
  chosenLogRatio: part('chosen', logRatioTex('y_+'), msg`the log-ratio of the chosen response`, ofPair((setting, { chosen }) => logRatio(setting, chosen))),
  rejectedLogRatio: part('rejected', `-${logRatioTex('y_-')}`, msg`less that of the rejected one`, ofPair((setting, { rejected }) => -logRatio(setting, rejected))),
  chosenReward: part('chosen', 'r(x,y_+)', msg`the reward of the chosen response`, ofPair(({ rewards }, { chosen }) => rewards[chosen])),
  rejectedReward: part('rejected', '-r(x,y_-)', msg`less that of the rejected one`, ofPair(({ rewards }, { rejected }) => -rewards[rejected])),
  chosenMean: part('chosen', `\\frac{1}{n(y_+)}\\log${THETA}(y_+|x)`, msg`the chosen response’s log-probability per token; no reference`, ofPair(({ world, logps }, { chosen }) => logps[chosen] / tokensOf(world, chosen))),
  rejectedMean: part('rejected', `-\\frac{1}{n(y_-)}\\log${THETA}(y_-|x)`, msg`less that of the rejected one`, ofPair(({ world, logps }, { rejected }) => -logps[rejected] / tokensOf(world, rejected))),
  fall: part('penalty', `-\\lambda\\max\\Bigl(0,\\,\\log\\frac{${REF}(y_+|x)}{${THETA}(y_+|x)}\\Bigr)`, msg`a penalty when the chosen response falls below its reference probability`, ofPair((setting, { chosen }) => -CONSTANTS.dpopLambda.value * Math.max(0, -logRatio(setting, chosen)))),
  length: part('length', '+\\alpha\\bigl(|y_+|-|y_-|\\bigr)', msg`a longer winner needs less of a margin; |y| counts words`, ofPair(({ world }, { chosen, rejected }) => CONSTANTS.lengthAlpha.value * (lengthOf(world, chosen) - lengthOf(world, rejected)))),
  ipoTarget: part('target', '-\\frac{1}{2\\beta}', msg`the gap at which the pull ends`, ({ beta }) => -1 / (2 * beta)),
  simpoMargin: part('target', '-\\gamma', msg`the margin that is asked for beyond equality`, () => -CONSTANTS.simpoGamma.value),
  nll: part('nll', `-\\frac{\\alpha}{n(y_+)}\\log${THETA}(y_+|x)`, msg`the chosen response is also imitated, per token`, ofPair(({ world, logps }, { chosen }) => -CONSTANTS.nllWeight.value * logps[chosen] / tokensOf(world, chosen))),

  expectedReward: part('gain', `\\mathbb{E}_{y\\sim${THETA}}[r(x,y)]`, msg`the reward of the policy’s own responses`, ofPrompt(({ logps, rewards }, y) => Math.exp(logps[y]) * rewards[y])),
  expectedAdvantage: part('gain', '\\mathbb{E}_{y\\sim\\pi_{\\mathrm{old}}}[\\rho A]', msg`the advantage, reweighted from the policy that drew the samples (here π_ref)`, reweightedAdvantage),
  clipped: part('clip', '-\\mathbb{E}_{y\\sim\\pi_{\\mathrm{old}}}\\bigl[\\max\\bigl(0,\\,\\rho A-\\mathrm{clip}(\\rho,1-\\varepsilon,1+\\varepsilon)A\\bigr)\\bigr]', msg`less what lies beyond the clip: together the mean of the smaller of ρA and clip(ρ)A`, (setting) => -beyondClip(setting, CONSTANTS.clipRange.value)),
  betaPrice: part('price', '-\\beta', msg`the price of a nat of KL`, ({ beta }) => -beta),
  klPrice: part('price', '+c', msg`the price of a nat of KL`, () => CONSTANTS.klWeight.value),
  kl: part('kl', `\\mathrm{KL}\\bigl(${THETA}(\\cdot|x)\\,\\|\\,${REF}(\\cdot|x)\\bigr)`, msg`how far the policy has left the reference, over all responses`, ofPrompt(({ logps, refLogps }, y) => klTerm(logps[y], refLogps[y]))),
};
