/** A small picture of the page as a class sees it: what is shown is filled in, what is hidden is a dotted outline. */
import type { HideId } from './hideable.ts';

interface Part {
  /** null: always there. */
  id: HideId | null;
  x: number;
  y: number;
  width: number;
  height: number;
  /** What dominates is darker. */
  strong?: true;
}

const PARTS: readonly Part[] = [
  { id: null, x: 3, y: 3, width: 14, height: 4, strong: true },
  { id: 'chapters', x: 21, y: 3, width: 40, height: 4 },
  { id: 'link', x: 92, y: 3, width: 14, height: 4 },
  { id: 'presets', x: 3, y: 13, width: 22, height: 3 },
  { id: null, x: 3, y: 18, width: 26, height: 6, strong: true },
  { id: 'predict', x: 3, y: 27, width: 26, height: 4 },
  { id: 'dial', x: 3, y: 35, width: 26, height: 5 },
  { id: 'controls', x: 3, y: 43, width: 26, height: 7 },
  { id: 'more', x: 3, y: 53, width: 15, height: 3 },
  { id: 'sentence', x: 34, y: 13, width: 42, height: 7, strong: true },
  { id: null, x: 34, y: 24, width: 42, height: 32 },
  { id: 'responses', x: 81, y: 13, width: 30, height: 43 },
  { id: 'panels', x: 3, y: 61, width: 50, height: 4 },
  { id: 'slides', x: 57, y: 61, width: 54, height: 4 },
  { id: null, x: 3, y: 72, width: 14, height: 6, strong: true },
  { id: 'speed', x: 21, y: 73, width: 12, height: 4 },
  { id: 'timeline', x: 37, y: 73, width: 74, height: 4 },
];

/** The ticks beside it say the same in words. */
export function Sketch({ hide }: { hide: readonly HideId[] }) {
  return (
    <svg className="sketch" viewBox="0 0 114 82" aria-hidden="true">
      <rect className="sketch-page" x="0.5" y="0.5" width="113" height="81" rx="2" />
      <path className="sketch-rule" d="M0.5 10H113.5M0.5 69H113.5" />
      {PARTS.map(({ id, strong, ...box }) => <rect key={`${box.x} ${box.y}`} className={id !== null && hide.includes(id) ? 'sketch-hidden' : strong ? 'sketch-strong' : 'sketch-part'} {...box} rx="1" />)}
    </svg>
  );
}
