/** TABLE of the symbols: what every letter in the derivation is. Steps mark them as `\term{id}{…}`. */
import { klTerm, logSigmoid } from '../sim/exact/numerics.ts';
import { msg } from '../sim/msg.ts';
import { dpoLoss, logRatioGap, marginOf, objectiveOf } from './objective.ts';
import { multiplierOf, optimumOf } from './optimum.ts';
import { shownPair } from './pairs.ts';
import { sumOverResponses, type Setting } from './setting.ts';

export type SymbolRole = 'chosen' | 'rejected' | 'other' | 'ood' | 'ref' | 'optimal' | 'ink';

export interface SymbolRow {
  /** Letters, digits and hyphens. */
  id: string;
  /** LaTeX of the letter alone. */
  tex: string;
  /** Its plain-text form: "π*". */
  text: string;
  /** Name in the code. */
  code: string;
  unit: string;
  /** What it is, in half a sentence a student understands. */
  meaning: string;
  /** Its colour, the same as the mark's in the charts. */
  role: SymbolRole;
  /** Its value for the shown response (or its prompt, or the shown pair), where it has one. */
  value?: (setting: Setting) => number;
}

const shownPrompt = ({ promptOf, shown }: Setting): number => promptOf[shown];

const POLICIES: readonly SymbolRow[] = [
  { id: 'pi', tex: '\\pi', text: 'π', code: 'logps', unit: 'probability', meaning: msg`any policy: a probability for every response to a prompt`, role: 'ink' },
  {
    id: 'pi-theta', tex: '\\pi_\\theta', text: 'π_θ', code: 'logps', unit: 'probability', meaning: msg`the policy that is trained, with parameters θ`, role: 'ink',
    value: ({ logps, shown }) => Math.exp(logps[shown]),
  },
  {
    id: 'pi-ref', tex: '\\pi_{\\mathrm{ref}}', text: 'π_ref', code: 'refLogps', unit: 'probability', meaning: msg`the reference policy, before training`, role: 'ref',
    value: ({ refLogps, shown }) => Math.exp(refLogps[shown]),
  },
  {
    id: 'pi-star', tex: '\\pi^*', text: 'π*', code: 'optimumOf(…).logps', unit: 'probability', meaning: msg`the optimal policy`, role: 'optimal',
    value: (setting) => Math.exp(optimumOf(setting).logps[setting.shown]),
  },
];

const REWARDS: readonly SymbolRow[] = [
  { id: 'r', tex: 'r', text: 'r', code: 'rewards', unit: msg`reward units`, meaning: msg`the reward of a response`, role: 'ink', value: ({ rewards, shown }) => rewards[shown] },
  { id: 'r-star', tex: 'r^*', text: 'r*', code: 'rewards', unit: msg`reward units`, meaning: msg`the rewards that make the preferences most likely`, role: 'ink', value: ({ rewards, shown }) => rewards[shown] },
  {
    id: 'r-hat', tex: '\\hat r', text: 'r̂', code: 'rewards/chosen, rewards/rejected', unit: msg`reward units`, meaning: msg`the implicit reward: the one the policy is optimal for`, role: 'ink',
    value: ({ beta, logps, refLogps, shown }) => beta * (logps[shown] - refLogps[shown]),
  },
  { id: 'beta', tex: '\\beta', text: 'β', code: 'beta', unit: msg`reward units per nat`, meaning: msg`the price of leaving the reference`, role: 'ink', value: ({ beta }) => beta },
  { id: 'Z', tex: 'Z', text: 'Z', code: 'exp(logZ)', unit: 'none', meaning: msg`the sum that makes π* add up to 1`, role: 'ink', value: (setting) => Math.exp(optimumOf(setting).logZ[shownPrompt(setting)]) },
  { id: 'c', tex: 'c', text: 'c', code: 'constantOf', unit: msg`reward units`, meaning: msg`any amount that all responses to a prompt gain alike`, role: 'ink' },
];

const OBJECTIVES: readonly SymbolRow[] = [
  {
    id: 'J', tex: 'J', text: 'J', code: 'objectiveOf(…).value', unit: msg`reward units`, meaning: msg`what is maximised: expected reward less β times the KL; its value is that of π_θ, averaged over prompts`, role: 'ink',
    value: (setting) => objectiveOf(setting, setting.logps).value,
  },
  { id: 'E', tex: '\\mathbb{E}', text: 'E', code: 'expectation', unit: msg`that of its argument`, meaning: msg`the mean over what is drawn: prompts, pairs, or responses of a policy`, role: 'ink' },
  {
    id: 'KL', tex: '\\mathrm{KL}', text: 'KL', code: 'klDivergence', unit: msg`nats`, meaning: msg`how far a policy is from another, for one prompt; its value is that of π_θ from π_ref`, role: 'ink',
    value: (setting) => sumOverResponses(setting, (y) => klTerm(setting.logps[y], setting.refLogps[y]))[shownPrompt(setting)],
  },
  { id: 'L', tex: '\\mathcal{L}', text: 'L', code: 'lagrangianGradient', unit: msg`reward units`, meaning: msg`the Lagrangian: J and the constraint in one function`, role: 'ink' },
  {
    id: 'lambda', tex: '\\lambda', text: 'λ', code: 'multiplierOf', unit: msg`reward units`, meaning: msg`the multiplier: what the constraint costs at a prompt`, role: 'ink',
    value: (setting) => multiplierOf(setting)[shownPrompt(setting)],
  },
  {
    id: 'lambda-bar', tex: '\\bar\\lambda', text: 'λ̄', code: 'multiplierOf(…) / beta − 1', unit: msg`nats`, meaning: msg`all of the log-ratio that does not depend on the response`, role: 'ink',
    value: (setting) => multiplierOf(setting)[shownPrompt(setting)] / setting.beta - 1,
  },
  {
    id: 'L-DPO', tex: '\\mathcal{L}_{\\mathrm{DPO}}', text: 'L_DPO', code: 'dpoLoss', unit: msg`nats`, meaning: msg`the DPO loss: what training makes small`, role: 'ink',
    value: (setting) => dpoLoss(setting, setting.logps),
  },
];

const PREFERENCES: readonly SymbolRow[] = [
  { id: 'x', tex: 'x', text: 'x', code: 'prompt', unit: 'none', meaning: msg`a prompt`, role: 'ink' },
  { id: 'y', tex: 'y', text: 'y', code: 'response', unit: 'none', meaning: msg`a response to the prompt`, role: 'ink' },
  { id: 'y0', tex: 'y_0', text: 'y₀', code: 'shown', unit: 'none', meaning: msg`one response, the one whose numbers are shown`, role: 'ink' },
  { id: 'y-plus', tex: 'y_+', text: 'y₊', code: 'chosen', unit: 'none', meaning: msg`the response of a pair that was preferred`, role: 'chosen' },
  { id: 'y-minus', tex: 'y_-', text: 'y₋', code: 'rejected', unit: 'none', meaning: msg`the response of a pair that was not preferred`, role: 'rejected' },
  { id: 'D', tex: '\\mathcal{D}', text: '𝒟', code: 'pairs', unit: 'none', meaning: msg`the data: prompts, and pairs of responses with their weights`, role: 'ink' },
  {
    id: 'h', tex: 'h', text: 'h', code: 'logRatioGap', unit: msg`nats`, meaning: msg`the log-ratio gap of a pair: how much more y₊ has gained on the reference than y₋`, role: 'ink',
    value: (setting) => logRatioGap(setting, setting.logps, shownPair(setting)),
  },
  { id: 'sigma', tex: '\\sigma', text: 'σ', code: 'exp(logSigmoid)', unit: 'probability', meaning: msg`the logistic function, which makes a lead in reward a chance of winning`, role: 'ink' },
  {
    id: 'weight', tex: 'w', text: 'w', code: 'σ(−β·h)', unit: 'none', meaning: msg`how hard a pair still pulls: near 1 where it is ranked wrongly, near 0 where it is solved`, role: 'ink',
    value: (setting) => Math.exp(logSigmoid(-marginOf(setting, setting.logps, shownPair(setting)))),
  },
];

const PPO: readonly SymbolRow[] = [
  { id: 'pi-old', tex: '\\pi_{\\mathrm{old}}', text: 'π_old', code: 'oldLogps', unit: 'probability', meaning: msg`the policy that made the rollout, before this update`, role: 'ink' },
  { id: 'rho', tex: '\\rho', text: 'ρ', code: 'ratio', unit: 'none', meaning: msg`the ratio: how much more likely a draw is now than when it was drawn`, role: 'ink' },
  { id: 'clip', tex: '\\mathrm{clip}', text: 'clip', code: 'clip', unit: 'none', meaning: msg`cuts the ratio off at both ends of a band around 1`, role: 'ink' },
  { id: 'epsilon', tex: '\\varepsilon', text: 'ε', code: 'clipRange', unit: 'none', meaning: msg`half the width of the band in which the ratio still counts`, role: 'ink' },
  { id: 'advantage', tex: 'A', text: 'A', code: 'advantages', unit: msg`reward units`, meaning: msg`how much better a draw was than expected`, role: 'ink' },
  { id: 'delta', tex: '\\delta', text: 'δ', code: 'deltas', unit: msg`reward units`, meaning: msg`the surprise at one token: its reward and the next value, less this value`, role: 'ink' },
  { id: 'gamma', tex: '\\gamma', text: 'γ', code: 'gamma', unit: 'none', meaning: msg`the discount: what a reward one token later is worth`, role: 'ink' },
  { id: 'gae-lambda', tex: '\\lambda', text: msg`λ of GAE`, code: 'gaeLambda', unit: 'none', meaning: msg`how far an advantage looks ahead before it trusts the critic`, role: 'ink' },
  { id: 'token-reward', tex: 'r_t', text: 'r_t', code: 'rewards', unit: msg`reward units`, meaning: msg`the reward of one token: its share of the KL, and at the last one the score`, role: 'ink' },
  { id: 'value', tex: 'V', text: 'V', code: 'values', unit: msg`reward units`, meaning: msg`the critic’s value: what is still to come after a prefix`, role: 'ink' },
];

export const SYMBOLS: readonly SymbolRow[] = [...POLICIES, ...REWARDS, ...OBJECTIVES, ...PREFERENCES, ...PPO];

/** A symbol's unit as it is said. */
export function unitWords({ unit }: SymbolRow): string {
  if (unit === 'none') return msg`none`;
  return unit === 'probability' ? msg`probability` : unit;
}
