/** The instances of a line: one for every response, prompt or pair that is checked. */
import { pairName } from './pairs.ts';
import { nameOf, type Setting, type SettingPair } from './setting.ts';
import type { Sides } from './step.ts';

type Numbers = Pick<Sides, 'lhs' | 'rhs' | 'scale' | 'relative'>;

/** One instance for every checked response y₀, to prompt x. */
export function eachResponse(setting: Setting, numbers: (y: number, x: number) => Numbers): Sides[] {
  return setting.checked.map((y) => ({ at: `y₀ = ${nameOf(setting, y)}`, y, x: setting.promptOf[y], ...numbers(y, setting.promptOf[y]) }));
}

/** One instance for every prompt x. */
export function eachPrompt({ world }: Setting, numbers: (x: number) => Numbers): Sides[] {
  return world.prompts.map((prompt, x) => ({ at: `x = “${prompt}”`, x, ...numbers(x) }));
}

/** One instance for every pair. */
export function eachPair(setting: Setting, numbers: (pair: SettingPair) => Numbers): Sides[] {
  return setting.pairs.map((pair) => ({
    at: pairName(setting, pair), y: pair.chosen, x: setting.promptOf[pair.chosen], ...numbers(pair),
  }));
}
