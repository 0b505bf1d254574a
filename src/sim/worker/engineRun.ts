/**
 * A run as the worker's loop drives it: its frames, its knobs, and what to say when numbers break.
 */
import { logMeanExp, meanOf } from '../exact/means.ts';
import type { Experiment } from '../experiment.ts';
import { forkProblem } from '../fork.ts';
import { methodOf } from '../methods.ts';
import { msg } from '../msg.ts';
import { membersOfFocus, type Measurement, type Run } from '../run.ts';
import { knobWords } from '../sentences.ts';
import { duelsOf } from '../sideBySide.ts';
import { RunFault, type EngineRun } from './loopParts.ts';
import type { BackendName, Snapshot } from './protocol.ts';

/** Whose numbers broke, and at which learning rate: "3 of 8 policies stopped being finite, at learning rate 1". */
function brokenWords(experiments: readonly Experiment[], notFinite: readonly number[], policies: number, learningRate: number): string {
  if (experiments.length === 1) {
    const rate = experiments[0].sweep?.learningRate ? msg`their learning rates` : msg`learning rate ${knobWords(learningRate)}`;
    return msg`${policies === 1 ? msg`the policy` : msg`${notFinite.length} of ${policies} policies`} stopped being finite, at ${rate}`;
  }
  const broken = experiments.flatMap((experiment, a) => {
    const { length } = experiment.seeds;
    const count = notFinite.filter((r) => Math.floor(r / length) === a).length;
    return count === 0 ? [] : [msg`${methodOf(experiment)?.label ?? experiment.algorithm.kind} (${length === 1 ? '' : msg`${count} of ${length} seeds, `}learning rate ${knobWords(experiment.optimizer.learningRate)})`];
  });
  return msg`${broken.join(msg` and `)} stopped being finite`;
}

/** What the worker's loop needs of a run of `experiments`, on the backend that is set. */
export function engineRun(run: Run, experiments: readonly Experiment[], backend: BackendName): EngineRun {
  const [experiment] = experiments;
  const { world, rewards } = run.prepared;
  let lastGood: Snapshot | null = null;
  /** The furthest update whose numbers were seen to be finite. */
  let seen = 0;
  let { learningRate } = experiment.optimizer;

  /** Goes back to the last finite state by bisection; a run repeats itself bit for bit. */
  async function explainBreak(broken: Measurement): Promise<{ good: Measurement; sentence: string }> {
    let low = lastGood!;
    let high = broken;
    if (high.step === 0) {
      return { good: broken, sentence: msg`The loss is not finite at update 0 already, before any update was made: these settings are beyond what float32 can hold.` };
    }
    while (high.step - low.step > 1) {
      const middle = Math.floor((low.step + high.step) / 2);
      run.restore(low);
      while (run.step < middle) await run.update(); // judged batches of a replay are the same ones again
      const measured = await run.measure();
      if (measured.notFinite.length > 0) high = measured;
      else low = await run.snapshot();
    }
    run.restore(low);
    lastGood = low;
    return {
      good: await run.measure(),
      sentence: msg`At update ${high.step} the numbers of ${brokenWords(experiments, high.notFinite, broken.logps.length, learningRate)}. `
        + msg`What you see is update ${low.step}, the last finite state; start over, for example with a smaller learning rate.`,
    };
  }

  return {
    get step() { return run.step; },
    totalSteps: run.totalSteps,
    update: () => run.update(),
    sync: () => run.sync(),
    async frame(focus) {
      let measured = await run.measure();
      let notFinite: string | null = null;
      if (measured.notFinite.length > 0) {
        const { good, sentence } = await explainBreak(measured);
        measured = good;
        notFinite = sentence;
      }
      seen = Math.max(seen, measured.step);
      const { step, metrics, logps, scores, iterations } = measured;
      const shown = membersOfFocus(experiment, focus);
      return {
        step, metrics, notFinite,
        logps: logMeanExp(shown.map((r) => logps[r])),
        scores: scores && meanOf(shown.map((r) => scores[r])),
        judged: run.takeJudged(),
        iteration: iterations[shown[0]] ?? null,
        duels: experiments.length > 1 && rewards ? duelsOf(world, logps, rewards, experiment.seeds, step) : null,
      };
    },
    ...(backend === 'webgpu' ? {} : {
      async point() {
        const { step, metrics, notFinite } = await run.measure();
        return notFinite.length > 0 ? null : { step, metrics };
      },
    }),
    view: (focus) => run.view(focus),
    retune(knobs) {
      for (const key of ['beta', 'learningRate'] as const) {
        if (knobs[key] !== undefined && experiment.sweep?.[key]) {
          return msg`${key === 'beta' ? 'β' : msg`The learning rate`} is swept in this run, so it cannot be changed while it runs.`;
        }
      }
      run.retune(knobs);
      seen = Math.min(seen, run.step);
      learningRate = knobs.learningRate ?? learningRate;
      return null;
    },
    untune() {
      run.untune();
      ({ learningRate } = experiment.optimizer);
    },
    async state() {
      const state = await run.snapshot();
      return allFinite(state) ? state : null;
    },
    ...(experiments.some(({ algorithm }) => algorithm.kind === 'ppo') ? { tellsUpdate: true } : {}),
    async snapshot() {
      const snapshot = await run.snapshot();
      // Updates that no frame has looked at yet may have broken: a run goes back to finite numbers only.
      if (lastGood && !allFinite(snapshot)) return lastGood;
      return lastGood = snapshot;
    },
    restore(snapshot) {
      // A state that no frame has looked at may be one of numbers that broke.
      if (!lastGood || snapshot.step <= seen || snapshot.step < lastGood.step) lastGood = snapshot;
      run.restore(snapshot);
    },
    adopt(snapshot, parent) {
      const problem = forkProblem(parent, experiment, snapshot.step);
      if (problem !== null) throw new RunFault('internal', problem, null);
      run.adopt(snapshot, parent);
      lastGood = null;
    },
    dispose: () => run.dispose(),
  };
}

function allFinite({ tensors }: Snapshot): boolean {
  return tensors.every(({ data }) => data.every(Number.isFinite));
}
