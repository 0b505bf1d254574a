/** `npm run experiment`: the result file, the golden numbers, the exit codes. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { readExperiment } from '../src/sim/experimentSchema.ts';
import { experiment, golden, readResult, root, temporaryFolder, type ResultFile, type ResultRun } from './fixtures/commandLine.ts';
import { BASE, MALFORMED, type Json } from './malformedFiles.ts';

const temp = temporaryFolder();
afterAll(temp.remove);

const CONTROL = JSON.parse(fs.readFileSync(golden('tabular-control.json'), 'utf8')) as Json;
const HEADLINE = JSON.parse(fs.readFileSync(golden('the-the-the.json'), 'utf8')) as Json;

async function resultOf(file: string, ...options: string[]): Promise<ResultFile> {
  const out = temp.at('result.json');
  fs.rmSync(out, { force: true });
  const { code, stderr } = await experiment(file, '--out', out, ...options);
  expect(code, stderr).toBe(0);
  return readResult(out);
}

const METRICS_WITHOUT_GOLD = [
  'mass/chosen', 'mass/rejected', 'mass/otherInDistribution', 'mass/ood', 'loss', 'rewards/chosen', 'rewards/rejected',
  'rewards/margins', 'rewards/accuracies', 'logps/chosen', 'logps/rejected', 'kl', 'meanLength', 'entropy',
];
const METRICS_OF_GOLD = ['klToOptimal', 'objective', 'goldReward'];

describe('the result file', () => {
  test('has the format’s keys, one run per seed and swept value, and every response', async () => {
    const file = temp.write('sweep.json', { ...CONTROL, seeds: [3, 5], steps: 25, sweep: { beta: [0.05, 0.5], learningRate: [1, 2] } });
    const result = await resultOf(file, '--backend', 'cpu');
    expect(Object.keys(result)).toEqual(['experiment', 'backend', 'runs']);
    expect(result.backend).toBe('cpu');
    expect(readExperiment(result.experiment)).toStrictEqual({ ok: true, experiment: result.experiment });
    expect(result.experiment).toMatchObject({ algorithm: { labelSmoothing: 0, batch: 0 }, gold: { perToken: 0 }, preferences: { pairs: [{ weight: 1 }] } });
    expect(result.runs.map((run) => [run.seed, run.beta, run.learningRate])).toEqual([
      [3, 0.05, 1], [5, 0.05, 1], [3, 0.05, 2], [5, 0.05, 2], [3, 0.5, 1], [5, 0.5, 1], [3, 0.5, 2], [5, 0.5, 2],
    ]);
    for (const run of result.runs) {
      expect(Object.keys(run)).toEqual(['seed', 'beta', 'learningRate', 'referenceKl', 'steps', 'metrics', 'final']);
      expect(run.steps).toEqual([0, 10, 20, 25]);
      expect(Object.keys(run.metrics).sort()).toEqual([...METRICS_WITHOUT_GOLD, ...METRICS_OF_GOLD].sort());
      for (const [name, values] of Object.entries(run.metrics)) {
        expect(values, name).toHaveLength(4);
        expect(values.every(Number.isFinite), name).toBe(true);
      }
      expect(run.metrics.kl[0]).toBeCloseTo(0, 6);
      expect(run.metrics.kl[3]).toBeGreaterThan(0.01);
      expect(run.metrics['rewards/margins'][0]).toBeCloseTo(0, 6);
      checkFinal(run);
    }
    const [slow, fast] = [result.runs[0], result.runs[2]];
    expect(fast.metrics.loss[3], 'a swept learning rate is used').toBeLessThan(slow.metrics.loss[3]);
    expect(result.runs[4].metrics.loss[3], 'a swept β is used').toBeLessThan(slow.metrics.loss[3]);
  });

  /** All 156 responses of five words and three positions, each once, normalised; groups by name. */
  function checkFinal({ final, metrics, beta }: ResultRun) {
    const rewards: Record<string, number> = { 'on the mat': 1, 'on a mat': 0 };
    const tilted = final.map(({ response, refLogp }) => refLogp + (rewards[response] ?? -2) / beta);
    const logZ = Math.log(tilted.reduce((sum, value) => sum + Math.exp(value), 0));
    final.forEach(({ optimalLogp }, y) => expect(optimalLogp).toBeCloseTo(tilted[y] - logZ, 6));
    expect([final.length, new Set(final.map(({ response }) => response)).size]).toEqual([156, 156]);
    expect(Object.keys(final[0])).toEqual(['prompt', 'response', 'refLogp', 'logp', 'optimalLogp', 'group']);
    for (const key of ['refLogp', 'logp', 'optimalLogp'] as const) {
      expect(final.reduce((sum, entry) => sum + Math.exp(entry[key] ?? NaN), 0), key).toBeCloseTo(1, 5);
    }
    expect(final.flatMap(({ response, group }) => (group === 'ood' ? [] : [`${response}: ${group}`])).sort()).toEqual(['on a mat: rejected', 'on the mat: chosen']);
    for (const group of ['chosen', 'rejected', 'otherInDistribution', 'ood']) {
      const mass = final.filter((entry) => entry.group === group).reduce((sum, { logp }) => sum + Math.exp(logp), 0);
      expect(mass, group).toBeCloseTo(metrics[`mass/${group}`].at(-1) ?? NaN, 6);
    }
  }

  test('leaves out what needs a gold reward where there is none', async () => {
    const { gold: _, ...rest } = CONTROL;
    const [run] = (await resultOf(temp.write('no-gold.json', { ...rest, steps: 3 }))).runs;
    expect(Object.keys(run.metrics).sort()).toEqual([...METRICS_WITHOUT_GOLD].sort());
    expect(Object.keys(run.final[0])).toEqual(['prompt', 'response', 'refLogp', 'logp', 'group']);
  });

  test.each([
    [['--every', '7', '--steps', '20'], [0, 7, 14, 20]],
    [['--every=5', '--steps=20'], [0, 5, 10, 15, 20]],
    [['--every', '100', '--steps', '3'], [0, 3]],
    [['--steps', '0'], [0]],
  ])('%j records updates %j', async (options, steps) => {
    const result = await resultOf(golden('tabular-control.json'), ...options);
    expect(result.experiment.steps).toBe(steps.at(-1));
    for (const run of result.runs) expect(run.steps).toEqual(steps);
  });

  test('how often is recorded changes no number', async () => {
    const often = await resultOf(golden('tabular-control.json'), '--every', '1', '--steps', '12');
    const seldom = await resultOf(golden('tabular-control.json'), '--every', '12', '--steps', '12');
    expect(seldom.runs[0].final).toEqual(often.runs[0].final);
    expect(often.runs[0].steps).toHaveLength(13);
  });

  test('an mlp reports the KL of its fitted reference, and each seed has its own', async () => {
    const { runs } = await resultOf(golden('the-the-the.json'), '--steps', '1');
    for (const { referenceKl } of runs) {
      expect(referenceKl).toBeGreaterThan(0);
      expect(referenceKl).toBeLessThan(0.002);
    }
    expect(new Set(runs.map(({ final }) => final[0].refLogp)).size).toBe(runs.length);
  });

  const SAMPLED_BY_PPO = [
    'objective/kl', 'objective/entropy', 'objective/scores', 'objective/non_score_reward', 'objective/rlhf_reward', 'policy/approxkl_avg',
    'policy/clipfrac_avg', 'policy/entropy_avg', 'loss/policy_avg', 'val/ratio',
  ];
  const GIVEN_REWARD = ['proxyReward', 'klToProxyOptimal'];

  test('of PPO has TRL’s names as well, null before the first iteration', async () => {
    const ppo = { ...CONTROL, steps: 6, algorithm: { kind: 'ppo', rolloutBatch: 8, reward: 'reward-model' }, rewardModel: { kind: 'table', steps: 20 } };
    const [run] = (await resultOf(temp.write('ppo.json', ppo), '--every', '3')).runs;
    expect(Object.keys(run.metrics).sort()).toEqual([...METRICS_WITHOUT_GOLD, ...METRICS_OF_GOLD, ...GIVEN_REWARD, ...SAMPLED_BY_PPO, 'loss/value_avg', 'val/clipfrac_avg'].sort());
    for (const [name, values] of Object.entries(run.metrics)) {
      const fromSamples = SAMPLED_BY_PPO.includes(name) || name === 'loss/value_avg' || name === 'val/clipfrac_avg';
      expect(values.map((value) => value === null), name).toEqual([fromSamples, false, false]);
    }
    const critic = await resultOf(temp.write('no-critic.json', { ...ppo, algorithm: { ...ppo.algorithm, reward: 'gold', valueCoef: 0 } }));
    expect(Object.keys(critic.runs[0].metrics).sort()).toEqual([...METRICS_WITHOUT_GOLD, ...METRICS_OF_GOLD, ...SAMPLED_BY_PPO].sort());
  });

  test('of online DPO says how often each policy drew', async () => {
    const file = temp.write('online.json', { ...CONTROL, seeds: [1, 2], steps: 8, algorithm: { kind: 'online-dpo', beta: 0.05 }, sweep: { resampleEvery: [2, 100] } });
    const { runs } = await resultOf(file);
    expect(runs.map((run) => [run.seed, (run as ResultRun & { resampleEvery?: number }).resampleEvery])).toEqual([[1, 2], [2, 2], [1, 100], [2, 100]]);
    expect(Object.keys(runs[0].metrics).sort()).toEqual([...METRICS_WITHOUT_GOLD, ...METRICS_OF_GOLD].sort());
    const offline = await resultOf(temp.write('offline.json', { ...CONTROL, seeds: [1], steps: 8, algorithm: { kind: 'dpo', beta: 0.05 } }));
    runs[2].metrics['mass/chosen'].forEach((value, i) => expect(value, 'it never draws: offline DPO').toBeCloseTo(offline.runs[0].metrics['mass/chosen'][i], 5));
    expect(runs[0].final).not.toEqual(runs[2].final);
  });

  test('of a reward model has its fit, and each length bias its own pairs', async () => {
    const file = temp.write('reward-model.json', {
      ...CONTROL, reference: { kind: 'unigram', wordWeights: [1, 1, 1, 1, 1], stop: 0.3 }, preferences: { sampled: { count: 200 } }, optimizer: { kind: 'adam', learningRate: 0.05 }, seeds: [0], steps: 40,
      algorithm: { kind: 'reward-model' }, rewardModel: { kind: 'linear' }, sweep: { lengthBias: [0, 2] },
    });
    const { runs } = await resultOf(file, '--every', '40');
    for (const { metrics } of runs) {
      expect(Object.keys(metrics)).toEqual(expect.arrayContaining(['rm/logLikelihood', 'rm/heldOutLogLikelihood', 'rm/accuracy', 'rm/heldOutAccuracy', 'rm/margin', 'rm/scale', 'rm/lengthCoefficient']));
      expect(metrics['rm/logLikelihood'][1]).toBeGreaterThan(metrics['rm/logLikelihood'][0]);
    }
    const learned = runs.map(({ metrics }) => metrics['rm/lengthCoefficient'][1]);
    expect(learned[1] - learned[0]).toBeGreaterThan(0.5);
  });

  test('the table on stdout shows the final metrics, one column per policy', async () => {
    const { stdout } = await experiment(golden('tabular-control.json'), '--steps', '20');
    expect(stdout).toMatch(/^after 20 updates\nmetric +seed 0\n/);
    expect(stdout).toMatch(/^mass\/ood +0\.000973\d\d$/m);
  });
});

describe.each(['cpu', 'wasm'])('golden numbers on %s', (backend) => {
  test.each(['tabular-control', 'two-prompts-tabular'])('%s, to 1e-4', async (name) => {
    const expected = readGolden(name);
    const result = await resultOf(golden(`${name}.json`), '--backend', backend, '--every', String(expected.steps[1]));
    for (const run of result.runs) {
      expect(run.steps).toEqual(expected.steps);
      for (const [id, values] of Object.entries(expected.metrics)) {
        values.forEach((value, i) => expect(off(run.metrics[id][i], value), `${id} at ${run.steps[i]}`).toBeLessThan(1e-4));
      }
      const byName = new Map(run.final.map((entry) => [`${entry.prompt} ${entry.response}`, entry]));
      expect(byName.size).toBe(expected.final.length);
      for (const entry of expected.final) {
        const own = byName.get(`${entry.prompt} ${entry.response}`);
        expect(own?.group, entry.response).toBe(entry.group);
        for (const key of ['refLogp', 'logp', 'optimalLogp'] as const) {
          expect(Math.abs(Math.exp(own?.[key] ?? NaN) - Math.exp(entry[key] ?? NaN)), `${key} of ${entry.response}`).toBeLessThan(1e-4);
        }
      }
    }
  });

  const readGolden = (name: string) =>
    JSON.parse(fs.readFileSync(golden(`${name}.golden.json`), 'utf8')) as Pick<ResultRun, 'steps' | 'metrics' | 'final'>;
  /** Relative where numbers are large: log-probabilities of −26 come from float32. */
  const off = (value: number, expected: number) => Math.abs(value - expected) / Math.max(1, Math.abs(expected));
});

describe('a refused call', () => {
  async function refused(argv: string[], ...parts: string[]) {
    const { code, stdout, stderr } = await experiment(...argv);
    expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^[^\n]+\n$/);
    for (const part of parts) expect(stderr).toContain(part);
  }

  // JSON has no NaN and no Infinity.
  test.each(MALFORMED.filter(([, , , , found]) => !/NaN|Infinity/.test(found)))('file: %s', async (_, patch, where, allowed, found) => {
    const file = temp.write('malformed.json', { ...BASE, ...patch });
    await refused([file, '--out', temp.at('untouched.json')], 'malformed.json', where, allowed, found);
    expect(fs.existsSync(temp.at('untouched.json'))).toBe(false);
  });

  test.each([
    ['no file', [], 'experiment file is needed'],
    ['two files', ['a.json', 'b.json'], 'One experiment file at a time, got "a.json" and "b.json"'],
    ['a missing file', [temp.at('missing.json')], 'missing.json cannot be read: ENOENT'],
    ['a folder', [temp.folder], 'cannot be read: EISDIR'],
    ['broken JSON', [temp.write('broken.json', '{"world": {"words": ["a"},\n')], 'line 1, column 25'],
    ['an empty file', [temp.write('empty.json', '')], 'got an empty file'],
    ['an unknown option', [golden('tabular-control.json'), '--evry', '5'], 'Unknown option --evry. Usage: npm run experiment'],
    ['a short option', [golden('tabular-control.json'), '-o', 'x'], 'Unknown option -o'],
    ['another backend', [golden('tabular-control.json'), '--backend', 'webgpu'], '--backend must be cpu or wasm, got "webgpu"'],
    ['--every 0', [golden('tabular-control.json'), '--every', '0'], '--every must be a whole number in [1, 1000000], got "0"'],
    ['--every 2.5', [golden('tabular-control.json'), '--every', '2.5'], 'got "2.5"'],
    ['--steps -1', [golden('tabular-control.json'), '--steps', '-1'], '--steps must be a whole number in [0, 1000000], got "-1"'],
    ['--steps blank', [golden('tabular-control.json'), '--steps', ' '], 'got " "'],
    ['--steps too large', [golden('tabular-control.json'), '--steps=1000001'], 'got "1000001"'],
    ['an option without its value', [golden('tabular-control.json'), '--out'], '--out needs a value'],
    ['an option for a value', [golden('tabular-control.json'), '--out', '--every', '5'], '--out needs a value'],
    ['a result where there is no folder', [golden('tabular-control.json'), '--out', temp.at('no/result.json')], 'cannot be written: ENOENT'],
    ['a result that is a folder', [golden('tabular-control.json'), '--out', temp.folder], 'cannot be written: EISDIR'],
  ])('%s', async (_, argv, part) => { await refused(argv, part); });

  test('keeps an old result, and the experiment file is never the result', async () => {
    const old = temp.write('old.json', 'an old result');
    const bad = temp.write('bad.json', { ...CONTROL, steps: -1 });
    await refused([bad, '--out', old], 'steps must be');
    await refused([golden('tabular-control.json'), '--out', old, '--steps', 'x'], '--steps');
    expect(fs.readFileSync(old, 'utf8')).toBe('an old result');
    const own = temp.write('own.json', { ...CONTROL, steps: 1 });
    await refused([own, '--out', own], 'it is the experiment file itself');
    expect(JSON.parse(fs.readFileSync(own, 'utf8'))).toMatchObject({ steps: 1 });
  });

  test.each([['the old result', 'an old result'], ['nothing', null]])('a write that breaks off leaves %s', async (_, before) => {
    const out = temp.at('kept.json');
    fs.rmSync(out, { force: true });
    if (before !== null) temp.write('kept.json', before);
    let writes = 0;
    const spy = vi.spyOn(fs, 'writeSync').mockImplementation(() => {
      if (++writes === 4) throw new Error('ENOSPC: no space left on device');
      return 1;
    });
    const { code, stderr } = await experiment(golden('tabular-control.json'), '--out', out, '--steps', '1').finally(() => spy.mockRestore());
    expect({ writes, code }).toEqual({ writes: 4, code: 2 });
    expect(stderr).toContain('kept.json could not be written: ENOSPC');
    expect(fs.existsSync(out) ? fs.readFileSync(out, 'utf8') : null).toBe(before);
    expect(fs.readdirSync(temp.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('a run that diverges', () => {
  const diverging = temp.write('diverging.json', {
    ...HEADLINE, seeds: [0, 1], steps: 60, algorithm: { kind: 'dpo', loss: 'ipo', beta: 0.05 }, optimizer: { kind: 'sgd', learningRate: 1000 },
  });

  test.each([2, 3])('ends with 3, names the update, and saves everything up to the last finite one (every %i)', async (every) => {
    const out = temp.at('diverged.json');
    const { code, stdout, stderr } = await experiment(diverging, '--out', out, '--every', String(every));
    expect(code).toBe(3);
    const broken = readResult(out);
    const at = broken.notFiniteAt ?? NaN;
    expect(at).toBeGreaterThan(1);
    expect(at).toBeLessThan(60);
    expect(stderr).toContain(`stopped being finite at update ${at} of 60; the last finite state is that of update ${at - 1}.`);
    expect(stdout).toContain(`after ${at - 1} updates`);
    const regular = Array.from({ length: Math.ceil(at / every) }, (_, i) => every * i);
    expect(broken.runs[0].steps).toEqual([...new Set([...regular, at - 1])]);
    expect(fs.readFileSync(out, 'utf8')).not.toContain('null');

    const upToIt = await resultOf(diverging, '--steps', String(at - 1), '--every', String(every));
    expect(upToIt.runs).toEqual(broken.runs);
    expect((await experiment(diverging, '--steps', String(at))).code).toBe(3);
  });
});

test('a critic that breaks ends a PPO run at once: its last finite value loss is in the result, and whose it was is said', async () => {
  const file = temp.write('critic.json', {
    world: { words: ['a', 'b'], maxLength: 2, prompts: ['p'] }, reference: { kind: 'unigram', wordWeights: [1, 2], stop: 0.3 }, gold: { perToken: 1 },
    preferences: { pairs: [{ prompt: 0, chosen: 'a', rejected: 'b' }] }, policy: { kind: 'tabular' }, algorithm: { kind: 'ppo' },
    optimizer: { kind: 'sgd' }, sweep: { learningRate: [0.1, 1000] }, seeds: [3], steps: 60,
  });
  const result = temp.at('critic-result.json');
  const { code, stderr } = await experiment(file, '--out', result);
  expect(code).toBe(3);
  expect(stderr).toContain('The numbers of 1 of 2 policies (seed 3, learningRate 1000) stopped being finite at update');
  for (const run of readResult(result).runs) {
    const losses: (number | null)[] = run.metrics['loss/value_avg'];
    expect(losses[0]).toBeNull();
    expect(losses.slice(1).length).toBeGreaterThan(0);
    expect(losses.slice(1).every(Number.isFinite)).toBe(true);
  }
});

describe('the command itself', () => {
  test('runs from any folder with the caller’s file names', () => {
    temp.write('here.json', { ...CONTROL, seeds: [0], steps: 4 });
    const command = ['run', '--silent', '--prefix', root, 'experiment', '--', 'here.json', '--out', 'there.json', '--every', '3'];
    const { status, stdout, stderr } = spawnSync('npm', command, { cwd: temp.folder, encoding: 'utf8', shell: process.platform === 'win32' });
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^after 4 updates\nmetric /);
    expect(stderr).toMatch(/update 3 of 4, loss 0\.\d+/);
    expect(readResult(temp.at('there.json')).runs[0].steps).toEqual([0, 3, 4]);
  });

  test('exits with 2 and one line on stderr for a refused file', () => {
    const script = path.join(root, 'scripts/experiment.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, 'missing.json'], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^missing\.json cannot be read: [^\n]+\n$/);
  });
});

test('a file that is not UTF-8 is refused', async () => {
  const file = temp.at('latin1.json');
  fs.writeFileSync(file, Buffer.concat([Buffer.from('{"name":"'), Buffer.of(0xff, 0xfe), Buffer.from('"}')]));
  const { code, stderr } = await experiment(file);
  expect(code).toBe(2);
  expect(stderr).toBe(`${file} must be a text file in UTF-8; its bytes are not.\n`);
});
