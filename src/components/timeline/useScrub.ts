/** Going to a recorded update by pointer and by key. */
import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { useLab } from '../labStore.ts';
import { useRunStore } from '../run.ts';

/** What of a run's state decides where a key leads. */
export interface Range {
  /** Where it is, or is going. */
  at: number;
  earliest: number;
  furthest: number;
}

/** The update that a key of the slider leads to; null where the key is none of its keys. A page is a tenth of the record. */
export function keyTarget(key: string, shift: boolean, { at, earliest, furthest }: Range): number | null {
  const page = Math.max(1, Math.round((furthest - earliest) / 10));
  const by = shift ? page : 1;
  const wanted: Partial<Record<string, number>> = {
    ArrowLeft: at - by, ArrowDown: at - by, ArrowRight: at + by, ArrowUp: at + by, PageDown: at - page, PageUp: at + page, Home: earliest, End: furthest,
  };
  const target = wanted[key];
  return target === undefined ? null : Math.min(furthest, Math.max(earliest, target));
}

/** @param steps  the update at the line's end */
export function useScrub(steps: number) {
  const store = useRunStore();
  const togglePlay = useLab((lab) => lab.togglePlay);
  const dragging = useRef(false);

  const range = (): Range => {
    const { step, seeking, earliest, furthest } = store.getState();
    return { at: seeking?.target ?? step, earliest, furthest };
  };
  function go(wanted: number): void {
    const { state, seeking, seek } = store.getState();
    const { at, earliest, furthest } = range();
    const target = Math.min(furthest, Math.max(earliest, wanted));
    // A press on the present stops a run that is going on.
    if ((state === 'starting' && !seeking) || (target === at && state !== 'running')) return;
    seek(target);
  }
  function toPointer(event: PointerEvent<HTMLElement>): void {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    if (width > 0) go(Math.round((steps * (event.clientX - left)) / width));
  }

  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      dragging.current = true;
      event.currentTarget.setPointerCapture(event.pointerId);
      const mark = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-mark]') : null;
      if (mark) go(Number(mark.dataset.mark));
      else toPointer(event);
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (dragging.current && event.movementX !== 0) toPointer(event);
    },
    onPointerUp() { dragging.current = false; },
    onPointerCancel() { dragging.current = false; },
    onKeyDown(event: KeyboardEvent<HTMLElement>) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const target = keyTarget(event.key, event.shiftKey, range());
      if (event.key === ' ') togglePlay();
      else if (target !== null) go(target);
      else return;
      event.preventDefault();
    },
  };
}
