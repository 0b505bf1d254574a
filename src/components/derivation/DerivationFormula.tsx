/** A formula as large as its box lets it be: set smaller where it is a little too wide, broken at its relations where it is much too wide. */
import { useLayoutEffect, useRef } from 'react';
import { Tex } from '../charts/Tex.tsx';

interface DerivationFormulaProps {
  tex: string;
  /** It takes the focus, and the arrow keys then go through its terms. */
  stop: boolean;
  label: string;
}

export function DerivationFormula({ tex, stop, label }: DerivationFormulaProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const refit = () => fit(element);
    refit();
    const observer = new ResizeObserver(refit);
    observer.observe(element);
    // The formula's fonts change its width.
    document.fonts.addEventListener('loadingdone', refit);
    return () => {
      observer.disconnect();
      document.fonts.removeEventListener('loadingdone', refit);
    };
  }, [tex]);
  return <div ref={box} className="derivation-formula"><Tex tex={tex} display stop={stop} label={label} /></div>;
}

/** Parts of its size that a formula is broken at, the largest first. */
const BROKEN_AT = [1, 0.9, 0.8, 0.72];

/** --least: the smallest part of its size that a formula is set in before it is broken. */
function fit(box: HTMLElement): void {
  const formula = box.querySelector<HTMLElement>('.katex-html');
  if (!formula || box.clientWidth === 0) return;
  const setAt = (share: number, wraps: boolean) => {
    box.style.setProperty('--fit', share.toFixed(3));
    box.dataset.wraps = String(wraps);
  };
  setAt(1, false);
  // A few pixels less: the light around a term, and rounding.
  const room = box.clientWidth - 6;
  const share = room / formula.scrollWidth;
  if (share >= 1) return;
  if (share >= Number(getComputedStyle(box).getPropertyValue('--least'))) {
    setAt(share, false);
    return;
  }
  const pieces = [...formula.children];
  const widest = room / Math.max(...pieces.map((piece) => piece.getBoundingClientRect().width));
  const rowsAt = (part: number) => {
    setAt(Math.min(part, widest), true);
    return rowsOf(pieces);
  };
  const rows = BROKEN_AT.map(rowsAt);
  setAt(Math.min(BROKEN_AT[rows.indexOf(Math.min(...rows))], widest), true);
}

/** Rows that pieces stand in: a piece that does not begin to the right of the one before it begins a new one. */
function rowsOf(pieces: readonly Element[]): number {
  const lefts = pieces.map((piece) => piece.getBoundingClientRect().left);
  return lefts.filter((left, i) => i === 0 || left <= lefts[i - 1]).length;
}
