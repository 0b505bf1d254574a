/** The pictures of one PPO update: empty in words, and with the numbers of an update that the trainer made. */
import { renderToString } from 'react-dom/server';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ClipPicture, ratioAxis } from '../src/components/chapter7/iteration/ClipPicture.tsx';
import { readIteration, type PpoReading } from '../src/components/chapter7/iteration/reading.ts';
import { holdsStill, SlowMotion, Stages } from '../src/components/chapter7/iteration/SlowMotion.tsx';
import { stageAfterKey } from '../src/components/chapter7/iteration/StageSteps.tsx';
import { ValueScatter } from '../src/components/chapter7/iteration/ValueScatter.tsx';
import { RunContext } from '../src/components/run.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { clipFacts, drawnResponses, tokenRows } from '../src/sim/iteration.ts';
import { STAGES, type Stage } from '../src/sim/iterationWords.ts';
import { createRunStore, type RunClient, type RunStore } from '../src/sim/runStore.ts';
import { buildWorld, responseText } from '../src/sim/world.ts';
import type { PpoIteration } from '../src/sim/worker/protocol.ts';
import { createFakeClient } from './fixtures/fakeRun.ts';
import { iterationsOf, optimumCase, small, TABULAR } from './ppoCases.ts';
import { startRun, switchBackend } from './product.ts';

// Without a layout every box is 0 wide and the charts draw nothing.
vi.mock('../src/components/charts/useBox.ts', () => ({ useBox: () => [() => undefined, { width: 800, height: 320, rem: 16, theme: '' }] }));

const one: Experiment = { ...optimumCase(TABULAR, 0.1), seeds: [3, 5], optimizer: { kind: 'adam', learningRate: 0.1 } };
const world = buildWorld(one.world);
let iteration: PpoIteration;
beforeAll(async () => {
  await switchBackend('wasm');
  const run = await startRun({ ...one, seeds: [3] });
  for (let i = 0; i < 4; i++) await run.update();
  [iteration] = iterationsOf(await run.measure());
  run.dispose();
});

let client: RunClient | null = null;
afterEach(() => client?.restart());

/** A run of an engine's stand-in at update 4, with what PPO made in it. */
async function storeAt(experiment: Experiment, made: PpoIteration | null, updates = 4): Promise<RunStore> {
  client = createFakeClient({ startMs: 0 });
  const store = createRunStore(client);
  store.getState().load(experiment);
  await expect.poll(() => store.getState().state).toBe('paused');
  if (updates > 0) store.getState().stepBy(updates);
  await expect.poll(() => store.getState().frame?.step).toBe(updates);
  const { frame } = store.getState();
  if (frame) store.setState({ frame: { ...frame, iteration: made } });
  return store;
}
const show = (store: RunStore, panel: React.ReactNode) => renderToString(<RunContext value={store}>{panel}</RunContext>).replaceAll('<!-- -->', '');

function readingOf(store: RunStore): PpoReading {
  const reading = readIteration(store.getState());
  if (typeof reading === 'string') throw new Error(reading);
  return reading;
}

const PANELS = [ClipPicture, ValueScatter, SlowMotion];

describe('without an update', () => {
  it('each says why in words, before the first one, after a break, and for other trainings', async () => {
    const fresh = await storeAt(one, null, 0);
    for (const Panel of PANELS) expect(show(fresh, <Panel />)).toContain('Nothing has been drawn yet: press Play');
    const after = await storeAt(one, null);
    for (const Panel of PANELS) expect(show(after, <Panel />)).toContain('the next update draws anew');
    const exact = await storeAt({ ...one, algorithm: { kind: 'exact', beta: 0.3 } }, null);
    for (const Panel of PANELS) expect(show(exact, <Panel />)).toContain('does not train by PPO');
  });

  it('the critic’s picture says so where there is none, the others are drawn', async () => {
    const store = await storeAt(small({ valueCoef: 0 }), null);
    const { frame } = store.getState();
    const run = await startRun(small({ valueCoef: 0 }));
    await run.update();
    const [made] = iterationsOf(await run.measure());
    run.dispose();
    if (frame) store.setState({ frame: { ...frame, iteration: made } });
    expect(show(store, <ValueScatter />)).toContain('This run has no critic');
    expect(show(store, <ValueScatter />)).not.toContain('Var(R');
    const html = show(store, <Stages reading={readingOf(store)} stage="advantage" picked={null} onStage={() => undefined} onPick={() => undefined} />);
    expect(html).toContain('There is no critic');
    expect(html).not.toContain('data-column="value"');
    expect(html).toContain('data-column="return"');
  });
});

describe('the clip picture', () => {
  it('counts the clipped tokens of the last step, shades the band, and draws clipped ones hollow', async () => {
    const html = show(await storeAt(one, iteration), <ClipPicture />);
    const { clipped, seen } = clipFacts(iteration, 3);
    expect(clipped, 'the case clips').toBeGreaterThan(1);
    expect(html).toContain(`When gradient step 4 of 4 comes, ${clipped} of ${seen} tokens are clipped`);
    expect(html).toContain('class="iteration-band"');
    expect(html).toMatch(/data-hollow="true"/);
    expect(html).toContain('update 4 of seed 3');
    const marks = [...html.matchAll(/<path d="([^"]*)" stroke-width/g)].flatMap(([, d]) => [...d.matchAll(/M([\d.]+),([\d.]+)h0/g)].map(([, x, y]) => [Number(x), Number(y)]));
    expect(marks.length).toBeGreaterThan(20);
    for (const [x, y] of marks) {
      expect(x).toBeGreaterThanOrEqual(3.6 * 16);
      expect(x).toBeLessThanOrEqual(800 - 16);
      expect(y).toBeGreaterThanOrEqual(1.9 * 16);
      expect(y).toBeLessThanOrEqual(320 - 2.7 * 16);
    }
  });

  it('has an axis of ratios around 1 that holds every dot and the band', () => {
    const near = ratioAxis([0.01, -0.02], 0.2);
    expect(near.ticks.map(({ text }) => text).sort()).toEqual(['0.8', '1', '1.2']);
    expect(near.domain[1]).toBeGreaterThan(-Math.log(0.8));
    const far = ratioAxis([Math.log(1e-4), 3, -Infinity], 0.2);
    expect(far.domain[0]).toBeLessThan(Math.log(1e-4));
    expect(far.domain[0]).toBeCloseTo(-far.domain[1]);
    expect(far.ticks.map(({ text }) => text)).toEqual(expect.arrayContaining(['1', '0.01', '100']));
    for (const { value, text } of far.ticks.filter((tick) => /^[\d.]+$/.test(tick.text))) expect(Math.log(Number(text))).toBeCloseTo(value, 6);
    expect(ratioAxis([], 5).ticks.some(({ text }) => text === '6')).toBe(true);
  });
});

describe('the critic', () => {
  it('stands against the returns with a diagonal and the explained variance', async () => {
    const html = show(await storeAt(one, iteration), <ValueScatter />);
    expect(html).toMatch(/The critic explains .* of the returns.*1 − Var\(R − V\)\/Var\(R\) is −?[\d.]+; a value misses its return by [\d.]+/);
    expect(html).toContain('class="iteration-diagonal"');
  });
});

describe('slow motion', () => {
  const stageHtml = async (stage: Stage, picked: number | null = null) => {
    const store = await storeAt(one, iteration);
    return show(store, <Stages reading={readingOf(store)} stage={stage} picked={picked} onStage={() => undefined} onPick={() => undefined} />);
  };
  const columns = (html: string) => new Set([...html.matchAll(/data-column="([^"]*)"/g)].map(([, id]) => id));

  it('each stage adds its columns and keeps the earlier ones', async () => {
    const added: Record<Stage, string[]> = {
      sample: ['oldLogp'], score: ['score'], kl: ['refLogp', 'klReward', 'reward'], advantage: ['value', 'return', 'advantage'],
      epochs: ['ratio1', 'ratio2', 'ratio3', 'ratio4'], refresh: [],
    };
    const expected: string[] = [];
    for (const stage of STAGES) {
      expected.push(...added[stage]);
      const html = await stageHtml(stage);
      expect(columns(html), stage).toEqual(new Set(expected));
      expect(html).toContain(`aria-selected="true" aria-controls="`);
      expect(html).toContain('class="katex');
    }
  });

  it('shows the numbers of the response that is picked, clipped ratios marked', async () => {
    const responses = drawnResponses(iteration);
    const clippedOne = responses.find(({ rollouts }) => tokenRows(world, iteration, rollouts[0]).some(({ clipped }) => clipped[3]));
    if (!clippedOne) throw new Error('the case clips');
    const rows = tokenRows(world, iteration, clippedOne.rollouts[0]);
    const html = await stageHtml('epochs', clippedOne.response);
    const valuesOf = (id: string) => [...html.matchAll(new RegExp(`data-column="${id}" data-value="([^"]*)"`, 'g'))].map(([, value]) => Number(value));
    expect(valuesOf('oldLogp')).toEqual(rows.map((row) => row.oldLogp));
    expect(valuesOf('klReward')).toEqual(rows.map((row) => row.klReward));
    expect(valuesOf('advantage')).toEqual(rows.map((row) => row.advantage));
    expect(valuesOf('ratio4')).toEqual(rows.map((row) => row.ratios[3]));
    expect([...html.matchAll(/data-clipped="true"/g)]).toHaveLength(rows.flatMap(({ clipped }) => clipped).filter(Boolean).length);
  });

  it('lists the responses of both ends with their counts, and the others in a list', async () => {
    const responses = drawnResponses(iteration);
    const html = await stageHtml('score');
    expect([...html.matchAll(/aria-pressed="(true|false)"/g)]).toHaveLength(8);
    expect([...html.matchAll(/<option value="\d+"/g)]).toHaveLength(responses.length - 8);
    expect(html.indexOf(`title="${responseText(world, responses[0].response)}"`)).toBeLessThan(html.indexOf(`title="${responseText(world, responses[responses.length - 1].response)}"`));
    const times = [...html.matchAll(/class="iteration-times">(\d+) ×/g)].map(([, n]) => Number(n));
    expect(times).toEqual([...responses.slice(0, 4), ...responses.slice(-4).toReversed()].map(({ rollouts }) => rollouts.length));
  });

  it('compares the response before and after only where one policy is in focus', async () => {
    const store = await storeAt(one, iteration);
    const said = () => show(store, <Stages reading={readingOf(store)} stage="refresh" picked={null} onStage={() => undefined} onPick={() => undefined} />);
    expect(said()).not.toContain('the new policy gives it');
    store.getState().setFocus({ seedIndex: 0, sweepIndex: 0 });
    await expect.poll(() => store.getState().frame?.focus?.seedIndex).toBe(0);
    const { frame } = store.getState();
    if (frame) store.setState({ frame: { ...frame, iteration } });
    expect(said()).toContain('the new policy gives it');
  });

  it('a held update is let go when the run is another, was reset before it, or another policy is shown', async () => {
    const reading = readingOf(await storeAt(one, iteration));
    const { ready } = reading;
    expect(holdsStill(reading, { ...reading, iteration: { ...iteration, step: 90 } })).toBe(true);
    expect(holdsStill(reading, { ...reading, run: reading.run + 1 })).toBe(false);
    expect(holdsStill(reading, { ...reading, iteration: { ...iteration, step: 3 } })).toBe(false);
    expect(holdsStill(reading, { ...reading, ready: { ...ready, focus: { ...ready.focus, seedIndex: 1 } } })).toBe(false);
  });

  it('arrow keys step and stop at the ends; other keys are the page’s', () => {
    expect(STAGES.map((_, i) => stageAfterKey('ArrowRight', i))).toEqual(['score', 'kl', 'advantage', 'epochs', 'refresh', 'refresh']);
    expect(STAGES.map((_, i) => stageAfterKey('ArrowLeft', i))).toEqual(['sample', 'sample', 'score', 'kl', 'advantage', 'epochs']);
    expect([stageAfterKey('Home', 3), stageAfterKey('End', 3), stageAfterKey(' ', 3)]).toEqual(['sample', 'refresh', null]);
  });
});
