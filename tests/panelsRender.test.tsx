/** The panels over a toy run: what they say while waiting, with numbers, and where a number does not exist. */
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it } from 'vitest';
import { DPO_DEFAULTS } from '../src/sim/experimentDefaults.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { createRunStore, type RunClient, type RunStore } from '../src/sim/runStore.ts';
import { RunContext } from '../src/components/run.ts';
import { LossPanel } from '../src/components/panels/LossPanel.tsx';
import { MassFlowPanel } from '../src/components/panels/MassFlowPanel.tsx';
import { MassPanel } from '../src/components/panels/MassPanel.tsx';
import { ResponsesPanel } from '../src/components/panels/ResponsesPanel.tsx';
import { RewardPanel } from '../src/components/panels/RewardPanel.tsx';
import { SpacePanel } from '../src/components/panels/SpacePanel.tsx';
import { SweepPanel } from '../src/components/panels/SweepPanel.tsx';
import { createFakeClient } from './fixtures/fakeRun.ts';

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
  it('wait in words and without numbers', () => {
    client = createFakeClient({ startMs: 1e6 });
    const store = createRunStore(client);
    for (const Panel of ALL) expect(show(store, <Panel />)).not.toContain('data-value');
    store.getState().load(EXPERIMENT);
    for (const Panel of ALL.filter((p) => p !== LossPanel)) expect(show(store, <Panel />)).toContain('is being prepared');
    expect(show(store, <SweepPanel onSweep={noSweep} />)).toContain('Train at β = 0.02, 0.05');
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
    expect(html.match(/data-metric="mass\/ood"/g)).toHaveLength(3);
    expect(html.match(/aria-pressed="true"/g)).toHaveLength(1);
    expect(html).toContain('Back to one β');
  });
  it('sum the changes to zero', async () => {
    const html = show(await storeAt(EXPERIMENT, 50), <MassFlowPanel />);
    const sum = /sum to <strong data-value="([^"]*)"/.exec(html);
    expect(Math.abs(Number(sum![1]))).toBeLessThan(1e-12);
    expect(html).toContain('does not determine which one gave to which');
  });
});
