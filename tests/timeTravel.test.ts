/** Time travel with the real engine, on cpu and wasm: what a seek shows is, bit for bit, what a fresh run shows there. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Experiment } from '../src/sim/experiment.ts';
import { historyPoints } from '../src/sim/history.ts';
import { engineRun } from '../src/sim/worker/engineRun.ts';
import type { JudgedBatch, KnobsAt, Snapshot } from '../src/sim/worker/protocol.ts';
import { experimentOf } from './experimentOf.ts';
import { openEngineStore, startTogether } from './fixtures/engineLoop.ts';
import { BACKENDS, switchBackend, type TestBackend } from './product.ts';

const MEAN = { seedIndex: null, sweepIndex: 0 };
const WORLD = {
  world: { words: ['the', 'a', 'cat'], maxLength: 2, prompts: ['x'] },
  reference: { kind: 'corpus', smoothing: 0.3, corpus: [{ prompt: 0, response: 'the cat', weight: 2 }, { prompt: 0, response: 'a cat', weight: 1 }] },
  gold: { otherwise: 0, perWord: { cat: 0.8, a: -0.5 } },
  preferences: { pairs: [{ prompt: 0, chosen: 'the cat', rejected: 'a cat' }, { prompt: 0, chosen: 'the', rejected: 'the the', weight: 0.5 }] },
  seeds: [0, 1],
};
const TABLE = { kind: 'tabular' };
const MLP = { kind: 'mlp', hidden: [6] };
const ADAM = { kind: 'adam', learningRate: 0.02 };
const SGD = { kind: 'sgd', learningRate: 0.5 };
const PPO = { kind: 'ppo', beta: 0.3, rolloutBatch: 8, epochs: 2, minibatches: 2 };
const make = (file: Record<string, unknown>): Experiment => experimentOf({ ...WORLD, steps: 130, ...file });

const DPO_ADAM = make({ policy: MLP, optimizer: ADAM, algorithm: { kind: 'dpo', beta: 0.1, batch: 1 } });
const ONLINE = make({ policy: MLP, optimizer: ADAM, algorithm: { kind: 'online-dpo', beta: 0.1, resampleEvery: 7, pairsPerResample: 3 } });
const PPO_CRITIC = make({ policy: MLP, optimizer: ADAM, algorithm: PPO });
const KINDS: { name: string; experiments: Experiment[] }[] = [
  { name: 'dpo, sgd, tabular', experiments: [make({ policy: TABLE, optimizer: SGD, algorithm: { kind: 'dpo', beta: 0.1 } })] },
  { name: 'dpo, adam, mlp, minibatches', experiments: [DPO_ADAM] },
  { name: 'online dpo, mlp', experiments: [ONLINE] },
  { name: 'ppo with a critic, mlp', experiments: [PPO_CRITIC] },
  { name: 'ppo without a critic, tabular', experiments: [make({ policy: TABLE, optimizer: ADAM, algorithm: { ...PPO, valueCoef: 0 } })] },
  { name: 'reward model', experiments: [make({ policy: TABLE, optimizer: ADAM, algorithm: { kind: 'reward-model', beta: 0.5 }, rewardModel: { kind: 'mlp' } })] },
  { name: 'dpo, online dpo and ppo side by side', experiments: [DPO_ADAM, ONLINE, PPO_CRITIC] },
];

type Store = ReturnType<typeof openEngineStore>;
const open: Store[] = [];
afterEach(async () => { for (const store of open.splice(0)) await store.close(); });

async function opened(backend: TestBackend): Promise<Store> {
  await switchBackend(backend);
  const store = openEngineStore(backend);
  open.push(store);
  return store;
}

/** All that a page is shown at an update. */
interface Shown {
  arrays: unknown;
  tensors: Snapshot['tensors'];
  judged: readonly JudgedBatch[];
  beta: number;
}

function shownBy(store: Store): Shown {
  const { frame, snapshot, judged, view } = store.now();
  const { step, metrics, logps, scores, iteration, duels } = frame!;
  return { arrays: { step, metrics, logps, scores, iteration, duels }, tensors: snapshot!.tensors, judged, beta: view!.beta };
}

/** What a fresh run shows at some updates, ascending, with knobs changed on the way. */
async function freshAt(backend: TestBackend, experiments: readonly Experiment[], steps: readonly number[], changes: readonly KnobsAt[] = []): Promise<Map<number, Shown>> {
  const run = await startTogether(experiments);
  const engine = engineRun(run, experiments, backend);
  const shown = new Map<number, Shown>();
  const judged: JudgedBatch[] = [];
  const last = steps.at(-1)!;
  for (;;) {
    for (const { step, ...knobs } of changes) if (step === engine.step) engine.retune(knobs);
    if (steps.includes(engine.step)) {
      const { step, metrics, logps, scores, iteration, duels, judged: fresh } = await engine.frame(MEAN);
      judged.push(...fresh);
      shown.set(step, { arrays: { step, metrics, logps, scores, iteration, duels }, tensors: (await engine.snapshot()).tensors, judged: [...judged], beta: engine.view(MEAN).beta });
    }
    if (engine.step === last) break;
    await engine.update();
  }
  run.dispose();
  return shown;
}

/** There and back again: forwards, backwards, to the ends, one step beside the last. */
const WAY = [130, 60, 61, 17, 0, 129, 3];
const ascending = (steps: readonly number[]) => [...new Set(steps)].sort((a, b) => a - b);

describe.each(BACKENDS)('on %s', (backend) => {
  it.each(KINDS)('$name: a seek shows what a fresh run shows, and so does playing on', async ({ experiments }) => {
    const store = await opened(backend);
    const [experiment, ...others] = experiments;
    store.now().load(experiment, { play: true, others });
    await store.settled(130);
    const recorded = historyPoints(store.now().history);
    const fresh = await freshAt(backend, experiments, ascending(WAY));
    for (const step of WAY) {
      store.now().seek(step);
      await store.settled(step);
      expect(shownBy(store), `update ${step}`).toEqual(fresh.get(step));
      expect(store.now().furthest).toBe(130);
    }
    store.now().play();
    await store.settled(130);
    expect(shownBy(store)).toEqual(fresh.get(130));
    expect(historyPoints(store.now().history), 'what was recorded stays').toEqual(recorded);
    expect(store.now().judgedAhead).toEqual([]);
  });

  it.each([KINDS[1], KINDS[2], KINDS[3], KINDS[6]])('$name: changes of knobs happen again where they happened, and are undone before', async ({ experiments }) => {
    const store = await opened(backend);
    const [experiment, ...others] = experiments;
    store.now().load(experiment, { others });
    await store.settled(0);
    const changes: KnobsAt[] = [{ step: 20, beta: 0.5 }, { step: 50, learningRate: 0.005 }, { step: 90, beta: 0.1 }];
    for (const { step, ...knobs } of changes) {
      store.now().stepBy(step - store.now().step);
      await store.settled(step);
      store.now().retune(knobs);
      await store.until(() => store.now().changes.at(-1)?.step === step);
    }
    store.now().play();
    await store.settled(130);
    const way = [60, 19, 20, 91, 10, 50, 89, 35];
    const fresh = await freshAt(backend, experiments, ascending([...way, 130]), changes);
    for (const step of way) {
      store.now().seek(step);
      await store.settled(step);
      expect(shownBy(store), `update ${step}`).toEqual(fresh.get(step));
      const [own] = store.now().schedule.filter((entry) => entry.step <= step).slice(-1);
      expect(store.now().experiment).toMatchObject({ algorithm: { beta: own.beta }, optimizer: { learningRate: own.learningRate } });
    }
    expect(store.now().others.map(({ algorithm }) => algorithm.beta), 'every method at the β of update 35').toEqual(others.map(() => 0.5));
    store.now().play();
    await store.settled(130);
    expect(shownBy(store)).toEqual(fresh.get(130));
  });

  it('a change of knobs in the past begins another future; the old one is gone', async () => {
    const store = await opened(backend);
    store.now().load(ONLINE, { play: true });
    await store.settled(130);
    store.now().seek(50);
    await store.settled(50);
    expect(store.now().judgedAhead.length).toBeGreaterThan(0);
    store.now().retune({ beta: 2 });
    await store.until(() => store.now().furthest === 50 && store.now().frame?.furthest === 50);
    expect(store.now().history.last?.step).toBe(50);
    expect(store.now().judgedAhead).toEqual([]);
    store.now().seek(51);
    await store.until(() => store.now().refused !== null);
    expect(store.now().refused).toBe('This run can be shown from update 0 to update 50; asked for was update 51.');
    store.now().play();
    await store.settled(130);
    const fresh = await freshAt(backend, [ONLINE], [30, 120, 130], [{ step: 50, beta: 2 }]);
    expect(shownBy(store)).toEqual(fresh.get(130));
    for (const step of [120, 30]) {
      store.now().seek(step);
      await store.settled(step);
      expect(shownBy(store), `update ${step}`).toEqual(fresh.get(step));
    }
  });

  it.each([KINDS[2], KINDS[6]])('$name: a new run that begins at an update is one that came there, with the record of the way', async ({ experiments }) => {
    const store = await opened(backend);
    const [experiment, ...others] = experiments;
    const changes: KnobsAt[] = [{ step: 20, beta: 0.5 }, { step: 50, learningRate: 0.005 }];
    store.now().loadAt(experiment, { step: 77, changes }, { others });
    await store.settled(77);
    const fresh = await freshAt(backend, experiments, [30, 77, 130], changes);
    expect(shownBy(store)).toEqual(fresh.get(77));
    expect(store.events.filter((event) => event.type === 'frame').map(({ frame }) => frame.step), 'nothing is shown on the way').toEqual([77]);
    expect(store.now().history.steps.length, 'charts have their points').toBeGreaterThan(20);
    expect(store.now().history.steps[0], 'and begin with the reference').toBe(0);
    expect(store.now().schedule.map(({ step, beta }) => [step, beta])).toEqual([[0, experiment.algorithm.beta], [20, 0.5], [50, 0.5]]);
    expect(store.now().experiment?.algorithm.beta).toBe(0.5);
    store.now().seek(30);
    await store.settled(30);
    expect(shownBy(store)).toEqual(fresh.get(30));
    store.now().play();
    await store.settled(130);
    expect(shownBy(store)).toEqual(fresh.get(130));
  });

  it('a run whose numbers broke can still be looked at, and retuned before it breaks', async () => {
    const store = await opened(backend);
    const wild = make({ policy: MLP, optimizer: { kind: 'sgd', learningRate: 1000 }, algorithm: { kind: 'dpo', beta: 10, loss: 'ipo' } });
    store.now().load(wild, { play: true });
    await store.until(() => store.now().state === 'failed');
    const { fault, furthest } = store.now();
    expect(fault?.kind).toBe('not-finite');
    expect(furthest).toBeGreaterThanOrEqual(1);
    expect(store.now().step).toBe(furthest);
    const fresh = await freshAt(backend, [wild], [0, furthest]);
    store.now().seek(furthest);
    await store.settled(furthest);
    expect(store.now().fault).toBeNull();
    expect(shownBy(store)).toEqual(fresh.get(furthest));
    store.now().seek(0);
    await store.settled(0);
    expect(shownBy(store)).toEqual(fresh.get(0));
    expect(store.now().furthest).toBe(furthest);
    store.now().retune({ learningRate: 0.001 });
    store.now().play();
    await store.settled(130);
  });
});
