/** What keys and buttons do to the page as a whole. */
import { msg } from '../../sim/msg.ts';
import type { LabStore } from '../labStore.ts';
import { isLinked } from '../lecture/sync/session.ts';
import type { TalkStore } from '../lecture/talkStore.ts';

/** Full screen on or off; where the browser does not allow it, it is said. */
export function toggleFullScreen(lab: LabStore): void {
  const refused = () => lab.getState().notify([msg`The browser does not allow full screen here; its own menu or F11 may.`]);
  const { documentElement: page, fullscreenElement } = document;
  if (fullscreenElement) document.exitFullscreen().catch(() => undefined); // it is over already
  else if (typeof page.requestFullscreen !== 'function') refused();
  else page.requestFullscreen().catch(refused);
}

/** The talk begins or goes on, or ends. */
export function toggleTalk(talk: TalkStore): void {
  const { on, start, stop } = talk.getState();
  if (on) stop();
  else start();
}

/** The audience's picture stands still, or moves again. Without a presenter window nobody would see the run go on. */
export function toggleFreeze(lab: LabStore, talk: TalkStore): void {
  const { frozen, set } = talk.getState();
  if (!frozen && !isLinked()) lab.getState().notify([msg`To freeze the picture, open the presenter window first (S): it goes on while this page stands still.`]);
  else set({ frozen: !frozen });
}
