/** Chapter 9 over a real run of remedies: the page's numbers are the run's, its words follow from them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { readyRun } from '../src/components/chapter/ready.ts';
import { methodsOfRun, sideBySide as stateOf } from '../src/components/chapter8/useMethods.ts';
import { seriesStore } from '../src/components/chapter8/series.ts';
import { RemedyPanel } from '../src/components/chapter9/RemedyPanel.tsx';
import { WorldsPanel } from '../src/components/chapter9/WorldsPanel.tsx';
import { quantile } from '../src/sim/history.ts';
import { spreadOf, type MethodFacts } from '../src/sim/methodFacts.ts';
import { metricIndex, type MetricId } from '../src/sim/metrics.ts';
import { remediesTheTheThe } from '../src/sim/presets/remedies.ts';
import { addsNothing, givesAwayWords, protectsWords, rangeWords, remediesSentence, verdictOf } from '../src/sim/sentences9.ts';
import { methodPage, type MethodPage } from './fixtures/methodPage.tsx';

const PRESET = { ...remediesTheTheThe, methods: ['dpo', 'ipo', 'dpop'], experiment: { ...remediesTheTheThe.experiment, seeds: [0, 1], policy: { kind: 'tabular' } as const, steps: 60 } };
const METRICS_SHOWN: readonly MetricId[] = ['mass/ood', 'mass/chosen', 'goldReward', 'kl'];

describe('three methods', () => {
  let page: MethodPage;
  beforeAll(async () => {
    page = await methodPage(PRESET);
    await page.trainTo(40);
  });

  it('show every metric’s median, a dot for every seed, and what they protect and give away', () => {
    const html = page.show(<RemedyPanel />);
    const { metrics } = page.run.getState().frame!;
    for (const id of METRICS_SHOWN) {
      const shown = [...html.matchAll(new RegExp(`data-metric="${id}" data-value="([^"]*)"`, 'g'))].map(([, value]) => Number(value));
      expect(shown).toEqual([0, 1, 2].map((a) => quantile([0, 1].map((s) => metrics[metricIndex(id) * 6 + a * 2 + s]), 0.5)));
    }
    expect(html.match(/<circle/g)).toHaveLength(3 * 2 * METRICS_SHOWN.length);
    const run = readyRun(page.run.getState())!;
    for (const facts of methodsOfRun(run)) {
      const row = html.match(new RegExp(`<section class="remedy" data-method="${facts.id}".*?</section>`))![0];
      expect(row).toContain(protectsWords(facts));
      expect(row).toContain(givesAwayWords(facts));
      expect(row).toContain(`data-verdict="${verdictOf(facts)}"`);
    }
  });

  it('and their sentence compares the remedies with plain DPO', () => {
    const run = readyRun(page.run.getState())!;
    const text = remediesSentence(stateOf(run)).map((fragment) => fragment.text).join('');
    // A tabular policy shares nothing between contexts: nothing drifts.
    expect(text).toMatch(/^After 40 updates, offline DPO has .+ of its probability on responses nobody ever wrote \(median of 2 seeds\)\. IPO and DPOP keep it at 5 % or less in every seed\.$/);
  });

  it('a kept result fills its column of the three worlds', () => {
    const facts = methodsOfRun(readyRun(page.run.getState())!);
    seriesStore.setState({ results: { 'remedies-near-pairs': { preset: 'remedies-near-pairs', step: 40, methods: facts, duels: null, seeds: 2 } } });
    // Rendered to a string, a store shows what it began with.
    seriesStore.getInitialState = seriesStore.getState;
    const cells = [...page.show(<WorldsPanel />).matchAll(/data-world="remedies-near-pairs" data-verdict="([a-z]+)">([^<]+)</g)];
    expect(cells.map(([, verdict, range]) => [verdict, range])).toEqual(facts.map((own) => [verdictOf(own), rangeWords(own.now('mass/ood'))]));
  });
});

describe('the words', () => {
  const facts = (id: string, label: string, ood: number[], chosen: number[] = [0.99, 0.99], more: Partial<MethodFacts> = {}): MethodFacts => {
    const now: Partial<Record<MetricId, number[]>> = { 'mass/ood': ood, 'mass/chosen': chosen, objective: [0.5, 0.5], 'objective/optimal': [0.9, 0.9] };
    return {
      index: 0, id, label, short: label, explanation: '', experiment: PRESET.experiment, members: ood.map((_, s) => s),
      now: (metric) => spreadOf(now[metric] ?? [NaN]), start: () => spreadOf([0.5, 0.5]),
      collapsed: ood.filter((mass) => mass > 0.5).length, broken: 0, ...more,
    };
  };
  const plain = facts('dpo', 'Offline DPO', [0.96, 0.98], [0, 0]);
  const sentence = (...remedies: MethodFacts[]) => remediesSentence({ step: 800, methods: [plain, ...remedies], optimalReward: 1, diverged: false }).map(({ text }) => text).join('');

  it('say of every remedy whether it holds in every seed, in part or in none', () => {
    expect([verdictOf(facts('a', 'A', [0.01, 0.05])), verdictOf(facts('a', 'A', [0.01, 0.06])), verdictOf(facts('a', 'A', [0.6, 0.9])), verdictOf(plain)]).toEqual(['holds', 'partly', 'fails', 'fails']);
    expect(verdictOf(facts('a', 'A', [0.01, 0.01], [1, 1], { broken: 1 }))).toBe('partly');
    expect(sentence(facts('a', 'AA', [0.01, 0.02]), facts('b', 'BB', [0.01, 0.3]), facts('c', 'CC', [0.8, 0.9])))
      .toBe('After 800 updates, offline DPO has 97 % of its probability on responses nobody ever wrote (median of 2 seeds). AA keeps it at 5 % or less in every seed. BB leaves more in some seed. CC does not help: over half is gone in every seed.');
    expect(sentence(facts('a', 'AA', [0.01, 0.02]), facts('b', 'BB', [0.01, 0.02]))).toContain('AA and BB keep it at 5 % or less in every seed.');
    expect(sentence(facts('a', 'AA', [0.01, 0.8, 0.9]))).toContain('AA does not help: over half is gone in most seeds.');
    expect(sentence(facts('a', 'AA', [0.01, NaN], [1, 1], { broken: 1 }))).toContain('AA in 1 of 2 seeds: numbers are no longer finite.');
  });

  it('say where the chosen responses went, and only a difference that there is', () => {
    expect(protectsWords(facts('a', 'A', [0.003, 0.004]))).toBe('At most 0.4 % on what nobody wrote; chosen rises from 50 % to 99.0 %.');
    expect(protectsWords(facts('a', 'A', [0.45, 0.55], [0.49, 0.51]))).toBe('Between 45 % and 55 % on what nobody wrote; chosen stays at 50 % (reference: 50 %).');
    expect(protectsWords(facts('a', 'A', [0.2], [0.49])), 'one seed').toMatch(/^20 % on what nobody wrote;/);
    expect(protectsWords(facts('a', 'A', [0.7, 0.9], [0.1, 0.2]))).toBe('Nothing: 70 to 90 % on what nobody wrote; chosen falls from 50 % to 15 %.');
    expect(protectsWords(facts('a', 'A', [1e-7, 2e-7]))).toContain('Less than 0.01 % on what nobody wrote');
  });

  it('say of a length term that it adds nothing where the responses of a pair are equally long, instead of a verdict', () => {
    const { experiment } = PRESET;
    const { algorithm } = experiment;
    if (algorithm.kind !== 'dpo') throw new Error('the preset must train by DPO');
    const withTerm = (chosen: string) => ({ ...experiment, algorithm: { ...algorithm, lengthAlpha: 0.1 }, preferences: { pairs: [{ prompt: 0, chosen, rejected: 'on a mat', weight: 1 }] } });
    const idle = facts('r-dpo', 'R-DPO', [0.96, 0.98], [0, 0], { experiment: withTerm('on the mat') });
    expect([addsNothing(idle), addsNothing(plain), addsNothing({ experiment: withTerm('on mat') })]).toEqual([true, false, false]);
    expect(sentence(facts('a', 'AA', [0.01, 0.02]), idle)).toMatch(/AA keeps it at 5 % or less in every seed\. R-DPO adds nothing here: the responses of a pair are equally long\.$/);
    expect(protectsWords(idle)).toBe('Nothing of its own: both responses of a pair are equally long, so its length term is 0 and it is plain DPO.');
  });

  it('say how far J stays below the best, and nothing without a gold reward', () => {
    expect(givesAwayWords(facts('a', 'A', [0.1, 0.1]))).toBe('0.4 of J, whose best is 0.900.');
    expect(givesAwayWords(facts('a', 'A', [0.1, 0.1], [1, 1], { now: () => spreadOf([NaN]) }))).toBe('');
  });

  it('ranges are one number where both ends read the same', () => {
    expect([rangeWords(spreadOf([0.1, 0.7])), rangeWords(spreadOf([0.101, 0.102])), rangeWords(spreadOf([1e-6, 0.2]))]).toEqual(['10 to 70 %', '10 %', 'less than 0.01 % to 20 %']);
  });
});
