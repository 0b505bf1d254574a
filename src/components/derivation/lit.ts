/**
 * The term that is lit: pointed at, tapped, focused, or reached with the arrow keys in a formula.
 *
 * Whatever carries its `data-term`, in a formula, a control or a chart, lights up with it: one listener on the document
 * sets what is lit here, and one rule in Terms.tsx draws it.
 */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export interface Lit {
  term: string;
  /** The very element that was pointed at. */
  anchor: Element;
  /** What lit it, and so what puts it out. */
  by: 'pointer' | 'touch' | 'keys';
}

const store = createStore<{ lit: Lit | null }>()(() => ({ lit: null }));

export function useLit(): Lit | null {
  return useStore(store, (state) => state.lit);
}

export function light(lit: Lit | null): void {
  const now = store.getState().lit;
  if (now?.anchor !== lit?.anchor || now?.by !== lit?.by) store.setState({ lit });
}

/** The element with a term that something is in; null outside of all. */
function termAt(target: EventTarget | null): { term: string; anchor: Element } | null {
  const anchor = target instanceof Element ? target.closest('[data-term]') : null;
  const term = anchor?.getAttribute('data-term');
  return anchor && term ? { term, anchor } : null;
}

const inCard = (target: EventTarget | null) => target instanceof Element && target.closest('.term-card') !== null;

/** The terms of a formula as they are read: KaTeX stacks a fraction, or what stands over and under a letter, from the bottom up. */
function termsOf(element: Element): Element[] {
  const children = [...element.children];
  const parts = (element.classList.contains('vlist') ? children.reverse() : children).flatMap(termsOf);
  return element.hasAttribute('data-term') ? [element, ...parts] : parts;
}

/** The term after (+1) or before (−1) the lit one in a formula; the first or the last where none of its own is lit. */
export function lightNext(formula: Element, direction: 1 | -1): void {
  const anchors = termsOf(formula);
  const now = store.getState().lit;
  const at = now ? anchors.indexOf(now.anchor) : -1;
  const next = at < 0 ? (direction === 1 ? 0 : anchors.length - 1) : at + direction;
  const found = termAt(anchors[Math.min(anchors.length - 1, Math.max(0, next))] ?? null);
  if (found) light({ ...found, by: 'keys' });
}

function listen(): () => void {
  const over = (event: PointerEvent) => {
    if (event.pointerType === 'touch' || inCard(event.target)) return;
    const found = termAt(event.target);
    if (found) light({ ...found, by: 'pointer' });
    else if (store.getState().lit?.by === 'pointer') light(null);
  };
  const leave = () => { if (store.getState().lit?.by === 'pointer') light(null); };
  const tap = (event: PointerEvent) => {
    if (event.pointerType === 'mouse' || inCard(event.target)) return;
    const found = termAt(event.target);
    light(found && found.anchor !== store.getState().lit?.anchor ? { ...found, by: 'touch' } : null);
  };
  const focus = (event: FocusEvent) => {
    const found = termAt(event.target);
    if (found) light({ ...found, by: 'keys' });
  };
  const blur = () => { if (store.getState().lit?.by === 'keys') light(null); };
  const key = (event: KeyboardEvent) => { if (event.key === 'Escape') light(null); };
  document.addEventListener('pointerover', over);
  document.documentElement.addEventListener('pointerleave', leave);
  document.addEventListener('pointerdown', tap);
  document.addEventListener('focusin', focus);
  document.addEventListener('focusout', blur);
  document.addEventListener('keydown', key);
  return () => {
    document.removeEventListener('pointerover', over);
    document.documentElement.removeEventListener('pointerleave', leave);
    document.removeEventListener('pointerdown', tap);
    document.removeEventListener('focusin', focus);
    document.removeEventListener('focusout', blur);
    document.removeEventListener('keydown', key);
    light(null);
  };
}

let listeners = 0;
let stop: (() => void) | null = null;

/** Listens while any component that uses this is on the page. */
export function useLighting(): void {
  useEffect(() => {
    listeners += 1;
    stop ??= listen();
    return () => {
      listeners -= 1;
      if (listeners > 0) return;
      stop?.();
      stop = null;
    };
  }, []);
}
