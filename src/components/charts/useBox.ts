/** Size of a chart's box, in pixels, and of one rem, so that charts follow the column and the projector's type size. */
import { useLayoutEffect, useState } from 'react';

export interface Box {
  width: number;
  height: number;
  /** Pixels of 1 rem. */
  rem: number;
  /** Changes with the colour scheme and projector mode: what is drawn on a canvas must be drawn again. */
  theme: string;
}

const themeOf = ({ dataset }: HTMLElement) => `${dataset.mantineColorScheme ?? ''} ${dataset.projector ?? ''}`;
const rootRem = () => parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

/** Width and height 0 until measured. The root's attributes are watched because projector mode changes the rem. */
export function useBox<T extends HTMLElement>(): [(element: T | null) => void, Box] {
  const [element, setElement] = useState<T | null>(null);
  const [box, setBox] = useState<Box>({ width: 0, height: 0, rem: 16, theme: '' });
  useLayoutEffect(() => {
    if (!element) return undefined;
    const measure = () => {
      const next = { width: Math.floor(element.clientWidth), height: Math.floor(element.clientHeight), rem: rootRem(), theme: themeOf(document.documentElement) };
      setBox((old) => (old.width === next.width && old.height === next.height && old.rem === next.rem && old.theme === next.theme ? old : next));
    };
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(element);
    const attributes = new MutationObserver(measure);
    attributes.observe(document.documentElement, { attributes: true });
    return () => { sizes.disconnect(); attributes.disconnect(); };
  }, [element]);
  return [setElement, box];
}
