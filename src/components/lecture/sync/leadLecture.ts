/** Leads a lecture from the page: with its stores, until it is closed. */
import { lead } from './leader.ts';
import { ADOPTED, PAGE_STORES } from './pageStores.ts';
import { LOCAL, THINNED, type Audience, type LectureStores } from './stores.ts';

/** @param onTaken  another window leads this session already */
export function leadLecture(session: string, stores: LectureStores, audience: Audience, onTaken: () => void): void {
  const standing = () => {
    const shown = audience.standing();
    return shown && { ...shown };
  };
  const leader = lead(session, { ...stores, ...PAGE_STORES }, { local: LOCAL, thinned: THINNED, adopted: ADOPTED, standing, onTaken });
  addEventListener('pagehide', () => leader.bye());
  addEventListener('pageshow', ({ persisted }) => { if (persisted) leader.back(); });
}
