/** Scrolls to what a step of the talk is about, as soon as it is on the page; each window for itself. */
import { useEffect } from 'react';
import { TALK } from './talk.ts';
import { useTalk } from './talkStore.ts';

/** How long something that is still being loaded is waited for, and how long it is followed while the page settles, ms. */
const WAIT = 10_000;
const SETTLE = 1500;
const LOOK_EVERY = 100;

export function useSceneScroll(): void {
  const on = useTalk((talk) => talk.on);
  const at = useTalk((talk) => talk.at);
  useEffect(() => (on ? scrollToScene(TALK[at]?.scene.at ?? null) : undefined), [on, at]);
}

/** @param selector  null = the top. Returns how to stop. */
function scrollToScene(selector: string | null): () => void {
  if (selector === null) {
    scrollTo({ top: 0, behavior: 'instant' });
    return () => undefined;
  }
  let until = performance.now() + WAIT;
  let found = false;
  const look = () => {
    const target = document.querySelector(selector);
    if (target && !found) {
      found = true;
      until = performance.now() + SETTLE;
    }
    target?.scrollIntoView({ block: 'start', behavior: 'instant' });
    if (performance.now() > until) stop();
  };
  const timer = setInterval(look, LOOK_EVERY);
  // From the first sign of a reader who goes elsewhere, the page is theirs.
  const SIGNS = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;
  const began = performance.now();
  // Not the key that brought the step, which is still on its way.
  const leave = (event: Event) => { if (event.timeStamp > began) stop(); };
  function stop(): void {
    clearInterval(timer);
    for (const sign of SIGNS) removeEventListener(sign, leave);
  }
  for (const sign of SIGNS) addEventListener(sign, leave, { passive: true });
  look();
  return stop;
}
