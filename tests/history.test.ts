/** The run's past as charts see it: bounded, even, and never ahead of a run that went back. */
import { describe, expect, test } from 'vitest';
import { appendFrame, bandOf, CAPACITY, emptyHistory, historyPoints, quantile, seriesOf, type History } from '../src/sim/history.ts';

/** One metric, one policy, whose value is the update. */
function run(steps: Iterable<number>, history: History = emptyHistory(1, 1)): History {
  for (const step of steps) history = appendFrame(history, step, Float64Array.of(step));
  return history;
}

function* everyNth(stride: number, count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield i * stride;
}

describe('appendFrame', () => {
  test('keeps everything of a short run', () => {
    const { steps } = historyPoints(run([0, 1, 2, 5, 9]));
    expect(steps).toEqual([0, 1, 2, 5, 9]);
  });

  test.each([1, 7, 30])('frames %i updates apart: at most CAPACITY points, the first and the last among them, even', (stride) => {
    let history = emptyHistory(1, 1);
    for (const step of everyNth(stride, 5000)) {
      history = appendFrame(history, step, Float64Array.of(step));
      expect(history.steps.length).toBeLessThanOrEqual(CAPACITY);
      expect(history.steps[0]).toBe(0);
      expect(historyPoints(history).steps.at(-1)).toBe(step);
    }
    const gaps = history.steps.slice(1).map((step, i) => step - history.steps[i]);
    expect(history.steps.length).toBeGreaterThan(CAPACITY / 3);
    expect(new Set(gaps), 'one spacing throughout').toEqual(new Set([16 * stride]));
    expect(historyPoints(history).points.map(([value]) => value)).toEqual(historyPoints(history).steps);
  });

  test('a run that gets faster is thinned to about one spacing', () => {
    let step = 0;
    const history = run(Array.from({ length: 3000 }, (_, i) => (step += i < 1000 ? 1 : 40)));
    const gaps = history.steps.slice(1).map((at, i) => at - history.steps[i]);
    expect(history.steps[0]).toBe(1);
    expect(Math.max(...gaps.slice(20))).toBeLessThanOrEqual(4 * Math.min(...gaps.slice(20)));
  });

  test('a frame of the same update replaces the latest one only', () => {
    const history = appendFrame(run([0, 1, 2]), 2, Float64Array.of(99));
    expect(historyPoints(history).steps).toEqual([0, 1, 2]);
    expect(history.last?.metrics[0]).toBe(99);
  });

  test('a run that goes back loses what came after, and goes on from there', () => {
    const back = run([0], run([0, 100, 200, 300]));
    expect(historyPoints(back)).toEqual({ steps: [0], points: [Float64Array.of(0)] });
    const recovered = run([150, 250], run([0, 100, 200, 300]));
    expect(historyPoints(recovered).steps).toEqual([0, 100, 150, 250]);
    const renewed = appendFrame(run([0, 100, 200, 300]), 100, Float64Array.of(99));
    expect(historyPoints(renewed)).toEqual({ steps: [0, 100], points: [Float64Array.of(0), Float64Array.of(99)] });
  });

  test('a late frame of before a reset does not outlive the reset', () => {
    expect(historyPoints(run([500, 0, 1, 2])).steps).toEqual([0, 1, 2]);
  });

  test('leaves the history it was given as it was', () => {
    const before = run([0, 1, 2]);
    run([3], before);
    run([0], before);
    expect(before.steps).toEqual([0, 1, 2]);
    expect(before.last?.step).toBe(2);
  });
});

test('seriesOf reads one metric of one policy, the latest point included', () => {
  let history = emptyHistory(2, 3);
  for (const step of [0, 1]) history = appendFrame(history, step, Float64Array.from([0, 1, 2, 10, 11, 12], (v) => v + 100 * step));
  expect(seriesOf(history, 1, 2)).toEqual([12, 112]);
  expect(seriesOf(history, 0, 1)).toEqual([1, 101]);
});

describe('quantile', () => {
  test.each<[number[], number, number]>([
    [[3, 1, 2], 0.5, 2],
    [[4, 1, 2, 3], 0.5, 2.5],
    [[10, 0], 0.1, 1],
    [[10, 20, 30, 40, 50], 0.9, 46],
    [[10, 20, 30, 40, 50], 0, 10],
    [[10, 20, 30, 40, 50], 1, 50],
    [[7], 0.3, 7],
    [[100, 9, 20], 0.5, 20],
    [[NaN, 5, Infinity, 7, -Infinity], 0.5, 6],
  ])('of %j at %d is %d', (values, q, expected) => {
    expect(quantile(values, q)).toBeCloseTo(expected, 12);
  });

  test('of nothing finite is NaN, and the values keep their order', () => {
    expect(quantile([], 0.5)).toBeNaN();
    expect(quantile([NaN, Infinity], 0.5)).toBeNaN();
    const values = [3, 1, 2];
    quantile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });
});

test('bandOf is the median and the 10–90 % band of the chosen policies, at every kept update', () => {
  const values = (step: number) => Float64Array.from([0, 10, 20, 30, 40, 1000, 5, 5, 5, 5, 5, 5], (v) => v + step);
  const history = appendFrame(appendFrame(emptyHistory(2, 6), 0, values(0)), 3, values(3));
  expect(bandOf(history, 0, [0, 1, 2, 3, 4])).toEqual([{ step: 0, median: 20, low: 4, high: 36 }, { step: 3, median: 23, low: 7, high: 39 }]);
  expect(bandOf(history, 1, [5])).toEqual([{ step: 0, median: 5, low: 5, high: 5 }, { step: 3, median: 8, low: 8, high: 8 }]);
});
