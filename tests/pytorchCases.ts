/** Small experiments that together use every part of a PyTorch script, and how they are recorded. */
import * as tf from '@tensorflow/tfjs-core';
import { toyExperiment } from '../src/components/gallery/bug.ts';
import type { DpoLossName, Experiment, PolicySpec, SweepKey } from '../src/sim/experiment.ts';
import { DPO_LOSSES } from '../src/sim/experimentRanges.ts';
import { nearPairs } from '../src/sim/presets/near-pairs.ts';
import { theTheThe } from '../src/sim/presets/the-the-the.ts';
import { prepareRun, referenceCache } from '../src/sim/prepare.ts';
import { recordPrepared } from '../src/sim/pytorch/record.ts';
import type { Recording } from '../src/sim/pytorch/recording.ts';
import type { BackendName, KnobsAt } from '../src/sim/worker/protocol.ts';
import { experimentOf } from './experimentOf.ts';
import { bugOf } from './galleryRuns.ts';

/** Two prompts, three words: 26 responses. The texts are what must survive being written in Python. */
const WORLD = { words: ['the', 'बिल्ली', '"\\'], maxLength: 2, prompts: ['Where is "it"?', "What\nis 'it' \\n?"] };
const MLP: PolicySpec = { kind: 'mlp', hidden: [5, 4] };
const TABULAR: PolicySpec = { kind: 'tabular' };

const BASE = {
  version: 1, name: 'every """word"""\r\n# coding: latin-1 \u2028 🐈', world: WORLD,
  reference: { kind: 'corpus', corpus: [{ prompt: 0, response: 'the बिल्ली' }, { prompt: 0, response: 'the "\\', weight: 2 }, { prompt: 1, response: 'बिल्ली' }, { prompt: 1, response: '' }], smoothing: 0.05 },
  gold: { responses: [{ prompt: 0, response: 'the बिल्ली', reward: 1 }, { prompt: 1, response: 'बिल्ली', reward: 0.5 }], otherwise: -0.5, perWord: { '"\\': 0.2 }, containsWord: { the: -0.1 }, perToken: 0.05 },
  preferences: { pairs: [{ prompt: 0, chosen: 'the बिल्ली', rejected: 'the "\\' }, { prompt: 1, chosen: 'बिल्ली', rejected: '', weight: 2 }, { prompt: 1, chosen: 'बिल्ली', rejected: 'the the' }] },
  optimizer: { kind: 'sgd', learningRate: 0.3 }, steps: 18, seeds: [0, 4294967295],
};
const SAMPLED = { sampled: { count: 20, labels: 'bradley-terry', temperature: 0.7 } };
const ADAM = { kind: 'adam', learningRate: 0.02 };

export interface Case {
  name: string;
  experiment: Experiment;
  changes?: KnobsAt[];
}

const make = (name: string, change: object, changes?: KnobsAt[]): Case => ({ name, experiment: experimentOf({ ...BASE, ...change }), ...(changes ? { changes } : {}) });

/** Squares pull hard: with the others' rate they throw a network about. */
const rateOf = (loss: DpoLossName) => ({ kind: 'sgd', learningRate: loss === 'ipo' || loss === 'sppo_hard' ? 0.05 : 0.3 });

/** The loss of a family's case. */
const algorithmOf = (kind: 'dpo' | 'online-dpo', loss: DpoLossName) => ({
  kind, loss, beta: loss === 'ipo' || loss === 'sppo_hard' ? 1 : 0.3,
  ...(loss === 'dpop' ? { dpopLambda: 3 } : {}), ...(loss === 'robust' || loss === 'sigmoid' ? { labelSmoothing: 0.1 } : {}), ...(loss === 'sigmoid' ? { lengthAlpha: 0.2 } : {}),
  ...(kind === 'online-dpo' ? { resampleEvery: 2, pairsPerResample: 5 } : {}),
});

/** Every loss, with both kinds of policy, from given pairs and from drawn ones. */
export const LOSS_CASES: readonly Case[] = (['dpo', 'online-dpo'] as const).flatMap((kind) => [TABULAR, MLP].flatMap((policy) => DPO_LOSSES.map((loss) => (
  make(`${kind} ${policy.kind} ${loss}`, { policy, algorithm: algorithmOf(kind, loss), optimizer: rateOf(loss) })
))));

const swept = (key: SweepKey, values: number[], loss: DpoLossName): Case =>
  make(`sweep ${key}`, { policy: TABULAR, algorithm: algorithmOf(key === 'resampleEvery' ? 'online-dpo' : 'dpo', loss), sweep: { [key]: values }, seeds: [3] });

export const OTHER_CASES: readonly Case[] = [
  swept('beta', [0.1, 1], 'hinge'), swept('learningRate', [0.1, 1], 'nca_pair'), swept('labelSmoothing', [0, 0.3], 'robust'), swept('lengthAlpha', [-1, 1], 'sigmoid'),
  swept('dpopLambda', [0, 5], 'dpop'), swept('simpoGamma', [0, 1], 'simpo'), swept('nllWeight', [0, 1], 'sigmoid'), swept('klWeight', [0, 1], 'ipo'), swept('resampleEvery', [1, 4, 100], 'sigmoid'),
  make('Adam, with what is added to the loss', { policy: MLP, algorithm: { ...algorithmOf('dpo', 'sigmoid'), nllWeight: 0.5, klWeight: 0.5 }, optimizer: ADAM }),
  make('minibatches of given pairs', { policy: MLP, algorithm: { ...algorithmOf('dpo', 'sigmoid'), batch: 2 } }),
  make('minibatches of sampled pairs', { policy: TABULAR, algorithm: { ...algorithmOf('dpo', 'sigmoid'), batch: 3 }, preferences: SAMPLED, sweep: { lengthBias: [0, 0.8] } }),
  make('the better one always wins, a unigram reference', { policy: TABULAR, algorithm: algorithmOf('dpo', 'apo_zero'), preferences: { sampled: { count: 20, labels: 'argmax' } }, reference: { kind: 'unigram', wordWeights: [1, 2, 3], stop: 0.3 } }),
  make('a learned and biased judge', {
    policy: MLP, preferences: SAMPLED, rewardModel: { kind: 'linear', steps: 30 }, sweep: { beta: [0.2, 0.6], resampleEvery: [3, 5] },
    algorithm: { ...algorithmOf('online-dpo', 'sppo_hard'), judge: 'reward-model', judgeLengthBias: 0.4, batch: 4, nllWeight: 0.2, klWeight: 0.1 }, optimizer: ADAM,
  }),
  make('the exact objective of a table', { policy: TABULAR, algorithm: { kind: 'exact', beta: 0.4 } }),
  make('the exact objective of a network, preferences drawn', { policy: MLP, algorithm: { kind: 'exact', beta: 0.4 }, preferences: SAMPLED, optimizer: ADAM }),
  make('a transformer', { policy: { kind: 'transformer', width: 6, heads: 3 }, algorithm: algorithmOf('dpo', 'sigmoid') }),
  make('knobs changed on the way', { policy: MLP, algorithm: algorithmOf('online-dpo', 'hinge') }, [{ step: 4, beta: 0.9 }, { step: 9, learningRate: 0.05 }, { step: 13, beta: 0.1, learningRate: 0.6 }]),
  make('numbers that stop being finite', { policy: TABULAR, algorithm: { kind: 'dpo', loss: 'ipo', beta: 0.001 }, optimizer: { kind: 'sgd', learningRate: 1000 } }),
  make('no gold reward, more responses than are listed at the end', { policy: TABULAR, algorithm: algorithmOf('dpo', 'sigmoid'), gold: undefined, world: { ...WORLD, maxLength: 5 } }),
];

/** Runs of the lab's own at their full length, with two of their seeds. */
export const REAL_CASES: readonly Case[] = [
  { name: 'the preset the-the-the', experiment: { ...theTheThe.experiment, seeds: [0, 1] } },
  { name: 'the preset near-pairs', experiment: { ...nearPairs.experiment, seeds: [0, 1] } },
  { name: 'the gallery’s IPO that is not finite any more', experiment: { ...toyExperiment(bugOf('ipo-nan').toy), seeds: [0, 1] } },
];

/** What is fitted once for all cases. */
const references = referenceCache(20);

/** Records a case on wasm. */
export async function recordCase({ experiment, changes }: Case): Promise<Recording> {
  const switchBackend = async (name: BackendName) => {
    await tf.setBackend(name);
    await tf.ready();
    return name;
  };
  await switchBackend('wasm');
  const prepared = await prepareRun(experiment, references, () => {});
  return recordPrepared(prepared, { changes, backend: 'wasm', switchBackend, onProgress: () => {} });
}
