/** PyTorch scripts as text: what is in them and what is not, texts that must survive, what has no script. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { coverageOf, coverageWords } from '../src/sim/pytorch/coverage.ts';
import { METRICS } from '../src/sim/metrics.ts';
import { commentText, pythonLiteral, pythonNumber, pythonText } from '../src/sim/pytorch/python/literal.ts';
import { RECORDS, recordedSteps, type Recording } from '../src/sim/pytorch/recording.ts';
import { lengthRefusal, scriptRefusal } from '../src/sim/pytorch/refusal.ts';
import { pythonScript } from '../src/sim/pytorch/script.ts';
import { sensitivityOf, type Followed } from '../src/sim/pytorch/sensitivity.ts';
import { toleranceOf } from '../src/sim/pytorch/tolerance.ts';
import { readExperiment } from '../src/sim/experimentSchema.ts';
import { serveScript } from '../src/sim/worker/scriptJob.ts';
import type { ScriptEvent } from '../src/sim/worker/scriptProtocol.ts';
import { experimentOf } from './experimentOf.ts';
import { experiment, golden, temporaryFolder } from './fixtures/commandLine.ts';
import { pythonWith } from './fixtures/python.ts';
import { BASE, GOLD } from './malformedFiles.ts';
import { LOSS_CASES, OTHER_CASES, recordCase, type Case } from './pytorchCases.ts';

const temp = temporaryFolder();
afterAll(temp.remove);

const TABULAR = LOSS_CASES.filter(({ name }) => name.includes(' tabular '));
const caseNamed = (name: string): Case => {
  const found = [...LOSS_CASES, ...OTHER_CASES].find((one) => one.name === name);
  if (!found) throw new Error(`no case "${name}"`);
  return found;
};
const newScriptOf = async (one: Case) => pythonScript(await recordCase(one));
const scripts = new Map<string, Promise<string>>();
/** The script of a case, made once. */
const scriptOf = (one: Case): Promise<string> => {
  const made = scripts.get(one.name) ?? newScriptOf(one);
  scripts.set(one.name, made);
  return made;
};

describe('the text', () => {
  test('has its parts in the order in which they are read, and is the same for the same run', async () => {
    const script = await scriptOf(caseNamed('online-dpo tabular sigmoid'));
    const parts = ['#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n', 'import torch\n', '- the experiment\n', '- the world\n', '- the policies\n', '- the random numbers\n', '- the policy\n', '- the loss\n', '- the pairs\n', '- what is measured\n', '- the training\n', '- recorded from the run\n', 'if __name__ == "__main__":\n    main()\n'];
    const places = parts.map((part) => script.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBe(0);
    expect(await newScriptOf(caseNamed('online-dpo tabular sigmoid'))).toBe(script);
    expect(script.split('\n').filter((line) => line.length > 140 || /\s$/.test(line))).toEqual([]);
    expect([...script.matchAll(/^(?:import|from) (\S+)/gm)].map(([, module]) => module)).toEqual(['base64', 'bisect', 'itertools', 'math', 'struct', 'sys', 'zlib', 'torch', 'torch.nn.functional']);
  });

  test('has the loss of the experiment and no other, its formula and its source', async () => {
    const scriptsOfLosses = [] as [Case, string][];
    for (const one of TABULAR.filter(({ name }) => name.startsWith('dpo'))) scriptsOfLosses.push([one, await scriptOf(one)]);
    const bodyOf = (script: string) => script.slice(script.indexOf('def pair_loss'), script.indexOf('def objective'));
    for (const [{ experiment: { algorithm } }, script] of scriptsOfLosses) {
      const body = bodyOf(script);
      expect(body).toContain(`"""${'loss' in algorithm ? algorithm.loss : ''}: `);
      expect(body).toMatch(/ {4}Source: .*(19|20)\d\d/);
      expect(script.split('def pair_loss')).toHaveLength(2);
      expect(script.includes('knobs["nllWeight"]') || script.includes('knobs["klWeight"]')).toBe(false);
    }
    expect(new Set(scriptsOfLosses.map(([, script]) => bodyOf(script))).size).toBe(11);
  });

  test.each([
    ['dpo tabular ipo', ['0x1BD11BDA', 'zlib', 'def drawn_pairs', 'def minibatch', 'SCHEDULE', 'TIE'], ['GOLD_REWARDS', 'return theta[0]', 'torch.optim.SGD(theta, lr=knobs["learningRate"])']],
    ['Adam, with what is added to the loss', ['0x1BD11BDA', 'torch.optim.SGD'], ['knobs["nllWeight"]', 'knobs["klWeight"]', 'torch.optim.Adam(theta, lr=knobs["learningRate"], betas=(0.9, 0.999), eps=1e-8)', 'torch.tanh']],
    ['minibatches of given pairs', ['def sample_response'], ['0x1BD11BDA', 'def minibatch']],
    ['a learned and biased judge', ['GOLD_REWARDS + ALGORITHM'], ['0x1BD11BDA', 'def drawn_pairs', 'def annotated_pairs', 'SCORES = [']],
    ['a transformer', ['torch.tanh'], ['F.layer_norm', 'F.gelu']],
    ['knobs changed on the way', [], ['{"after": 4, "beta": 0.9}', 'group["lr"] = knobs["learningRate"]']],
    ['the exact objective of a table', ['def pair_loss', '0x1BD11BDA'], ['eq. 3']],
  ] as const)('%s: only the parts that it uses', async (name, without, within) => {
    const script = await scriptOf(caseNamed(name));
    for (const part of without) expect(script).not.toContain(part);
    for (const part of within) expect(script).toContain(part);
  });

  test('ends where the numbers were finite, and says so', async () => {
    const recording = await recordCase(caseNamed('numbers that stop being finite'));
    expect(recording.brokeAt).toBe(recording.steps.length);
    expect(await pythonScript(recording)).toContain(`# In the lab the numbers stopped being finite at update ${recording.brokeAt}; the script ends before it, at update ${recording.steps.length - 1}.`);
  });

  test('of a large world has the most probable responses', async () => {
    const { policies, experiment: { world } } = await recordCase(caseNamed('no gold reward, more responses than are listed at the end'));
    expect(world.maxLength).toBe(5);
    for (const { final, metrics } of policies) {
      expect(final).toHaveLength(200);
      expect(final.map(({ logp }) => logp)).toEqual(final.map(({ logp }) => logp).toSorted((a, b) => b - a));
      expect(Object.keys(metrics)).not.toContain('goldReward');
    }
  });

  test('holds an experiment that the lab reads, the one that ran', async () => {
    for (const one of [...LOSS_CASES.filter(({ name }) => /tabular (sigmoid|dpop|exo_pair)/.test(name)), ...OTHER_CASES]) {
      const script = await scriptOf(one);
      const text = script.slice(script.indexOf('EXPERIMENT = ') + 13, script.indexOf('\n\n# The updates after which'));
      const json = text.slice(0, text.lastIndexOf('}') + 1).split('\n\n# Knobs')[0].replace(/,(\s*[}\]])/g, '$1').replace(/: True\b/g, ': true').replace(/: False\b/g, ': false');
      expect(readExperiment(JSON.parse(json)), one.name).toEqual({ ok: true, experiment: one.experiment });
    }
  });

  test('values as Python writes them', () => {
    expect(pythonLiteral({ a: true, b: null, c: [1, -0, 1e21, 0.1], d: undefined, e: { f: 'x' } })).toBe('{"a": True, "b": None, "c": [1, -0.0, 1e+21, 0.1], "e": {"f": "x"}}');
    expect([NaN, Infinity, -Infinity].map(pythonNumber)).toEqual(['math.nan', 'math.inf', '-math.inf']);
    expect(pythonText('"""\\\n\u0000\u2028\u202e\ud800बिल्ली')).toBe('"\\"\\"\\"\\\\\\n\\u0000\\u2028\\u202e\\ud800बिल्ली"');
    expect(commentText('a\r\nimport os \u2028 b\u0085\ud800  c')).toBe('a import os b \ufffd c');
  });

  const anyPython = pythonWith('py_compile');
  test(`is Python, whatever the words, prompts and names are${anyPython === null ? ' (no Python here: what ends a text early is escaped)' : ''}`, async () => {
    const files: string[] = [];
    for (const one of [...TABULAR, ...OTHER_CASES]) {
      const script = await scriptOf(one);
      expect(script.split('\n')[3]).toBe('# DPO Lab: every """word""" # coding: latin-1 🐈');
      expect(script).toContain('"words": ["the", "बिल्ली", "\\"\\\\"]');
      expect(script).toContain('"prompts": ["Where is \\"it\\"?", "What\\nis \'it\' \\\\n?"]');
      files.push(temp.write(`text${files.length}.py`, script));
    }
    if (anyPython === null) return;
    const compiled = spawnSync(anyPython, ['-m', 'py_compile', ...files], { encoding: 'utf8' });
    expect([compiled.status, compiled.stderr]).toEqual([0, '']);
  });
});

describe('the record', () => {
  test('leaves no tensor behind', async () => {
    await recordCase(caseNamed('minibatches of sampled pairs'));
    const before = tf.memory().numTensors;
    await recordCase(caseNamed('a learned and biased judge'));
    expect(tf.memory().numTensors).toBe(before);
  });

  test('is of at most 41 updates and one more, the first and the last among them', () => {
    for (const steps of [0, 1, 39, 40, 41, 83, 800, 999_999]) {
      const recorded = recordedSteps(steps);
      expect([recorded[0], recorded.at(-1)]).toEqual([0, steps]);
      expect(new Set(recorded).size).toBe(recorded.length);
      expect(recorded.length).toBeLessThanOrEqual(RECORDS + 2);
    }
  });

  const followed = (masses: number[], drawn: number[]): Followed => ({
    measurements: masses.map((mass, i) => ({ step: 10 * i, logps: [], notFinite: Number.isNaN(mass) ? [0] : [], deepest: [1], metrics: Float64Array.from(METRICS, ({ id }) => (id === 'mass/ood' ? mass : 0)) })),
    judged: drawn.map((node, i) => ({ step: 10 * i + 5, policy: 0, nodes: Int32Array.of(node, 7), scores: new Float32Array(2) })),
  });

  test('of a twin counts up to the first pair that it drew otherwise', () => {
    const run = followed([0, 0.1, 0.2, 0.3], [1, 2, 3]);
    const [together] = sensitivityOf(run, followed([0, 0.125, 0.2, 0.35], [1, 2, 3]), 1);
    expect(together.probability.map((off) => Number(off.toFixed(4)))).toEqual([0, 0.025, 0.025, 0.05]);
    const [parted] = sensitivityOf(run, followed([0, 0.125, 0.2, 0.9], [1, 2, 4]), 1);
    expect(parted.probability.map((off) => Number(off.toFixed(4)))).toEqual([0, 0.025, 0.025, 0.025]);
    expect(sensitivityOf(run, followed([0, 0.125, NaN, NaN], [1]), 1)[0].probability.slice(1), 'a twin that broke').toEqual([expect.closeTo(0.025, 9), Infinity, Infinity]);
  });

  const tolerance = (kind: 'sgd' | 'adam', probability: number[], relative = probability.map(() => 0)) => toleranceOf({
    experiment: { optimizer: { kind } }, steps: probability.map((_, i) => 10 * i), sensitivity: [{ probability, relative, logp: relative }],
  } as unknown as Recording);

  test('says what a script may be off: ten times the twins, never less than the optimiser’s least, and how long they are compared', () => {
    expect(tolerance('sgd', [0, 1e-6, 2e-6])).toEqual({ probability: [1e-4], logp: [1e-4], relative: [1e-4], until: [20] });
    expect(tolerance('adam', [0, 1e-6, 2e-6])).toEqual({ probability: [1e-3], logp: [1e-3], relative: [1e-3], until: [20] });
    expect(tolerance('sgd', [0, 1e-6, 1.2e-4], [0, 0, 3.1e-3])).toEqual({ probability: [0.002], logp: [0.04], relative: [0.04], until: [20] });
    expect(tolerance('sgd', [0, 0, 1e-6, 0.5, 0.9])).toEqual({ probability: [1e-4], logp: [1e-4], relative: [1e-4], until: [10] });
    expect(tolerance('sgd', [0, Infinity])).toEqual({ probability: [1e-4], logp: [1e-4], relative: [1e-4], until: [0] });
  });
});

describe('what is compared', () => {
  const steps = [0, 10, 20];
  test('is counted by policy: to the end, for a part, at the start only', () => {
    expect(coverageOf({ steps }, [20, 10, 0, 0])).toEqual({ policies: 4, partly: 1, startOnly: 2 });
    expect(coverageOf({ steps: [0] }, [0]), 'nothing was trained').toEqual({ policies: 1, partly: 0, startOnly: 1 });
  });

  const words = (brokeAt: number | null, ...wild: number[]) => coverageWords({
    experiment: { optimizer: { kind: 'sgd' } }, steps: [0, 10, 20, 30], brokeAt,
    sensitivity: wild.map((from) => ({ probability: [0, 0, 0, 0].map((_, i) => (i >= from ? 1 : 0)), relative: [0, 0, 0, 0], logp: [0, 0, 0, 0] })),
  } as unknown as Recording);
  test('is said where it is not everything', () => {
    expect(words(null, 4, 4)).toBeNull();
    expect(words(null, 4, 3, 2)).toBe('Rounding decides too much to compare all of it: of 3 policies the script compares 1 for a part of their updates and 1 at update 0 only.');
    expect(words(35, 1, 2)).toBe('It ends after update 30: at update 35 numbers of the run stopped being finite. Nothing that was trained could be compared: the script asserts the start of the run only, and says so in its last line.');
  });

  test('a run that breaks is recorded update by update to the last finite one', async () => {
    const { steps: recorded, brokeAt, policies } = await recordCase({ ...caseNamed('numbers that stop being finite'), experiment: { ...caseNamed('numbers that stop being finite').experiment, steps: 800 } });
    expect(brokeAt).toBeGreaterThan(1);
    expect(recorded).toEqual(Array.from({ length: brokeAt ?? 0 }, (_, i) => i));
    for (const { metrics } of policies) expect(metrics.loss).toHaveLength(recorded.length);
  });

  test('a knob that was changed shortly before the break is not in force too early where the updates are made again', async () => {
    const breaking = caseNamed('numbers that stop being finite');
    const recorded = (steps: number) => recordCase({ name: '', experiment: { ...breaking.experiment, steps }, changes: [{ step: 2, beta: 0.002, learningRate: 900 }] });
    const long = await recorded(800);
    const short = await recorded((long.brokeAt ?? NaN) - 1);
    expect(long.brokeAt).toBeGreaterThan(3);
    expect(short.brokeAt).toBeNull();
    expect(long.policies).toEqual(short.policies);
  });

  test('a broken run whose script cannot be written still ends the command with 3', async () => {
    const file = temp.write('breaks.json', { ...BASE, algorithm: { kind: 'dpo', loss: 'ipo', beta: 0.001 }, optimizer: { kind: 'sgd', learningRate: 1000 }, steps: 60 });
    const spy = vi.spyOn(fs, 'writeFileSync').mockImplementation(() => { throw new Error('ENOSPC: no space left on device'); });
    const { code, stderr } = await experiment(file, '--pytorch', temp.at('breaks.py')).finally(() => spy.mockRestore());
    expect(stderr).toContain('breaks.py could not be written: ENOSPC');
    expect(stderr).toContain('stopped being finite at update');
    expect(code).toBe(3);
  });
});

describe('no script', () => {
  const of = (change: object) => experimentOf({ ...BASE, gold: GOLD, ...change });
  test.each([
    ['PPO', scriptRefusal(of({ algorithm: { kind: 'ppo' } })), /no PyTorch script for PPO yet/],
    ['the fit of a reward model', scriptRefusal(of({ algorithm: { kind: 'reward-model' } })), /no PyTorch script for the fit of a reward model/],
    ['a fork', scriptRefusal(of({}), { forked: true }), /forked from another one/],
    ['methods side by side', scriptRefusal(of({}), { sideBySide: true }), /Several methods train side by side/],
    ['a world that cannot be listed', scriptRefusal(of({ world: { words: Array.from({ length: 50 }, (_, i) => ['the', 'a', 'cat'][i] ?? `w${i}`), maxLength: 3, prompts: ['x', 'y'] }, seeds: [0] })), /at most 100000, and this world has 255102/],
    ['too many draws', scriptRefusal(of({ algorithm: { kind: 'online-dpo', pairsPerResample: 256 }, seeds: [0, 1], steps: 2000 })), /at most 2000000, and this run draws 2048000:/],
    ['a script that came out too long', lengthRefusal(20_000_001), /The script would have 21 million characters, at most 20 million are allowed/],
  ] as const)('%s, in a sentence', (_, refusal, words) => {
    expect(refusal).toMatch(words);
    expect(refusal).toMatch(/^[A-Z].*\.$/);
  });

  test('where there is one there is no sentence', () => {
    for (const one of [...LOSS_CASES, ...OTHER_CASES]) expect(scriptRefusal(one.experiment), one.name).toBeNull();
    expect(lengthRefusal(20_000_000)).toBeNull();
  });

  test('the command line says so in one line, before it runs, and leaves no file', async () => {
    const ppo = temp.write('ppo.json', { ...BASE, gold: GOLD, algorithm: { kind: 'ppo' } });
    const refused = await experiment(ppo, '--pytorch', temp.at('no.py'));
    expect([refused.code, refused.stderr]).toEqual([2, `${ppo}: ${scriptRefusal(of({ algorithm: { kind: 'ppo' } }))}\n`]);
    const file = golden('the-the-the.json');
    expect(await experiment(file, '--pytorch', file)).toMatchObject({ code: 2, stderr: `--pytorch ${file} cannot be written: it is the experiment file itself.\n` });
    expect(await experiment(file, '--pytorch', temp.at('x'), '--out', temp.at('x'))).toMatchObject({ code: 2, stderr: `--out and --pytorch must be two files, both are ${temp.at('x')}.\n` });
  });
});

test('the worker’s job tells how far it is and then the script, or the sentence why there is none', async () => {
  const { port1, port2 } = new MessageChannel();
  serveScript(port1, { availability: async () => ({ available: true }), switchBackend: async (name) => { await tf.setBackend(name === 'webgpu' ? 'wasm' : name); await tf.ready(); } });
  port1.start();
  const ask = (one: Pick<Case, 'experiment' | 'changes'>) => new Promise<ScriptEvent[]>((resolve) => {
    const events: ScriptEvent[] = [];
    port2.onmessage = ({ data }: MessageEvent<ScriptEvent>) => {
      events.push(data);
      if (data.type !== 'script-progress') resolve(events);
    };
    port2.postMessage({ type: 'script', experiment: one.experiment, changes: one.changes ?? [], backend: 'webgpu' });
  });
  try {
    const { experiment: asked } = caseNamed('online-dpo tabular hinge');
    const events = await ask({ experiment: asked });
    const done = events.flatMap((event) => (event.type === 'script-progress' ? [event.done] : []));
    expect(done.length).toBeGreaterThan(40);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(done.at(-1)).toBe(1);
    expect(events.at(-1)).toEqual({ type: 'script-done', script: await newScriptOf({ name: '', experiment: asked }), note: null });
    const ppo = experimentOf({ ...BASE, gold: GOLD, algorithm: { kind: 'ppo' } });
    expect(await ask({ experiment: ppo })).toEqual([{ type: 'script-failed', message: scriptRefusal(ppo) }]);
  } finally {
    port1.close();
    port2.close();
  }
});

test('without WebAssembly the job runs in plain JavaScript, twins too, and the script says that', async () => {
  const { port1, port2 } = new MessageChannel();
  serveScript(port1, { availability: async () => ({ available: false }), switchBackend: async (name) => { await tf.setBackend(name); await tf.ready(); } });
  port1.start();
  try {
    const event = await new Promise<ScriptEvent>((resolve) => {
      port2.onmessage = ({ data }: MessageEvent<ScriptEvent>) => { if (data.type !== 'script-progress') resolve(data); };
      port2.postMessage({ type: 'script', experiment: caseNamed('dpo tabular hinge').experiment, changes: [], backend: 'wasm' });
    });
    const script = event.type === 'script-done' ? event.script : '';
    expect(script).toContain('recorded on plain JavaScript.');
    expect(script).toContain('3 more runs in other arithmetic (plain JavaScript; every');
    expect(script).not.toContain('WebAssembly');
  } finally {
    port1.close();
    port2.close();
  }
});
