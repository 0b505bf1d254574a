/** The experiments at which every loss' gradient is tested, in Node and on WebGPU. */
import { populationOf, type DpoLossName, type Experiment } from '../src/sim/experiment.ts';
import { generator } from './experimentGenerator.ts';
import { experimentOf } from './experimentOf.ts';
import { oracleProblem } from './oracle/float64.ts';
import { WORLDS } from './oracle/worlds.ts';

/** Logits around the reference's, exact in float32, one list per policy. */
export function pointsOf(experiment: Experiment): number[][] {
  const random = generator(20);
  return populationOf(experiment).map(() => Array.from(oracleProblem(experiment).refLogits, (logit) => Math.fround(logit + 3 * (random() - 0.5))));
}

export function experimentWith(algorithm: Record<string, unknown>, sweep: Record<string, number[]>, world: keyof typeof WORLDS = 'two prompts with prefixes') {
  return experimentOf({ ...WORLDS[world], policy: { kind: 'tabular' }, algorithm, sweep, seeds: [0] });
}

/** Knobs of a loss that make it a formula of its own. */
const OWN: Partial<Record<DpoLossName, Record<string, number[]>>> = {
  sigmoid: { labelSmoothing: [0, 0.3], lengthAlpha: [0, 0.4] },
  robust: { labelSmoothing: [0, 0.3] },
  exo_pair: { labelSmoothing: [0.001, 0.3] },
  dpop: { dpopLambda: [0, 5] },
  simpo: { simpoGamma: [0, 0.8] },
};

const needed = (loss: DpoLossName) => (loss === 'exo_pair' ? { labelSmoothing: 0.001 } : {});

/** A loss alone, over its own knobs, and with the two terms that can be added to any. */
export const alone = (loss: DpoLossName): Experiment => experimentWith({ kind: 'dpo', loss, ...needed(loss) }, { beta: [0.2, 0.9], ...OWN[loss] });
export const withTerms = (loss: DpoLossName): Experiment => experimentWith({ kind: 'dpo', loss, ...needed(loss) }, { beta: [0.4], nllWeight: [0, 0.7], klWeight: [0, 0.5] });
