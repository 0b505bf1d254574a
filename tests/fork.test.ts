/** Forks with the real engine: what they keep of a state, how they are named, and that a description makes the same run again. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { differenceWords } from '../src/sim/differenceWords.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { BRANCH_BYTES, BRANCHES_KEPT, forkProblem, withBranch, type Branch, type Fork } from '../src/sim/fork.ts';
import { emptyHistory, historyPoints } from '../src/sim/history.ts';
import { experimentOf } from './experimentOf.ts';
import { openEngineStore, startTogether } from './fixtures/engineLoop.ts';
import { BACKENDS, switchBackend, type TestBackend } from './product.ts';

const WORLD = {
  world: { words: ['the', 'a', 'cat'], maxLength: 2, prompts: ['x'] },
  reference: { kind: 'corpus', smoothing: 0.3, corpus: [{ prompt: 0, response: 'the cat', weight: 2 }, { prompt: 0, response: 'a cat', weight: 1 }] },
  gold: { otherwise: 0, perWord: { cat: 0.8, a: -0.5 } },
  preferences: { pairs: [{ prompt: 0, chosen: 'the cat', rejected: 'a cat' }, { prompt: 0, chosen: 'the', rejected: 'the the', weight: 0.5 }] },
  seeds: [0, 1],
  policy: { kind: 'mlp', hidden: [6] },
};
const ADAM = { kind: 'adam', learningRate: 0.02 };
const make = (file: Record<string, unknown>): Experiment => experimentOf({ ...WORLD, optimizer: ADAM, steps: 60, ...file });
const DPO = make({ algorithm: { kind: 'dpo', beta: 0.1 } });
const ONLINE = make({ algorithm: { kind: 'online-dpo', beta: 0.1, resampleEvery: 7, pairsPerResample: 3 } });
const PPO = make({ algorithm: { kind: 'ppo', beta: 0.3, rolloutBatch: 8, epochs: 2, minibatches: 2 } });
const IPO = make({ algorithm: { kind: 'dpo', beta: 0.1, loss: 'ipo' } });
const SGD = make({ algorithm: { kind: 'dpo', beta: 0.1 }, optimizer: { kind: 'sgd', learningRate: 0.3 } });
const atBeta = (experiment: Experiment, beta: number): Experiment => ({ ...experiment, algorithm: { ...experiment.algorithm, beta } });

type Store = ReturnType<typeof openEngineStore>;
const open: Store[] = [];
afterEach(async () => { for (const store of open.splice(0)) await store.close(); });

function opened(backend: TestBackend): Store {
  const store = openEngineStore(backend);
  open.push(store);
  return store;
}

/** A run of an experiment that stands at an update. */
async function standing(backend: TestBackend, experiment: Experiment, step: number): Promise<Store> {
  const store = opened(backend);
  store.now().load(experiment);
  await store.settled(0);
  if (step > 0) store.now().stepBy(step);
  await store.settled(step);
  return store;
}

async function forkAndFinish(store: Store, change: Experiment): Promise<void> {
  const { run } = store.now();
  store.now().fork(change);
  await store.until(() => store.now().run === run + 1);
  await store.settled();
  store.now().play();
  await store.settled(change.steps);
}

const tensorsOf = (store: Store, prefix = '') => store.now().snapshot!.tensors.filter(({ name }) => name.startsWith(prefix));

describe.each(BACKENDS)('on %s', (backend) => {
  beforeEach(() => switchBackend(backend));

  it.each([['dpo', DPO], ['online dpo', ONLINE], ['ppo', PPO]])('%s: a fork at another β is the run whose β was changed there, bit for bit', async (_, experiment) => {
    const store = await standing(backend, experiment, 24);
    await forkAndFinish(store, atBeta(experiment, 0.7));
    const run = await startTogether([experiment]);
    while (run.step < 24) await run.update();
    run.retune({ beta: 0.7 });
    while (run.step < 60) await run.update();
    const { metrics } = await run.measure();
    expect(store.now().frame!.metrics).toEqual(metrics);
    expect(store.now().snapshot).toEqual(await run.snapshot());
    run.dispose();
  });

  it('a description, through JSON, makes the same run again in a fresh page: knobs that were changed, forks of forks', async () => {
    const store = await standing(backend, DPO, 11);
    store.now().retune({ beta: 0.4 });
    store.now().stepBy(6);
    await store.until(() => store.now().step === 17);
    const { run } = store.now();
    store.now().fork({ ...ONLINE, steps: 60 });
    await store.until(() => store.now().run === run + 1);
    await store.settled(17);
    store.now().stepBy(10);
    await store.settled(27);
    store.now().retune({ learningRate: 0.01 });
    store.now().stepBy(6);
    await store.settled(33);
    await forkAndFinish(store, PPO);
    const description = JSON.parse(JSON.stringify(store.now().forkedFrom)) as Fork;
    expect(description).toMatchObject({ step: 33, changes: [{ step: 27, learningRate: 0.01 }], from: { step: 17, changes: [{ step: 11, beta: 0.4 }], from: null } });
    const again = opened(backend);
    again.now().rebuild(description);
    await again.settled(33);
    expect(again.now()).toMatchObject({ experiment: PPO, earliest: 33, furthest: 33, forkedFrom: description });
    again.now().play();
    await again.settled(60);
    expect(again.now().snapshot).toEqual(store.now().snapshot);
    expect(again.now().frame!.metrics).toEqual(store.now().frame!.metrics);
    expect(again.now().branches.map(({ name, forkedAt }) => [name, forkedAt])).toEqual(store.now().branches.map(({ name, forkedAt }) => [name, forkedAt]));
  });
});

describe('what a fork keeps', () => {
  beforeEach(() => switchBackend('cpu'));

  it('the picture of the moment, for any loss, algorithm and optimiser; π_ref is the original one', async () => {
    for (const change of [IPO, SGD, ONLINE, PPO]) {
      const store = await standing('cpu', DPO, 20);
      const before = { logps: store.now().frame!.logps, refLogps: store.now().view!.refLogps, tensors: tensorsOf(store) };
      store.now().fork(change);
      await store.until(() => store.now().run === 2);
      await store.settled(20);
      expect(store.now().frame!.logps).toEqual(before.logps);
      expect(store.now().view!.refLogps).toEqual(before.refLogps);
      const parameters = before.tensors.filter(({ name }) => name.startsWith('parameter'));
      expect(tensorsOf(store, 'parameter').slice(0, parameters.length)).toEqual(parameters);
      const state = before.tensors.filter(({ name }) => name.startsWith('state'));
      if (change === IPO || change === ONLINE) expect(tensorsOf(store, 'state'), 'Adam goes on').toEqual(state);
      if (change === PPO) expect(tensorsOf(store, 'state').every(({ data }) => data.every((x) => x === 0)), 'with a critic Adam starts afresh').toBe(true);
    }
  });

  it('a fresh optimiser begins with its first step, not with its 21st', async () => {
    const store = await standing('cpu', SGD, 20);
    const before = tensorsOf(store, 'parameter').map(({ data }) => data);
    store.now().fork(DPO);
    await store.until(() => store.now().run === 2);
    await store.settled(20);
    store.now().stepBy(1);
    await store.settled(21);
    const moved = tensorsOf(store, 'parameter').flatMap(({ data }, i) => Array.from(data, (x, j) => Math.abs(x - before[i][j])));
    // Adam's first step is the learning rate wherever the gradient is not tiny; uncorrected it would be 3.2 times that.
    expect(Math.max(...moved)).toBeCloseTo(0.02, 5);
  });

  it('the parent’s record, whole, as a branch; the fork’s own begins as the parent’s did and cannot go back before it', async () => {
    const store = await standing('cpu', DPO, 50);
    store.now().seek(20);
    await store.settled(20);
    const record = store.now().history;
    await forkAndFinish(store, atBeta(IPO, 0.5));
    const { branches, history, earliest, furthest } = store.now();
    expect(branches).toHaveLength(1);
    expect(branches[0]).toMatchObject({ name: 'DPO, β = 0.1', experiment: DPO, forkedAt: 20 });
    expect(branches[0].history).toBe(record);
    expect(record.last?.step).toBe(50);
    expect([earliest, furthest]).toEqual([20, 60]);
    const past = historyPoints(history);
    expect(past.steps[0]).toBe(0);
    expect(past.points[0]).toEqual(historyPoints(record).points[0]);
    expect(past.steps.at(-1)).toBe(60);
    store.now().seek(19);
    await store.until(() => store.now().refused !== null);
    expect(store.now().refused).toBe('This run can be shown from update 20 to update 60, because it began at update 20 with the state of another run; asked for was update 19.');
    store.now().seek(41);
    await store.settled(41);
    expect(store.now().schedule).toEqual([{ step: 0, beta: 0.1, learningRate: 0.02 }, { step: 20, beta: 0.5, learningRate: 0.02 }]);
    store.now().reset();
    await store.settled(0);
    expect(store.now()).toMatchObject({ earliest: 0, forkedFrom: null });
  });

  it('a running run stops for it', async () => {
    const store = await standing('cpu', { ...DPO, steps: 5000 }, 0);
    store.now().play();
    await store.until(() => store.now().step > 5);
    store.now().fork({ ...IPO, steps: 5000 });
    await store.until(() => store.now().run === 2);
    await store.settled();
    expect(store.now().step).toBe(store.now().forkedFrom!.step);
    expect(store.now().experiment).toEqual({ ...IPO, steps: 5000 });
  });
});

describe('refusals', () => {
  it('are one sentence each', () => {
    expect(forkProblem(DPO, IPO, 30)).toBeNull();
    expect(forkProblem(DPO, { ...DPO, seeds: [0, 2] }, 30)).toBe('A fork keeps the policies it begins with, so its seeds must be that of the run it leaves.');
    expect(forkProblem(DPO, { ...DPO, policy: { kind: 'tabular' } }, 30)).toMatch(/^A fork keeps the policies/);
    expect(forkProblem(DPO, { ...DPO, sweep: { beta: [0.1, 1] } }, 30)).toMatch(/^A fork keeps the policies/);
    expect(forkProblem(DPO, { ...IPO, steps: 30 }, 30)).toBe('A fork at update 30 needs more updates than that in all (steps), got 30.');
    expect(forkProblem(DPO, make({ algorithm: { kind: 'reward-model', beta: 1 }, rewardModel: { kind: 'linear' } }), 3)).toBe('The fit of a reward model has no forks: what it trains is no policy.');
  });

  it('leave the run as it is', async () => {
    await switchBackend('cpu');
    const store = await standing('cpu', DPO, 5);
    store.now().fork({ ...DPO, seeds: [7, 8] });
    expect(store.now()).toMatchObject({ run: 1, state: 'paused', forking: [], branches: [] });
    expect(store.now().refused).toMatch(/seeds must be/);
    store.now().load(DPO, { others: [PPO] });
    await store.settled(0);
    store.now().fork(IPO);
    expect(store.now().refused).toBe('Methods side by side have no forks: open one of them alone.');
  });
});

describe('branches', () => {
  const branch = (id: number, points: number, size: number): Branch => ({
    id, name: '', experiment: DPO, schedule: [], forkedAt: 0, history: { ...emptyHistory(1, size), points: Array.from({ length: points }, () => new Float64Array(size)) },
  });

  it('are bounded in number and in bytes, the oldest go first', () => {
    let kept: Branch[] = [];
    for (let id = 1; id <= 9; id++) kept = withBranch(kept, branch(id, 1, 1));
    expect(kept.map(({ id }) => id)).toEqual([4, 5, 6, 7, 8, 9]);
    expect(kept).toHaveLength(BRANCHES_KEPT);
    const half = BRANCH_BYTES / 2 / 8;
    kept = withBranch(withBranch(kept, branch(10, 1, half)), branch(11, 1, half + 1));
    expect(kept.map(({ id }) => id), 'together they are one number too large').toEqual([11]);
    expect(withBranch(kept, branch(12, 3, half)).map(({ id }) => id), 'the newest stays, however large').toEqual([12]);
  });

  it.each<[string, Experiment, Experiment]>([
    ['IPO', IPO, DPO],
    ['DPO', DPO, IPO],
    ['β = 0.7', atBeta(DPO, 0.7), DPO],
    ['SGD, η = 0.3', SGD, DPO],
    ['PPO, β = 0.3', PPO, DPO],
    ['DPO on the pairs, β = 0.1', DPO, PPO],
    ['K = 7', ONLINE, make({ algorithm: { kind: 'online-dpo', beta: 0.1, resampleEvery: 3, pairsPerResample: 3 } })],
    ['other settings', DPO, DPO],
  ])('%s', (words, own, other) => {
    expect(differenceWords(own, other)).toBe(words);
  });
});
