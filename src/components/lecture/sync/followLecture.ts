/** The stores of a window that follows a lecture. */
import type { StoreApi } from 'zustand/vanilla';
import type { Theme } from '../../labStore.ts';
import type { TalkStore } from '../talkStore.ts';
import { follow, type Follower } from './follower.ts';
import { FORESEE } from './foresee.ts';
import { PAGE_STORES } from './pageStores.ts';
import { audienceOf, emptyStores, LOCAL, type Audience, type LectureStores } from './stores.ts';

export interface Following extends Pick<Follower, 'link' | 'stop'> {
  stores: LectureStores;
  /** What the audience sees; made when it is first asked for, as it stands then. */
  audience(): Audience;
}

/** How this window looks; its own affair. */
export interface Look {
  theme: Theme;
  projector: boolean;
  singleKeys: boolean;
}

interface FollowLectureOptions {
  /** Shows the audience's page, which can stand still. */
  audience?: boolean;
  /** In the place of the page's own (`PAGE_STORES`). */
  pageStores?: Readonly<Record<string, StoreApi<object>>>;
  pingMs?: number;
  graceMs?: number;
}

export function followLecture(session: string, look: Partial<Look> = {}, { audience = false, pageStores = PAGE_STORES, ...times }: FollowLectureOptions = {}): Following {
  const empty = emptyStores();
  const shapes = { ...empty, ...pageStores } as unknown as Record<string, StoreApi<object>>;
  const held = ({ talk }: Record<string, StoreApi<object>>) => audience && (talk as unknown as TalkStore).getState().frozen;
  const follower = follow(session, shapes, { local: LOCAL, foresee: FORESEE, adopted: Object.keys(pageStores), held, ...times });
  // Every store has the fields and the actions of the one it was made after.
  const { run, lab, talk, predict } = follower.stores as unknown as LectureStores;
  lab.setState(look);
  const stores = { run, lab, talk, predict };
  let seen: Audience | null = null;
  return {
    stores, link: follower.link,
    audience() {
      if (seen) return seen;
      seen = audienceOf(stores);
      const shown = follower.standing();
      if (shown) seen.showStanding(shown);
      return seen;
    },
    stop() {
      follower.stop();
      seen?.stop();
    },
  };
}
