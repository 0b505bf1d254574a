/** What of an experiment has no effect, and what of the format this version cannot run yet. */
import {
  DPO_DEFAULTS, PPO_DEFAULTS, usesRewardModel,
} from './experimentDefaults.ts';
import { defaultLabelSmoothing, KNOB_LOSSES, quotedList, SWEEP_KEYS } from './experimentRanges.ts';
import type { Experiment, SweepKey } from './experiment.ts';

/** What this version runs; presets, controls and `supportProblem` read it from here. */
export const SUPPORTED_ALGORITHMS = ['dpo', 'exact'] as const satisfies readonly Experiment['algorithm']['kind'][];
export const SUPPORTED_POLICIES = ['tabular', 'mlp'] as const satisfies readonly Experiment['policy']['kind'][];

/** Why this version cannot run a valid experiment, in a sentence; null where it can. */
export function supportProblem({ algorithm, policy }: Pick<Experiment, 'algorithm' | 'policy'>): string | null {
  const sentence = (path: string, kind: string, supported: readonly string[]): string =>
    `${path} ${JSON.stringify(kind)} is part of the format but not built yet; this version runs ${quotedList(supported)}.`;
  if (!SUPPORTED_ALGORITHMS.some((kind) => kind === algorithm.kind)) return sentence('algorithm.kind', algorithm.kind, SUPPORTED_ALGORITHMS);
  if (!SUPPORTED_POLICIES.some((kind) => kind === policy.kind)) return sentence('policy.kind', policy.kind, SUPPORTED_POLICIES);
  return null;
}

/** Whether the experiment's loss reads a knob of the DPO family. */
export function lossReads({ algorithm }: Pick<Experiment, 'algorithm'>, knob: SweepKey): boolean {
  if (knob === 'beta' || knob === 'learningRate') return true;
  if (algorithm.kind !== 'dpo' && algorithm.kind !== 'online-dpo') return false;
  return KNOB_LOSSES[knob]?.includes(algorithm.loss) ?? true;
}

/** Paths of what is set away from its default, or swept, and yet read by nothing in this experiment. */
export function unusedKnobs(experiment: Experiment): string[] {
  const { algorithm, sweep } = experiment;
  const unused: string[] = [];
  for (const knob of SWEEP_KEYS) {
    if (lossReads(experiment, knob)) continue;
    if (knob !== 'beta' && knob !== 'learningRate' && (algorithm.kind === 'dpo' || algorithm.kind === 'online-dpo')) {
      const standard = knob === 'labelSmoothing' ? defaultLabelSmoothing(algorithm.loss) : DPO_DEFAULTS[knob];
      if (algorithm[knob] !== standard) unused.push(`algorithm.${knob}`);
    }
    if (sweep?.[knob] !== undefined) unused.push(`sweep.${knob}`);
  }
  if (algorithm.kind === 'ppo' && algorithm.valueCoef === 0 && algorithm.valueClip !== PPO_DEFAULTS.valueClip) unused.push('algorithm.valueClip');
  if (experiment.rewardModel !== undefined && !usesRewardModel(experiment)) unused.push('rewardModel');
  return unused;
}
