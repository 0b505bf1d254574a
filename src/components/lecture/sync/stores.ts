/** The stores that the windows of a lecture share, and what of them every window has for itself. */
import type { StoreApi } from 'zustand/vanilla';
import { createRunStore, type RunClient, type RunStore } from '../../../sim/runStore.ts';
import type { Snapshot } from '../../../sim/worker/protocol.ts';
import { createLabStore, type LabStore } from '../../labStore.ts';
import { createPredictStore, type PredictStore } from '../../predict/predictStore.ts';
import { createTalkStore, type TalkStore } from '../talkStore.ts';
import { mirror, type Mirror } from './mirror.ts';

export interface LectureStores {
  run: RunStore;
  lab: LabStore;
  talk: TalkStore;
  predict: PredictStore;
}

/** Fields that a window keeps for itself: how it looks, and how it is worked. */
export const LOCAL: Readonly<Record<string, readonly string[]>> = {
  lab: ['theme', 'projector', 'helpOpen', 'singleKeys', 'embedded'],
  talk: ['keysShown'],
  // A bench is driven by the window in which it was started.
  bench: ['opening', 'speed'],
};

/** What a field is sent as, where others have no use for all of it. */
export const THINNED: Readonly<Record<string, Readonly<Record<string, (value: unknown) => unknown>>>> = {
  // Only the engine can do something with the parameters.
  run: { snapshot: (value) => (value ? { step: (value as Snapshot).step, tensors: [] } : null) },
};

const NO_ENGINE: RunClient = { send: () => undefined, restart: () => undefined, onEvent: () => undefined, onCrash: () => undefined };

/** The stores of a window that has nothing yet, for the names of their fields and actions; they never change. */
export function emptyStores(): LectureStores {
  const run = createRunStore(NO_ENGINE);
  const lab = createLabStore(run, {});
  return { run, lab, talk: createTalkStore(run, lab), predict: createPredictStore(run, lab) };
}

/** What the audience sees of the stores: all of it, until the lecturer lets the picture stand still. */
export interface Audience {
  stores: LectureStores;
  /** The picture stands still: the stores as the audience sees them; else null. */
  standing(): LectureStores | null;
  /** Shows this instead, as long as the picture stands still. */
  showStanding(shown: Readonly<Record<string, object>>): void;
  /** Follows the stores no longer. */
  stop(): void;
}

export function audienceOf({ run, lab, talk, predict }: LectureStores): Audience {
  // A page that is loaded while the picture stands still has none before its run is ready.
  let drawn = isDrawn(run);
  const frozen = () => drawn && talk.getState().frozen;
  const mirrors = {
    run: mirror(run, frozen),
    lab: mirror(lab, frozen, ['theme', 'projector', 'helpOpen', 'singleKeys', 'embedded']),
    predict: mirror(predict, frozen),
    talk: mirror(talk, frozen, ['on', 'blank', 'frozen', 'overview', 'jumping', 'keysShown']),
  };
  const stops = [
    ...Object.values(mirrors).map((each) => each.stop),
    talk.subscribe((now, before) => {
      if (now.frozen !== before.frozen) for (const { update } of Object.values(mirrors)) update();
    }),
    // After the mirrors: the first picture is in them.
    run.subscribe(() => { drawn ||= isDrawn(run); }),
  ];
  const stores = { run: mirrors.run.store, lab: mirrors.lab.store, talk: mirrors.talk.store, predict: mirrors.predict.store };
  return {
    stores,
    standing: () => (frozen() ? stores : null),
    showStanding(shown) {
      if (!talk.getState().frozen) return;
      drawn = true;
      for (const [name, fields] of Object.entries(shown)) {
        if (!Object.hasOwn(mirrors, name)) continue;
        const { store } = mirrors[name as keyof typeof mirrors] as unknown as Mirror<object>;
        (store as StoreApi<object>).setState(fields);
      }
    },
    stop: () => { for (const stop of stops) stop(); },
  };
}

function isDrawn(run: RunStore): boolean {
  const { state, seeking } = run.getState();
  return state !== 'starting' && seeking === null;
}
