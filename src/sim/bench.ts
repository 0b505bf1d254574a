/**
 * `npm run bench`: what the engine costs on this machine, in Node.
 *
 *   npm run bench [-- --seconds 2]
 *
 * Prints updates per second of populations and of the other algorithms and policies on both backends, the time of a
 * reference fit, and the time of one frame's exact numbers by size of the response space. Processor time stands beside the
 * clock's: where it is much less, other programs were using the machine. Measures, judges nothing.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import type { Experiment } from './experiment.ts';
import { ONLINE_DPO_DEFAULTS, PPO_DEFAULTS, TRANSFORMER_DEFAULTS } from './experimentDefaults.ts';
import { prepareRun, referenceCache, type Prepared } from './prepare.ts';
import { theTheThe } from './presets/the-the-the.ts';
import { createRun, type Run } from './run.ts';
import { buildWorld } from './world.ts';

const BACKENDS = ['cpu', 'wasm'] as const;
const POPULATIONS = [1, 8, 32];
/** Changes of the-the-the with 8 seeds. */
const METHODS: readonly { name: string; changes: Partial<Experiment>; only?: (typeof BACKENDS)[number] }[] = [
  { name: 'PPO, 64 responses, critic', changes: { algorithm: { ...PPO_DEFAULTS, beta: 0.3 }, optimizer: { kind: 'adam', learningRate: 0.01 } } },
  { name: 'online DPO, fresh every update', changes: { algorithm: { ...ONLINE_DPO_DEFAULTS, beta: 0.05 } } },
  { name: 'online DPO, fresh every 10', changes: { algorithm: { ...ONLINE_DPO_DEFAULTS, beta: 0.05, resampleEvery: 10 } } },
  // On cpu its reference fit alone takes most of a minute.
  { name: 'DPO, transformer', changes: { policy: { ...TRANSFORMER_DEFAULTS } }, only: 'wasm' },
];
/** Words and maxLength: 156, 4,681 and 111,111 responses. */
const SPACES = [{ words: 5, maxLength: 3 }, { words: 8, maxLength: 4 }, { words: 10, maxLength: 5 }];
/** As the worker does it: updates between two synchronisations. */
const UPDATES_AT_ONCE = 8;

export async function main(argv: string[]): Promise<number> {
  const seconds = readSeconds(argv);
  if (seconds === null) {
    console.error('--seconds must be a number in (0, 600]. Usage: npm run bench [-- --seconds 2]');
    return 2;
  }
  tf.enableProdMode();
  const populations: string[][] = [];
  const methods: string[][] = [];
  const spaces: string[][] = [];
  for (const backend of BACKENDS) {
    await tf.setBackend(backend);
    await tf.ready();
    for (const policies of POPULATIONS) populations.push([backend, String(policies), ...await measurePopulation(seedsOnly(policies), seconds)]);
    for (const { name, changes, only = backend } of METHODS) if (only === backend) methods.push([backend, name, ...await measurePopulation({ ...seedsOnly(8), ...changes }, seconds)]);
    for (const space of SPACES) spaces.push([backend, ...await measureFrames(space, seconds)]);
  }
  console.log(`the-the-the: MLP, 16 hidden units, DPO, SGD; ${seconds} s each, Node ${process.versions.node}\n`);
  const columns = ['updates/s', 'policy-updates/s', 'ms/update', 'processor ms/update', 'reference fit', 'processor'];
  printTable(['backend', 'policies', ...columns], populations);
  console.log('\nthe-the-the: other algorithms and policies, 8 policies; an update of PPO is one iteration (4 epochs)\n');
  printTable(['backend', 'method', ...columns], methods);
  console.log('\nexact numbers of one frame (all metrics and all log-probabilities), 8 tabular policies\n');
  printTable(['backend', 'responses', 'ms/frame', 'processor ms/frame'], spaces);
  return 0;
}

function readSeconds(argv: readonly string[]): number | null {
  if (argv.length === 0) return 2;
  const [name, text] = argv.length === 1 ? argv[0].split('=') : argv;
  const seconds = Number(text);
  return name === '--seconds' && argv.length <= 2 && seconds > 0 && seconds <= 600 ? seconds : null;
}

function prepare(experiment: Experiment): Promise<Prepared> {
  return prepareRun(experiment, referenceCache(1), () => {});
}

interface Stopwatch {
  /** ms since the start, by the clock and of the processor. */
  read(): { clock: number; processor: number };
}

function startStopwatch(): Stopwatch {
  const from = performance.now();
  const cpu = process.cpuUsage();
  return {
    read() {
      const { user, system } = process.cpuUsage(cpu);
      return { clock: performance.now() - from, processor: (user + system) / 1000 };
    },
  };
}

/** The preset with so many seeds. */
function seedsOnly(policies: number): Experiment {
  return { ...theTheThe.experiment, seeds: Array.from({ length: policies }, (_, seed) => seed) };
}

/** Speed of a population, and the time of the fit before it. */
async function measurePopulation(experiment: Experiment, seconds: number): Promise<string[]> {
  const policies = experiment.seeds.length;
  const fitting = startStopwatch();
  const prepared = await prepare(experiment);
  const fit = fitting.read();
  const run = await createRun(prepared);
  await updateFor(run, 300); // code is compiled during the first updates
  const { updates, clock, processor } = await updateFor(run, seconds * 1000);
  run.dispose();
  const perSecond = updates * 1000 / clock;
  return [
    round(perSecond), round(perSecond * policies), (clock / updates).toFixed(2), (processor / updates).toFixed(2),
    `${(fit.clock / 1000).toFixed(2)} s`, `${(fit.processor / 1000).toFixed(2)} s`,
  ];
}

async function updateFor(run: Run, duration: number): Promise<{ updates: number; clock: number; processor: number }> {
  const watch = startStopwatch();
  let updates = 0;
  while (watch.read().clock < duration) {
    for (let i = 0; i < UPDATES_AT_ONCE; i++) await run.update();
    updates += UPDATES_AT_ONCE;
    await run.sync();
  }
  return { updates, ...watch.read() };
}

/** Number of responses, and ms per frame. */
async function measureFrames({ words, maxLength }: { words: number; maxLength: number }, seconds: number): Promise<string[]> {
  const names = Array.from({ length: words }, (_, i) => `w${i}`);
  const experiment: Experiment = {
    ...theTheThe.experiment,
    world: { words: names, maxLength, prompts: ['?'] },
    reference: { kind: 'unigram', wordWeights: names.map((_, i) => i + 1), stop: 0.2 },
    gold: { responses: [], otherwise: 0, perWord: { w0: 1 }, containsWord: {}, perToken: -0.1 },
    preferences: { pairs: [{ prompt: 0, chosen: 'w0 w1', rejected: 'w1 w0', weight: 1 }] },
    policy: { kind: 'tabular' },
  };
  const run = await createRun(await prepare(experiment));
  await run.update();
  await run.measure();
  const watch = startStopwatch();
  let frames = 0;
  while (frames < 3 || watch.read().clock < seconds * 500) {
    await run.measure();
    frames++;
  }
  const { clock, processor } = watch.read();
  run.dispose();
  return [round(buildWorld(experiment.world).responseCount), (clock / frames).toFixed(2), (processor / frames).toFixed(2)];
}

function round(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i].length)));
  for (const row of [header, ...rows]) console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '));
}
