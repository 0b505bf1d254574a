/** Chapter 3 over real runs: its sentences, the numbers under the formula, the loss at its end, and the dots of the scatter. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Cancellation } from '../src/components/chapter3/Cancellation.tsx';
import { Chapter3 } from '../src/components/chapter3/Chapter3.tsx';
import { ImpliedScatter } from '../src/components/chapter3/ImpliedScatter.tsx';
import { otherLossOf } from '../src/components/chapter3/LossLine.tsx';
import { differencesPicture, MOST_DOTS, responsesPicture } from '../src/components/chapter3/picture.ts';
import { pairAt, pairsOf } from '../src/components/chapter3/pairs.ts';
import { CANCEL_STEPS } from '../src/components/chapter3/steps.ts';
import { termsOf } from '../src/components/chapter3/terms.ts';
import { readyRun } from '../src/components/chapter/ready.ts';
import { settingOf, type Setting } from '../src/derivation/setting.ts';
import { optimalPolicy } from '../src/sim/exact/optimal.ts';
import { focusValue } from '../src/sim/focus.ts';
import { impliedStoryOf } from '../src/sim/impliedStory.ts';
import { formatNumber } from '../src/sim/numbers.ts';
import { setParam } from '../src/sim/params.ts';
import { everyPair } from '../src/sim/presets/every-pair.ts';
import { generousPrompt } from '../src/sim/presets/generous-prompt.ts';
import { implicitReward } from '../src/sim/presets/implicit-reward.ts';
import { impliedSentence, otherLossWords } from '../src/sim/sentences3.ts';
import { nodeOf, promptOf, responseText } from '../src/sim/world.ts';
import { singlePage, textOf, type SinglePage } from './fixtures/singlePage.tsx';

vi.mock('../src/components/charts/useBox.ts', () => ({ useBox: () => [() => undefined, { width: 800, height: 400, rem: 16, theme: '' }] }));

const ready = (page: SinglePage) => readyRun(page.store.getState())!;
const said = (page: SinglePage) => impliedSentence(impliedStoryOf(ready(page))!).map(({ text }) => text).join('');
const slotsOf = (html: string) => new Map([...html.matchAll(/data-slot="([^"]+)" data-value="([^"]+)"/g)].map(([, slot, value]) => [slot, Number(value)]));
const lossOf = (html: string) => Number(/data-metric="loss" data-value="([^"]+)"/.exec(html)![1]);
const first = { seedIndex: 0, sweepIndex: 0 };

/** The setting of a page, as the page makes it. */
function settingFor(page: SinglePage): Setting {
  const { world, view, frame, experiment } = ready(page);
  if (!('pairs' in experiment.preferences)) throw new Error('given pairs');
  const pairs = experiment.preferences.pairs.map(({ prompt, chosen, rejected, weight }) => ({ chosen: nodeOf(world, prompt, chosen), rejected: nodeOf(world, prompt, rejected), weight }));
  return settingOf({ world, beta: experiment.algorithm.beta, refLogps: view.refLogps, rewards: view.gold!, logps: frame.logps, pairs });
}

describe('every pair compared', () => {
  let page: SinglePage;
  let opening = '';
  let middle = '';
  beforeAll(async () => {
    page = await singlePage(everyPair, { ...everyPair.experiment, seeds: [0, 1] });
    opening = said(page);
    await page.trainTo(40);
    middle = said(page);
    await page.trainTo(300, first);
  });
  afterAll(() => page.run.dispose());

  it('says what there is, how far the policy has come, and that it knows all but one number', () => {
    expect(opening).toBe('13 responses, worth −2.00 to 1.50, and 156 comparisons between them. The policy is still the reference, and the reward that it implies is 0 for each of them. Press Play.');
    expect(middle).toMatch(/^After 40 updates at β = 0\.5 \(mean of 2 seeds\) the implicit rewards are up to [\d.]+ off the line\. /);
    const { logZ } = optimalPolicy(ready(page).world, ready(page).view.refLogps, ready(page).view.gold!, 0.5);
    expect(said(page)).toBe(`After 300 updates at β = 0.5 (seed 0) all 13 responses lie on the line to within 0.0001: the policy implies every true reward, from −2.00 to 1.50, but for one number, β log Z = ${formatNumber(0.5 * logZ[0])}, that no comparison can tell.`);
  });

  it('under every term stands its number: of π* and of the policy in training each line adds up, and log Z of the latter is 0', () => {
    const slots = slotsOf(page.show(<Cancellation pair={0} onPair={() => undefined} />));
    const { world, view, frame } = ready(page);
    for (const policy of ['optimal', 'trained']) {
      for (const side of ['chosen', 'rejected']) {
        const at = (name: string) => slots.get(`${policy}/${side}/${name}`)!;
        expect(at('implicit') + at('logZ')).toBeCloseTo(at('reward'), 12);
      }
      expect(slots.get(`${policy}/gap`)).toBeCloseTo(slots.get(`${policy}/gap/chosen`)! - slots.get(`${policy}/gap/rejected`)!, 12);
    }
    // The heaviest pair is the one of the best and the worst response.
    const [best, worst] = [nodeOf(world, 0, 'yes thanks'), nodeOf(world, 0, 'thanks thanks')];
    expect(slots.get('optimal/chosen/reward')).toBe(view.gold![best]);
    expect(slots.get('optimal/gap')).toBeCloseTo(view.gold![best] - view.gold![worst], 12);
    expect(slots.get('trained/chosen/logZ')).toBe(0);
    expect(slots.get('trained/rejected/implicit')).toBeCloseTo(0.5 * (frame.logps[worst] - view.refLogps[worst]), 6);
  });

  it('the loss at the end, of all pairs by weight, is the loss of the run', () => {
    const html = page.show(<Cancellation pair={0} onPair={() => undefined} />);
    const { frame, policyCount, shown } = ready(page);
    const own = focusValue(frame.metrics, policyCount, 'loss', shown);
    expect(lossOf(html)).toBe(own);
    expect(Math.abs(slotsOf(html).get('loss/pairs')! - own)).toBeLessThan(2e-6);
    expect(slotsOf(html).get('loss/pair')).toBeCloseTo(Math.log1p(Math.exp(-slotsOf(html).get('trained/gap')!)), 10);
    expect(textOf(html)).toContain('the loss of the run');
  });

  it('another pair can be put into the formula', () => {
    const pairs = pairsOf(settingFor(page));
    expect(pairs).toHaveLength(156);
    const shown = pairAt(settingFor(page), 7);
    const slots = slotsOf(page.show(<Cancellation pair={7} onPair={() => undefined} />));
    expect(slots.get('trained/gap')).toBeCloseTo(termsOf(settingFor(page), shown).trained.implicit.chosen - termsOf(settingFor(page), shown).trained.implicit.rejected, 12);
    expect(pairAt(settingFor(page), 1000)).toEqual(pairs[0]);
  });

  it('draws every response on the line of its optimum, and every difference on the one through 0', () => {
    const setting = settingFor(page);
    const { groups, paired } = ready(page).view;
    const look = { groups, paired, prompts: [0], pair: pairAt(setting, 0) };
    const each = responsesPicture(setting, look);
    expect(each.dots).toHaveLength(13);
    const [{ offset }] = each.lines;
    for (const dot of each.dots) expect(Math.abs(dot.y - dot.x - offset)).toBeLessThan(1e-4);
    const differences = differencesPicture(setting, look);
    expect(differences.total).toBe(78);
    expect(differences.lines).toEqual([{ offset: 0, prompt: 0 }]);
    for (const dot of differences.dots) expect(Math.abs(dot.y - dot.x)).toBeLessThan(1e-4);
    expect(differences.dots.every(({ hollow }) => !hollow)).toBe(true);
    // Far from it without the offset.
    expect(Math.abs(each.dots[0].y - each.dots[0].x)).toBeGreaterThan(0.8);
  });

  it('the page has the sentence, five steps, both panels and the lines of the derivation', () => {
    const html = page.show(<Chapter3 />);
    const text = textOf(html);
    expect(text).toContain(said(page));
    expect(text).toContain(`1 of ${CANCEL_STEPS.length}, invert.`);
    expect(html).toMatch(/aria-label="Scatter of 13 responses[^"]*crosses implicit reward 0 at 0\.832/);
    expect(html).toContain('data-derivation-step="inverted-reward"');
    for (const term of ['r', 'r-hat', 'Z', 'beta', 'pi-ref', 'pi-star', 'pi-theta', 'y-plus', 'y-minus']) expect(html, term).toContain(`data-term="${term}"`);
  });
});

describe('one pair', () => {
  let page: SinglePage;
  beforeAll(async () => { page = await singlePage(implicitReward, { ...implicitReward.experiment, seeds: [0, 1], steps: 200 }); });
  afterAll(() => page.run.dispose());

  it('before the first update every implicit reward is 0', () => {
    const setting = settingFor(page);
    const { groups, paired } = ready(page).view;
    const { dots, total } = responsesPicture(setting, { groups, paired, prompts: [0], pair: pairAt(setting, 0) });
    expect(total).toBe(156);
    expect(Math.max(...dots.map(({ x }) => Math.abs(x)))).toBeLessThan(1e-9);
    expect(said(page)).toContain('156 responses, worth −2.00 to 1.00, and one pair is compared.');
  });

  it('the sentence has the two gaps, the share ranked right, and the response on top that is in no pair', async () => {
    await page.trainTo(200, first);
    const story = impliedStoryOf(ready(page))!;
    const { world, frame, view } = ready(page);
    const [w, l] = ['on the mat', 'on a mat'].map((text) => nodeOf(world, 0, text));
    const gap = 0.05 * (frame.logps[w] - view.refLogps[w] - frame.logps[l] + view.refLogps[l]);
    expect(story.gap!.implied).toBeCloseTo(gap, 12);
    expect(story.gap!.truly).toBe(1);
    expect(said(page)).toMatch(new RegExp(`^After 200 updates at β = 0\\.05 \\(seed 0\\) the policy implies that “on the mat” is worth ${formatNumber(gap)} more than “on a mat”; truly 1\\.00 more\\. Of unequal responses it orders \\d+ % rightly, with “the the the”, in no pair, on top\\.$`));
    // Every two of different true reward, one by one.
    const implied = frame.logps.map((logp, y) => logp - view.refLogps[y]);
    let right = 0, all = 0;
    for (let y = 0; y < implied.length; y++) {
      for (let z = 0; z < implied.length; z++) {
        if (!(view.gold![y] > view.gold![z])) continue;
        all++;
        if (implied[y] > implied[z]) right++;
      }
    }
    expect(story.agreement).toBeCloseTo(right / all, 10);
  });

  it('the loss of the formula is that of the run; of the mean of seeds the page says which is which', async () => {
    const html = page.show(<Cancellation pair={0} onPair={() => undefined} />);
    expect(Math.abs(slotsOf(html).get('loss/pair')! - lossOf(html))).toBeLessThan(2e-6);
    await page.trainTo(200);
    const text = textOf(page.show(<Cancellation pair={0} onPair={() => undefined} />));
    expect(text).toContain('mean policy');
    expect(text).toContain('the run’s loss, median of 2 seeds');
  });

  it('of more pairs than can be drawn it draws some, with the compared one, and says so', () => {
    const setting = settingFor(page);
    const { groups, paired } = ready(page).view;
    const { dots, total, labels } = differencesPicture(setting, { groups, paired, prompts: [0], pair: pairAt(setting, 0) });
    expect(total).toBe(156 * 155 / 2);
    expect(dots).toHaveLength(MOST_DOTS);
    expect(labels).toHaveLength(1);
    expect(dots[labels[0].index]).toMatchObject({ hollow: false, y: 1 });
    expect(dots.filter(({ hollow }) => !hollow)).toHaveLength(1);
    expect(textOf(page.show(<ImpliedScatter pair={0} />))).toContain('Dots of one height stand a little apart');
  });
});

describe('two prompts', () => {
  it('each has a line of its own, the second one’s responses are squares, and no difference is between prompts', async () => {
    const page = await singlePage(generousPrompt, { ...generousPrompt.experiment, seeds: [0], policy: { kind: 'tabular' }, optimizer: { kind: 'adam', learningRate: 0.05 }, steps: 300 });
    await page.trainTo(300, first);
    const setting = settingFor(page);
    const { groups, paired } = ready(page).view;
    const look = { groups, paired, prompts: [0, 1], pair: pairAt(setting, 0) };
    const { dots, lines } = responsesPicture(setting, look);
    expect(lines.map(({ prompt }) => prompt)).toEqual([0, 1]);
    expect(lines[1].offset - lines[0].offset).toBeCloseTo(2, 6);
    for (const dot of dots) expect(Math.abs(dot.y - dot.x - lines[dot.square ? 1 : 0].offset)).toBeLessThan(1e-3);
    expect(differencesPicture(setting, look).total).toBe(2 * 78);
    expect(said(page)).toMatch(/all 26 responses lie on their prompts’ lines .*a number per prompt, β log Z = 0\.\d+ and 2\.\d+\.$/);
    expect(textOf(page.show(<ImpliedScatter pair={0} />))).toContain('■ “Would you like some cake?”');
    // A response's name stands with its prompt.
    expect(dots.filter(({ square }) => square).map(({ name }) => name)).toEqual(
      Array.from(setting.promptOf, (_, y) => y).filter((y) => promptOf(setting.world, y) === 1).map((y) => (responseText(setting.world, y) === '' ? 'the empty response' : `“${responseText(setting.world, y)}”`)),
    );
    page.run.dispose();
  });
});

describe('another loss than the formula’s', () => {
  const { experiment } = implicitReward;
  it('is named', () => {
    expect(otherLossOf(experiment)).toBeNull();
    expect(otherLossOf(setParam(experiment, 'loss', 'ipo'))).toEqual({ name: 'IPO (squared distance to a target margin)', why: 'form' });
    expect(otherLossOf(setParam(experiment, 'labelSmoothing', 0.1))).toEqual({ name: 'DPO with label smoothing', why: 'form' });
    expect(otherLossOf(setParam(experiment, 'klWeight', 1))?.why).toBe('form');
    expect(otherLossOf(setParam(experiment, 'algorithm', 'online-dpo'))?.why).toBe('pairs');
    expect(otherLossWords({ name: 'IPO', why: 'form' })).toBe('This run trains another loss: IPO.');
  });
  it('and its value stands beside the formula’s', async () => {
    const page = await singlePage(implicitReward, { ...setParam(experiment, 'loss', 'ipo'), seeds: [0], steps: 5 });
    await page.trainTo(5, first);
    const html = page.show(<Cancellation pair={0} onPair={() => undefined} />);
    expect(html).toContain('data-other-loss="form"');
    expect(textOf(html)).toContain('This run trains another loss: IPO (squared distance to a target margin). Its loss is');
    expect(lossOf(html)).toBe(focusValue(ready(page).frame.metrics, 1, 'loss', [0]));
    page.run.dispose();
  });
});
