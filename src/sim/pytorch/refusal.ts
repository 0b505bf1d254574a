/** Which runs have no PyTorch script, each with the sentence that says why. Pure. */
import type { Experiment } from '../experiment.ts';
import { populationSize, responseCount } from '../experimentSizes.ts';
import { msg } from '../msg.ts';

/** Most responses of a world that a script lists one by one. */
export const MAX_LISTED = 100_000;
/** Most pairs that online DPO draws, of all policies and updates: a script holds them all. */
export const MAX_DRAWN_PAIRS = 2_000_000;
/** Longest script, in characters. */
export const MAX_SCRIPT = 20_000_000;
/** Responses whose log-probability at the end is in a script: all of them, or the most probable ones. */
export const FINAL_RESPONSES = 200;

/** Why the run on screen is not that of one experiment from its beginning. */
export interface Circumstances {
  /** It was forked from another run. */
  forked?: boolean;
  /** Several methods train side by side. */
  sideBySide?: boolean;
}

/** One sentence where there is no script for this run; null where there is one. */
export function scriptRefusal(experiment: Experiment, { forked = false, sideBySide = false }: Circumstances = {}): string | null {
  const { algorithm, world, steps, sweep } = experiment;
  if (sideBySide) return msg`Several methods train side by side here; a script makes one run again: open one of them alone.`;
  if (forked) return msg`This run was forked from another one; a script makes a run again from its reference: start this experiment from the beginning.`;
  if (algorithm.kind === 'ppo') return msg`There is no PyTorch script for PPO yet: it is made for DPO with all its losses, online DPO and the exact objective.`;
  if (algorithm.kind === 'reward-model') return msg`There is no PyTorch script for the fit of a reward model: it is made for DPO with all its losses, online DPO and the exact objective.`;
  const responses = responseCount(world);
  if (responses > MAX_LISTED) return msg`A script lists every response, at most ${MAX_LISTED}, and this world has ${responses}: fewer words, prompts or a smaller maxLength make it small enough.`;
  if (algorithm.kind === 'online-dpo') {
    const periods = sweep?.resampleEvery ?? [algorithm.resampleEvery];
    const draws = periods.reduce((sum, every) => sum + Math.floor(steps / every), 0) * populationSize(experiment) / periods.length;
    const pairs = draws * algorithm.pairsPerResample * world.prompts.length;
    if (pairs > MAX_DRAWN_PAIRS) return msg`A script holds every pair that was drawn, at most ${MAX_DRAWN_PAIRS}, and this run draws ${pairs}: fewer steps, seeds, swept values or pairs per draw make it small enough.`;
  }
  return null;
}

/** One sentence where a script came out too long; null where it did not. */
export function lengthRefusal(characters: number): string | null {
  if (characters <= MAX_SCRIPT) return null;
  return msg`The script would have ${Math.ceil(characters / 1e6)} million characters, at most ${MAX_SCRIPT / 1e6} million are allowed: fewer seeds or swept values, or a smaller network, make it small enough.`;
}
