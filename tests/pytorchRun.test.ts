/** PyTorch scripts, run: each makes its run again by itself, and one that is wrong says so. Without torch their text is checked. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pythonScript } from '../src/sim/pytorch/script.ts';
import { experiment, golden, temporaryFolder } from './fixtures/commandLine.ts';
import { PYTHONS, pythonWith, runScripts, type Ran } from './fixtures/python.ts';
import { LOSS_CASES, OTHER_CASES, REAL_CASES, recordCase, type Case } from './pytorchCases.ts';

/** The case whose logits grow until float32 cannot tell them apart. */
const BREAKS = 'numbers that stop being finite';
const CASES = [...LOSS_CASES, ...OTHER_CASES, ...REAL_CASES];
/** How scripts end that do not reproduce the whole run. */
const ENDS: Record<string, string> = {
  [BREAKS]: 'nothing that was trained could be compared; the start is the same',
  'the gallery’s IPO that is not finite any more': 'reproduced as far as rounding allows: 2 of 2 policies for a part of their updates; at update 10 the lab\'s numbers stopped being finite',
};
const python = pythonWith('torch');
const temp = temporaryFolder();
afterAll(temp.remove);

const scripts = new Map<string, string>();
beforeAll(async () => {
  for (const one of CASES) scripts.set(one.name, await pythonScript(await recordCase(one)));
}, 240_000);

const scriptOf = ({ name }: Pick<Case, 'name'>) => scripts.get(name) ?? '';
const caseNamed = (name: string): Case => {
  const found = CASES.find((one) => one.name === name);
  if (!found) throw new Error(`no case "${name}"`);
  return found;
};

/** The least probable response of the first policy 1 % more improbable, which its probability does not show. */
function improbable(script: string): string {
  const at = script.indexOf('FINAL = [');
  const block = script.slice(at, script.indexOf('},', at));
  const [, response, logp] = [...block.matchAll(/(\d+): (-[\d.]+)/g)].reduce((least, one) => (Number(one[2]) < Number(least[2]) ? one : least));
  expect(Number(logp)).toBeLessThan(-14);
  return script.slice(0, at) + script.slice(at).replace(`${response}: ${logp}`, `${response}: ${Number(logp) * 1.01}`);
}

/** One thing changed in a script; it must be there exactly once. */
function changed(script: string, from: string | RegExp, to: string): string {
  expect(script.split(from).length, String(from)).toBe(2);
  return script.replace(from, () => to);
}

const TAMPERED: [string, () => string, RegExp][] = [
  ['another number recorded', () => scriptOf(caseNamed('dpo mlp sigmoid')).replace(/("mass\/ood": \[\s*(?:[\d.e-]+, ){4})([\d.e-]+)/, (_, before: string, value: string) => `${before}${Number(value) + 0.01}`),
    /^AssertionError: policy 0 \(seed 0\), update 4, mass\/ood: the lab recorded 0\.\d+, this script has 0\.\d+; they differ by 0\.01, allowed are 0\.0001$/],
  ['another β', () => changed(scriptOf(caseNamed('dpo tabular sigmoid')), '"beta": 0.3', '"beta": 0.31'), /^AssertionError: policy 0 \(seed 0\), update 0, klToOptimal: the lab recorded .*they differ by .*, allowed are 0\.0001\d+$/],
  ['another probability at the end', () => changed(scriptOf(caseNamed('dpo tabular ipo')), /(?<=FINAL = \[\n {4}\{\n {8})0: -/, '0: -9'), /^AssertionError: policy 0 \(seed 0\), update 18, probability of "": /],
  ['another improbable response at the end', () => improbable(scriptOf(caseNamed('the preset the-the-the'))), /^AssertionError: policy 0 \(seed 0\), update 800, log probability of ".*": the lab recorded -\d/],
  ['another seed of the draws', () => changed(scriptOf(caseNamed('online-dpo tabular sigmoid')), 'ROLLOUT, JUDGE = 2, 3, 4, 5, 6', 'ROLLOUT, JUDGE = 2, 3, 4, 6, 5'),
    /^AssertionError: policy 0 \(seed 0\), update 2, pair \d+: the lab drew '.*' over '.*', this script '.*' over '.*', and no uniform number is within 0\.0001 of a boundary/],
  ['another learning rate from some update on', () => changed(scriptOf(caseNamed('knobs changed on the way')), '"learningRate": 0.05', '"learningRate": 0.06'), /^AssertionError: policy 0 \(seed 0\), update 1\d, /],
];

/** The draws of a policy that is a little off, as float32's would be of one that trained long; `tie`: how far off they may be. */
function roundedDraws(tie: string): string {
  const other = changed(scriptOf(caseNamed('online-dpo tabular sigmoid')), '    cumulative = cumulative_of(logits)\n', '    cumulative = cumulative_of(1.03 * logits)\n');
  return changed(other, 'Ties(PROBABILITY[number])', `Ties(${tie})`);
}

/** What can be said where no script can be run. */
function checkTexts(): void {
  test(`no Python with torch here (tried ${PYTHONS.join(', ')}): scripts are written, with every number they compare`, () => {
    for (const one of CASES) {
      const script = scriptOf(one);
      for (const part of ['EXPERIMENT = {', 'REFERENCE = {', 'RECORDED = [', 'FINAL = [', '"mass/ood": [', 'def train(number, policy):', 'raise AssertionError(']) expect(script, one.name).toContain(part);
    }
  });
}

function runTexts(interpreter: string): void {
  describe('run by a Python with torch', () => {
    let ran: Ran[] = [];
    let tampered: Ran[] = [];
    let rounded: Ran[] = [];
    beforeAll(async () => {
      const files = [...CASES.map(scriptOf), ...TAMPERED.map(([, text]) => text()), roundedDraws('0.03'), roundedDraws('1e-6')].map((text, i) => temp.write(`case${i}.py`, text));
      const all = await runScripts(interpreter, files);
      ran = all.slice(0, CASES.length);
      tampered = all.slice(CASES.length, -2);
      rounded = all.slice(-2);
    }, 180_000);

    test.each(CASES.map(({ name }, i) => [name, i] as const))('%s', (name, i) => {
      const { printed, error } = ran[i];
      expect(error, printed.join('\n')).toBe('');
      expect(printed.at(-1)).toBe(ENDS[name] ?? 'reproduced');
      const policies = printed.filter((line) => /^policy \d+ \(.*\): ([\d.e-]+ of the allowed [\d.e-]+ in \S.* at update \d+|nothing differs)/.test(line));
      expect(policies).toHaveLength(Number(printed[0].split(' ')[0]));
      expect(printed.slice(1, 1 + policies.length)).toEqual(policies);
    });

    test.each(TAMPERED.map(([name, , words], i) => [name, words, i] as const))('a script with %s fails with the sentence that says where', (_, words, i) => {
      expect(tampered[i].error).toMatch(words);
    });

    test('a draw that rounding decided is the lab’s, and counted; one that it cannot have decided fails', () => {
      const [taken, refused] = rounded;
      expect(taken.error, taken.printed.join('\n')).toBe('');
      expect(taken.printed.at(-1)).toBe('reproduced');
      const [, ties, closest] = /^draws: (\d+) decided by float32, at most (\S+) from a boundary$/.exec(taken.printed.at(-2) ?? '') ?? [];
      expect(Number(ties)).toBeGreaterThan(0);
      expect(Number(closest)).toBeGreaterThan(1e-6);
      expect(Number(closest)).toBeLessThanOrEqual(0.03);
      expect(refused.error).toMatch(/^AssertionError: policy \d \(seed \d+\), update \d+, pair \d+: the lab drew .* no uniform number is within 1e-06 of a boundary/);
    });

    test('the command line writes a script that a plain Python call runs, and that exits with 1 where it fails', async () => {
      const file = temp.at('the-the-the.py');
      const { code, stderr } = await experiment(golden('the-the-the.json'), '--steps', '5', '--pytorch', file);
      expect(code, stderr).toBe(0);
      const right = spawnSync(interpreter, [file], { encoding: 'utf8', env: { ...process.env, PYTHONIOENCODING: 'ascii' } });
      expect([right.status, right.stdout.trim().split('\n').at(-1)], right.stderr).toEqual([0, 'reproduced']);
      fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/^PROBABILITY = \[0\.0001, .*$/m, 'PROBABILITY = [1e-12] * 1000'));
      const wrong = spawnSync(interpreter, [file], { encoding: 'utf8' });
      expect([wrong.status, wrong.stderr.trim().split('\n').at(-1)]).toEqual([1, expect.stringMatching(/^AssertionError: policy 0 \(seed 0\), update \d, .*allowed are 1e-12$/)]);
    }, 60_000);
  });
}

if (python === null) checkTexts();
else runTexts(python);
