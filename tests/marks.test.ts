/** What happened when: events of a recorded run, each at the first point that shows it. */
import { describe, expect, it } from 'vitest';
import type { Experiment } from '../src/sim/experiment.ts';
import { ONLINE_DPO_DEFAULTS } from '../src/sim/experimentDefaults.ts';
import { appendFrame, emptyHistory, type History } from '../src/sim/history.ts';
import { marksOf, MARKS_OF_A_KIND, type MarkedRun } from '../src/sim/marks.ts';
import { metricIndex, METRICS, type MetricId } from '../src/sim/metrics.ts';
import { presetExperiment } from '../src/sim/presets/preset.ts';
import { THE_THE_THE_FILE } from '../src/sim/presets/the-the-the.ts';
import { buildWorld, nodeOf, OOD, OTHER, responseText } from '../src/sim/world.ts';

const EXPERIMENT: Experiment = { ...presetExperiment(THE_THE_THE_FILE), seeds: [4, 5, 6], steps: 1000 };
const ONLINE: Experiment = { ...EXPERIMENT, algorithm: { ...ONLINE_DPO_DEFAULTS, beta: 0.05, resampleEvery: 10, pairsPerResample: 8 } };
const WORLD = buildWorld(EXPERIMENT.world);
const MEAN = { seedIndex: null, sweepIndex: 0 };

/** A history of three policies, from values at 0, 10, 20, …; one list for all of them, or one each. */
function historyOf(lines: Partial<Record<MetricId, number[] | number[][]>>): History {
  const lists = Object.values(lines).map((line) => (Array.isArray(line[0]) ? line[0] : line));
  let history = emptyHistory(METRICS.length, 3);
  for (let i = 0; i < lists[0].length; i++) {
    const metrics = new Float64Array(METRICS.length * 3);
    for (const [id, line] of Object.entries(lines)) {
      for (let r = 0; r < 3; r++) metrics[metricIndex(id as MetricId) * 3 + r] = ((Array.isArray(line[0]) ? line[r] : line) as number[])[i];
    }
    history = appendFrame(history, 10 * i, metrics);
  }
  return history;
}

function marks(run: Partial<MarkedRun>) {
  return marksOf({
    experiment: EXPERIMENT, others: [], world: WORLD, focus: MEAN, history: emptyHistory(METRICS.length, 3), furthest: 0, schedule: [{ step: 0, beta: 0.05, learningRate: 1 }],
    judged: [], judgedAhead: [], groups: null, brokeAfter: null, forkedFrom: null, ...run,
  });
}
const short = (run: Partial<MarkedRun>) => marks(run).map(({ step, kind }) => `${kind} ${step}`);

describe('the mass that nobody wrote', () => {
  it('is marked where the median crosses one half, up and down', () => {
    const history = historyOf({ 'mass/ood': [0.01, 0.4, 0.6, 0.9, 0.5, 0.2, 0.7] });
    expect(marks({ history })).toEqual([
      { step: 20, kind: 'collapse', sentence: 'By update 20 more than half of the probability is on responses nobody wrote (median over 3 seeds).' },
      { step: 40, kind: 'recovery', sentence: 'By update 40 no more than half of the probability is on responses nobody wrote (median over 3 seeds).' },
      { step: 60, kind: 'collapse', sentence: 'By update 60 more than half of the probability is on responses nobody wrote (median over 3 seeds).' },
    ]);
  });

  it('is that of the policies shown', () => {
    const history = historyOf({ 'mass/ood': [[0, 0.9, 0.9], [0, 0.1, 0.6], [0, 0.1, 0.1]] });
    expect(short({ history }), 'the median').toEqual(['collapse 20']);
    expect(short({ history, focus: { seedIndex: 2, sweepIndex: 0 } })).toEqual([]);
    expect(marks({ history, focus: { seedIndex: 0, sweepIndex: 0 } })[0].sentence).toMatch(/^By update 10 .* \(seed 4\)\.$/);
    expect(short({ history, focus: { seedIndex: 1, sweepIndex: 0 } })).toEqual(['collapse 20']);
  });

  it('is no event where it never crosses, and numbers that broke are none', () => {
    expect(short({ history: historyOf({ 'mass/ood': [0.6, 0.9, 0.95] }) })).toEqual([]);
    expect(short({ history: historyOf({ 'mass/ood': [0.1, NaN, 0.2] }) })).toEqual([]);
    expect(short({})).toEqual([]);
  });
});

describe('the chosen responses', () => {
  it('are marked at their largest probability, if it falls by more than a hundredth afterwards', () => {
    expect(marks({ history: historyOf({ 'mass/chosen': [0.2, 0.5, 0.7, 0.6, 0.65] }) })).toEqual([
      { step: 20, kind: 'chosen-falls', sentence: 'At about update 20 the probability of the chosen responses is largest, then it falls (median over 3 seeds).' },
    ]);
    expect(short({ history: historyOf({ 'mass/chosen': [0.2, 0.5, 0.7, 0.695] }) })).toEqual([]);
    expect(short({ history: historyOf({ 'mass/chosen': [0.2, 0.5, 0.7] }) })).toEqual([]);
  });

  it('may fall from the start', () => {
    expect(marks({ history: historyOf({ 'mass/chosen': [0.4, 0.3, 0.35] }) })[0].sentence)
      .toBe('From update 0 on the probability of the chosen responses falls (median over 3 seeds).');
  });
});

describe('online DPO', () => {
  it('draws at every multiple of K up to the furthest update', () => {
    expect(short({ experiment: ONLINE, furthest: 39 })).toEqual(['draw 10', 'draw 20', 'draw 30']);
    expect(marks({ experiment: ONLINE, furthest: 10 })[0].sentence).toBe('For update 10 the policy draws 8 pairs per prompt and the judge ranks them.');
    expect(short({ experiment: ONLINE, furthest: 9 })).toEqual([]);
    expect(short({ experiment: EXPERIMENT, furthest: 39 })).toEqual([]);
  });

  it('has its draws thinned where there are many, and says so', () => {
    const found = marks({ experiment: ONLINE, furthest: 1000 });
    expect(found.length).toBeLessThanOrEqual(MARKS_OF_A_KIND);
    expect(found.map(({ step }) => step).slice(0, 3)).toEqual([50, 100, 150]);
    expect(found[0].sentence).toMatch(/; of 100 draws one in 5 is marked\.$/);
  });

  it('side by side with others is marked where it is the method shown', () => {
    const run = { experiment: EXPERIMENT, others: [ONLINE], furthest: 20 };
    expect(short({ ...run })).toEqual([]);
    expect(short({ ...run, focus: { seedIndex: null, sweepIndex: 1 } })).toEqual(['draw 10', 'draw 20']);
  });

  it('has its catch marked, wherever in the log it is', () => {
    const written = nodeOf(WORLD, 0, 'the cat');
    const nobody = nodeOf(WORLD, 0, 'the the the');
    const groups = new Uint8Array(WORLD.responseCount).fill(OTHER);
    groups[nobody] = OOD;
    const history = historyOf({ 'mass/ood': [0.1, 0.4, 0.45, 0.1, 0.05, 0.05] });
    const lost = { step: 20, policy: 0, nodes: Int32Array.of(written, nobody), scores: Float32Array.of(1, -1) };
    const run = { experiment: ONLINE, history, groups, furthest: 5 };
    const expected = [{
      step: 20, kind: 'catch',
      sentence: `The catch: for update 20 “the the the”, which nobody wrote, was drawn, lost to “${responseText(WORLD, written)}”, and its kind lost probability (seed 4).`,
    }];
    expect(marks({ ...run, judged: [lost] })).toEqual(expected);
    expect(marks({ ...run, judgedAhead: [lost] })).toEqual(expected);
    expect(short({ ...run, judged: [{ ...lost, policy: 1 }] }), 'another policy’s').toEqual([]);
    expect(short({ ...run, judged: [lost], groups: null })).toEqual([]);
  });
});

it('knobs, the fork and the break are marked where they are, in order', () => {
  const schedule = [
    { step: 0, beta: 0.05, learningRate: 1 }, { step: 30, beta: 0.5, learningRate: 1 }, { step: 50, beta: 0.1, learningRate: 1 }, { step: 70, beta: 0.2, learningRate: 0.1 },
  ];
  const change: Experiment = { ...EXPERIMENT, algorithm: { ...EXPERIMENT.algorithm, beta: 0.1 } };
  const history = historyOf({ 'mass/ood': [0, 0, 0, 0.9] });
  const found = marks({ schedule, history, brokeAfter: 80, forkedFrom: { parent: EXPERIMENT, from: null, changes: [], step: 50, change } });
  expect(found.map(({ step, kind, sentence }) => [step, kind, sentence])).toEqual([
    [30, 'knobs', 'After update 30: β = 0.5.'],
    [30, 'collapse', 'By update 30 more than half of the probability is on responses nobody wrote (median over 3 seeds).'],
    [50, 'fork', 'After update 50 this branch goes its own way: β = 0.1.'],
    [70, 'knobs', 'After update 70: β = 0.2, learning rate 0.1.'],
    [80, 'divergence', 'Update 80 is the last one with finite numbers; with the next one they break.'],
  ]);
});
