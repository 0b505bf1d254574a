/** The pure parts of the panels: what they compute must be true whatever is drawn. */
import { describe, expect, it } from 'vitest';
import { appendFrame, emptyHistory } from '../src/sim/history.ts';
import { collapsedCount, focusBeta, focusedExperiment, focusMembers, seedMembers, sweepCount } from '../src/sim/focus.ts';
import { METRICS, metricIndex } from '../src/sim/metrics.ts';
import { PARAMS } from '../src/sim/params.ts';
import { boundaryWords, focusWords, linesWords, quoted, responseName, sweepLabel } from '../src/sim/words.ts';
import { CHOSEN, OOD, REJECTED, buildWorld, nodeOf, responseText } from '../src/sim/world.ts';
import { DPO_DEFAULTS, SAMPLED_DEFAULTS } from '../src/sim/experimentDefaults.ts';
import type { DpoLossName, Experiment } from '../src/sim/experiment.ts';
import { clearest, spreadLabels, wrapLabel } from '../src/components/charts/labels.ts';
import { bestInSubtree, cellAt, layoutMosaic, neighbour, subtreeWeights } from '../src/components/charts/mosaic.ts';
import { Tex } from '../src/components/charts/Tex.tsx';
import { niceRange, sizeOf } from '../src/components/charts/niceRange.ts';
import { niceScale } from '../src/components/charts/TrendChart.tsx';
import { groupNames } from '../src/components/panels/groupNames.ts';
import { lossNumbers, lossTex } from '../src/components/panels/lossTex.ts';
import { formatTick } from '../src/components/format.ts';
import { lossAxis } from '../src/components/panels/lossAxis.ts';
import { isLogTwo, lossTrend } from '../src/components/panels/lossTrend.ts';
import { axisReach, massFlow } from '../src/components/panels/massFlow.ts';
import { bandsOf, collapseNote, decimate, valueNow } from '../src/components/panels/population.ts';
import { forEachResponse, pinnedResponses, pinnedWords, responseRows, topResponses, trackedResponse } from '../src/components/panels/ranking.ts';
import { takeTurn, type Run } from '../src/components/panels/useStaggeredRun.ts';
import { invitationWords, proposedBetas, prospectWords } from '../src/components/panels/SweepPanel.tsx';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';

const EXPERIMENT: Experiment = {
  version: 1, name: 'x', world: { words: ['the', 'a', 'cat', 'mat', 'on'], maxLength: 3, prompts: ['p', 'q'] },
  reference: { kind: 'corpus', corpus: [{ prompt: 0, response: 'on the mat', weight: 1 }], smoothing: 0.001 },
  preferences: { pairs: [{ prompt: 0, chosen: 'on the mat', rejected: 'on a mat', weight: 1 }] },
  policy: { kind: 'mlp', hidden: [16] }, algorithm: { ...DPO_DEFAULTS, beta: 0.05 }, optimizer: { kind: 'sgd', learningRate: 1 },
  steps: 100, seeds: [0, 1, 2, 3],
};
const world = buildWorld(EXPERIMENT.world);
const at = (text: string, prompt = 0) => nodeOf(world, prompt, text);

/** A made-up distribution over the responses of both prompts; later numbers are likelier. */
function logpsOf(favour: Record<string, number>): Float64Array {
  const weights = Float64Array.from({ length: world.responseCount }, (_, y) => 1 + (y % 7) / 100);
  for (const [text, weight] of Object.entries(favour)) weights[at(text)] = weight;
  const sums = [0, 0];
  [0, 1].forEach((x) => forEachResponse(world, x, (y) => { sums[x] += weights[y]; }));
  const logps = new Float64Array(world.responseCount);
  [0, 1].forEach((x) => forEachResponse(world, x, (y) => { logps[y] = Math.log(weights[y] / sums[x]); }));
  return logps;
}
const groups = new Uint8Array(world.responseCount).fill(OOD);
groups[at('on the mat')] = CHOSEN;
groups[at('on a mat')] = REJECTED;

describe('ranking', () => {
  it('visits every response of a prompt once', () => {
    const seen = new Set<number>();
    forEachResponse(world, 1, (y) => seen.add(y));
    expect(seen.size).toBe(156);
    expect([...seen].every((y) => y < world.responseCount)).toBe(true);
  });
  it('finds the most probable responses, in order', () => {
    const logps = logpsOf({ 'the the the': 50, 'a cat': 40, 'on a mat': 30 });
    expect(topResponses(world, 0, logps, 3).map((y) => responseText(world, y))).toEqual(['the the the', 'a cat', 'on a mat']);
    const all = topResponses(world, 0, logps, 1000);
    expect(all.length).toBe(156);
    expect(all.every((y, i) => i === 0 || logps[all[i - 1]] >= logps[y])).toBe(true);
  });
  it('always names the pair and the tracked response, however improbable', () => {
    const logps = logpsOf({ 'on the mat': 1e-9, 'on a mat': 1e-12, 'the the the': 1e-6, 'a a a': 99 });
    const rows = responseRows(world, 0, logps, pinnedResponses(world, 0, logps, logps, groups), 8).map((y) => responseText(world, y));
    expect(rows).toHaveLength(8);
    expect(rows[0]).toBe('a a a');
    expect(rows.slice(-3)).toEqual(['the the the', 'on the mat', 'on a mat']);
  });
  it('tracks the likeliest repetition where the world has no "the"', () => {
    const other = buildWorld({ words: ['yes', 'no'], maxLength: 2, prompts: ['p'] });
    const logps = new Float64Array(other.responseCount).fill(-9);
    logps[nodeOf(other, 0, 'no no')] = -1;
    expect(responseText(other, trackedResponse(other, 0, logps)!)).toBe('no no');
    expect(trackedResponse(buildWorld({ words: ['yes', 'no'], maxLength: 1, prompts: ['p'] }), 0, logps)).toBeNull();
  });
  it('pins of many chosen and rejected the two likeliest in the reference, and "the the the" whatever its role', () => {
    const many = groups.slice();
    for (const text of ['on the cat', 'a a a', 'the the the', '']) many[at(text)] = REJECTED;
    const ref = logpsOf({ 'on a mat': 50, 'on the cat': 40 });
    const logps = logpsOf({ 'a a a': 99, '': 98, 'cat cat': 97, 'mat mat': 96, 'on on': 95, 'a cat': 94, 'a mat': 93, 'on mat': 92, 'the the the': 1e-9 });
    const pinned = pinnedResponses(world, 0, logps, ref, many);
    expect(pinned.rejected.map((y) => responseText(world, y))).toEqual(['on a mat', 'on the cat']);
    const rows = responseRows(world, 0, logps, pinned, 8).map((y) => responseText(world, y));
    expect(rows).toHaveLength(8);
    expect(rows).toEqual(expect.arrayContaining(['on the mat', 'on a mat', 'on the cat', 'the the the', 'a a a']));
    expect(pinnedWords(pinned)).toBe('the chosen response, the two rejected responses likeliest in the reference');
    expect(pinnedWords({ ...pinned, rejectedCount: 2 })).toBe('the chosen response, both rejected responses');
    expect(pinnedWords(pinnedResponses(world, 1, logps, ref, groups))).toBe('');
  });
});

describe('mass flow', () => {
  it('sums to zero and names the largest movers', () => {
    const ref = logpsOf({ 'on the mat': 1000, 'on a mat': 1000 });
    const now = logpsOf({ 'on the mat': 100, 'on a mat': 0.001, 'the the the': 3000 });
    const flow = massFlow(now, ref, groups, 2, 4);
    expect(Math.abs(flow.sum)).toBeLessThan(1e-14);
    expect(flow.groups.reduce((a, b) => a + b, 0)).toBe(flow.sum);
    expect(responseText(world, flow.gainers[0].response)).toBe('the the the');
    expect(responseText(world, flow.losers[0].response)).toMatch(/^on (the|a) mat$/);
    const named = [...flow.gainers, ...flow.losers].reduce((s, c) => s + c.delta, 0);
    expect(named + flow.rest).toBeCloseTo(0, 14);
    expect(flow.sizes).toEqual([1, 1, 0, 310]);
    expect(axisReach(flow)).toBe(0.5);
    // Averaged over prompts: the other prompt did not move, so nothing exceeds one half.
    expect(flow.gainers[0].delta).toBeCloseTo((Math.exp(now[at('the the the')]) - Math.exp(ref[at('the the the')])) / 2, 15);
  });
  it('has no movers at the reference', () => {
    const ref = logpsOf({});
    expect(massFlow(ref, ref, groups, 2, 4)).toMatchObject({ gainers: [], losers: [], rest: 0, sum: 0 });
  });
});

describe('mosaic', () => {
  const logps = logpsOf({ 'the the the': 200, '': 20, 'a cat': 30 });
  const probabilities = logps.map(Math.exp);
  const sums = subtreeWeights(world, probabilities);
  it('has the whole prompt at its root', () => {
    expect(sums[0]).toBeCloseTo(1, 12);
    expect(sums[1]).toBeCloseTo(1, 12);
    expect(responseText(world, bestInSubtree(world, logps)[0])).toBe('the the the');
  });
  it('gives every response exactly its probability as area', () => {
    const mosaic = layoutMosaic(world, 0, probabilities, sums, 900, 400, 0);
    expect(mosaic.count).toBe(156);
    for (let i = 0; i < mosaic.count; i++) {
      expect(mosaic.rects[4 * i + 2] * mosaic.rects[4 * i + 3] / 360_000).toBeCloseTo(probabilities[mosaic.nodes[i]], 4);
    }
  });
  it('gives every response the same area when weighted by count, and never overlaps', () => {
    const ones = new Float64Array(world.responseCount).fill(1);
    const mosaic = layoutMosaic(world, 1, ones, subtreeWeights(world, ones), 900, 400, 0);
    for (let i = 0; i < mosaic.count; i++) expect(mosaic.rects[4 * i + 2] * mosaic.rects[4 * i + 3]).toBeCloseTo(360_000 / 156, 0);
    for (let i = 0; i < mosaic.count; i++) {
      const [x, y, w, h] = mosaic.rects.subarray(4 * i, 4 * i + 4);
      expect(cellAt(mosaic, x + w / 2, y + h / 2)).toBe(i);
    }
    expect(mosaic.columns.map((c) => c.word)).toEqual([0, 1, 2, 3, 4]);
  });
  it('cuts branches that are too small and says which', () => {
    const mosaic = layoutMosaic(world, 0, probabilities, sums, 90, 40, 100);
    expect(mosaic.count).toBeLessThan(156);
    expect(mosaic.cut.some((c) => c === 1)).toBe(true);
    let area = 0;
    for (let i = 0; i < mosaic.count; i++) area += mosaic.rects[4 * i + 2] * mosaic.rects[4 * i + 3];
    expect(area).toBeCloseTo(3600, 0);
  });
  it('moves the cursor to what lies beside it', () => {
    const ones = new Float64Array(world.responseCount).fill(1);
    const mosaic = layoutMosaic(world, 0, ones, subtreeWeights(world, ones), 900, 400, 0);
    const start = cellAt(mosaic, 450, 200);
    const right = neighbour(mosaic, start, 1, 0, 900, 400);
    expect(right).not.toBe(start);
    expect(neighbour(mosaic, right, -1, 0, 900, 400)).toBe(start);
    expect(neighbour(mosaic, cellAt(mosaic, 1, 200), -1, 0, 900, 400)).toBe(cellAt(mosaic, 1, 200));
  });
});

describe('labels', () => {
  it('never overlap and stay where they fit', () => {
    const heights = [36, 36, 54, 36];
    const centres = spreadLabels([300, 298, 299, 20], heights, 0, 310);
    const order = [0, 1, 2, 3].sort((a, b) => centres[a] - centres[b]);
    order.slice(1).forEach((i, k) => {
      const above = order[k];
      expect(centres[i] - heights[i] / 2).toBeGreaterThanOrEqual(centres[above] + heights[above] / 2 - 1e-9);
    });
    expect(Math.max(...centres.map((c, i) => c + heights[i] / 2))).toBeLessThanOrEqual(310);
    expect(centres[3]).toBe(20);
  });
  it('stand where they cover the fewest points', () => {
    const places = [0, 10, 20].map((x) => ({ x, y: 0, width: 8, height: 8 }));
    expect(clearest(places, [{ x: 1, y: 1 }, { x: 2, y: 2 }, { x: 11, y: 3 }, { x: 21, y: 9 }])).toBe(places[2]);
    expect(clearest(places, [])).toBe(places[0]);
  });
  it('break into few even lines, three at most', () => {
    expect(wrapLabel('the loss, falling politely', 16)).toEqual(['the loss,', 'falling politely']);
    expect(wrapLabel('the loss, falling politely', 12)).toEqual(['the loss,', 'falling', 'politely']);
    expect(wrapLabel('one two three four five six', 9)).toEqual(['one two', 'three', 'four…']);
    expect(wrapLabel('everything nobody wrote', 16)).toEqual(['everything', 'nobody wrote']);
    expect(wrapLabel('chosen', 11)).toEqual(['chosen']);
    expect(wrapLabel('incomprehensibilities', 11)).toEqual(['incomprehe…']);
  });
});

describe('population', () => {
  const swept: Experiment = { ...EXPERIMENT, sweep: { beta: [0.05, 0.5] } };
  const policies = 8;
  let history = emptyHistory(METRICS.length, policies);
  for (let step = 0; step <= 10; step++) {
    const metrics = new Float64Array(METRICS.length * policies).fill(NaN);
    for (let r = 0; r < policies; r++) metrics[metricIndex('mass/ood') * policies + r] = r < 4 ? (step * (r + 1)) / 40 : 0.001;
    history = appendFrame(history, step, metrics);
  }
  const [first, second] = [0, 1].map((sweepIndex) => seedMembers(swept, { sweepIndex }));
  const median = (seeds: readonly number[]) => ({ shown: seeds, seeds });
  it('finds the members of a sweep value and of the focus', () => {
    expect(sweepCount(swept)).toBe(2);
    expect(second).toEqual([4, 5, 6, 7]);
    expect(focusMembers(swept, { seedIndex: 2, sweepIndex: 1 })).toEqual([6]);
    expect(sweepLabel(swept, 1)).toBe('β = 0.5');
    expect(sweepLabel({ ...EXPERIMENT, sweep: { beta: [1, 2], learningRate: [0.1], labelSmoothing: [0, 0.2] } }, 1)).toBe('β = 1, learning rate η = 0.1, label smoothing ε = 0.2');
    expect(sweepLabel(EXPERIMENT, 0)).toBe('');
  });
  it('merges the focused swept values into the experiment', () => {
    const many: Experiment = { ...EXPERIMENT, sweep: { beta: [0.05, 0.5], learningRate: [1, 2], nllWeight: [0, 3] } };
    expect(focusedExperiment(many, { sweepIndex: 7 })).toEqual({ ...EXPERIMENT, algorithm: { ...DPO_DEFAULTS, beta: 0.5, nllWeight: 3 }, optimizer: { kind: 'sgd', learningRate: 2 } });
    expect(focusedExperiment(many, { sweepIndex: 7 })).not.toHaveProperty('sweep');
    const biased: Experiment = { ...EXPERIMENT, preferences: { sampled: { ...SAMPLED_DEFAULTS } }, sweep: { lengthBias: [0, 0.5] } };
    expect(focusedExperiment(biased, { sweepIndex: 1 })).toEqual({ ...EXPERIMENT, preferences: { sampled: { ...SAMPLED_DEFAULTS, lengthBias: 0.5 } } });
    expect(focusedExperiment(EXPERIMENT, { sweepIndex: 0 })).toEqual(EXPERIMENT);
    expect([0, 4].map((sweepIndex) => focusBeta(many, { sweepIndex }))).toEqual([0.05, 0.5]);
  });
  it('says whose numbers it shows', () => {
    const [mean, seed] = [null, 2].map((seedIndex) => ({ seedIndex, sweepIndex: 0 }));
    expect([mean, seed].map((focus) => focusWords({ ...EXPERIMENT, seeds: [5, 6, 9] }, focus))).toEqual(['median over 3 seeds', 'seed 9']);
    expect(linesWords(EXPERIMENT, mean)).toBe('median and 10–90 % band over 4 seeds');
    expect(linesWords(EXPERIMENT, seed)).toBe('seed 2, and the 10–90 % band over 4 seeds');
    expect([mean, seed].map((focus) => linesWords(EXPERIMENT, focus, true))).toEqual(['median (thick) and each of 4 seeds', 'seed 2 (thick) and each of 4 seeds']);
    expect(linesWords({ ...EXPERIMENT, seeds: [5] }, mean, true)).toBe('the only seed');
  });
  it('draws a focused seed as the line, with the band over all seeds', () => {
    expect(bandsOf(history, 'mass/ood', { shown: [3], seeds: first })[10]).toEqual({ step: 10, median: 1, low: 0.325, high: 0.925 });
    expect(valueNow(history, 'mass/ood', [3])).toBe(1);
    expect(valueNow(emptyHistory(METRICS.length, 8), 'mass/ood', [3])).toBeNaN();
  });
  it('computes bands of one sweep value only', () => {
    const band = bandsOf(history, 'mass/ood', median(first));
    expect(band).toHaveLength(11);
    expect(band[10]).toEqual({ step: 10, median: 0.625, low: 0.325, high: 0.925 });
    expect(bandsOf(history, 'mass/ood', median(second))[10].median).toBe(0.001);
    expect(bandsOf(history, 'mass/ood', median(first))).toEqual(band);
    expect(valueNow(history, 'klToOptimal', first)).toBeNaN();
  });
  it('keeps first and last when it decimates', () => {
    expect(decimate(5, 10)).toEqual([0, 1, 2, 3, 4]);
    expect(decimate(401, 5)).toEqual([0, 100, 200, 300, 400]);
    expect(bandsOf(history, 'mass/ood', median([0, 1]), 3).map((p) => p.step)).toEqual([0, 5, 10]);
  });
  it('counts the collapsed in words', () => {
    expect(first.map((r) => valueNow(history, 'mass/ood', [r]))).toEqual([0.25, 0.5, 0.75, 1]);
    expect([first, second].map((seeds) => collapsedCount(history.last!.metrics, policies, seeds))).toEqual([2, 0]);
    const meaning = '(over half of π on what nobody wrote).';
    expect(collapseNote(history, first)).toBe(`2 of 4 seeds have collapsed ${meaning}`);
    expect(collapseNote(history, second)).toBe(`None of 4 seeds has collapsed ${meaning}`);
    const broken = history.last!.metrics.map((value, i) => (i % policies === 3 ? NaN : value));
    expect(collapseNote(appendFrame(history, 11, broken), first)).toBe(`1 of 4 seeds has collapsed ${meaning} 1 has numbers that are no longer finite.`);
  });
  it('invites to a sweep with what is true of this experiment and this run', () => {
    const betas = proposedBetas(0.05);
    expect(invitationWords(EXPERIMENT, betas)).toBe('The same pair, the same 4 seeds, 6 values of β, trained side by side as one population of 24 policies.');
    const pairs = Array.from({ length: 32 }, () => ({ prompt: 0, chosen: 'a', rejected: 'the', weight: 1 }));
    expect(invitationWords({ ...EXPERIMENT, preferences: { pairs }, seeds: [0] }, betas)).toContain('The same 32 pairs, the same seed, ');
    expect(invitationWords({ ...EXPERIMENT, preferences: { sampled: { count: 256, from: 'reference', labels: 'argmax', temperature: 1, lengthBias: 0 } } }, betas)).toContain('The same 256 sampled pairs, ');
    expect(invitationWords({ ...EXPERIMENT, algorithm: { kind: 'exact', beta: 1 } }, betas)).toContain('The same objective, ');
    expect(prospectWords(EXPERIMENT, null, true)).toBe('See at which of them, if any, most of the probability ends on what nobody wrote.');
    expect(prospectWords(EXPERIMENT, 0, true)).toBe('At β = 0.05, none of 4 seeds has collapsed. See what the other values do.');
    expect(prospectWords(EXPERIMENT, 0, false)).not.toMatch(/collapse|nobody/);
  });
  it('says between which values the collapse stops', () => {
    const said = (collapsed: number[], total = 8, values = [0.5, 0.05, 0.1]) => boundaryWords('β', values, collapsed, total);
    expect(said([0, 8, 7])).toBe('7 of 8 seeds collapse at β = 0.1, none at β = 0.5.');
    expect(said([1, 0, 0])).toBe('1 of 8 seeds collapses at β = 0.5, none at β = 0.1.');
    expect(said([2, 8, 7])).toBe('All 8 seeds collapse at β = 0.05, 2 of 8 seeds at β = 0.5.');
    expect(said([0, 0, 0])).toBe('No seed has collapsed at any of these values of β.');
    expect(said([8, 8, 8])).toBe('All 8 seeds have collapsed at every one of these values of β.');
    expect(said([0, 0, 3])).toBe('Seeds that collapse: 0 of 8 at β = 0.05, 3 of 8 at β = 0.1, 0 of 8 at β = 0.5.');
    expect(said([0, 1, 1], 1)).toBe('The seed collapses at β = 0.1, none at β = 0.5.');
  });
  it('draws no movement where there is only rounding, and tells every tick from the next', () => {
    const scaleOf = (low: number, high: number) => niceScale([{ showBand: true, points: [{ step: 0, median: (low + high) / 2, low, high }] }]);
    for (const [low, high] of [[-0.6934, -0.6929], [0, 0], [1e-9, -1e-9], [-0.7, -0.5], [5, 5.0001], [0, 2e38]] as const) {
      const { domain, ticks, step } = scaleOf(low, high);
      expect(domain[0]).toBeLessThanOrEqual(low);
      expect(domain[1]).toBeGreaterThanOrEqual(high);
      const texts = ticks.map((x) => formatTick(x, step));
      expect(new Set(texts).size, texts.join()).toBe(ticks.length);
    }
    expect(scaleOf(NaN, NaN).domain).toEqual([0, 1]);
  });
  it('a range of nearly constant values begins at 0, one of rounding alone shows a unit, and true small values are drawn as they are', () => {
    expect(niceRange([0.4915, 0.4945]).domain).toEqual([0, 0.5]);
    expect(niceRange([-0.693]).domain).toEqual([-0.7, 0]);
    // What rounding leaves of a 0 beside larger values is no reason for a tick below it.
    expect(niceRange([-3.92e-16, 4.05]).domain[0]).toBe(0);
    expect(niceRange([3.92e-16, -3e-16]).domain).toEqual([-1, 1]);
    expect(niceRange([0, 0], 4, 0).domain, 'a KL').toEqual([0, 1]);
    expect(niceRange([0, 3e-5]).domain).toEqual([0, 3e-5]);
    expect(sizeOf(niceRange([-3, 1]))).toBe(3);
  });
  it('proposes a sweep that holds the present β', () => {
    expect(proposedBetas(0.05)).toEqual([0.02, 0.05, 0.1, 0.2, 0.5, 1]);
    expect(proposedBetas(0.3)).toEqual([0.02, 0.05, 0.1, 0.3, 0.5, 1]);
    expect(proposedBetas(7)).toEqual([0.02, 0.05, 0.1, 0.2, 0.5, 7]);
  });
});

describe('the loss in words and in TeX', () => {
  it.each([
    [[0.69, 0.4, 0.2, 0.1], 'the loss, falling politely'], [[0.69], 'the loss'], [[0.69, 0.69, 0.6899], 'the loss, hardly moving'],
    [[0.69, 0.3, 0.9], 'the loss, above where it began'], [[0.69, 0.3, 0.5], 'the loss, rising again'],
    [[0.69, 0.3, 0.5, 0.1], 'the loss, falling with bumps'], [[0.69, NaN], 'the loss is no longer a number'], [[], 'the loss'],
    [[-0.5, -0.9, -1], 'the loss, falling politely'], [[0.693, 0.68, 0.66], 'the loss'], [[0.693, 0.65, 0.62], 'the loss, falling politely'],
  ])('%j → %s', (values, words) => expect(lossTrend(values)).toBe(words));
  it('knows log 2', () => {
    expect(isLogTwo(0.69314718)).toBe(true);
    expect(isLogTwo(0.7)).toBe(false);
  });
  it('has an axis that holds the line and its band, from 0 or the lowest value below it', () => {
    expect(lossAxis(Math.LN2, [0.5, 0.4, 0.9])).toEqual({ kind: 'linear', domain: [0, 0.9], ticks: [{ value: 0, text: '0' }, { value: Math.LN2, text: 'log 2' }] });
    expect(lossAxis(-0.2, [-0.9, -0.5, -0.1]).domain).toEqual([-0.9, 0]);
    expect(lossAxis(0, [0, -0.4]).domain).toEqual([-0.4, 0]);
    expect(lossAxis(0, [0, 0]).domain).toEqual([0, 1]);
    expect(lossAxis(NaN, [NaN, 3, 1]).domain).toEqual([0, 3]);
  });
  it.each<DpoLossName>(['sigmoid', 'ipo', 'hinge', 'dpop', 'robust', 'sppo_hard', 'nca_pair', 'exo_pair', 'apo_zero', 'apo_down', 'simpo'])('renders %s with every term', (loss) => {
    for (const terms of [{}, { labelSmoothing: 0.1, lengthAlpha: 0.2, nllWeight: 1, klWeight: 0.5 }]) {
      const tex = lossTex({ ...EXPERIMENT, algorithm: { ...DPO_DEFAULTS, loss, ...terms } });
      const html = renderToString(createElement(Tex, { tex, display: true }));
      expect(html).toContain('katex-html');
      expect(html).not.toContain('<code>');
    }
  });
  it('names the numbers of the terms that are switched on', () => {
    expect(lossNumbers({ ...EXPERIMENT, algorithm: { ...DPO_DEFAULTS, beta: 0.3, labelSmoothing: 0.1, nllWeight: 1, klWeight: 2 } })).toBe('β = 0.3, ε = 0.1, λₙ = 1, λₖ = 2');
    expect(lossNumbers({ ...EXPERIMENT, algorithm: { ...DPO_DEFAULTS, loss: 'dpop', beta: 0.3, labelSmoothing: 0.1, dpopLambda: 0 } })).toBe('β = 0.3, λ = 0');
    expect(lossTex({ ...EXPERIMENT, algorithm: { kind: 'exact', beta: 0.1 } })).toContain('-J');
  });
  it('writes every term in the letter of its control', () => {
    const tex = lossTex({ ...EXPERIMENT, algorithm: { ...DPO_DEFAULTS, labelSmoothing: 0.1, lengthAlpha: 0.2, nllWeight: 1, klWeight: 0.5 } });
    for (const id of ['beta', 'labelSmoothing', 'lengthAlpha', 'nllWeight', 'klWeight']) expect(tex).toContain(PARAMS.find((param) => param.id === id)!.tex);
  });
  it('has no flipped labels to correct for where there are none', () => {
    const at = (labelSmoothing: number) => lossTex({ ...EXPERIMENT, algorithm: { ...DPO_DEFAULTS, loss: 'robust', labelSmoothing } });
    expect(at(0)).not.toContain('varepsilon');
    expect(at(0.1)).toContain('1-2\\varepsilon');
  });
  it('shows TeX that does not parse, and TeX that is too long, as text', () => {
    expect(renderToString(createElement(Tex, { tex: '\\frac{' }))).toContain('<code>');
    expect(renderToString(createElement(Tex, { tex: 'x'.repeat(2001) }))).toContain('<code>');
    expect(renderToString(createElement(Tex, { tex: '\\htmlClass{evil onclick}{x}' }))).not.toMatch(/class="[^"]*evil/);
    expect(renderToString(createElement(Tex, { tex: '\\href{javascript:alert(1)}{x}' }))).not.toContain('href=');
  });
  it.each(METRICS.map((row) => [row.id, row.tex] as const))('renders the symbol of %s', (_, tex) => {
    expect(renderToString(createElement(Tex, { tex }))).not.toContain('<code>');
  });
});

describe('names of responses', () => {
  it('quotes text and names the empty response', () => {
    expect(['on the mat', ''].map(quoted)).toEqual(['“on the mat”', 'the empty response']);
    expect(['on the mat', ''].map(responseName)).toEqual(['on the mat', 'the empty response']);
  });
});

describe('group names', () => {
  it('calls a group of one response by its text', () => {
    expect(groupNames(world, groups).map((n) => n.label)).toEqual(['“on the mat”', '“on a mat”', 'other in-distribution', 'everything nobody wrote']);
    expect(groupNames(world, groups, 0).map((n) => n.size)).toEqual([1, 1, 0, 154]);
    expect(groupNames(world, groups, 1).map((n) => n.size)).toEqual([0, 0, 0, 156]);
    expect(groupNames(world, null).map((n) => n.size)).toEqual([0, 0, 0, 0]);
  });
});

describe('taking turns', () => {
  const run = (fields: object) => ({ run: 1, history: 'h', focus: 'f', experiment: 'e', replacing: null, ...fields }) as unknown as Run;
  it('brings one outdated slot up to date at a time, in order, and then rests', () => {
    const [old, now] = [run({}), run({ history: 'h2' })];
    let state: { slots: readonly Run[]; last: number } = { slots: [old, old, old], last: -1 };
    const current = [];
    for (let k = 0; k < 4; k++) { state = takeTurn(state.slots, state.last, now); current.push(state.slots.map((slot) => (slot === now ? 1 : 0)).join('')); }
    expect(current).toEqual(['100', '110', '111', '111']);
    expect(takeTurn(state.slots, state.last, now).slots).toBe(state.slots);
  });
  it('brings another experiment’s numbers to all slots at once', () => {
    const [old, now] = [run({}), run({ experiment: 'e2' })];
    expect(takeTurn([old, old], 0, now).slots).toEqual([now, now]);
  });
  it('keeps a replaced run’s picture whole, and replaces it whole', () => {
    const [old, waiting] = [run({}), run({ run: 2, experiment: 'e2', replacing: { view: null, shown: 'e' } })];
    const begun = run({ run: 2, experiment: 'e2', history: 'h2' });
    expect(takeTurn([waiting, waiting], 0, begun).slots).toEqual([begun, begun]);
    expect(takeTurn([old, old], 0, waiting).slots).toEqual([waiting, waiting]);
  });
});
