/** The talk of a leading window over a reload: its clock, and what the audience is not to see. */
import { TALK } from '../talk.ts';
import type { TalkStatus, TalkStore } from '../talkStore.ts';

const KEPT = 'dpo-lab/talk';

/** What outlives the page. Whether the talk is on says the address, which has the step that is shown. */
type Kept = Pick<TalkStatus, 'at' | 'begun' | 'startedAt' | 'startedStep' | 'blank' | 'frozen'>;

/** Keeps the talk in the window from now on. Returns how to stop. @param storage  throws where the browser blocks it */
export function keepTalk(talk: TalkStore, storage: () => Storage): () => void {
  const write = () => {
    const { at, begun, startedAt, startedStep, blank, frozen } = talk.getState();
    try {
      storage().setItem(KEPT, JSON.stringify({ at, begun, startedAt, startedStep, blank, frozen } satisfies Kept));
    } catch { /* storage is blocked: a reload begins the talk anew */ }
  };
  write();
  return talk.subscribe(write);
}

/** The talk as it was before a reload. A picture that stood still is gone with the page: the page is blank in its place. */
export function restoreTalk(talk: TalkStore, storage: () => Storage): void {
  const kept = readKept(storage);
  if (kept) talk.setState({ ...kept, blank: kept.blank || kept.frozen });
}

function readKept(storage: () => Storage): Kept | null {
  try {
    const kept: unknown = JSON.parse(storage().getItem(KEPT) ?? 'null');
    return isKept(kept) ? kept : null;
  } catch {
    return null; // storage is blocked, or holds something else
  }
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false;
  const { at, begun, startedAt, startedStep, blank, frozen } = value as Record<string, unknown>;
  return isStep(at) && isStep(startedStep) && (startedAt === null || (typeof startedAt === 'number' && startedAt > 0))
    && [begun, blank, frozen].every((flag) => typeof flag === 'boolean');
}

function isStep(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < TALK.length;
}
