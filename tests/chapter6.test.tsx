/** Chapter 6: what it says of a log of judged pairs, and what it draws of one. */
import { renderToString } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { CatchChart } from '../src/components/chapter6/CatchChart.tsx';
import { RateChart } from '../src/components/chapter6/RateChart.tsx';
import { proposedRates } from '../src/components/chapter6/ResamplePanel.tsx';
import { drawnPairs, latestBatch } from '../src/sim/drawn.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { appendFrame, emptyHistory, type History } from '../src/sim/history.ts';
import { metricIndex, METRICS, type MetricId } from '../src/sim/metrics.ts';
import { drawnCounts, onlineStoryOf, peakOod, ratePeaks, type RatePeaks } from '../src/sim/onlineStory.ts';
import { biasedJudge } from '../src/sim/presets/biased-judge.ts';
import { resamplingPrevents } from '../src/sim/presets/resampling-prevents.ts';
import { resamplingSweep } from '../src/sim/presets/resampling-sweep.ts';
import { catchWords, everyWords, judgeWords, onlineSentence, ratesSentence } from '../src/sim/sentences6.ts';
import { buildWorld, groupResponses, inDistribution, nodeOf } from '../src/sim/world.ts';
import type { Frame, JudgedBatch, View } from '../src/sim/worker/protocol.ts';

const one: Experiment = { ...resamplingPrevents.experiment, seeds: [0, 1] };
const world = buildWorld(one.world);
const node = (text: string) => nodeOf(world, 0, text);
const [good, bad, nonsense, other] = ['on the mat', 'on a mat', 'the the the', 'a a a'].map(node);
const groups = groupResponses(inDistribution(world, one), [{ chosen: good, rejected: bad }]);

function batch(step: number, policy: number, pairs: [number, number][]): JudgedBatch {
  const score = (y: number) => (y === good ? 1 : y === bad ? 0 : -2);
  return { step, policy, nodes: Int32Array.from(pairs.flat()), scores: Float32Array.from(pairs.flat(), score) };
}

const judged = [
  batch(10, 0, [[good, nonsense], [good, good], [good, good]]),
  batch(10, 1, [[nonsense, bad], [nonsense, other], [good, bad]]),
  batch(20, 0, [[good, bad], [good, nonsense], [good, nonsense], [nonsense, nonsense]]),
];

/** [M, R] with some metrics set, each [R]. */
function metrics(policies: number, values: Partial<Record<MetricId, number[]>>): Float64Array {
  const all = new Float64Array(METRICS.length * policies).fill(NaN);
  for (const [id, row] of Object.entries(values)) all.set(row, metricIndex(id as MetricId) * policies);
  return all;
}

function historyOf(policies: number, ood: [number, number[]][]): History {
  return ood.reduce((past, [step, masses]) => appendFrame(past, step, metrics(policies, { 'mass/ood': masses })), emptyHistory(METRICS.length, policies));
}

describe('what was drawn', () => {
  test('contests of what nobody wrote with what somebody did are counted; equal responses and nonsense among itself are not', () => {
    expect(drawnCounts(judged, groups, [0])).toEqual({ pairs: 7, lost: 3, won: 0 });
    expect(drawnCounts(judged, groups, [1])).toEqual({ pairs: 3, lost: 0, won: 1 });
    expect(drawnCounts(judged, groups, [0, 1])).toEqual({ pairs: 10, lost: 3, won: 1 });
  });

  test('the last batch of a policy, equal pairs once, nonsense first and equal responses last', () => {
    const last = latestBatch(judged, 0);
    expect(last?.step).toBe(20);
    expect(latestBatch(judged, 2)).toBeNull();
    const pairs = last ? drawnPairs(last, groups) : [];
    expect(pairs.map(({ winner, loser, times, equal }) => [winner.response, loser.response, times, equal])).toEqual([
      [good, nonsense, 2, false], [good, bad, 1, false], [nonsense, nonsense, 1, true],
    ]);
    expect(pairs[0].loser).toEqual({ response: nonsense, group: 'ood', score: -2 });
    const [upset] = drawnPairs(batch(10, 1, [[nonsense, bad]]), groups);
    expect(upset.upset).toBe(true);
  });
});

describe('peaks', () => {
  const swept: Experiment = { ...one, sweep: { resampleEvery: [1_000_000, 10] } };
  const history = historyOf(4, [[0, [0.001, 0.001, 0.002, 0.002]], [5, [0.9, 0.7, 0.003, 0.001]], [10, [0.4, 0.8, 0.001, NaN]]]);

  test('are the largest mass of every policy, whatever came after', () => {
    expect([...peakOod(history)]).toEqual([0.9, 0.8, 0.003, 0.002]);
  });

  test('of a sweep stand from most often to never, with the sweep index they are focused by', () => {
    expect(ratePeaks(swept, history)).toEqual([
      { every: 10, sweepIndex: 1, peaks: [0.003, 0.002], median: 0.0025 },
      { every: null, sweepIndex: 0, peaks: [0.9, 0.8], median: expect.closeTo(0.85) },
    ]);
  });
});

describe('sentences', () => {
  const rate = (every: number | null, ...peaks: number[]): RatePeaks => ({ every, sweepIndex: 0, peaks, median: (Math.min(...peaks) + Math.max(...peaks)) / 2 });

  test('a sweep: up to which rate every seed stays low, and what happens without draws', () => {
    const said = (rates: RatePeaks[], step: number) => ratesSentence(rates, step).map(({ text }) => text).join('');
    expect(said([rate(1, 0.01, 0.01), rate(10, 0.02, 0.04), rate(100, 0.03, 0.3), rate(null, 0.9, 0.96)], 800))
      .toBe('After 800 updates: with fresh pairs every 10 updates or more often, responses nobody ever wrote have held at most 4.0 % in any of 2 seeds; without fresh pairs, they have reached 93 % in the median.');
    expect(said([rate(1, 0.01), rate(null, 0.9)], 1)).toBe('After 1 update: with fresh pairs every update, responses nobody ever wrote have held at most 1.0 %; without fresh pairs, they have reached 90 %.');
    expect(said([rate(1, 0.2, 0.1), rate(200, 0.9, 0.9)], 5)).toBe('After 5 updates: even with fresh pairs every update, responses nobody ever wrote have reached 20 % in one seed; with fresh pairs every 200 updates, they have reached 90 % in the median.');
    expect(said([rate(1, 0.01, 0.02), rate(null, 0.03, 0.01)], 5)).toBe('After 5 updates: at every rate, responses nobody ever wrote have held at most 3.0 % in any of 2 seeds.');
    expect(said([rate(1, 0.01), rate(10, 0.01)], 0)).toBe('2 rates, one seed at each. Press Play.');
  });

  test('rates and judges by name', () => {
    expect([1, 10, null].map(everyWords)).toEqual(['every update', 'every 10 updates', 'never']);
    expect(judgeWords(one)).toBe('the gold reward');
    expect(judgeWords(biasedJudge.experiment)).toBe('the gold reward plus 1 per word');
  });

  const story = (step: number, ood: number[], every = 10, log = judged) => {
    const experiment: Experiment = { ...one, algorithm: { ...one.algorithm, resampleEvery: every } as Experiment['algorithm'] };
    const now = metrics(2, { 'mass/ood': ood, 'mass/chosen': ood.map((p) => 1 - p), 'mass/rejected': [0, 0], 'mass/otherInDistribution': [0, 0], loss: [0.5, 0.5], meanLength: [3, 3], goldReward: [1, 1] });
    const start = metrics(2, { 'mass/ood': [0, 0], 'mass/chosen': [0.5, 0.5], 'mass/rejected': [0.5, 0.5], 'mass/otherInDistribution': [0, 0], loss: [0.7, 0.7] });
    const history = appendFrame(appendFrame(emptyHistory(METRICS.length, 2), 0, start), Math.max(step, 1), now);
    const logps = new Float64Array(world.responseCount).fill(-30);
    logps[nonsense] = Math.log(0.7);
    const focus = { seedIndex: null, sweepIndex: 0 };
    return onlineSentence(onlineStoryOf({
      experiment, world, frame: { step, metrics: step === 0 ? start : now, logps, focus } as Frame, view: { groups, focus } as View, focus, shown: [0, 1], policyCount: 2,
      start, schedule: [{ step: 0, beta: 0.05, learningRate: 1 }], still: true, diverged: false, history, judged: log.filter((drawn) => drawn.step <= step),
    })).map(({ text }) => text).join('');
  };

  test('the headline: before, during, and without draws', () => {
    expect(story(0, [0, 0])).toBe('Two sentences, half the probability each. Every 10 updates the policy will be asked for fresh pairs, and the gold reward will judge them. Press Play.');
    expect(story(5, [0.01, 0.03])).toMatch(/2\.0 % of the probability is on responses nobody ever wrote, 98 % on “on the mat”\. The first fresh pairs come before update 10\.$/);
    expect(story(20, [0.01, 0.03])).toMatch(/Of the 10 pairs drawn by all seeds, 4 set such a response against a written one: it lost 3 times and won 1\.$/);
    expect(story(20, [0.01, 0.03], 10, judged.slice(2)), 'the log has lost its beginning').toMatch(/Of the last 4 pairs drawn by all seeds, 2 set such a response/);
    expect(story(10, [0.01, 0.03], 10, [batch(10, 0, [[good, good]])])).toMatch(/The 1 pair drawn by all seeds did not set such a response against a written one\.$/);
    expect(story(20, [0.9, 0.8], 1_000_000)).toMatch(/without fresh pairs.*85 % .*most of it on average on “the the the”, 15 % on “on the mat”\. Nothing was drawn, so nobody judged them\. All 2 seeds have collapsed\.$/);
  });

  test('a judge that likes length: the response that no pair names, and what became of length and reward', () => {
    const { experiment } = biasedJudge;
    const own = buildWorld(experiment.world);
    const values = { 'mass/ood': [0.01], 'mass/chosen': [0.1], 'mass/rejected': [0.01], 'mass/otherInDistribution': [0.88], loss: [0.5] };
    const at = (length: number, gold: number) => metrics(1, { ...values, meanLength: [length], goldReward: [gold] });
    const history = appendFrame(appendFrame(emptyHistory(METRICS.length, 1), 0, at(2, 0.5)), 30, at(3, 0.495));
    const focus = { seedIndex: 0, sweepIndex: 0 };
    const saidOf = (algorithm: Experiment['algorithm'], now: Float64Array) => onlineSentence(onlineStoryOf({
      experiment: { ...experiment, algorithm, seeds: [7] }, world: own, frame: { step: 30, metrics: now, logps: new Float64Array(own.responseCount).fill(-9), focus } as Frame,
      view: { groups: groupResponses(inDistribution(own, experiment), []), focus } as View, focus, shown: [0], policyCount: 1,
      start: at(2, 0.5), schedule: [{ step: 0, beta: 0.05, learningRate: 1 }], still: true, diverged: false, history, judged: [],
    }));
    const said = saidOf(experiment.algorithm, at(3, 0.495));
    expect(said.map(({ text }) => text).join('')).toMatch(/88 % on “right over there”\. To the judge a word more is worth 1: the mean length went from 2\.00 to 3\.00 words, the gold reward from 0\.500 to 0\.495\.$/);
    expect(said.map(({ text }) => text).join(''), 'one thing at a time').not.toContain('at the peak');
    expect(said.filter(({ metric }) => metric !== undefined).map(({ metric, value }) => [metric, value])).toEqual([
      ['mass/ood', 0.01], ['mass/otherInDistribution', 0.88], ['meanLength', 3], ['goldReward', 0.495],
    ]);
    const end = (length: number, gold: number) => saidOf({ ...experiment.algorithm, judgeLengthBias: -3 } as Experiment['algorithm'], at(length, gold)).map(({ text }) => text).join('').replace(/^.*”\. /, '');
    expect(end(2, 0.4)).toBe('To the judge a word more is worth −3: the mean length stayed at 2.00 words, the gold reward went from 0.500 to 0.400.');
    expect(end(1, 0.5)).toBe('To the judge a word more is worth −3: the mean length went from 2.00 to 1.00 words, the gold reward stayed at 0.500.');
  });

  test('a catch: drawn, judged, fallen; an upset is called one', () => {
    const told = { step: 200, policy: 0, response: nonsense, against: good, score: -2, againstScore: 1, before: { step: 199, mass: 0.96 }, after: { step: 220, mass: 0.002 } };
    const name = (y: number) => (y === good ? 'on the mat' : 'the the the');
    expect(catchWords({ ...told, outcome: 'lost' }, name, 0)).toBe('Before update 200, “the the the” was drawn beside “on the mat”. The judge gave it −2.00 against 1.00: it lost. Responses nobody wrote held 96 % then, and 0.2 % at update 220.');
    expect(catchWords({ ...told, outcome: 'won', after: null }, name, 2)).toBe('Before update 200, “the the the” was drawn beside “on the mat”. The judge gave it −2.00 against 1.00, and yet it won, by chance (and 2 more such pairs in this draw). Responses nobody wrote held 96 % then.');
  });
});

describe('drawing', () => {
  test('the proposed rates hold the present one and never', () => {
    expect(proposedRates(10, 800)).toEqual([1, 10, 50, 100, 200, 1_000_000]);
    expect(proposedRates(12, 800)).toEqual([1, 12, 50, 100, 200, 1_000_000]);
    expect(proposedRates(1_000_000, 80)).toEqual([1, 10, 50, 1_000_000]);
  });

  test('one dot for each seed of every rate, inside the plot however small the peak', () => {
    const peaks = resamplingSweep.experiment.seeds.map((seed) => (seed === 0 ? 1e-9 : 0.1 / (seed + 1)));
    const html = renderToString(<RateChart width={600} height={300} rem={16} shown={0} ariaLabel="x" rates={[1, 10].map((every, sweepIndex) => ({ every, sweepIndex, peaks, median: 0.02 }))} />);
    const dots = [...html.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(dots).toHaveLength(16);
    for (const [x, y] of dots) {
      expect(x).toBeGreaterThan(3.4 * 16);
      expect(x).toBeLessThan(600);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(300);
    }
  });

  test('the timeline marks what was caught apart from what was not, and names the one that is told', () => {
    const points = [0, 10, 20].map((step) => ({ step, value: 0.1 }));
    const html = renderToString(
      <CatchChart
        width={600} height={160} rem={16} steps={20} points={points} draws={[10, 20]} onSelect={() => {}} ariaLabel="x" selected={{ index: 1, name: 'a a a' }}
        marks={[{ step: 10, mass: 0.1, caught: true }, { step: 20, mass: 0.1, caught: false }]}
      />,
    );
    expect([...html.matchAll(/data-caught="(\w+)"/g)].map(([, caught]) => caught)).toEqual(['true', 'false']);
    expect(html).toContain('>a a a</text>');
    expect([...html.matchAll(/class="catch-draw"/g)]).toHaveLength(2);
  });
});
