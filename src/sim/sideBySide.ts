/**
 * Several experiments as one run: same world, reference and seeds, trained update by update side by side.
 *
 * The population is that of the first, then of the second, and so on: method a's policies are members
 * a·S … a·S + S − 1, so that a focus, a chart or a table of one experiment's sweep reads methods as well.
 */
import { METRICS } from './metrics.ts';
import { randomAt, STREAM } from './random.ts';
import type { Measurement, Run } from './run.ts';
import type { Duels, Focus, JudgedBatch, Snapshot } from './worker/protocol.ts';
import { forEachResponse } from './exact/forest.ts';
import { levelsOf, type Levels } from './exact/levels.ts';
import type { World } from './world.ts';

/** One run that is all of `runs` (at least one, each with the same number of policies). */
export function combineRuns(runs: readonly Run[]): Run {
  if (runs.length === 1) return runs[0];
  const [first] = runs;
  const sizes = runs.map((run) => run.prepared.members.length);
  const starts = sizes.map((_, a) => sizes.slice(0, a).reduce((sum, size) => sum + size, 0));
  const total = starts[starts.length - 1] + sizes[sizes.length - 1];
  /** The run that a focus is on, and the focus as that run sees it. */
  const ownerOf = (focus: Focus): { run: Run; focus: Focus } => {
    const seeds = first.prepared.experiment.seeds.length;
    const a = Math.max(0, starts.findLastIndex((start) => start <= focus.sweepIndex * seeds));
    return { run: runs[a], focus: { ...focus, sweepIndex: focus.sweepIndex - starts[a] / seeds } };
  };
  return {
    prepared: first.prepared,
    refLogps: first.refLogps,
    get step() { return first.step; },
    totalSteps: first.totalSteps,
    update() {
      let waiting: Promise<void> | undefined;
      for (const run of runs) {
        const updated = waiting === undefined ? run.update() : waiting.then(() => run.update());
        if (updated) waiting = updated;
      }
      return waiting;
    },
    async sync() { for (const run of runs) await run.sync(); },
    async measure() {
      const measured: Measurement[] = [];
      for (const run of runs) measured.push(await run.measure());
      const metrics = new Float64Array(METRICS.length * total);
      measured.forEach((own, a) => {
        for (let m = 0; m < METRICS.length; m++) {
          metrics.set(own.metrics.subarray(m * sizes[a], (m + 1) * sizes[a]), m * total + starts[a]);
        }
      });
      return {
        step: first.step,
        metrics,
        logps: measured.flatMap((own) => own.logps),
        scores: null,
        iterations: measured.flatMap((own, a) => own.iterations.length > 0 ? own.iterations : Array.from({ length: sizes[a] }, () => null)),
        notFinite: measured.flatMap((own, a) => own.notFinite.map((r) => starts[a] + r)),
      };
    },
    takeJudged: () => runs
      .flatMap((run, a): JudgedBatch[] => run.takeJudged().map((batch) => ({ ...batch, policy: starts[a] + batch.policy })))
      .sort((a, b) => a.step - b.step),
    view(focus) {
      const owner = ownerOf(focus);
      const view = owner.run.view(owner.focus);
      // What is listed per policy is listed for all of them.
      const referenceKl = Float64Array.from(runs.flatMap(({ prepared }) => prepared.members.map((_, r) => prepared.referenceKl[r % prepared.experiment.seeds.length])));
      return { ...view, focus, referenceKl };
    },
    retune(knobs) { for (const run of runs) run.retune(knobs); },
    untune() { for (const run of runs) run.untune(); },
    async snapshot() {
      const parts: Snapshot[] = [];
      for (const run of runs) parts.push(await run.snapshot());
      return {
        step: parts[0].step,
        tensors: parts.flatMap(({ tensors }, a) => tensors.map((tensor) => ({ ...tensor, name: `${a}/${tensor.name}` }))),
      };
    },
    restore({ step, tensors }) {
      runs.forEach((run, a) => {
        const own = tensors.filter(({ name }) => name.startsWith(`${a}/`));
        run.restore({ step, tensors: own.map((tensor) => ({ ...tensor, name: tensor.name.slice(`${a}/`.length) })) });
      });
    },
    adopt() { throw new RangeError('adopt: methods side by side have no forks'); },
    dispose() { for (const run of runs) run.dispose(); },
  };
}

/** Responses drawn from every policy for the sampled head-to-head. */
const DRAWS = 200;

/** The levels of a gold reward, which is one array in every frame of a run. */
const LEVELS = new WeakMap<Float64Array, Levels>();

function rewardLevels(rewards: Float64Array): Levels {
  const known = LEVELS.get(rewards) ?? levelsOf(rewards);
  LEVELS.set(rewards, known);
  return known;
}

/**
 * Head-to-head of methods by the gold reward: both answer the same prompt, independently; prompts count equally.
 *
 *   P(a wins) = Σ_{y, y′} π_a(y)·π_b(y′)·1[r(y) > r(y′)]
 *
 * Rewards that are equal but for rounding are a tie.
 *
 * @param logps    log π of every policy, [A·S][Y], methods outermost
 * @param rewards  gold reward, [Y]
 * @param seeds    the seed of each policy of a method, [S]
 */
export function duelsOf(world: World, logps: readonly Float64Array[], rewards: Float64Array, seeds: readonly number[], step: number): Duels {
  const { levels, indexOf } = rewardLevels(rewards);
  const { promptCount } = world;
  const masses = logps.map((logp) => {
    const mass = new Float64Array(promptCount * levels.length);
    forEachResponse(world, (y, x) => { mass[x * levels.length + indexOf[y]] += Math.exp(logp[y]); });
    return mass;
  });
  const methods = logps.length / seeds.length;
  const exact = new Float64Array(methods * methods * seeds.length * 3);
  for (let a = 0; a < methods; a++) {
    for (let b = 0; b < methods; b++) {
      for (let s = 0; s < seeds.length; s++) {
        const shares = headToHead(masses[a * seeds.length + s], masses[b * seeds.length + s], promptCount, levels.length);
        exact.set(shares, ((a * methods + b) * seeds.length + s) * 3);
      }
    }
  }
  const sampledRewards = new Float64Array(logps.length * DRAWS);
  logps.forEach((_, r) => {
    // Every policy draws with its own numbers: the two of a pair are independent.
    const random = randomAt(seeds[r % seeds.length], STREAM.duel, step * 64 + Math.floor(r / seeds.length));
    const mass = masses[r];
    for (let i = 0; i < DRAWS; i++) {
      const x = i % promptCount;
      sampledRewards[r * DRAWS + i] = levels[random.index(mass.subarray(x * levels.length, (x + 1) * levels.length))];
    }
  });
  return { exact, sampledRewards, draws: DRAWS };
}

/** Win, tie and loss of the first, mean over prompts; reward levels ascending. */
function headToHead(first: Float64Array, second: Float64Array, prompts: number, levels: number): [number, number, number] {
  let win = 0, tie = 0, loss = 0;
  for (let x = 0; x < prompts; x++) {
    let below = 0;
    let rest = 0;
    for (let i = 0; i < levels; i++) rest += second[x * levels + i];
    for (let i = 0; i < levels; i++) {
      const p = first[x * levels + i], q = second[x * levels + i];
      rest -= q;
      win += p * below;
      tie += p * q;
      loss += p * rest;
      below += q;
    }
  }
  return [win / prompts, tie / prompts, loss / prompts];
}
