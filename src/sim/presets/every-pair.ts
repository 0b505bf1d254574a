import type { ExperimentFile } from '../experimentSchema.ts';
import { msg } from '../msg.ts';
import { EIGHT_SEEDS, presetExperiment, type Preset } from './preset.ts';

/** Every response of the world and what it is worth: all different. */
export const TEA_REWARDS: Readonly<Record<string, number>> = {
  'yes thanks': 1.5, 'no thanks': 1.2, yes: 0.6, no: 0.3, thanks: 0, '': -0.3, 'thanks yes': -0.6, 'thanks no': -0.8,
  'yes yes': -1, 'no no': -1.2, 'yes no': -1.5, 'no yes': -1.7, 'thanks thanks': -2,
};

/**
 * Every ordered pair of the responses to one prompt, weighted as a crowd of Bradley–Terry annotators prefers the first.
 *
 *   weight(a ≻ b) = σ(r(a) − r(b))
 *
 * Source: Bradley & Terry 1952; Rafailov et al. 2023, eq. 1.
 */
export function everyPairOf(rewards: Readonly<Record<string, number>>, prompt = 0): { prompt: number; chosen: string; rejected: string; weight: number }[] {
  const all = Object.entries(rewards);
  return all.flatMap(([chosen, better]) => all.flatMap(([rejected, worse]) => (
    chosen === rejected ? [] : [{ prompt, chosen, rejected, weight: 1 / (1 + Math.exp(worse - better)) }]
  )));
}

/** DPO as its derivation has it: every two responses compared, by annotators who follow the true reward. */
export const EVERY_PAIR_FILE: ExperimentFile = {
  version: 1,
  name: 'every pair compared',
  world: { words: ['yes', 'no', 'thanks'], maxLength: 2, prompts: ['Would you like some tea?'] },
  reference: {
    kind: 'corpus',
    corpus: [
      { prompt: 0, response: 'yes', weight: 4 }, { prompt: 0, response: 'no', weight: 3 },
      { prompt: 0, response: 'yes thanks', weight: 1 }, { prompt: 0, response: 'no thanks', weight: 1 },
    ],
    smoothing: 0.1,
  },
  gold: { responses: Object.entries(TEA_REWARDS).map(([response, reward]) => ({ prompt: 0, response, reward })), otherwise: 0 },
  preferences: { pairs: everyPairOf(TEA_REWARDS) },
  policy: { kind: 'tabular' },
  algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.5 },
  optimizer: { kind: 'adam', learningRate: 0.05 },
  steps: 300,
  seeds: EIGHT_SEEDS,
};

export const everyPair: Preset = {
  id: 'every-pair',
  ask: 'optimum',
  chapter: 3,
  title: msg`Every pair compared`,
  question: msg`Which reward does a policy imply? DPO is never shown a reward, only which of two responses won. Here all of them are compared. Will its policy know what each is worth?`,
  lookFor: msg`In every seed each response ends on the line r = r̂ + β log Z, to within 0.0001: the policy knows all rewards but for one number, β log Z, that is the same for all.`,
  experiment: presetExperiment(EVERY_PAIR_FILE),
};

/** The same with shared weights. */
export const everyPairNeural: Preset = {
  id: 'every-pair-neural',
  ask: 'optimum',
  chapter: 3,
  title: msg`The same in a network`,
  question: msg`Which reward does a policy imply? The same comparisons, but a network whose weights all responses share. Will they still find their places?`,
  lookFor: msg`In every seed each response ends on the line, to within 0.0001: where every pair is compared, shared weights take nothing away.`,
  experiment: presetExperiment({
    ...EVERY_PAIR_FILE, name: 'every pair compared, in a network', policy: { kind: 'mlp', hidden: [16] }, optimizer: { kind: 'adam', learningRate: 0.01 },
  }),
};
