/** Leads a lecture from the page: with its stores, until it is closed. */
import { lead, type Leader } from './leader.ts';
import { ADOPTED, PAGE_STORES } from './pageStores.ts';
import { LOCAL, THINNED, type Audience, type LectureStores } from './stores.ts';

/** @param onTaken  another window leads this session: this one does so no longer */
export function leadLecture(session: string, stores: LectureStores, audience: Audience, onTaken: () => void): Leader {
  const standing = () => {
    const shown = audience.standing();
    return shown && { ...shown };
  };
  const leading = new AbortController();
  const leader = lead(session, { ...stores, ...PAGE_STORES }, {
    local: LOCAL, thinned: THINNED, adopted: ADOPTED, standing,
    onTaken() {
      leading.abort();
      onTaken();
    },
  });
  addEventListener('pagehide', () => leader.bye(), { signal: leading.signal });
  addEventListener('pageshow', ({ persisted }) => { if (persisted) leader.back(); }, { signal: leading.signal });
  return leader;
}
