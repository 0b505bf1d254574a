/** The response space as a mosaic on a canvas, with a cursor for the mouse and the arrow keys. */
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { msg } from '../../sim/msg.ts';
import type { World } from '../../sim/world.ts';
import { setRedraw } from './canvasRedraw.ts';
import { bestInSubtree, cellAt, layoutMosaic, neighbour, subtreeWeights } from './mosaic.ts';
import { paintMosaic, readColours } from './mosaicPaint.ts';
import type { Box } from './useBox.ts';
import './space.css';

/** A subtree that would cover less than this many square pixels is drawn as one cell. */
export const LEAST_CELL = 16;

export interface CellInfo {
  node: number;
  /** The cell stands for all responses that begin with this one. */
  isSubtree: boolean;
}

interface SpaceMapProps {
  world: World;
  prompt: number;
  logps: Float64Array;
  groups: Uint8Array;
  /** area: every area is exactly π; equal: every response has the same area, shaded by π. */
  mode: 'equal' | 'area';
  box: Box;
  heightRem: number;
  ariaLabel: string;
  /** How many responses and subtrees were drawn. */
  describe(cell: CellInfo): string;
  children(cell: CellInfo | null, drawn: { cells: number; subtrees: number }): React.ReactNode;
}

const ARROWS: Record<string, readonly [-1 | 0 | 1, -1 | 0 | 1]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

export function SpaceMap({ world, prompt, logps, groups, mode, box, heightRem, ariaLabel, describe, children }: SpaceMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [selected, setSelected] = useState<number | null>(null);
  const [spoken, setSpoken] = useState('');
  const { width, rem } = box;
  const head = 1.5 * rem;
  const height = heightRem * rem - head;

  const probabilities = useMemo(() => logps.map(Math.exp), [logps]);
  const sums = useMemo(() => subtreeWeights(world, probabilities), [world, probabilities]);
  const equal = useMemo(() => {
    const ones = new Float64Array(world.responseCount).fill(1);
    return { own: ones, sums: subtreeWeights(world, ones) };
  }, [world]);
  const own = mode === 'area' ? probabilities : equal.own;
  const weights = mode === 'area' ? sums : equal.sums;
  const mosaic = useMemo(
    () => layoutMosaic(world, prompt, own, weights, Math.max(1, width), Math.max(1, height), LEAST_CELL),
    [world, prompt, own, weights, width, height],
  );
  const subtrees = useMemo(() => mosaic.cut.reduce((a, b) => a + b, 0), [mosaic]);
  const isCut = subtrees > 0;
  const best = useMemo(() => (isCut ? bestInSubtree(world, logps) : null), [world, logps, isCut]);
  const cursor = selected === null ? -1 : mosaic.nodes.indexOf(selected);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    const [w, h] = [Math.round(width * ratio), Math.round((head + height) * ratio)];
    if (element.width !== w || element.height !== h) { element.width = w; element.height = h; }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const cellLogps = Float64Array.from(mosaic.nodes, (node, i) => (mosaic.cut[i] ? Math.log(sums[node]) : logps[node]));
    const cellGroups = Uint8Array.from(mosaic.nodes, (node, i) => groups[mosaic.cut[i] && best ? best[node] : node]);
    const options = { world, mosaic, cellLogps, cellGroups, rem, width, head, shaded: mode === 'equal' };
    paintMosaic(context, height, { ...options, colours: readColours(element), cursor });
    // In a picture to keep nothing is pointed at.
    setRedraw(element, { width, height: head + height, draw: (on, target) => paintMosaic(on, height, { ...options, colours: readColours(target), cursor: -1 }) });
  });

  const select = (cell: number) => { if (cell >= 0) setSelected(mosaic.nodes[cell]); };
  const onPointerMove = (event: PointerEvent) => {
    const place = event.currentTarget.getBoundingClientRect();
    select(cellAt(mosaic, event.clientX - place.left, event.clientY - place.top - head));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') { setSelected(null); setSpoken(''); return; }
    const arrow = ARROWS[event.key];
    if (!arrow || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const next = cursor < 0 ? mostProbable() : neighbour(mosaic, cursor, arrow[0], arrow[1], width, height);
    select(next);
    setSpoken(describe({ node: mosaic.nodes[next], isSubtree: mosaic.cut[next] === 1 }));
  };
  const mostProbable = () => {
    let at = 0;
    mosaic.nodes.forEach((node, i) => { if (logps[node] > logps[mosaic.nodes[at]]) at = i; });
    return at;
  };
  const cell = cursor < 0 ? null : { node: mosaic.nodes[cursor], isSubtree: mosaic.cut[cursor] === 1 };
  return (
    <>
      <div className="space-map" role="application" aria-roledescription={msg`map`} aria-label={msg`${ariaLabel} Move with the arrow keys.`} tabIndex={0} onKeyDown={onKeyDown}>
        <canvas ref={canvas} role="img" aria-label={ariaLabel} style={{ width, height: head + height }} onPointerMove={onPointerMove} onPointerDown={onPointerMove} onPointerLeave={() => setSelected(null)} />
        <span className="lab-sr" aria-live="polite">{spoken}</span>
      </div>
      {children(cell, { cells: mosaic.count, subtrees })}
    </>
  );
}
