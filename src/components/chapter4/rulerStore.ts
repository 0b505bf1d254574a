/** What stands on the ruler, and the y₀ that mass is moved to: kept while chapters change, never part of the experiment. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { moved, reachOf, type ExampleId, type RulerMarks, type Side } from './ruler.ts';

/** Where the marks come from: the training run, a slide, or the reader's hand. */
export type RulerSource = { kind: 'run' } | { kind: 'example'; id: ExampleId } | { kind: 'own'; marks: RulerMarks };

interface Ruler {
  source: RulerSource;
  /** Which of the run's pairs. */
  pair: number;
  /** Half the ruler's length is at least this, in nats, so that it does not shrink under the reader's hand. */
  least: number;
  /** Text of y₀; null = as in useTarget.ts. */
  target: string | null;
}

const LEAST = 0.5;

export const rulerStore = createStore<Ruler>()(() => ({ source: { kind: 'run' }, pair: 0, least: LEAST, target: null }));

export function useRulerStore<T>(selector: (ruler: Ruler) => T): T {
  return useStore(rulerStore, selector);
}

export function showExample(id: ExampleId): void {
  rulerStore.setState({ source: { kind: 'example', id }, least: LEAST });
}

export function showRun(pair = rulerStore.getState().pair): void {
  rulerStore.setState({ source: { kind: 'run' }, pair, least: LEAST });
}

/** Moves one mark; from now on the marks are the reader's own. @param reach  of the ruler as it is drawn */
export function moveMark(marks: RulerMarks, side: Side, logRatio: number, reach: number): void {
  const own = moved(marks, side, logRatio);
  rulerStore.setState({ source: { kind: 'own', marks: own }, least: Math.max(reach, reachOf(own)) });
}
