/** The keys of the page: one row each, for what they do, for the list of keys, and for what is shown of a pressed one. */
import { msg } from '../../sim/msg.ts';
import type { RunStore } from '../../sim/runStore.ts';
import type { LabStore } from '../labStore.ts';
import { openSpeaker } from '../lecture/sync/session.ts';
import { TALK } from '../lecture/talk.ts';
import type { TalkStore } from '../lecture/talkStore.ts';
import { toggleFreeze, toggleFullScreen, toggleTalk } from './pageActions.ts';

/** What a key works on. */
export interface Hands {
  run: RunStore;
  lab: LabStore;
  talk: TalkStore;
  scheme: 'light' | 'dark';
}

export interface Shortcut {
  /** As KeyboardEvent has them, letters small. */
  keys: readonly string[];
  what: string;
  /** Also while the key is held down. */
  repeats?: true;
  /** False where there is nothing to do here, and the key keeps its usual meaning. */
  act(hands: Hands): void | false;
}

/** Keys as they are written on the page; others as they are, in capitals. */
const WRITTEN: Readonly<Record<string, string>> = {
  ' ': msg`Space`, ArrowRight: '→', ArrowLeft: '←', ArrowUp: '↑', ArrowDown: '↓', PageUp: msg`Page Up`, PageDown: msg`Page Down`, Escape: msg`Esc`,
};

export function writtenKey(key: string): string {
  return WRITTEN[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

const hides = ({ lab }: Hands, part: 'chapters' | 'timeline') => lab.getState().hidden.includes(part);

/** The run, wherever it is shown. */
export const RUN_KEYS: readonly Shortcut[] = [
  { keys: [' ', 'k'], what: msg`play or pause`, act: ({ lab }) => lab.getState().togglePlay() },
  { keys: ['ArrowRight', '.'], what: msg`one update`, repeats: true, act: ({ lab }) => lab.getState().step() },
  {
    keys: ['ArrowLeft', ','], what: msg`one update back`, repeats: true,
    act(hands) {
      const { state, stepBack } = hands.run.getState();
      if (hides(hands, 'timeline')) return false;
      if (state !== 'starting') stepBack();
    },
  },
  { keys: ['r', 'Home'], what: msg`reset to where it began`, act: ({ lab }) => lab.getState().reset() },
];

export const PAGE_KEYS: readonly Shortcut[] = [
  { keys: ['['], what: msg`previous chapter`, act: (hands) => toChapter(hands, -1) },
  { keys: [']'], what: msg`next chapter`, act: (hands) => toChapter(hands, 1) },
  { keys: ['p'], what: msg`projector: large type`, act: ({ lab }) => lab.getState().set({ projector: !lab.getState().projector }) },
  { keys: ['d'], what: msg`dark or light`, act: ({ lab, scheme }) => lab.getState().set({ theme: scheme === 'dark' ? 'light' : 'dark' }) },
  { keys: ['f'], what: msg`full screen`, act: ({ lab }) => toggleFullScreen(lab) },
  { keys: ['v'], what: msg`show the pressed keys`, act: ({ talk }) => talk.getState().set({ keysShown: !talk.getState().keysShown }) },
  { keys: ['?'], what: msg`this list`, act: ({ lab }) => lab.getState().set({ helpOpen: !lab.getState().helpOpen }) },
];

/** Around the talk, whether it is on or not. */
export const LECTURE_KEYS: readonly Shortcut[] = [
  { keys: ['l'], what: msg`begin the talk, or end it`, act: (hands) => ofTalk(hands, () => toggleTalk(hands.talk)) },
  { keys: ['o'], what: msg`all steps of the talk`, act: (hands) => ofTalk(hands, () => hands.talk.getState().set({ overview: true })) },
  { keys: ['g'], what: msg`jump to a step`, act: (hands) => ofTalk(hands, () => hands.talk.getState().set({ jumping: true })) },
  { keys: ['s'], what: msg`presenter window: notes and clock`, act: () => { openSpeaker(); } },
  { keys: ['b'], what: msg`blank page`, act: ({ talk }) => talk.getState().set({ blank: true }) },
  { keys: ['z'], what: msg`freeze what the audience sees`, act: ({ lab, talk }) => toggleFreeze(lab, talk) },
];

/** While the talk is on, before all others. */
export const TALK_KEYS: readonly Shortcut[] = [
  { keys: ['ArrowRight', 'ArrowDown', ' ', 'PageDown', 'n'], what: msg`next step`, act: ({ talk }) => talk.getState().next() },
  { keys: ['ArrowLeft', 'ArrowUp', 'PageUp'], what: msg`previous step`, act: ({ talk }) => talk.getState().previous() },
  { keys: ['Home'], what: msg`first step`, act: ({ talk }) => talk.getState().go(0) },
  { keys: ['End'], what: msg`last step`, act: ({ talk }) => talk.getState().go(TALK.length - 1) },
  { keys: ['.'], what: msg`blank page`, act: ({ talk }) => talk.getState().set({ blank: true }) },
];

/** What a page that stands in another one keeps for itself; the other keys are its host's (hostKeys.ts). */
export const EMBEDDED_KEYS: readonly Shortcut[] = [
  { keys: ['k'], what: msg`play or pause`, act: RUN_KEYS[0].act },
  { keys: [','], what: msg`one update back`, repeats: true, act: RUN_KEYS[2].act },
  { keys: ['r'], what: msg`reset to where it began`, act: RUN_KEYS[3].act },
  PAGE_KEYS[0], PAGE_KEYS[1],
  { keys: ['d'], what: msg`dark or light`, act: PAGE_KEYS[3].act },
];

export interface KeyGroup {
  title: string;
  keys: readonly Shortcut[];
}

const GROUPS: readonly KeyGroup[] = [
  { title: msg`The run`, keys: RUN_KEYS },
  { title: msg`The page`, keys: PAGE_KEYS },
  { title: msg`The lecture`, keys: LECTURE_KEYS },
  { title: msg`In the talk, instead`, keys: TALK_KEYS },
];

export function keyGroups(embedded: boolean): readonly KeyGroup[] {
  return embedded ? [{ title: msg`The run and the page`, keys: EMBEDDED_KEYS }] : GROUPS;
}

/** What a key does here; null where it does nothing. */
export function shortcutFor(key: string, { talkOn, embedded }: { talkOn: boolean; embedded: boolean }): Shortcut | null {
  const rows = embedded ? EMBEDDED_KEYS : [...(talkOn ? TALK_KEYS : []), ...LECTURE_KEYS, ...RUN_KEYS, ...PAGE_KEYS];
  return rows.find(({ keys }) => keys.includes(key)) ?? null;
}

function toChapter(hands: Hands, direction: 1 | -1): void | false {
  if (hides(hands, 'chapters')) return false;
  hands.lab.getState().turnChapter(direction);
}

/** A link that shows one chapter only does not offer the talk through all of them. */
function ofTalk(hands: Hands, act: () => void): void | false {
  if (hides(hands, 'chapters') && !hands.talk.getState().on) return false;
  act();
}
