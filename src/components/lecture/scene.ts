/** What the page shows at a step of the talk, whatever was shown before, and how it gets there. */
import type { Experiment } from '../../sim/experiment.ts';
import { same } from '../../sim/experimentPrint.ts';
import { msg } from '../../sim/msg.ts';
import { setParam } from '../../sim/params.ts';
import { PRESETS } from '../../sim/presets/index.ts';
import type { RunStore } from '../../sim/runStore.ts';
import { movedTo, panelIn, type Origin } from '../chapters.ts';
import type { LabStore, Shown } from '../labStore.ts';
import { problemOf, runsOf } from '../starts.ts';
import type { Scene, TalkStep } from './talk.ts';

/** What a step wants of the run. */
export type Begin = 'ready' | 'play' | 'keep';

export type Stage = Omit<Shown, 'play'>;

/** The origin, experiment, methods and panel of a scene, or why it cannot be shown, in a sentence. */
export function stageOf({ title, scene }: Pick<TalkStep, 'title' | 'scene'>): { stage: Stage } | { problem: string } {
  const refused = (why: string) => ({ problem: msg`The step “${title}” was not shown: ${why}` });
  const preset = PRESETS.find(({ id }) => id === scene.preset);
  if (!preset) return refused(msg`there is no preset “${scene.preset}”.`);
  const methods = scene.methods ?? preset.methods ?? [];
  const set = experimentOf(preset.experiment, scene);
  if ('problem' in set) return refused(set.problem);
  const problem = problemOf(set.base, methods);
  if (problem !== null) return refused(problem);
  const origin: Origin | null = preset.chapter === scene.chapter ? preset : movedTo(preset, scene.chapter, set.base, methods);
  if (!origin) return refused(msg`chapter ${scene.chapter} does not take the preset “${scene.preset}”.`);
  const panel = panelIn(scene.chapter, scene.panel ?? null);
  if (scene.panel !== undefined && panel === null) return refused(msg`chapter ${scene.chapter} has no panel “${scene.panel}”.`);
  return { stage: { origin, base: set.base, methods, panel } };
}

function experimentOf(preset: Experiment, { knobs = [] }: Scene): { base: Experiment } | { problem: string } {
  try {
    return { base: knobs.reduce((experiment, [id, value]) => setParam(experiment, id, value), preset) };
  } catch (error) {
    if (error instanceof RangeError) return { problem: error.message.replace(/^setParam: /, '') };
    throw error;
  }
}

/** How a run begins where the steps before were not gone through: one that goes on began at the step before it. */
export function beginningOf(talk: readonly TalkStep[], at: number): 'ready' | 'play' {
  const began = talk.slice(0, at + 1).findLast(({ scene }) => scene.run !== 'keep')?.scene.run;
  return began === 'play' ? 'play' : 'ready';
}

/** Shows stages, and never starts a run anew that is already what one wants. */
export function createStaging(run: RunStore, lab: LabStore): { show(stage: Stage, begin: Begin, beginning: 'ready' | 'play'): void } {
  /** What the run was told and has not done: its state is still the old one. */
  let told: 'ready' | 'play' | null = null;
  run.subscribe((now, before) => {
    if (now.state !== before.state || now.run !== before.run) told = null;
  });

  function isShown({ origin, base, methods }: Stage): boolean {
    const now = lab.getState();
    const { experiment, others, state, forkedFrom, branches, forking } = run.getState();
    const [first, ...rest] = runsOf(base, methods);
    return state !== 'failed' && now.draft === null && now.origin.id === origin.id && same(now.base, base) && same(now.methods, methods)
      && forkedFrom === null && branches.length === 0 && forking.length === 0 && same(experiment, first) && same(others, rest);
  }

  function again(play: boolean): void {
    told = play ? 'play' : 'ready';
    lab.setState({ willPlay: play });
    run.getState().reset({ play });
  }

  function play(): void {
    told = 'play';
    lab.setState({ willPlay: true });
    run.getState().play();
  }

  function begin(stage: Stage, how: 'ready' | 'play'): void {
    const { state, step, furthest, seeking } = run.getState();
    const fresh = state === 'paused' && step === 0 && furthest === 0 && seeking === null;
    if (how === 'ready') {
      if (state !== 'starting' && (!fresh || told === 'play')) again(false);
      else if (state === 'starting' && lab.getState().willPlay) lab.getState().show({ ...stage, play: false });
    } else if (state === 'starting') {
      if (!lab.getState().willPlay) play();
    } else if (fresh && told !== 'play') play();
    else if (!fresh && (state !== 'running' || told === 'ready') && told !== 'play') again(true);
  }

  return {
    show(stage, how, beginning) {
      if (!isShown(stage)) {
        lab.getState().show({ ...stage, play: beginning === 'play' });
        return;
      }
      const { origin, panel } = stage;
      lab.setState({ origin, panel, notices: [], opening: null, asked: null });
      const { state, step } = run.getState();
      if (how !== 'keep') begin(stage, how);
      else if (beginning === 'play' && (state === 'starting' || (state === 'paused' && step === 0))) begin(stage, 'play');
    },
  };
}
