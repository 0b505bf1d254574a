/**
 * What the page knows beyond the run: where the experiment came from, what is being dragged, how the page looks.
 *
 * The experiment itself lives in the run store; `draft` exists only between a movement of a control and the
 * start of the run with it (at most one start in flight, any number of movements coalesce into one more).
 */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Experiment } from '../sim/experiment.ts';
import { same } from '../sim/experimentPrint.ts';
import { parseExperiment, supportProblem } from '../sim/experimentSchema.ts';
import { msg } from '../sim/msg.ts';
import type { RunStore } from '../sim/runStore.ts';
import { METHOD_COUNT } from '../sim/url.ts';
import { chapterOf, movedTo, neighbourOf, originFor, panelIn, presetOrigin, presetsOf, type ChapterId, type Origin } from './chapters.ts';
import type { HideId } from './share/hideable.ts';
import type { QuestionId } from '../sim/questions.ts';
import { focusOnOwn, type Opening } from './opening.ts';
import { createStarts, problemOf } from './starts.ts';
import { followRun, transport, type TransportActions } from './transport.ts';

/** auto: the system's, and light when projecting. */
export type Theme = 'auto' | 'light' | 'dark';

export interface LabStatus {
  origin: Origin;
  /**
   * The experiment that the controls change, as it was last applied. It is what runs, except where methods train
   * side by side: there each runs what it makes of it (`runsOf`).
   */
  base: Experiment;
  /** Ids of the methods that train side by side, the first of them first in the population; usually empty. */
  methods: readonly string[];
  draft: Experiment | null;
  /** One sentence each; shown until dismissed. */
  notices: string[];
  theme: Theme;
  projector: boolean;
  panel: string | null;
  /** β and learning rate change while the run goes on, instead of starting it over. */
  retuning: boolean;
  /** Shortcuts of a single key. */
  singleKeys: boolean;
  helpOpen: boolean;
  /** The last start was asked to play at once. */
  willPlay: boolean;
  /** The link asked for the self-check, which has not begun yet. */
  selfCheckAsked: boolean;
  /** What the link takes off the page (share/hideable.ts). */
  hidden: readonly HideId[];
  /** The page stands in another page, which gets the keys that the lab does not need. */
  embedded: boolean;
  /** The language that the link asks for; null = English. */
  lang: string | null;
  /** The guided path that is walked (student/paths.ts); null = none. */
  path: string | null;
  /** The question that the link asks before Play, instead of the preset's; null = the preset's own. */
  asked: QuestionId | null;
  /** What the link opened, where that is more than an experiment at its beginning: Reset returns to it. Else null. */
  opening: Opening | null;
}

/** What is shown at once, whatever was shown before. */
export interface Shown {
  origin: Origin;
  base: Experiment;
  methods: readonly string[];
  panel: string | null;
  /** Plays from update 0 as soon as it is ready. */
  play: boolean;
}

export interface LabActions extends TransportActions {
  /** While a control moves: shown at once, applied as fast as runs can start. Returns what forbids it, or null. */
  drag(experiment: Experiment): string | null;
  /** A control was released or a value entered: applied now. `play`: whether a new run plays [as a control's does]. Returns what forbids it, or null. */
  commit(experiment: Experiment, play?: boolean): string | null;
  choosePreset(id: string): void;
  /** Its first preset, not playing, or the run that is going on where the chapter keeps it or is its own; nothing where it is open already. */
  openChapter(id: ChapterId): void;
  /** The chapter after (1) or before (−1) the one that is open, also where the picture of it stands still. */
  turnChapter(direction: 1 | -1): void;
  /** Trains these methods side by side instead. Returns what forbids it, or null. */
  setMethods(ids: readonly string[]): string | null;
  /** Begins an experiment of an origin with just this around it, as the talk does. It must be one that can be run. */
  show(scene: Shown): void;
  restore(): void;
  /** Text of an experiment file; nothing changes when it has problems. */
  openFile(name: string, text: string): void;
  notify(sentences: readonly string[]): void;
  dismissNotices(): void;
  set(change: Partial<Pick<LabStatus, 'theme' | 'projector' | 'panel' | 'retuning' | 'singleKeys' | 'helpOpen' | 'selfCheckAsked' | 'path'>>): void;
}

export type LabStore = StoreApi<LabStatus & LabActions>;

const FIRST = presetOrigin(null);
const START: LabStatus = {
  origin: FIRST, base: FIRST.experiment, methods: [], draft: null, notices: [], theme: 'auto', projector: false, panel: null,
  retuning: false, singleKeys: true, helpOpen: false, willPlay: false, selfCheckAsked: false, hidden: [], embedded: false, lang: null, path: null, asked: null, opening: null,
};

/** What an origin opens with: its experiment, its methods, and the panel where its chapter has it too. */
function opened(origin: Origin, panel: string | null): Pick<LabStatus, 'origin' | 'base' | 'methods' | 'panel'> {
  return { origin, base: origin.experiment, methods: origin.methods ?? [], panel: panelIn(origin.chapter, panel) };
}

export function createLabStore(run: RunStore, start: Partial<LabStatus>): LabStore {
  const lab: LabStore = createStore<LabStatus & LabActions>()((set, get) => {
    const starts = createStarts(run, { get, set });
    function open(origin: Origin): void {
      set(opened(origin, get().panel));
      const { focus, setFocus } = run.getState();
      if (focus.sweepIndex !== 0) setFocus({ ...focus, sweepIndex: 0 }); // of another population
      starts.load(origin.experiment, false);
      focusOnOwn(run);
    }
    function show({ origin, base, methods, panel, play }: Shown): void {
      set({ origin, base, methods, panel: panelIn(origin.chapter, panel), notices: [], opening: null, asked: null });
      run.getState().setFocus({ seedIndex: null, sweepIndex: 0 });
      starts.load(base, play);
      focusOnOwn(run);
    }
    return {
      ...START,
      ...(start.origin ? opened(start.origin, start.panel ?? null) : {}),
      ...start,
      ...(start.origin ? { panel: panelIn(start.origin.chapter, start.panel ?? null) } : {}),
      ...transport(run, { get, set }, starts),
      drag(experiment) {
        const problem = problemOf(experiment, get().methods);
        if (problem !== null) return problem;
        set({ draft: experiment });
        starts.schedule();
        return null;
      },
      commit(experiment, play) {
        const problem = problemOf(experiment, get().methods);
        if (problem !== null) set({ draft: null });
        else if (same(experiment, get().base)) {
          starts.cancel();
          set({ draft: null });
        } else starts.apply(experiment, play);
        return problem;
      },
      choosePreset(id) {
        get().dismissNotices();
        open(presetOrigin(id));
      },
      openChapter(id) {
        const { origin, base, methods, panel } = get();
        const [preset] = presetsOf(id);
        if (!preset || id === origin.chapter) return;
        const moved = movedTo(origin, id, base, methods);
        if (moved) set({ origin: moved, panel: panelIn(id, panel) });
        else get().choosePreset(preset.id);
      },
      turnChapter: (direction) => get().openChapter(neighbourOf(get().origin.chapter, direction)),
      setMethods(ids) {
        const { base, methods, origin } = get();
        if (!chapterOf(origin.chapter).methods) return msg`Chapter ${origin.chapter} trains one method at a time.`;
        const { min, max } = METHOD_COUNT;
        if (ids.length < min || ids.length > max) return msg`${min} to ${max} methods train side by side, not ${ids.length}.`;
        const problem = problemOf(base, ids);
        if (problem !== null || same(ids, methods)) return problem;
        set({ methods: [...ids] });
        starts.load(base, starts.playsOn());
        return null;
      },
      show,
      restore: () => open(get().origin),
      openFile(name, text) {
        const read = parseExperiment(text);
        const problems = read.ok ? [supportProblem(read.experiment)].filter((p) => p !== null) : read.problems.map((p) => p.message);
        if (!read.ok || problems.length > 0) {
          set({ notices: [msg`“${name}” was not opened; nothing has changed.`, ...problems] });
          return;
        }
        set({ notices: [] });
        open(originFor(read.experiment));
      },
      notify: (sentences) => set({ notices: [...new Set([...get().notices, ...sentences])] }),
      dismissNotices: () => set({ notices: [] }),
      set,
    };
  });
  followRun(run, { get: lab.getState, set: lab.setState });
  return lab;
}

export const LabContext = createContext<LabStore | null>(null);

export function useLabStore(): LabStore {
  const store = useContext(LabContext);
  if (!store) throw new Error('useLabStore: no LabContext above this component');
  return store;
}

export function useLab<T>(selector: (lab: LabStatus & LabActions) => T): T {
  return useStore(useLabStore(), selector);
}
