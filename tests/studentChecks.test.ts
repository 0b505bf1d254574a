/** The checks of the guided path on the real engine: what is not what they ask for they do not take, and they say why. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { presetOrigin } from '../src/components/chapters.ts';
import { CONTROL, crossingOf, HEADLINE as EIGHT, withBeta } from '../src/components/student/looked.ts';
import { TASKS } from '../src/components/student/tasks.ts';
import { setParam } from '../src/sim/params.ts';
import { resamplingPrevents } from '../src/sim/presets/resampling-prevents.ts';
import { openPathPage, type PathPage } from './fixtures/pathPage.ts';
import { switchBackend } from './product.ts';

beforeAll(() => switchBackend('wasm'));

/** As few seeds as are enough. */
const SEEDS = [0, 1, 2, 4];
const HEADLINE = { ...EIGHT, seeds: SEEDS };
const ONLINE = { ...resamplingPrevents.experiment, seeds: SEEDS };

describe('a check cannot be fooled', () => {
  let page: PathPage;
  beforeAll(() => { page = openPathPage(); });
  afterAll(() => page.close());

  test('by too few seeds, a shorter run, a swept or another experiment', async () => {
    await page.stand({ ...HEADLINE, seeds: [0, 1, 2] });
    expect(page.missing('run')).toBe('It trains 3 seeds; at least 4 are needed to tell chance from rule.');
    await page.play({ ...HEADLINE, name: 'mine' });
    expect(page.check('run')).toMatchObject({ ok: true, facts: { seeds: 4 } });
    await page.stand({ ...HEADLINE, steps: 300 });
    expect(page.missing('run')).toBe('The run on the page makes 300 updates in all; this task is about 800.');
    for (const other of ['near-pairs', 'strong-tie', 'balanced-pairs']) {
      await page.play({ ...presetOrigin(other).experiment, steps: 5 });
      for (const { id, check } of TASKS) if (check) expect(page.check(id).ok, `${id} on ${other}`).toBe(false);
    }
    await page.stand(setParam(HEADLINE, 'sweepBeta', [0.05, 0.5]));
    expect(page.check('run').ok).toBe(false);
    await page.stand(setParam(HEADLINE, 'learningRate', 0.5));
    expect(page.missing('run')).toContain('η = 0.5');
    expect(page.check('vary').ok).toBe(false);
  });

  test('by methods side by side, or a knob that was changed while it ran', async () => {
    page.lab.getState().show({ origin: presetOrigin('remedies-the-the-the'), base: { ...presetOrigin('remedies-the-the-the').experiment, seeds: SEEDS }, methods: ['dpo', 'ipo'], panel: null, play: false });
    await page.settled(0);
    expect(page.missing('run')).toContain('side by side');
    page.run.getState().load(HEADLINE);
    await page.settled(0);
    page.run.getState().stepBy(10);
    await page.settled(10);
    page.run.getState().retune({ beta: 0.5 });
    await page.until(() => page.run.getState().schedule.length > 1);
    await page.playOut();
    expect(page.missing('vary')).toMatch(/changed while the run was going on/);
    expect(page.check('run').ok).toBe(false);
  });

  test('by a fork from elsewhere, from another run, or changed on its way', async () => {
    await page.play(HEADLINE);
    const crossed = crossingOf(page.run.getState().history)!;
    const forkAt = async (step: number, parent = HEADLINE, beta = 0.5) => {
      page.run.getState().loadAt(parent, { step });
      await page.settled(step);
      page.run.getState().fork(withBeta(parent, beta), { play: false });
      await page.until(() => page.run.getState().forkedFrom !== null);
      await page.settled();
    };
    await forkAt(crossed.step + 60);
    expect(page.missing('fork')).toBe(`The fork left at update ${crossed.step + 60}; the median passed one half by update ${crossed.step}: fork it there.`);
    await forkAt(crossed.step, withBeta(HEADLINE, 0.04), 0.5);
    expect(page.missing('fork')).toContain('must leave the run at β = 0.05');
    await forkAt(crossed.step + 8);
    expect(page.missing('fork')).toMatch(/^The run stands at update \d+ of 800; let it go to its end\.$/);
    page.run.getState().retune({ beta: 1 });
    await page.until(() => page.run.getState().schedule.some(({ beta }) => beta === 1));
    await page.playOut();
    expect(page.check('fork').ok, 'another β from the first update of the fork on is its β').toBe(true);
    await forkAt(crossed.step);
    page.run.getState().stepBy(5);
    await page.settled(crossed.step + 5);
    page.run.getState().retune({ beta: 1 });
    await page.until(() => page.run.getState().schedule.some(({ beta }) => beta === 1));
    expect(page.missing('fork')).toBe('A knob was changed after the fork; fork again without that.');
  });

  test('by the rewind that stood there before the task, or the path, was begun again', async () => {
    page.run.getState().loadAt(HEADLINE, { step: HEADLINE.steps });
    await page.settled(HEADLINE.steps);
    const crossed = crossingOf(page.run.getState().history)!;
    for (const anew of [() => page.path.getState().startOver(), () => page.path.getState().restore(page.path.getState()), () => page.path.getState().again('rewind')]) {
      page.run.getState().seek(20);
      await page.settled(20);
      page.run.getState().seek(crossed.step);
      await page.settled(crossed.step);
      expect(page.check('rewind').ok).toBe(true);
      anew();
      // Longer than a run has to stand.
      await new Promise((resolve) => { setTimeout(resolve, 700); });
      expect(page.walk('rewind').found).toBeNull();
    }
    // From then on it counts.
    await page.settled(HEADLINE.steps);
    page.run.getState().seek(crossed.step);
    await page.until(() => page.walk('rewind').found !== null);
  });

  test('by pairs that are drawn too seldom, or by another judge; a table with another β is no control', async () => {
    const { algorithm } = ONLINE;
    if (algorithm.kind !== 'online-dpo') throw new Error('online DPO');
    await page.stand({ ...ONLINE, algorithm: { ...algorithm, resampleEvery: 200 } });
    expect(page.missing('online')).toBe('Pairs are drawn every 200 updates; draw them at least every 20.');
    await page.stand({ ...ONLINE, algorithm: { ...algorithm, beta: 0.5 } });
    expect(page.missing('online')).toContain('β = 0.5');
    await page.stand(HEADLINE);
    expect(page.missing('control')).toBe('The policy on the page shares weights between contexts: choose the table.');
    await page.stand(withBeta({ ...CONTROL, seeds: SEEDS }, 0.5));
    expect(page.missing('control')).toContain('β = 0.5');
  });

  test('while the path is off, or by a prediction of another experiment', async () => {
    page.lab.getState().set({ path: null });
    page.path.getState().startOver();
    await page.play(HEADLINE);
    expect(page.walk('run').found).toBeNull();
    page.lab.getState().set({ path: 'ood' });
    expect(page.walk('run').found, 'it looks when the path is taken up').not.toBeNull();
    page.lab.getState().show({ origin: presetOrigin(null), base: withBeta(HEADLINE, 0.5), methods: [], panel: null, play: false });
    await page.settled(0);
    page.predict.getState().setAnswer({ kind: 'masses', masses: [1, 0, 0, 0] });
    expect(page.predict.getState().commit()).toBeNull();
    expect(page.walk('predict').found).toBeNull();
    expect(page.missing('predict')).toBe('The prediction that stands is about another experiment, or about too few seeds.');
  });
});
