/**
 * The table of chapters: what each is called, which knob it is about, and what waits behind its buttons.
 *
 * Its screen is src/components/chapterN/ChapterN.tsx (chapter/chapterLoads.ts), its panels are in
 * chapter/panelLoads.ts, its presets are those of src/sim/presets with its number.
 */
import type { Experiment } from '../sim/experiment.ts';
import { same } from '../sim/experimentPrint.ts';
import { msg } from '../sim/msg.ts';
import type { ParamId } from '../sim/params.ts';
import { PRESETS, type Preset } from '../sim/presets/index.ts';
import type { ChapterId } from '../sim/presets/preset.ts';

export type { ChapterId };

export interface Dial {
  param: ParamId;
  /** Values written under the slider. */
  ticks: readonly number[];
  /** Its name in the bar of a phone, where its label is too long. */
  short?: string;
  /** A value in words, as it may also be typed; null where the number says it. */
  words?: (value: number, experiment: Experiment) => string | null;
}

export interface ChapterPanel {
  /** Its name in links; unique over all chapters that do not show the same panel. */
  id: string;
  title: string;
}

export interface Chapter {
  id: ChapterId;
  title: string;
  /** Its name in the row of all chapters, where the title is long. */
  short?: string;
  /** The knob to move: first of the controls, and in the bar at the bottom of a phone. */
  dial: Dial | null;
  /** The knobs below it; all others wait behind "More controls". */
  first: readonly ParamId[];
  /** Knobs that would leave the chapter's subject: not offered in it. */
  hidden: readonly ParamId[];
  /** Several methods are trained side by side (src/sim/methods.ts). */
  methods: boolean;
  /**
   * Whether the chapter can be read on an experiment of another chapter: opening it then keeps the run that is going on.
   * Left out where it opens with its own first preset always.
   */
  keeps?: (experiment: Experiment) => boolean;
  /** Behind buttons below the first screen. */
  panels: readonly ChapterPanel[];
}

const BETA: Dial = { param: 'beta', ticks: [0.01, 0.1, 1, 10] };
/** To the right of the longest run there is no draw at all. */
const RESAMPLE: Dial = { param: 'resampleEvery', ticks: [1, 10, 100, 1000], short: 'K', words: (every, { steps }) => (every > steps ? msg`never` : null) };
const LENGTH_BIAS: Dial = { param: 'lengthBias', ticks: [-1, -0.5, 0, 0.5, 1], short: 'b' };
const SPACE: ChapterPanel = { id: 'space', title: msg`The whole space` };
const REWARD: ChapterPanel = { id: 'reward', title: msg`Reward gap and KL` };
const DERIVATION: ChapterPanel = { id: 'derivation', title: msg`The derivation, on this run` };
const DIFF: ChapterPanel = { id: 'diff', title: msg`Two objectives compared` };
const SELF_CHECK: ChapterPanel = { id: 'selftest', title: msg`Self-check` };
const PREDICTIONS: ChapterPanel = { id: 'predictions', title: msg`Predictions so far` };
const SWEEP: ChapterPanel = { id: 'sweep', title: msg`The same at several β` };

/** What every method sets for itself, and sweeps, which methods are trained without. */
const SET_BY_METHODS: readonly ParamId[] = ['algorithm', 'loss', 'labelSmoothing', 'lengthAlpha', 'dpopLambda', 'simpoGamma', 'nllWeight', 'klWeight', 'sweepBeta', 'sweepLengthBias'];

/** What stands in the sandbox’s own fields (chapter10). */
const WRITTEN: readonly ParamId[] = ['smoothing', 'pairCount', 'labels', 'temperature', 'lengthBias'];

export const CHAPTERS: readonly Chapter[] = [
  {
    id: 1, title: msg`Preferences and the reward model`, short: msg`Reward model`, dial: LENGTH_BIAS, first: ['rewardModelKind', 'pairCount', 'beta', 'seeds'], hidden: ['algorithm'], methods: false,
    panels: [{ id: 'unseen', title: msg`What the pairs do not say` }, { id: 'scale', title: msg`The scale of the reward` }, { id: 'length', title: msg`The length bias it learns` }, SPACE, PREDICTIONS, SELF_CHECK],
  },
  {
    id: 2, title: msg`The optimal policy`, short: msg`Optimal policy`, dial: BETA, first: ['seeds'], hidden: [], methods: false,
    panels: [{ id: 'ternary', title: msg`The hill of J` }, SPACE, PREDICTIONS, SELF_CHECK],
  },
  {
    id: 3, title: msg`From policy to reward`, short: msg`Policy to reward`, dial: BETA, first: ['policy', 'seeds'], hidden: [], methods: false,
    keeps: ({ algorithm, gold }) => gold !== undefined && (algorithm.kind === 'dpo' || algorithm.kind === 'online-dpo'),
    panels: [DIFF, SPACE, PREDICTIONS, SELF_CHECK],
  },
  {
    id: 4, title: msg`Reading the objective`, short: msg`The objective`, dial: BETA, first: ['policy', 'seeds'], hidden: [], methods: false,
    panels: [{ id: 'bench', title: msg`Three true sentences about β` }, { id: 'support', title: msg`Less and less support` }, DIFF, PREDICTIONS, SELF_CHECK],
  },
  {
    id: 5, title: msg`Why is DPO biased?`, dial: BETA, first: ['policy', 'seeds'], hidden: [], methods: false,
    panels: [SPACE, { id: 'flow', title: msg`Where did y₋’s mass go?` }, REWARD, SWEEP, DERIVATION, DIFF, PREDICTIONS, SELF_CHECK],
  },
  {
    id: 6, title: msg`Online DPO`, dial: RESAMPLE, first: ['judge', 'judgeLengthBias', 'seeds'], hidden: ['algorithm'], methods: false,
    panels: [SPACE, REWARD, DERIVATION, PREDICTIONS, SELF_CHECK],
  },
  {
    id: 7, title: msg`PPO, and what it hacks`, short: msg`PPO`, dial: BETA, first: ['lengthBias', 'reward', 'valueCoef', 'seeds'], hidden: ['algorithm'], methods: false,
    panels: [{ id: 'clip', title: msg`The clip` }, { id: 'value', title: msg`The critic` }, { id: 'lengths', title: msg`Length against the dial` }, SPACE, DERIVATION, PREDICTIONS, SELF_CHECK],
  },
  {
    id: 8, title: msg`Side by side`, dial: BETA, first: ['seeds'], hidden: SET_BY_METHODS, methods: true, panels: [SPACE, DIFF, PREDICTIONS, SELF_CHECK],
  },
  {
    id: 9, title: msg`Fix it offline`, dial: BETA, first: ['seeds'], hidden: SET_BY_METHODS, methods: true, panels: [SPACE, DIFF, PREDICTIONS, SELF_CHECK],
  },
  {
    id: 10, title: msg`Sandbox`, dial: BETA, first: ['policy', 'hidden', 'width', 'heads', 'algorithm', 'loss', 'steps', 'seeds'], hidden: WRITTEN, methods: false,
    // Whatever runs may be written over.
    keeps: () => true,
    panels: [SPACE, REWARD, SWEEP, DERIVATION, DIFF, PREDICTIONS, SELF_CHECK],
  },
];

/** @throws RangeError where there is no such chapter */
export function chapterOf(id: ChapterId): Chapter {
  const found = CHAPTERS.find((chapter) => chapter.id === id);
  if (!found) throw new RangeError(`chapterOf: id must be one of ${CHAPTERS.map((chapter) => chapter.id).join(', ')}, got ${String(id)}`);
  return found;
}

/** The presets of a chapter; the first is what it opens with. Empty while it has none. */
export function presetsOf(id: ChapterId): readonly Preset[] {
  return PRESETS.filter((preset) => preset.chapter === id);
}

/** The chapters that have something to open, in order. */
export const OPEN_CHAPTERS: readonly Chapter[] = CHAPTERS.filter(({ id }) => presetsOf(id).length > 0);

/** The chapter before (−1) or after (+1) one; the same at the ends. */
export function neighbourOf(id: ChapterId, direction: 1 | -1): ChapterId {
  const index = OPEN_CHAPTERS.findIndex((chapter) => chapter.id === id) + direction;
  return OPEN_CHAPTERS[index]?.id ?? id;
}

/** The chapter an experiment belongs to that no preset is: by how it is trained. */
export function chapterFor({ algorithm }: Experiment): ChapterId {
  if (algorithm.kind === 'reward-model') return 1;
  if (algorithm.kind === 'online-dpo') return 6;
  return algorithm.kind === 'ppo' ? 7 : 5;
}

/** An origin shown in another chapter, with its run: in one that keeps it, or back in its own; null where neither is so. */
export function movedTo(origin: Origin, id: ChapterId, experiment: Experiment, methods: readonly string[]): Origin | null {
  if (methods.length > 0) return null;
  const home = PRESETS.find((preset) => preset.id === origin.id)?.chapter ?? chapterFor(origin.experiment);
  return id === home || chapterOf(id).keeps?.(experiment) === true ? { ...origin, chapter: id } : null;
}

/** A panel, where the chapter has it; else null. */
export function panelIn(chapter: ChapterId, panel: string | null): string | null {
  return chapterOf(chapter).panels.some(({ id }) => id === panel) ? panel : null;
}

/** The names of panels that links may have. */
export const PANELS: readonly string[] = [...new Set(CHAPTERS.flatMap(({ panels }) => panels.map((panel) => panel.id)))];

/** What "restore" returns to: a preset, or the experiment that a file or a link brought. */
export interface Origin {
  /** Preset's id; null where the experiment came from a file or whole in a link. */
  id: string | null;
  chapter: ChapterId;
  title: string;
  question: string;
  lookFor: string;
  experiment: Experiment;
  methods?: readonly string[];
}

/** The preset of that name, else what the page opens with. */
export function presetOrigin(id: string | null): Origin {
  return PRESETS.find((preset) => preset.id === id) ?? PRESETS[0];
}

/** An experiment that is its own origin: from a file, or whole in a link. */
export function ownOrigin(experiment: Experiment): Origin {
  return { id: null, chapter: chapterFor(experiment), title: experiment.name.trim() || msg`without a name`, question: '', lookFor: '', experiment };
}

/** Where an experiment comes from that a file or a link brought: the preset that it is, or itself. */
export function originFor(experiment: Experiment): Origin {
  return PRESETS.find((preset) => !preset.methods && same(preset.experiment, experiment)) ?? ownOrigin(experiment);
}

/** The preset that a link to an experiment of this origin starts from, so that it opens in the same chapter. */
export function linkPreset({ id, chapter }: Origin): Preset {
  return PRESETS.find((preset) => preset.id === id) ?? presetsOf(chapter)[0] ?? PRESETS[0];
}
