/**
 * The command line: runs one experiment file headless in Node with the page's own trainers.
 *
 *   npm run experiment -- FILE.json [--out RESULT.json] [--every 10] [--backend cpu|wasm] [--steps N] [--pytorch SCRIPT.py]
 *
 * With --pytorch the run is made four times more: to record it for the script, and to measure what rounding does in it.
 *
 * Exit codes: 0 success; 2 a bad file or option, or more than this machine can hold, one line on stderr; 3 numbers
 * stopped being finite, the result holds everything up to the last finite update.
 */
import fs from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { readOptions, UsageError, type Options } from './cliOptions.ts';
import { recordedScript } from './cliScript.ts';
import { quantile } from './history.ts';
import { metricIndex, METRICS } from './metrics.ts';
import { parseExperiment, supportProblem, unusedKnobs } from './experimentSchema.ts';
import { populationOf, type Experiment, type PolicyMember } from './experiment.ts';
import { prepareRun, referenceCache, type Prepared } from './prepare.ts';
import { printable } from './problem.ts';
import { scriptRefusal } from './pytorch/refusal.ts';
import { writeResult, type RecordedRun, type Result } from './resultFile.ts';
import { createRun, type Measurement, type Run } from './run.ts';
import { FIT } from './trainers/referenceFit.ts';

export async function main(argv: string[]): Promise<number> {
  let file = '';
  try {
    const options = readOptions(argv);
    ({ file } = options);
    const experiment = readFile(options);
    checkRecordable(experiment, options);
    checkWritable(options);
    checkScript(experiment, options);
    return await runExperiment(experiment, options);
  } catch (error) {
    console.error(error instanceof UsageError ? error.message : breakdownWords(file, error));
    return 2;
  }
}

/** What no rule foresaw; most likely this machine has less memory than the rules count on. */
function breakdownWords(file: string, error: unknown): string {
  const words = printable(error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
  // The lab's own RangeErrors name the function first; those of the machine, "Array buffer allocation failed", do not.
  const roomless = (error instanceof RangeError && !/^[\w.]+: /.test(error.message)) || error instanceof WebAssembly.RuntimeError;
  return roomless
    ? `${file} needs more memory than this machine gives (${words}); fewer policies, a smaller world, network or batch need less.`
    : `${file} could not be run: ${words}.`;
}

function readFile({ file, steps }: Options): Experiment {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(fs.readFileSync(file));
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${file} must be a text file in UTF-8; its bytes are not.`);
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}.`);
  }
  const read = parseExperiment(text);
  if (!read.ok) {
    const more = read.problems.length > 1 ? ` (and ${read.problems.length - 1} more)` : '';
    throw new UsageError(`${file}: ${read.problems[0].message}${more}`);
  }
  const experiment = steps === null ? read.experiment : { ...read.experiment, steps };
  const unsupported = supportProblem(experiment);
  if (unsupported) throw new UsageError(`${file}: ${unsupported}`);
  return experiment;
}

/** Most numbers recorded: metrics of all policies at all recorded updates. */
const MAX_RECORDED = 100_000_000;

function checkRecordable(experiment: Experiment, { every }: Options): void {
  const perRecord = populationOf(experiment).length * METRICS.length;
  const records = 2 + Math.floor(experiment.steps / every);
  if (records * perRecord <= MAX_RECORDED) return;
  const least = Math.ceil(experiment.steps / (Math.floor(MAX_RECORDED / perRecord) - 2));
  throw new UsageError(`--every must be at least ${least} for this experiment, so that at most ${MAX_RECORDED} numbers are recorded (policies × metrics × updates recorded), got ${every}.`);
}

/** Fails before the run, not after it, when the result or the script could not be written; leaves no empty file behind. */
function checkWritable({ file, out, pytorch }: Options): void {
  for (const [option, target] of [['--out', out], ['--pytorch', pytorch]] as const) {
    if (target === null) continue;
    try {
      const existed = fs.existsSync(target);
      if (existed && fs.realpathSync(target) === fs.realpathSync(file)) throw new Error('it is the experiment file itself');
      fs.closeSync(fs.openSync(target, 'a'));
      if (!existed) fs.rmSync(target);
    } catch (error) {
      throw new UsageError(`${option} ${target} cannot be written: ${(error as Error).message}.`);
    }
  }
  if (out !== null && pytorch !== null && path.resolve(out) === path.resolve(pytorch)) throw new UsageError(`--out and --pytorch must be two files, both are ${out}.`);
}

/** Refuses before the run what has no script. */
function checkScript(experiment: Experiment, { file, pytorch }: Options): void {
  const refusal = pytorch === null ? null : scriptRefusal(experiment);
  if (refusal !== null) throw new UsageError(`${file}: ${refusal}`);
}

async function runExperiment(experiment: Experiment, options: Options): Promise<number> {
  tf.enableProdMode();
  await tf.setBackend(options.backend);
  await tf.ready();
  const unused = unusedKnobs(experiment);
  if (unused.length > 0) console.error(`Without effect in this experiment: ${unused.join(', ')}.`);
  const report = progressLine();
  const prepared = await prepareRun(experiment, referenceCache(1), (progress) => report(progress.stage === 'reference'
    ? `fitting the reference: update ${progress.update} of at most ${FIT.updates}, KL ${progress.worstKl.toPrecision(3)}`
    : `fitting the reward model: update ${progress.step} of ${progress.steps}, log-likelihood ${progress.logLikelihood.toPrecision(3)}`));
  const run = await createRun(prepared);
  const recorded: RecordedRun[] = prepared.members.map((member, r) => ({
    member, beta: prepared.experiment.algorithm.beta, referenceKl: prepared.referenceKl[r % experiment.seeds.length], steps: [], metrics: [],
  }));

  let last = await run.measure();
  record(recorded, last);
  let brokeAt: number | null = last.notFinite.length > 0 ? 0 : null;
  let broken = last.notFinite;
  while (run.step < run.totalSteps && brokeAt === null) {
    const safe = await run.snapshot();
    const stop = Math.min(run.totalSteps, run.step + options.every - run.step % options.every);
    while (run.step < stop) await run.update();
    const now = await run.measure();
    run.takeJudged(); // nobody looks at the drawn pairs here
    if (now.notFinite.length > 0) {
      run.restore(safe);
      ({ brokeAt, last, broken } = await findBreak(run, stop, last));
      if (recorded[0].steps.at(-1) !== last.step) record(recorded, last);
    } else {
      record(recorded, last = now);
      report(`update ${run.step} of ${run.totalSteps}, loss ${last.metrics.subarray(metricIndex('loss') * recorded.length)[0].toPrecision(3)}`);
    }
  }
  report('');
  printTable(recorded, last);
  if (options.out !== null) saveResult(options.out, { experiment, backend: options.backend, prepared, refLogps: run.refLogps, recorded, last, brokeAt });
  run.dispose();
  if (brokeAt !== null) {
    console.error(brokeAt === 0
      ? 'The loss is not finite at update 0 already, before any update was made.'
      : `The numbers of ${policyWords(prepared.members, broken)} stopped being finite at update ${brokeAt} of ${run.totalSteps}; the last finite state is that of update ${last.step}.`);
  }
  if (options.pytorch !== null && brokeAt !== 0) {
    try {
      await saveScript(options.pytorch, prepared, options, report);
    } catch (error) {
      // That the numbers broke outweighs that there is no script of it.
      if (brokeAt === null) throw error;
      console.error(error instanceof UsageError ? error.message : breakdownWords(options.file, error));
    }
  }
  return brokeAt === null ? 0 : 3;
}

/** Records the run for a script, and writes it. */
async function saveScript(target: string, prepared: Prepared, options: Options, report: (text: string) => void): Promise<void> {
  const { script, note } = await recordedScript(prepared, options, async (name) => {
    await tf.setBackend(name);
    return tf.getBackend() as typeof name;
  }, report);
  try {
    fs.writeFileSync(target, script);
  } catch (error) {
    throw new UsageError(`--pytorch ${target} could not be written: ${(error as Error).message}.`);
  }
  console.error(`The script is in ${target}: python3 ${target} makes the run again.`);
  if (note !== null) console.error(`--pytorch ${target}: ${note}`);
}

/** The file appears when it is complete: an interrupted write leaves the old one. */
function saveResult(out: string, result: Result): void {
  // What is not a plain file (/dev/stdout, a pipe) cannot be replaced, only written to.
  const replace = !fs.existsSync(out) || fs.statSync(out).isFile();
  const target = replace ? `${out}.part` : out;
  try {
    const file = fs.openSync(target, 'w');
    try {
      writeResult((text) => fs.writeSync(file, text), result);
    } finally {
      fs.closeSync(file);
    }
    if (replace) fs.renameSync(target, out);
  } catch (error) {
    if (replace) fs.rmSync(target, { force: true });
    throw new UsageError(`--out ${out} could not be written: ${(error as Error).message}.`);
  }
}

/** Replays update by update to the first state that is not finite; a run repeats itself bit for bit. */
async function findBreak(run: Run, stop: number, before: Measurement): Promise<{ brokeAt: number; last: Measurement; broken: number[] }> {
  let last = before;
  while (run.step < stop) {
    await run.update();
    const now = await run.measure();
    if (now.notFinite.length > 0) return { brokeAt: run.step, last, broken: now.notFinite };
    last = now;
  }
  return { brokeAt: stop, last, broken: [] };
}

/** "seed 5, learningRate 1000", at most four of them. */
function policyWords(members: readonly PolicyMember[], policies: readonly number[]): string {
  const names = policies.slice(0, 4).map((r) => [`seed ${members[r].seed}`, ...Object.entries(members[r].swept).map(([key, value]) => `${key} ${value}`)].join(', '));
  const more = policies.length > names.length ? ` and ${policies.length - names.length} more` : '';
  return `${policies.length} of ${members.length} policies (${names.join('; ')}${more})`;
}

function record(recorded: RecordedRun[], { step, metrics }: Measurement): void {
  recorded.forEach((run, r) => {
    run.steps.push(step);
    run.metrics.push(METRICS.map((_, m) => metrics[m * recorded.length + r]));
  });
}

/** One line on stderr that is rewritten on a terminal, and printed about every two seconds elsewhere. */
function progressLine(): (text: string) => void {
  let printed = 0;
  return (text) => {
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\x1b[K${text}`);
    } else if (text !== '' && Date.now() - printed > 2000) {
      printed = Date.now();
      process.stderr.write(`${text}\n`);
    }
  };
}

/** The final metrics: one row per metric, one column per policy; of more than eight the first eight and the median of all. */
function printTable(recorded: readonly RecordedRun[], { step }: Measurement): void {
  const shown = recorded.slice(0, 8);
  const header = ['metric', ...shown.map(({ member }) =>
    [`seed ${member.seed}`, ...Object.entries(member.swept).map(([key, value]) => `${key} ${value}`)].join(' '))];
  const more = recorded.length > shown.length;
  if (more) header.push(`median of ${recorded.length}`);
  const rows = METRICS.flatMap((row, m) => {
    const values = shown.map((run) => run.metrics.at(-1)![m]);
    return values.every(Number.isNaN) ? [] : [[row.id, ...[...values, ...(more ? [quantile(recorded.map((run) => run.metrics.at(-1)![m]), 0.5)] : [])].map((value) => value.toPrecision(5))]];
  });
  const widths = header.map((cell, i) => Math.max(cell.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: string[]) => cells.map((cell, i) => i === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[i])).join('  ');
  console.log(`after ${step} updates`);
  console.log(line(header));
  for (const row of rows) console.log(line(row));
}
