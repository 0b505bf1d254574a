/** The panels over a toy run: what they say while waiting, with numbers, and where a number does not exist. */
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DPO_DEFAULTS } from '../src/sim/experimentDefaults.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { focusedExperiment, focusMembers, focusValue } from '../src/sim/focus.ts';
import { appendFrame, emptyHistory } from '../src/sim/history.ts';
import { METRICS, metricIndex, type MetricId } from '../src/sim/metrics.ts';
import { createRunStore, type RunClient, type RunStatus, type RunStore } from '../src/sim/runStore.ts';
import { RunContext } from '../src/components/run.ts';
import { LossFormula, LossPanel } from '../src/components/panels/LossPanel.tsx';
import { MassFlowPanel } from '../src/components/panels/MassFlowPanel.tsx';
import { MassPanel } from '../src/components/panels/MassPanel.tsx';
import { referenceWords, ResponsesPanel } from '../src/components/panels/ResponsesPanel.tsx';
import { RewardPanel, tieWords } from '../src/components/panels/RewardPanel.tsx';
import { SpacePanel } from '../src/components/panels/SpacePanel.tsx';
import { findingOf, SweepPanel } from '../src/components/panels/SweepPanel.tsx';
import { createFakeClient } from './fixtures/fakeRun.ts';

// Without a layout every box is 0 wide and the charts draw nothing.
vi.mock('../src/components/charts/useBox.ts', () => ({ useBox: () => [() => undefined, { width: 800, height: 320, rem: 16, theme: '' }] }));

const EXPERIMENT: Experiment = {
  version: 1, name: 'x', world: { words: ['the', 'a', 'cat', 'mat', 'on'], maxLength: 3, prompts: ['Where is the cat?'] },
  reference: { kind: 'corpus', corpus: [{ prompt: 0, response: 'on the mat', weight: 1 }, { prompt: 0, response: 'on a mat', weight: 1 }], smoothing: 0.001 },
  gold: { responses: [{ prompt: 0, response: 'on the mat', reward: 1 }], otherwise: -2, perWord: {}, containsWord: {}, perToken: 0 },
  preferences: { pairs: [{ prompt: 0, chosen: 'on the mat', rejected: 'on a mat', weight: 1 }] },
  policy: { kind: 'mlp', hidden: [16] }, algorithm: { ...DPO_DEFAULTS, beta: 0.05 }, optimizer: { kind: 'sgd', learningRate: 1 },
  steps: 100, seeds: [0, 1, 2],
};
const ALL = [MassPanel, LossPanel, ResponsesPanel, SpacePanel, MassFlowPanel, RewardPanel];

let client: RunClient | null = null;
afterEach(() => client?.restart());

async function storeAt(experiment: Experiment, updates: number): Promise<RunStore> {
  client = createFakeClient({ startMs: 0 });
  const store = createRunStore(client);
  store.getState().load(experiment);
  await expect.poll(() => store.getState().state).toBe('paused');
  if (updates > 0) store.getState().stepBy(updates);
  return store;
}
const show = (store: RunStore, panel: React.ReactNode) => renderToString(<RunContext value={store}>{panel}</RunContext>).replaceAll('<!-- -->', '');
const noSweep = () => undefined;

describe('panels', () => {
  it('wait in words and without numbers', async () => {
    client = createFakeClient({ startMs: 1e6 });
    const store = createRunStore(client);
    for (const Panel of ALL) expect(show(store, <Panel />)).not.toContain('data-value');
    store.getState().load(EXPERIMENT);
    for (const Panel of ALL.filter((p) => p !== LossPanel)) expect(show(store, <Panel />)).toContain('is being prepared');
    await expect.poll(() => show(store, <SweepPanel onSweep={noSweep} />)).toContain('Train at β = 0.02, 0.05');
  });
  it('name the responses and the exact optimum, with exact values', async () => {
    const store = await storeAt(EXPERIMENT, 50);
    const html = show(store, <ResponsesPanel />);
    for (const text of ['on the mat', 'on a mat', 'the the the', 'the exact optimum']) expect(html).toContain(text);
    const y = store.getState().frame!.logps;
    const shown = [...html.matchAll(/data-response="([^"]*)" data-value="([^"]*)"/g)];
    expect(shown).toHaveLength(8);
    for (const [, , value] of shown) expect([...y].some((l) => Math.exp(l) === Number(value))).toBe(true);
  });
  it('carry the metric and its full value', async () => {
    const store = await storeAt(EXPERIMENT, 50);
    const html = show(store, <RewardPanel />);
    for (const id of ['rewards/chosen', 'rewards/rejected', 'rewards/margins', 'rewards/accuracies', 'logps/chosen', 'kl', 'klToOptimal', 'objective', 'objective/optimal']) {
      expect(html).toMatch(new RegExp(`data-metric="${id}" data-value="-?[0-9.e-]+"`));
    }
  });
  it('say why a number does not exist', async () => {
    const { gold: _, ...withoutGold } = EXPERIMENT;
    const store = await storeAt(withoutGold, 10);
    expect(show(store, <RewardPanel />)).toContain('there is no gold reward in this experiment');
    expect(show(store, <ResponsesPanel />)).toContain('no gold reward, so no π*');
  });
  it('show one cell per β of a sweep, the focused one pressed', async () => {
    const store = await storeAt({ ...EXPERIMENT, sweep: { beta: [0.05, 0.1, 0.5] } }, 50);
    store.getState().setFocus({ seedIndex: null, sweepIndex: 2 });
    const html = show(store, <SweepPanel onSweep={noSweep} />);
    expect(html.match(/data-sweep-value="0\.\d+"/g)).toHaveLength(3);
    expect(html).not.toContain('data-metric');
    expect(html.match(/aria-pressed="true"/g)).toHaveLength(1);
    expect(html).toContain('The same at several β');
    expect(html).toContain('Back to one β');
  });
  it('offer no way back to one β where another knob is swept', async () => {
    const store = await storeAt({ ...EXPERIMENT, sweep: { learningRate: [0.5, 1] } }, 10);
    const html = show(store, <SweepPanel onSweep={noSweep} />);
    expect(html).not.toMatch(/several β|one β/);
    expect(html).toContain('The same at several values of learning rate η');
    expect(html).toContain('learning rate η = 0.5');
  });
  it('invite to a sweep with what is seen so far', async () => {
    const html = show(await storeAt(EXPERIMENT, 100), <SweepPanel onSweep={noSweep} />);
    expect(html).toMatch(/At β = 0\.05, (all |none of )?\d/);
    expect(html).not.toContain('where the collapse stops');
  });
  it.each([[null], [1]])('give every metric the value of the focus (seed index %s)', async (seedIndex) => {
    const store = await storeAt({ ...EXPERIMENT, sweep: { beta: [0.05, 0.5] } }, 50);
    const focus = { seedIndex, sweepIndex: 1 };
    store.getState().setFocus(focus);
    const { experiment, frame, members } = store.getState();
    const html = ALL.map((Panel) => show(store, <Panel />)).join('');
    const shown = [...html.matchAll(/data-metric="([^"]*)" data-value="([^"]*)"/g)];
    expect(new Set(shown.map(([, id]) => id))).toEqual(new Set([
      'mass/chosen', 'mass/rejected', 'mass/ood', 'loss', 'rewards/chosen', 'rewards/rejected', 'rewards/margins', 'rewards/accuracies',
      'logps/chosen', 'logps/rejected', 'kl', 'klToOptimal', 'objective', 'objective/optimal',
    ]));
    for (const [, id, value] of shown) {
      expect(Number(value), id).toBe(focusValue(frame!.metrics, members.length, id as MetricId, focusMembers(experiment!, focus)));
    }
    expect(html).toContain(seedIndex === null ? 'median and 10–90 % band over 3 seeds' : 'seed 1, and the 10–90 % band over 3 seeds');
  });
  it('write the formula of the focused policies', () => {
    const swept: Experiment = { ...EXPERIMENT, sweep: { beta: [0.05, 0.5], labelSmoothing: [0, 0.2], nllWeight: [0, 3] } };
    const formula = (sweepIndex: number) => renderToString(<LossFormula experiment={focusedExperiment(swept, { sweepIndex })} />);
    expect(formula(0)).toMatch(/β = 0\.05$/);
    expect(formula(7)).toMatch(/β = 0\.5, ε = 0\.2, λₙ = 3$/);
    expect(formula(0)).not.toContain('\\varepsilon');
    expect(formula(7)).toContain('\\varepsilon');
  });
  it('keep saying the old experiment’s knobs while it is being replaced', async () => {
    const store = await storeAt(EXPERIMENT, 50);
    const sweep = () => show(store, <SweepPanel onSweep={noSweep} />);
    expect(sweep()).toContain('At β = 0.05, none of 3');
    const next: Experiment = { ...EXPERIMENT, algorithm: { ...DPO_DEFAULTS, beta: 0.7 } };
    const replacing: Partial<RunStatus> = { experiment: next, replacing: { view: null, shown: EXPERIMENT } };
    store.setState(replacing);
    await expect.poll(sweep).toContain('Train at β = 0.02, 0.05, 0.1, 0.2, 0.7, 1');
    expect(sweep()).toContain('At β = 0.05, none of 3');
    expect(show(store, <ResponsesPanel />)).toContain('was fitted to within');
    store.setState({ experiment: { ...next, policy: { kind: 'tabular' } }, replacing: null });
    await expect.poll(sweep).toContain('At β = 0.7, none of 3');
    expect(show(store, <ResponsesPanel />)).toContain('is exactly its target');
  });
  it('say how well the reference was fitted', async () => {
    const store = await storeAt(EXPERIMENT, 10);
    const { view } = store.getState();
    const kl = [0.0017, 0.00199, 0.0018];
    const fitted = { ...view!, referenceKl: Float64Array.from(kl) };
    expect(referenceWords(EXPERIMENT, fitted)).toBe('was fitted to within KL 0.00199 nats of its target (worst of 3 seeds).');
    expect(referenceWords(EXPERIMENT, { ...fitted, focus: { seedIndex: 2, sweepIndex: 0 } })).toBe('was fitted to within KL 0.00180 nats of its target (seed 2).');
    expect(referenceWords({ ...EXPERIMENT, policy: { kind: 'tabular' } }, fitted)).toMatch(/^is exactly its target/);
    expect(show(store, <ResponsesPanel />)).toMatch(/π<sub>ref<\/sub><\/span> was fitted to within KL 0\.00/);
  });
  it('always track “the the the”, also where it is rejected', async () => {
    const pairs = ['on a mat', 'the the the', 'a a a', 'cat', ''].map((rejected) => ({ prompt: 0, chosen: 'on the mat', rejected, weight: 1 }));
    const store = await storeAt({ ...EXPERIMENT, preferences: { pairs } }, 100);
    const html = show(store, <ResponsesPanel />);
    expect(html).toContain('data-response="the the the"');
    expect(html).toContain('Always shown: the chosen response, the two rejected responses likeliest in the reference and <span class="lab-serif">“the the the”</span>.');
  });
  it('say at the numbers whether they are a median, a mean or one seed', async () => {
    const store = await storeAt(EXPERIMENT, 50);
    // On the server a selector sees the first state.
    const begun = { ...store, getInitialState: store.getState };
    expect(show(begun, <ResponsesPanel />)).toContain('<option value="mean" selected="">π, mean of 3 seeds</option>');
    const ends = () => [...show(store, <><MassPanel /><LossPanel /></>).matchAll(/data-metric="[^"]*"[^>]*>(?:<title>[^<]*<\/title>)?([^<]*)</g)].map(([, text]) => text);
    expect(ends()).toHaveLength(4);
    for (const text of ends()) expect(text).toMatch(/^median /);
    store.getState().setFocus({ seedIndex: 1, sweepIndex: 0 });
    await expect.poll(() => ends().some((text) => text.startsWith('median'))).toBe(false);
  });
  it('say that the masses of several prompts are a mean, and count the responses of one prompt', async () => {
    const store = await storeAt({ ...EXPERIMENT, world: { ...EXPERIMENT.world, prompts: ['p', 'q'] } }, 10);
    expect(show(store, <MassPanel />)).toContain('by updates, mean over 2 prompts');
    const html = show(store, <SpacePanel />);
    expect(html).toContain('nobody wrote (OOD) (154)');
    expect(html).toContain('156 responses');
    expect(show(await storeAt(EXPERIMENT, 10), <MassPanel />)).not.toContain('mean over');
  });
  it('say of an exact tie at update 0 that no pair is ranked yet', async () => {
    const values = (chosen: number) => {
      const metrics = new Float64Array(METRICS.length);
      metrics[metricIndex('rewards/chosen')] = chosen;
      return metrics;
    };
    const history = (step: number, chosen: number) => appendFrame(emptyHistory(METRICS.length, 1), step, values(chosen));
    expect(tieWords(history(0, 0), [0])).toBe('no pair is ranked yet (update 0: all ties)');
    expect(tieWords(history(0, -0.1), [0])).toBeNull();
    expect(tieWords(history(1, 0), [0])).toBeNull();
    expect(show(await storeAt(EXPERIMENT, 0), <RewardPanel />)).toContain('no pair is ranked yet');
    expect(show(await storeAt(EXPERIMENT, 50), <RewardPanel />)).not.toContain('no pair is ranked yet');
  });
  it('mark π* off the logarithmic scale by a pointer that the legend explains', async () => {
    const { gold: _, ...withoutGold } = EXPERIMENT;
    const pointers = (html: string) => html.match(/bars-optimal" data-below="true"/g)?.length ?? 0;
    const store = await storeAt({ ...EXPERIMENT, algorithm: { ...DPO_DEFAULTS, beta: 0.05 } }, 10);
    const html = show(store, <ResponsesPanel />);
    expect(pointers(html)).toBeGreaterThan(1);
    expect(html).toContain('π* ≤ 10⁻⁶');
    expect(show(await storeAt(withoutGold, 10), <ResponsesPanel />)).not.toContain('≤ 10⁻⁶');
  });
  it('label every tile of a sweep with its axes, and say where the collapse stops', async () => {
    const html = show(await storeAt({ ...EXPERIMENT, sweep: { beta: [0.05, 0.5] } }, 50), <SweepPanel onSweep={noSweep} />);
    expect(html.match(/class="mini-y"[^>]*>(0|50|100) %/g)).toHaveLength(6);
    expect(html.match(/<span>0<\/span><span>updates<\/span><span>100<\/span>/g)).toHaveLength(2);
    expect(html).toMatch(/After 50 updates: \S.+ at .*β/);
    const swept = { ...EXPERIMENT, sweep: { beta: [0.05, 0.5] } };
    expect(findingOf(swept, 800, [3, 0])).toBe('After 800 updates: all 3 seeds collapse at β = 0.05, none at β = 0.5.');
    expect(findingOf(swept, 0, [0, 0])).toMatch(/^Nothing has moved yet/);
    expect(findingOf({ ...EXPERIMENT, sweep: { beta: [1, 2], learningRate: [1, 2] } }, 9, [0, 0, 0, 0]).trim()).toBe('');
  });
  it('keep the names of the page in tables and legends', async () => {
    const { createElement } = await import('react');
    const { DataTable } = await import('../src/components/charts/DataTable.tsx');
    expect(renderToString(createElement(DataTable, { build: () => ({ caption: '', head: [], rows: [] }), word: 'Table of the masses' }))).toContain('Table of the masses');
    const html = show(await storeAt(EXPERIMENT, 10), <><SpacePanel /><MassFlowPanel /></>);
    expect(html.match(/nobody wrote \(OOD\)/g)!.length).toBeGreaterThan(1);
    expect(html).not.toContain('nobody wrote it');
  });
  it('sum the changes to zero', async () => {
    const html = show(await storeAt(EXPERIMENT, 50), <MassFlowPanel />);
    const sum = /sum to <strong data-value="([^"]*)"/.exec(html);
    expect(Math.abs(Number(sum![1]))).toBeLessThan(1e-12);
    expect(html).toContain('does not determine which one gave to which');
  });
});
