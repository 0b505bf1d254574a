/** What a run holds on its backend at once: measured on wasm, against the estimate that too large files are refused by. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Experiment } from '../src/sim/experiment.ts';
import { MAX_HELD, numbersHeld } from '../src/sim/experimentMemory.ts';
import { readExperiment } from '../src/sim/experimentSchema.ts';
import { policyModel } from '../src/sim/models/policy.ts';
import type { ReferenceCache } from '../src/sim/prepare.ts';
import { referenceTarget } from '../src/sim/reference.ts';
import { fitReference } from '../src/sim/trainers/referenceFit.ts';
import { buildWorld } from '../src/sim/world.ts';
import { experimentOf } from './experimentOf.ts';
import { experiment, temporaryFolder } from './fixtures/commandLine.ts';
import type { Json } from './malformedFiles.ts';
import { startRun, switchBackend } from './product.ts';

const temp = temporaryFolder();
beforeAll(() => switchBackend('wasm'));
afterAll(temp.remove);

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
const WORDS = upTo(64).map((i) => `w${i}`);
const TABLE = { kind: 'tabular' };
const transformer = (width: number, heads: number) => ({ kind: 'transformer', width, heads });
const mlp = (...hidden: number[]) => ({ kind: 'mlp', hidden });

/** V words, at most T of them, from uniform words; R seeds. */
function file(words: number, maxLength: number, seeds: number, rest: Json): Json {
  return {
    world: { words: WORDS.slice(0, words), maxLength, prompts: ['?'] },
    reference: { kind: 'unigram', wordWeights: upTo(words).map(() => 1), stop: 1 / (words + 1) },
    gold: { perToken: 1 }, preferences: { pairs: [{ prompt: 0, chosen: 'w0', rejected: '' }] },
    optimizer: { kind: 'adam', learningRate: 1e-3 }, seeds: upTo(seeds), ...rest,
  };
}

/** Every response of at most one word above every other. */
function allPairs(words: number): Json {
  const responses = ['', ...WORDS.slice(0, words)];
  return { preferences: { pairs: responses.flatMap((chosen) => responses.flatMap((rejected) => (chosen === rejected ? [] : [{ prompt: 0, chosen, rejected }]))) } };
}

/** So many pairs of responses of four words, of ten words, that share little. */
function longPairs(count: number): Json {
  const text = (i: number) => [i, i / 10, i / 100, i / 1000].map((digits) => WORDS[Math.floor(digits) % 10]).join(' ');
  return { preferences: { pairs: upTo(count).map((i) => ({ prompt: 0, chosen: text(5 * i), rejected: text(5 * i + 3) })) } };
}

/** Most numbers that are on wasm at once while `work` is done, beyond those that are there before. */
async function peakOf(work: () => Promise<void>): Promise<number> {
  const backend = tf.backend() as unknown as {
    move(id: object, values: unknown, shape: number[], ...rest: unknown[]): void;
    disposeData(id: object, ...rest: unknown[]): boolean;
  };
  const { move, disposeData } = backend;
  const sizes = new Map<object, number>();
  let held = 0, peak = 0;
  backend.move = (id, values, shape, ...rest) => {
    const size = shape.reduce((a, b) => a * b, 1);
    sizes.set(id, size);
    held += size;
    peak = Math.max(peak, held);
    move.call(backend, id, values, shape, ...rest);
  };
  backend.disposeData = (id, ...rest) => {
    const gone = disposeData.call(backend, id, ...rest);
    if (gone) held -= sizes.get(id) ?? 0;
    return gone;
  };
  try {
    await work();
  } finally {
    Object.assign(backend, { move, disposeData });
  }
  return peak;
}

/** References as they are before the fit, which takes long and is measured by itself. */
function unfitted(experiment: Experiment): ReferenceCache {
  const world = buildWorld(experiment.world);
  const parameters = policyModel(world, experiment.policy).initial(experiment.seeds);
  const logits = new Float32Array(experiment.seeds.length * world.contextCount * world.tokenCount);
  return { get: () => ({ parameters, logits }), set() {} };
}

async function train(experiment: Experiment): Promise<void> {
  const run = await startRun(experiment, unfitted(experiment));
  for (let i = 0; i < 2; i++) await run.update();
  await run.measure();
  run.dispose();
}

async function fit(experiment: Experiment): Promise<void> {
  const world = buildWorld(experiment.world);
  const looked = new Error('it was looked at');
  const model = policyModel(world, experiment.policy);
  await expect(fitReference(world, model, referenceTarget(world, experiment), experiment.seeds, () => { throw looked; })).rejects.toBe(looked);
}

const dpo = (loss: string, rest: Json = {}) => ({ kind: 'dpo', loss, ...rest });
const online = (rest: Json) => ({ kind: 'online-dpo', resampleEvery: 1000, ...rest });
const EXACT = { kind: 'exact' };

describe('the estimate is from above, and not far above', () => {
  it.each<[string, Json, (experiment: Experiment) => Promise<void>]>([
    ['the exact objective of a table', file(10, 4, 12, { policy: TABLE, algorithm: EXACT }), train],
    ['the exact objective of an MLP', file(10, 4, 4, { policy: mlp(64, 64), algorithm: EXACT }), train],
    ['the exact objective of a transformer', file(10, 4, 2, { policy: transformer(16, 8), algorithm: EXACT }), train],
    ['a KL term', file(10, 4, 12, { policy: TABLE, algorithm: dpo('nca_pair', { klWeight: 0.1 }) }), train],
    ['the token choices of pairs', file(10, 4, 1, { policy: TABLE, algorithm: dpo('apo_zero'), ...longPairs(600) }), train],
    ['pairs of many policies', file(20, 1, 250, { policy: TABLE, algorithm: dpo('nca_pair', { nllWeight: 0.1 }), ...allPairs(20) }), train],
    ['pairs of online DPO', file(30, 1, 40, { policy: TABLE, algorithm: online({ loss: 'nca_pair' }), ...allPairs(30) }), train],
    ['pairs of online DPO and an MLP', file(10, 4, 2, { policy: mlp(64), algorithm: online({ loss: 'sppo_hard' }), ...longPairs(200) }), train],
    ['PPO and a table', file(10, 3, 1, { policy: TABLE, algorithm: { kind: 'ppo', rolloutBatch: 4000, epochs: 2 } }), train],
    ['PPO, an MLP and its critic', file(10, 3, 2, { policy: mlp(64), algorithm: { kind: 'ppo', rolloutBatch: 1300, epochs: 1 } }), train],
    ['PPO, a transformer and its critic', file(10, 3, 1, { policy: transformer(16, 8), algorithm: { kind: 'ppo', rolloutBatch: 600, epochs: 2 } }), train],
    ['a reward model', file(20, 2, 30, { policy: TABLE, algorithm: { kind: 'reward-model' }, preferences: { sampled: { count: 3000 } } }), train],
    ['a reward model that is a table', file(20, 3, 10, { policy: TABLE, algorithm: { kind: 'reward-model' }, rewardModel: { kind: 'table' }, preferences: { sampled: { count: 1000 } } }), train],
    ['the fit of an MLP', file(10, 4, 1, { policy: mlp(32, 32) }), fit],
    ['the fit of a transformer', file(10, 3, 2, { policy: transformer(16, 2) }), fit],
    ['the fit of an MLP with many prompts', { ...file(1, 1, 1, { policy: mlp(2) }), world: { words: ['w0'], maxLength: 1, prompts: upTo(1000).map((i) => `p${i}`) } }, fit],
    ['the weights of a wide MLP', file(2, 2, 2, { policy: mlp(300, 300) }), fit],
  ])('%s', async (_, given, work) => {
    const read = experimentOf(given);
    const estimate = numbersHeld(read);
    const peak = await peakOf(() => work(read));
    expect(peak).toBeGreaterThan(500_000);
    expect(peak).toBeLessThanOrEqual(estimate);
    expect(estimate / peak).toBeLessThan(4);
  });
});

describe('a file', () => {
  const prompts = (count: number) => ({ world: { words: ['w0'], maxLength: 1, prompts: upTo(count).map((i) => `p${i}`) } });
  const ppo = (rolloutBatch: number) => ({ algorithm: { kind: 'ppo', rolloutBatch } });
  const HELD = `small enough for at most ${MAX_HELD} numbers held at once (above all: `;

  /** [what is too large, the last file that is not, the first that is, where, the product] */
  const LIMITS: [string, Json, Json, string, string][] = [
    ['a table', file(10, 5, 77, { policy: TABLE, algorithm: EXACT }), file(10, 5, 78, { policy: TABLE, algorithm: EXACT }), 'world', 'policies × contexts × tokens)'],
    ['an MLP on all contexts', file(10, 5, 59, { policy: mlp(64) }), file(10, 5, 60, { policy: mlp(64) }), 'policy.hidden', 'seeds × contexts × (units of policy.hidden + tokens))'],
    ['the weights of an MLP', file(2, 2, 15, { policy: mlp(1024, 1024, 1024) }), file(2, 2, 16, { policy: mlp(1024, 1024, 1024) }), 'policy.hidden', 'seeds × weights of the network'],
    ['one-hot prompts', { ...file(1, 1, 1, { policy: mlp(16) }), ...prompts(14_057) }, { ...file(1, 1, 1, { policy: mlp(16) }), ...prompts(14_058) }, 'world', 'contexts × inputs of the network'],
    ['a transformer on all contexts', file(10, 5, 6, { policy: transformer(32, 8) }), file(10, 5, 7, { policy: transformer(32, 8) }), 'policy.width', 'seeds × contexts × (policy.width + policy.heads × (prompts + words × (world.maxLength − 1)) + tokens))'],
    ['PPO’s tokens in an MLP', file(10, 3, 8, { policy: mlp(256, 256), ...ppo(2502) }), file(10, 3, 8, { policy: mlp(256, 256), ...ppo(2503) }), 'algorithm.rolloutBatch', 'world.maxLength × (units of policy.hidden + tokens))'],
    ['PPO’s tokens in a transformer', file(10, 3, 8, { policy: transformer(16, 2), ...ppo(7913) }), file(10, 3, 8, { policy: transformer(16, 2), ...ppo(7914) }), 'algorithm.rolloutBatch', 'world.maxLength × (policy.width'],
    ['prompts of a reward model', rewardModelOf(9951), rewardModelOf(9952), 'preferences.sampled.count', 'different responses of the pairs × inputs of the reward model'],
  ];

  function rewardModelOf(count: number): Json {
    return { ...file(1, 1, 1, { policy: TABLE, algorithm: { kind: 'reward-model' }, preferences: { sampled: { count: 20_000 } } }), ...prompts(count) };
  }

  it.each(LIMITS)('is read up to the bound and refused above it: %s', (_, within, above, path, product) => {
    expect(readExperiment(within).ok).toBe(true);
    expect(numbersHeld(experimentOf(within))).toBeGreaterThan(0.85 * MAX_HELD);
    const read = readExperiment(above);
    expect(read.ok ? [] : read.problems).toMatchObject([{ path }]);
    expect(read.ok ? '' : read.problems[0].expected.startsWith(HELD)).toBe(true);
    expect(read.ok ? '' : read.problems[0].expected).toContain(product);
  });

  it('above it ends the command line with 2, one line, and nothing is trained', async () => {
    for (const [what, , above, path] of LIMITS) {
      const { code, stdout, stderr } = await experiment(temp.write('large.json', above));
      expect({ code, stdout }, what).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^[^\n]+\n$/);
      expect(stderr).toContain(`large.json: ${path} must be ${HELD}`);
    }
  });

  it('with the largest batch that a table may have runs, and with one more is refused', async () => {
    const batch = (rolloutBatch: number) => temp.write('batch.json', file(10, 4, 1, { policy: TABLE, steps: 1, algorithm: { kind: 'ppo', rolloutBatch, epochs: 1 } }));
    expect(await experiment(batch(9000))).toMatchObject({ code: 0 });
    expect(await experiment(batch(9001))).toMatchObject({ code: 2 });
  });

  it('that finds no memory all the same ends with 2 and says so', async () => {
    const failed = async (message: string) => {
      vi.spyOn(tf.engine(), 'makeTensor').mockImplementationOnce(() => { throw new RangeError(message); });
      const { code, stderr } = await experiment(temp.write('unlucky.json', file(2, 2, 1, { policy: TABLE, steps: 1 })));
      vi.restoreAllMocks();
      return { code, stderr: stderr.replace(/^.*(?=unlucky)/, '') };
    };
    expect(await failed('Array buffer allocation failed')).toEqual({
      code: 2, stderr: 'unlucky.json needs more memory than this machine gives (Array buffer allocation failed); fewer policies, a smaller world, network or batch need less.\n',
    });
    expect(await failed('createRun: reward must be known.'), 'an error of the lab’s own is not blamed on memory').toEqual({ code: 2, stderr: 'unlucky.json could not be run: createRun: reward must be known.\n' });
  });

  it('of which too much would be recorded is refused, and says how often may be recorded', async () => {
    const long = temp.write('long.json', file(1, 1, 32, { policy: TABLE, steps: 1_000_000 }));
    const { code, stderr } = await experiment(long);
    expect(code).toBe(2);
    const least = Number(/^--every must be at least (\d+) for this experiment/.exec(stderr)?.[1]);
    expect(least).toBeGreaterThan(10);
    expect((await experiment(long, '--every', String(least - 1))).stderr).toContain(`--every must be at least ${least} `);
    expect((await experiment(long, '--every', String(least), '--out', temp.at('no/folder.json'))).stderr, 'the next check is reached').toContain('--out');
  });
});
