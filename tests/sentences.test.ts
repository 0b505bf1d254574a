/** The generated sentences, case by case: what they say must be what the numbers say. */
import { expect, test } from 'vitest';
import type { Experiment } from '../src/sim/experiment.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import { DPO_LOSSES } from '../src/sim/experimentRanges.ts';
import { formatProbability } from '../src/sim/numbers.ts';
import { betaWords, headline, lossWords, shareWords, sweptWords } from '../src/sim/sentences.ts';
import { storyOf, stretches, topOod, type Story } from '../src/sim/story.ts';
import { METRICS, metricIndex } from '../src/sim/metrics.ts';
import { collapseWords } from '../src/sim/words.ts';
import { buildWorld, groupResponses, inDistribution, nodeOf } from '../src/sim/world.ts';
import type { Frame, View } from '../src/sim/worker/protocol.ts';

const experiment = PRESETS[0].experiment;

const START: Story['now'] = {
  'mass/chosen': 0.4995, 'mass/rejected': 0.4995, 'mass/otherInDistribution': 0, 'mass/ood': 0.001, loss: Math.LN2,
  objective: 0.49, 'objective/optimal': 0.96,
};

function story({ beta = 0.05, ...change }: Partial<Omit<Story, 'now'>> & { now?: Partial<Story['now']>; beta?: number } = {}): Story {
  const step = change.step ?? 400;
  return {
    experiment, step, trained: [{ updates: step, beta, learningRate: 1, method: null }], swept: null, diverged: false, seed: null, atStart: START, total: 8, collapsed: 0, notFinite: 0, oodCount: 154,
    topOod: { text: 'the the the', share: 0.9, leastShare: 0.6 }, ...change, now: { ...START, ...change.now },
  };
}

/** The words. */
function words(of: Story): string {
  return headline(of).map((fragment) => fragment.text).join('');
}

test('before the first update it says what there is and what to do', () => {
  expect(words(story({ step: 0 }))).toBe('Two sentences, half the probability each. Press Play.');
  expect(words(story({ step: 0, now: { 'mass/chosen': 0.2, 'mass/rejected': 0.7 } })))
    .toBe('One pair: before training, 20 % of the probability is on “on the mat” and 70 % on “on a mat”. Press Play.');
});

test('collapse: the loss, the mass, the response, the seeds', () => {
  const collapsed = story({ collapsed: 7, now: { 'mass/chosen': 0.03, 'mass/rejected': 1e-9, 'mass/ood': 0.97, loss: 0.0213 } });
  expect(words(collapsed)).toBe('After 400 updates at β = 0.05 (median over 8 seeds) the loss has fallen to 0.021, and 97 % of the probability is on responses nobody ever wrote, most of it on “the the the”. 7 of 8 seeds have collapsed.');
  expect(words({ ...collapsed, collapsed: 8 })).toContain('All 8 seeds have collapsed.');
});

test('no collapse names where the probability is, and still counts what leaked', () => {
  const held = story({ step: 1, beta: 0.5, now: { 'mass/chosen': 0.9961, 'mass/rejected': 1e-9, 'mass/ood': 0.0038, loss: 0.0004 } });
  expect(words(held)).toBe('After 1 update at β = 0.5 (median over 8 seeds) the loss has fallen to less than 0.001, and 99.6 % of the probability is on “on the mat”, 0.38 % on responses nobody ever wrote. None of 8 seeds has collapsed.');
});

test('the response named is of the mean over seeds: said wherever it need not hold in each of them', () => {
  const named = (share: number, leastShare: number, total = 8) =>
    words(story({ total, now: { 'mass/ood': 0.97 }, topOod: { text: 'the the the', share, leastShare } }));
  expect(named(0.9, 0.6)).toContain('nobody ever wrote, most of it on “the the the”. ');
  expect(named(0.9, 0.4)).toContain('nobody ever wrote, on average most of it on “the the the”. ');
  expect(named(0.995, 0.6)).toContain('on average nearly all of it on “the the the”. ');
  expect(named(0.9, 0.9, 1)).not.toMatch(/average|median/);
});

test('few collapsed seeds are counted', () => {
  const few = story({ collapsed: 1, now: { 'mass/chosen': 0.8, 'mass/rejected': 0, 'mass/ood': 0.2 } });
  expect(words(few)).toContain('80 % of the probability is on “on the mat”, 20 % on responses nobody ever wrote. 1 of 8 seeds has collapsed.');
});

test('a loss that rises or stays is said to', () => {
  expect(words(story({ now: { loss: 0.9 } }))).toContain('the loss has risen to 0.9,');
  expect(words(story({ now: { loss: 0.6930 } }))).toContain('the loss is still 0.69,');
  expect(words(story({ now: { loss: -0.5 }, atStart: { ...START, loss: -0.2 } }))).toContain('the loss has fallen to −0.5,');
});

test('one seed is named, or spoken of alone', () => {
  expect(words(story({ seed: 3, collapsed: 4, now: { 'mass/ood': 0.99 } }))).toContain(' (seed 3) the loss is still 0.69, and 99.0 % of');
  expect(words(story({ total: 1, collapsed: 1, now: { 'mass/ood': 0.99 } }))).toContain('This seed has collapsed.');
});

test('divergence is said, not clamped', () => {
  expect(words(story({ notFinite: 8 }))).toBe('After 400 updates at β = 0.05 the numbers are no longer finite: the run has diverged. Start over, perhaps with a smaller learning rate.');
  expect(words(story({ notFinite: 2 }))).toContain('2 of 8 seeds have diverged.');
});

test('a run whose β was changed is said to be one, by what trained', () => {
  const schedule = [{ step: 0, beta: 0.05, learningRate: 1 }, { step: 308, beta: 0.5, learningRate: 1 }];
  const at = (step: number, changes = schedule) => words(story({ step, trained: stretches(changes, step) })).split(' (')[0];
  expect(at(601)).toBe('After 308 updates at β = 0.05 and 293 at β = 0.5');
  expect(at(308), 'no update was made at 0.5').toBe('After 308 updates at β = 0.05');
  expect(at(9, [schedule[0], { step: 3, beta: 0.05, learningRate: 0.5 }])).toBe('After 3 updates at learning rate 1 and 6 at learning rate 0.5');
  expect(at(9, [schedule[0], { step: 3, beta: 0.1, learningRate: 0.5 }, { step: 5, beta: 0.1, learningRate: 1 }]))
    .toBe('After 3 updates at β = 0.05 and learning rate 1, 2 at β = 0.1 and learning rate 0.5 and 4 at β = 0.1 and learning rate 1');
  expect(words(story({ step: 9, trained: stretches([0, 1, 2, 4].map((step) => ({ step, beta: step + 1, learningRate: 1 })), 9) })))
    .toContain('After 9 updates, the last 5 at β = 5 after 3 changes (median over 8 seeds) the loss');
  // Knobs that did not change are not named twice; a fork's method is, where it is another one.
  expect(at(9, [schedule[0], { ...schedule[0], step: 3 }])).toBe('After 9 updates at β = 0.05');
  const of = (from: number) => (from < 3 ? 'DPO' : 'IPO');
  const forked = (step: number) => words(story({ step, trained: stretches([schedule[0], { ...schedule[0], step: 3 }], step, of) })).split(' (')[0];
  expect(forked(9)).toBe('After 3 updates of DPO at β = 0.05 and 6 of IPO at β = 0.05');
  expect(forked(3)).toBe('After 3 updates at β = 0.05');
});

test('a run that stopped at numbers that are not finite is said to have diverged, without its last numbers', () => {
  const text = words(story({ step: 4, diverged: true, collapsed: 8, now: { loss: 1.91e36, 'mass/ood': 0.99 } }));
  expect(text).toBe('After 4 updates at β = 0.05 the run has diverged: its numbers stopped being finite. The charts show update 4, the last state that was. Start over, perhaps with a smaller learning rate.');
  expect(words(story({ step: 0, diverged: true }))).toContain('In its first updates the run has diverged');
});

test('a sweep that stands still says where along β the collapse stops', () => {
  const swept = (...counts: number[]) => sweptWords(counts.map((collapsed, i) => ({ beta: [0.05, 0.2, 0.5][i], collapsed })), 8);
  expect(swept(8, 0)).toBe('8 of 8 seeds have collapsed at β = 0.05, none at β = 0.2.');
  expect(swept(8, 3, 0)).toBe('3 of 8 seeds have collapsed at β = 0.2, none at β = 0.5.');
  expect(swept(1, 0, 0)).toBe('1 of 8 seeds has collapsed at β = 0.05, none at β = 0.2 or above.');
  expect(swept(0, 0, 0)).toBe('No seed has collapsed at any of the 3 β from 0.05 to 0.5.');
  expect(swept(8, 8, 8)).toBe('Every seed has collapsed at each of the 3 β from 0.05 to 0.5.');
  expect(swept(8, 5, 2)).toBe('8 of 8 seeds have collapsed at β = 0.05, 2 at β = 0.5.');
  expect(swept(0, 8, 0)).toBe('8 of 8 seeds have collapsed at β = 0.2, none at β = 0.05.');
  expect(words(story({ swept: [{ beta: 0.05, collapsed: 8 }, { beta: 0.5, collapsed: 0 }], collapsed: 8 }))).toMatch(/\. 8 of 8 seeds have collapsed at β = 0\.05, none at β = 0\.5\.$/);
});

test('sentence and charts round one number the same way', () => {
  for (let i = 0; i <= 100_000; i++) {
    const p = i / 100_000;
    const [prose, chart] = [shareWords(p), formatProbability(p)].map((text) => text.replace('more than', '>'));
    if (p >= 0.99) expect(prose, String(p)).toBe(chart);
  }
  expect([shareWords(0.99563), formatProbability(0.99563)]).toEqual(['99.6 %', '99.6 %']);
});

test('a reference that covers everything has nothing out of distribution', () => {
  const covered = words(story({ oodCount: 0, topOod: null, now: { 'mass/chosen': 0.1, 'mass/rejected': 0.1, 'mass/otherInDistribution': 0.8, 'mass/ood': 0 } }));
  expect(covered).toContain('80 % of the probability is on other responses of the reference.');
  expect(covered).not.toMatch(/nobody|collapsed/);
});

test('sampled preferences and several prompts', () => {
  const sampled: Experiment = { ...experiment, preferences: { sampled: { count: 256, from: 'reference', labels: 'bradley-terry', temperature: 1, lengthBias: 0 } } };
  expect(words(story({ step: 0, experiment: sampled }))).toBe('256 pairs drawn from the reference, labelled by chance as Bradley–Terry says. Press Play.');
  expect(words(story({ experiment: sampled, now: { 'mass/chosen': 0.7, 'mass/rejected': 0.2, 'mass/ood': 0.1 } }))).toContain('70 % of the probability is on chosen responses');
  const [pair] = 'pairs' in experiment.preferences ? experiment.preferences.pairs : [];
  const two: Experiment = { ...experiment, world: { ...experiment.world, prompts: ['a?', 'b?'] }, preferences: { pairs: [pair, { ...pair, prompt: 1 }] } };
  expect(words(story({ step: 0, experiment: two }))).toMatch(/^Two prompts, two pairs: before training \(mean over 2 prompts\), .* on chosen responses and .* on rejected responses/);
  expect(words(story({ experiment: two }))).toMatch(/^After 400 updates at β = 0\.05 \(median over 8 seeds, mean over 2 prompts\) the loss/);
  expect(words(story({ experiment: two, total: 1 }))).toContain('0.05 (mean over 2 prompts) the loss');
});

test('the exact algorithm reports its objective', () => {
  const exact: Experiment = { ...experiment, algorithm: { kind: 'exact', beta: 0.05 } };
  expect(words(story({ experiment: exact, now: { objective: 0.95, 'mass/chosen': 0.99, 'mass/ood': 1e-6 } }))).toContain('the objective is 0.95 of at most 0.96, and 99.0 %');
});

test('every number in a sentence carries its metric at full precision', () => {
  const fragments = headline(story({ now: { 'mass/ood': 0.97123456789, loss: 0.0123456789 } })).filter((fragment) => fragment.metric);
  expect(fragments.map(({ metric, value }) => [metric, value])).toEqual([['loss', 0.0123456789], ['mass/ood', 0.97123456789]]);
});

test('shares and losses in prose', () => {
  expect([1, 0.9995, 0.9949, 0.5, 0.038, 0.0038, 0.00012, 0.00001].map(shareWords))
    .toEqual(['100 %', 'more than 99.9 %', '99.5 %', '50 %', '3.8 %', '0.38 %', '0.012 %', 'less than 0.01 %']);
  expect([0.0213, 12.345, 0, -0.25, 0.0004, -0.0004, 1.91e36].map(lossWords)).toEqual(['0.021', '12.3', '0', '−0.25', 'less than 0.001', 'just below 0', 'more than a million']);
  expect(words(story({ now: { loss: 0 } }))).toContain('the loss has fallen to less than 0.001, and');
  expect([[0, 1], [1, 1], [0, 8], [1, 8], [8, 8]].map(([n, of]) => collapseWords(n, of)))
    .toEqual(['This seed has not collapsed.', 'This seed has collapsed.', 'None of 8 seeds has collapsed.', '1 of 8 seeds has collapsed.', 'All 8 seeds have collapsed.']);
});

test('β is called what it is in the loss that reads it', () => {
  const [sigmoid] = [experiment.algorithm].filter((algorithm) => algorithm.kind === 'dpo');
  const called = (loss: typeof sigmoid.loss) => betaWords({ ...experiment, algorithm: { ...sigmoid, loss } });
  expect(called('sigmoid')).toBe('the tie to the reference');
  for (const loss of DPO_LOSSES.filter((name) => name !== 'sigmoid')) expect(called(loss), loss).not.toContain('the tie');
  expect(called('simpo')).not.toContain('reference');
  expect(betaWords({ ...experiment, algorithm: { kind: 'exact', beta: 1 } })).toBe('the price of KL');
});

test('the story takes its facts from frame, view and history', () => {
  const world = buildWorld(experiment.world);
  const pair = { chosen: nodeOf(world, 0, 'on the mat'), rejected: nodeOf(world, 0, 'on a mat') };
  const groups = groupResponses(inDistribution(world, experiment), [pair]);
  const logps = new Float64Array(world.responseCount).fill(-30);
  logps[nodeOf(world, 0, 'the the the')] = Math.log(0.6);
  logps[nodeOf(world, 0, 'the the')] = Math.log(0.2);
  const focus = { seedIndex: null, sweepIndex: 0 };
  const view: View = { focus, beta: 0.05, refLogps: logps, optimalLogps: null, gold: null, groups, paired: new Uint8Array(groups.length), referenceKl: new Float64Array(8), rewardModel: null, frontier: null };
  expect(topOod(world, view, logps, 1)).toEqual({ text: 'the the the', share: expect.closeTo(0.75, 6), leastShare: expect.closeTo(0.75, 6) });
  expect(topOod(world, view, logps, 8), 'one of eight seeds may have none of it').toMatchObject({ leastShare: 0 });
  // Mean 0.6 over two seeds: at least 0.2 in each, beside at most 2 × 0.2 on the others.
  expect(topOod(world, view, logps, 2)).toMatchObject({ leastShare: expect.closeTo(0.2 / 0.6, 6) });
  const metrics = new Float64Array(METRICS.length * 8).fill(0.25);
  [0.1, 0.2, 0.6, 0.7, 0.8, 0.9, 0.95, NaN].forEach((mass, i) => { metrics[metricIndex('mass/ood') * 8 + i] = mass; });
  metrics[metricIndex('loss') * 8 + 7] = NaN;
  const frame: Frame = { step: 7, metrics, logps, focus, scores: null, between: [], judged: [], iteration: null, duels: null, updatesPerSecond: 0 };
  const facts = storyOf({ experiment, world, frame, view, focus, policyCount: 8, start: metrics });
  expect(facts).toMatchObject({ step: 7, trained: [{ updates: 7, beta: 0.05, learningRate: 1 }], swept: null, total: 8, collapsed: 5, notFinite: 1, oodCount: 154, now: { 'mass/ood': 0.7 } });
  const swept = { ...experiment, seeds: [0, 1, 2, 3], sweep: { beta: [0.5, 0.05] } };
  expect(storyOf({ experiment: swept, world, frame, view, focus, policyCount: 8, start: metrics, still: true }))
    .toMatchObject({ trained: [{ updates: 7, beta: 0.5 }], swept: [{ beta: 0.05, collapsed: 3 }, { beta: 0.5, collapsed: 2 }] });
});
