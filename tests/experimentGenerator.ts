/** Random valid experiment files, from a seed; for property tests. */
import { DPO_LOSSES } from '../src/sim/experimentRanges.ts';

/** Numbers in [0, 1) (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
  };
}

const WORDS = ['the', 'a', 'cat', 'mat', 'on', 'né', '猫', '🙂', 'kind', '7', 'x-y', '"q"', 'beta'];
const ALGORITHMS = ['dpo', 'exact', 'online-dpo', 'ppo', 'reward-model'] as const;

/** A valid file: everything that may be left out sometimes is. */
export function randomFile(random: () => number): Record<string, unknown> {
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const maybe = <T>(key: string, value: () => T): Record<string, T> => (random() < 0.5 ? { [key]: value() } : {});
  const shuffled = [...WORDS].sort(() => random() - 0.5);
  const words = shuffled.slice(0, 2 + below(4));
  const maxLength = 1 + below(3);
  const prompts = ['Où?', 'Why & how = 1?', 'x+y'].slice(0, 1 + below(3));
  const response = (): string => Array.from({ length: below(maxLength + 1) }, () => pick(words)).join(' ');
  const other = (than: string): string => { for (;;) { const y = response(); if (y !== than) return y; } };
  const distinct = <T>(n: number, draw: () => T): T[] => [...new Set(Array.from({ length: n }, draw))];
  const byWord = (): Record<string, number> => Object.fromEntries(distinct(2, () => pick(words)).map((word) => [word, random() - 0.5]));
  const pair = (): object => { const chosen = response(); return { prompt: below(prompts.length), chosen, rejected: other(chosen), ...maybe('weight', () => 0.1 + random()) }; };
  const kind = pick(ALGORITHMS);
  const loss = pick(DPO_LOSSES);
  const dpo = {
    ...maybe('labelSmoothing', () => 0.001 + random() * 0.4), ...maybe('lengthAlpha', () => random() - 0.5), ...maybe('dpopLambda', () => below(100)),
    ...maybe('simpoGamma', random), ...maybe('nllWeight', random), ...maybe('klWeight', random), ...(random() < 0.2 ? { batch: below(9) } : {}),
    ...(loss === 'sigmoid' && random() < 0.5 ? {} : { loss }),
  };
  const specific = {
    exact: () => ({}), 'reward-model': () => ({}), dpo: () => dpo,
    ppo: () => ({
      ...maybe('clipRange', () => 0.1 + random()), ...maybe('whitenAdvantages', () => random() < 0.5), ...maybe('rolloutBatch', () => 4 + below(60)),
      ...maybe('minibatches', () => 1 + below(4)), ...maybe('valueCoef', () => pick([0, 0.5])), reward: pick(['gold', 'reward-model']),
    }),
    'online-dpo': () => ({
      ...dpo, ...maybe('judge', () => pick(['gold', 'reward-model'])), ...maybe('resampleEvery', () => 1 + below(9)),
      ...maybe('pairsPerResample', () => 1 + below(9)), ...maybe('judgeTemperature', () => 0.1 + random()), ...maybe('judgeLengthBias', () => random() - 0.5),
    }),
  }[kind]();
  const drawn = random() < 0.2;
  // A length bias can be swept where it is the annotator's, and where somebody learns from the annotator.
  const learns = kind === 'dpo' || kind === 'online-dpo' || kind === 'reward-model' || ('reward' in specific && specific.reward === 'reward-model');
  const seeds = random() < 0.5 ? distinct(1 + below(5), () => below(4294967295)) : Array.from({ length: 1 + below(12) }, (_, i) => i + 3);
  return {
    ...maybe('version', () => 1), ...maybe('name', () => pick(['a "name"', '', 'é🙂 \ud800', 'plain'])),
    world: { words, maxLength, prompts },
    reference: random() < 0.3
      ? { kind: 'unigram', wordWeights: words.map(() => 0.1 + random()), stop: 0.05 + random() * 0.9 }
      : {
          kind: 'corpus', ...maybe('smoothing', () => pick([0, 1e-6, 0.001, 0.25])),
          corpus: prompts.flatMap((_, prompt) => distinct(3, response).map((y) => ({ prompt, response: y, ...maybe('weight', () => 0.5 + below(4)) }))),
        },
    gold: {
      ...maybe('responses', () => distinct(4, response).map((y) => ({ prompt: 0, response: y, reward: random() * 4 - 2 }))),
      ...maybe('otherwise', () => -2), ...maybe('perWord', byWord), ...maybe('containsWord', byWord), ...maybe('perToken', () => pick([0.1, 0, -0])),
    },
    preferences: drawn
      ? { sampled: { ...maybe('count', () => 1 + below(99)), ...maybe('labels', () => 'argmax'), ...maybe('temperature', () => 0.1 + random()), ...maybe('lengthBias', () => random() - 0.5) } }
      : { pairs: Array.from({ length: 1 + below(3) }, pair) },
    ...maybe('policy', () => pick([{ kind: 'tabular' }, { hidden: [8] }, { kind: 'mlp', hidden: [32, 16] }, { kind: 'transformer' }, { kind: 'transformer', width: 8, heads: 4 }])),
    ...(random() < 0.2 ? { rewardModel: pick([{}, { kind: 'table' }, { steps: 10, normalise: false }, { kind: 'linear', earlyStop: false }]) } : {}),
    algorithm: { kind, ...maybe('beta', () => 0.01 + random() * 5), ...specific },
    ...maybe('optimizer', () => pick([{ kind: 'adam' }, { learningRate: 0.3 }, { kind: 'adam', learningRate: 0.02 }, {}])),
    ...maybe('steps', () => below(1000)), ...maybe('seeds', () => seeds),
    ...(random() < 0.3 ? {
      sweep: {
        ...(drawn && learns ? maybe('lengthBias', () => [0, 0.5]) : {}), ...(kind === 'online-dpo' ? maybe('resampleEvery', () => [1, 10]) : {}),
        ...maybe('learningRate', () => [0.1, 1]), ...maybe('beta', () => [0.05, 0.1, 0.5]),
      },
    } : {}),
  };
}
