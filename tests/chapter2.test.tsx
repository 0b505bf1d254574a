/** Chapter 2 over real runs: moving probability keeps it probability, the gradient is zero at π* and nowhere else, and every number is the run's. */
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { BetaStrip, stripLines } from '../src/components/chapter2/BetaStrip.tsx';
import { Chapter2 } from '../src/components/chapter2/Chapter2.tsx';
import { DragBars } from '../src/components/chapter2/DragBars.tsx';
import { hillOf, outlineOf, placeOf, sharesAt, sharesByKey } from '../src/components/chapter2/hill.ts';
import { look } from '../src/components/chapter2/look.ts';
import { MOST_ROWS, rowsOf } from '../src/components/chapter2/rows.ts';
import { insideShares, LEAST, massByKey, MOST, sharesOf, withMass, withShares, type Shares, type Three } from '../src/components/chapter2/simplex.ts';
import { TernaryPanel } from '../src/components/chapter2/TernaryPanel.tsx';
import { WorthHeadline } from '../src/components/chapter2/WorthHeadline.tsx';
import { worthOf } from '../src/components/chapter2/worth.ts';
import { ascentPath } from '../src/derivation/ascent.ts';
import { objectiveOf } from '../src/derivation/objective.ts';
import { settingOf, type Setting } from '../src/derivation/setting.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { threeAnswers } from '../src/sim/presets/three-answers.ts';
import { twoQuestions } from '../src/sim/presets/two-questions.ts';
import { randomAt, STREAM } from '../src/sim/random.ts';
import { climbSentence, pullSentence, ROUNDING, signed, worthSentence } from '../src/sim/sentences2.ts';
import { buildWorld } from '../src/sim/world.ts';
import { experimentOf } from './experimentOf.ts';
import { singlePage, textOf, type SinglePage } from './fixtures/singlePage.tsx';

vi.mock('../src/components/charts/useBox.ts', () => ({ useBox: () => [() => undefined, { width: 400, height: 120, rem: 16, theme: '' }] }));

/** Several prompts, rewards up to ±5, references over six orders of magnitude. */
function randomSetting(seed: number, words = ['a', 'b', 'c'], beta?: number): Setting {
  const random = randomAt(seed, STREAM.initialisation);
  const world = buildWorld({ words, maxLength: 2, prompts: ['first', 'second'] });
  const draw = (scale: number) => Float64Array.from({ length: world.responseCount }, () => scale * (random.uniform() - 0.5));
  return settingOf({ world, beta: beta ?? 10 ** (3 * random.uniform() - 2), refLogps: draw(14), logps: draw(14), rewards: draw(10), pairs: [{ chosen: 2, rejected: 0 }] });
}
const promptOf = (setting: Setting, x: number) => [...setting.promptOf.keys()].filter((y) => setting.promptOf[y] === x);
const mass = (logps: Float64Array, part: readonly number[]) => part.reduce((sum, y) => sum + Math.exp(logps[y]), 0);

describe('moving probability', () => {
  it('a dragged bar gets its mass, all sums stay 1, the others keep their proportions, other prompts stay', () => {
    for (let seed = 0; seed < 50; seed++) {
      const setting = randomSetting(seed);
      const random = randomAt(seed, STREAM.preferences);
      const prompt = promptOf(setting, seed % 2), elsewhere = promptOf(setting, 1 - seed % 2);
      let { logps } = setting;
      for (let move = 0; move < 40; move++) {
        const size = 1 + Math.floor(random.uniform() * 3);
        const first = Math.floor(random.uniform() * (prompt.length - size));
        const part = prompt.slice(first, first + size), rest = prompt.filter((y) => !part.includes(y));
        const wanted = random.uniform();
        const next = withMass(logps, prompt, part, wanted);
        expect(Math.abs(mass(next, part) - wanted)).toBeLessThan(1e-12);
        expect(Math.abs(mass(next, prompt) - 1)).toBeLessThan(1e-12);
        for (const own of [part, rest]) for (const y of own) expect(next[y] - next[own[0]]).toBeCloseTo(logps[y] - logps[own[0]], 10);
        for (const y of elsewhere) expect(next[y]).toBe(setting.logps[y]);
        logps = next;
      }
    }
  });

  it('0, 1 and what lies beyond end at the range’s ends, and there is a way back', () => {
    const setting = randomSetting(1);
    const prompt = promptOf(setting, 0);
    for (const [wanted, reached] of [[0, LEAST], [-3, LEAST], [1, MOST], [7, MOST], [Infinity, MOST]]) {
      const next = withMass(setting.logps, prompt, [prompt[0]], wanted);
      expect(Math.exp(next[prompt[0]])).toBeCloseTo(reached, 12);
      expect(next.every(Number.isFinite)).toBe(true);
      const back = withMass(next, prompt, [prompt[0]], Math.exp(setting.logps[prompt[0]]));
      back.forEach((logp, y) => expect(logp).toBeCloseTo(setting.logps[y], 8));
    }
  });

  it('refuses what is no number and what is nothing or everything', () => {
    const { logps } = randomSetting(2);
    expect(() => withMass(logps, [0, 2], [0], NaN)).toThrow('withMass: mass must be a number in [0.000001, 0.999999], got NaN');
    expect(() => withMass(logps, [0, 2], [], 0.5)).toThrow(RangeError);
    expect(() => withMass(logps, [0, 2], [0, 2], 0.5)).toThrow(RangeError);
  });

  it('keys', () => {
    expect(massByKey(0.2, 'ArrowRight', false)).toBeCloseTo(0.21);
    expect(massByKey(0.2, 'ArrowUp', true)).toBeCloseTo(0.3);
    expect(massByKey(0.2, 'ArrowLeft', false)).toBeCloseTo(0.19);
    expect(massByKey(0.2, 'PageDown', false)).toBeCloseTo(0.1);
    expect([massByKey(0.2, 'Home', false), massByKey(0.2, 'End', false), massByKey(0.2, 'x', false)]).toEqual([LEAST, MOST, null]);
  });

  it('shares of three: what they have together stays, the rest does not move', () => {
    const setting = randomSetting(3);
    const prompt = promptOf(setting, 0);
    const three: Three = [prompt[0], prompt[2], prompt[5]];
    const next = withShares(setting.logps, three, [0.5, 0.2, 0.3]);
    expect(mass(next, three)).toBeCloseTo(mass(setting.logps, three), 12);
    sharesOf(next, three).forEach((share, i) => expect(share).toBeCloseTo([0.5, 0.2, 0.3][i], 12));
    for (const y of prompt) if (!three.includes(y)) expect(next[y]).toBe(setting.logps[y]);
    for (const outside of [[1.4, -0.2, -0.2], [1, 0, 0], [-1, 1, 1]] as Shares[]) {
      const inside = insideShares(outside);
      expect(inside[0] + inside[1] + inside[2]).toBeCloseTo(1, 12);
      expect(Math.min(...inside)).toBeGreaterThan(0);
    }
  });
});

describe('what a policy is worth', () => {
  it('J ≤ β log Z for every dragged policy, and the gap, computed by itself, is what is missing', () => {
    for (let seed = 0; seed < 100; seed++) {
      const setting = randomSetting(seed);
      const random = randomAt(seed, STREAM.labels);
      const prompt = promptOf(setting, 0);
      const dragged = withMass(setting.logps, prompt, [prompt[Math.floor(random.uniform() * prompt.length)]], random.uniform());
      const { value, best, gap, reward, klCost } = worthOf(setting, dragged);
      expect(value).toBeLessThanOrEqual(best + 1e-10 * Math.max(1, Math.abs(best)));
      expect(gap).toBeGreaterThan(0);
      expect(Math.abs(value + gap - best)).toBeLessThan(1e-10 * Math.max(1, Math.abs(best), Math.abs(klCost)));
      expect(reward - klCost).toBeCloseTo(value, 10);
    }
  });

  it('the gradient is 0 at π* and not 0 one bar away from it; J falls there', () => {
    for (let seed = 0; seed < 50; seed++) {
      const setting = randomSetting(seed);
      const { optimalLogps } = worthOf(setting, setting.logps);
      const there = worthOf(setting, optimalLogps);
      expect(Math.max(...there.gradient.map(Math.abs))).toBeLessThan(ROUNDING);
      expect(Math.abs(there.gap)).toBeLessThan(ROUNDING);
      const prompt = promptOf(setting, 0);
      const likeliest = prompt.reduce((a, b) => (optimalLogps[b] > optimalLogps[a] ? b : a));
      const away = worthOf(setting, withMass(optimalLogps, prompt, [likeliest], 0.7 * Math.exp(optimalLogps[likeliest])));
      expect(Math.max(...away.gradient.map(Math.abs))).toBeGreaterThan(1e-4);
      expect(away.value).toBeLessThan(there.value);
    }
  });

  it('the arrow of a bar points where J rises, and says how fast: checked by moving the bar a little', () => {
    for (let seed = 0; seed < 30; seed++) {
      const setting = randomSetting(seed, ['a', 'b'], 0.5);
      const prompt = promptOf(setting, 1);
      const { gradient } = worthOf(setting, setting.logps);
      for (const y of prompt) {
        const p = Math.exp(setting.logps[y]);
        if (p < 0.01 || p > 0.99) continue;
        const h = 1e-5 * p;
        const slope = (objectiveOf(setting, withMass(setting.logps, prompt, [y], p + h)).value - objectiveOf(setting, withMass(setting.logps, prompt, [y], p - h)).value) / (2 * h);
        // Raising π(y) by ε lowers the others by ε/(1 − p) of theirs; averaged over two prompts.
        expect(slope).toBeCloseTo(gradient[y] / (1 - p) / 2, 4);
      }
    }
  });
});

describe('the hill', () => {
  const setting = randomSetting(5, ['a', 'b', 'c'], 0.7);
  const prompt = promptOf(setting, 0);
  const three: Three = [prompt[1], prompt[3], prompt[6]];
  const hill = hillOf(setting, setting.logps, three);
  const grid = Array.from({ length: 21 }, (_, i) => Array.from({ length: 21 - i }, (__, k): Shares => [i / 20, k / 20, (20 - i - k) / 20])).flat();

  it('its value is J of the policy with these shares; its top is the highest point, its corners hold the lowest', () => {
    for (const shares of grid) {
      const inside = insideShares(shares);
      expect(hill.value(inside)).toBeCloseTo(objectiveOf(setting, withShares(setting.logps, three, inside)).value, 9);
      expect(hill.value(shares)).toBeLessThanOrEqual(hill.highest + 1e-12);
      expect(hill.value(shares)).toBeGreaterThanOrEqual(hill.lowest - 1e-12);
    }
    const { optimalLogps } = worthOf(setting, setting.logps);
    sharesOf(optimalLogps, three).forEach((share, i) => expect(hill.top[i]).toBeCloseTo(share, 10));
  });

  it('a contour line has its level everywhere inside of the triangle, and encloses what is higher', () => {
    const level = hill.lowest + 0.6 * (hill.highest - hill.lowest);
    const outline = outlineOf(hill, level);
    const onLevel = outline.filter((shares) => Math.min(...shares) > 1e-6);
    expect(onLevel.length).toBeGreaterThan(20);
    for (const shares of onLevel) expect(hill.value(shares)).toBeCloseTo(level, 6);
    for (const shares of outline) expect(hill.value(shares)).toBeGreaterThan(level - 1e-6);
  });

  it('places and shares are each other’s inverse; keys move as they say', () => {
    for (const shares of grid) {
      const { x, y } = placeOf(shares);
      sharesAt(x, y).forEach((share, i) => expect(share).toBeCloseTo(shares[i], 12));
    }
    expect(sharesByKey([0.2, 0.4, 0.4], 'ArrowUp', 0.1)?.map((s) => Number(s.toFixed(6)))).toEqual([0.3, 0.35, 0.35]);
    expect(sharesByKey([0.2, 0.4, 0.4], 'ArrowRight', 0.1)?.map((s) => Number(s.toFixed(6)))).toEqual([0.2, 0.3, 0.5]);
    expect(sharesByKey([0.2, 0.05, 0.75], 'ArrowRight', 0.1)?.map((s) => Number(s.toFixed(6)))).toEqual([0.2, 0, 0.8]);
    expect(sharesByKey([0.2, 0.4, 0.4], 'Enter', 0.1)).toBeNull();
  });
});

describe('rows and strip', () => {
  it('a small prompt has a bar for each response, a large one ten and all others; the pair’s are always there', () => {
    const small = randomSetting(1, ['a', 'b']);
    expect(rowsOf(small, 0, [small.logps])).toMatchObject({ others: [], shown: { length: 7 } });
    const large = randomSetting(1, ['a', 'b', 'c', 'd', 'e']);
    const rows = rowsOf(large, 0, [large.logps, large.refLogps]);
    expect(rows.shown).toHaveLength(MOST_ROWS);
    expect([...rows.shown, ...rows.others].toSorted((a, b) => a - b)).toEqual(promptOf(large, 0));
    for (const { chosen, rejected } of large.pairs) expect(rows.shown).toEqual(expect.arrayContaining([chosen, rejected]));
    const likeliest = rows.prompt.reduce((a, b) => (large.logps[b] > large.logps[a] ? b : a));
    expect(rows.shown).toContain(likeliest);
    rows.shown.slice(1).forEach((y, i) => expect(large.rewards[y]).toBeLessThanOrEqual(large.rewards[rows.shown[i]]));
  });

  it('π* over β begins at the best response and ends at the reference', () => {
    const setting = randomSetting(2, ['a', 'b']);
    const lines = stripLines(setting, 0);
    const best = promptOf(setting, 0).reduce((a, b) => (setting.rewards[b] > setting.rewards[a] ? b : a));
    expect(lines.find(({ response }) => response === best)?.shares[0]).toBeGreaterThan(0.999);
    const near = worthOf({ ...setting, beta: 10 }, setting.logps).optimalLogps;
    for (const { response, shares } of lines) expect(shares.at(-1)).toBeCloseTo(Math.exp(near[response]), 12);
  });
});

describe('sentences', () => {
  const said = (story: Partial<Parameters<typeof worthSentence>[0]>) => worthSentence({ value: 0.31, best: 0.471, gap: 0.161, beta: 0.5, isOwn: false, step: 0, whose: '', promptCount: 1, ...story }).map(({ text }) => text).join('').replaceAll('\u00a0', ' ');
  it('of the reference, of a run, of the reader’s own, of π*', () => {
    expect(said({})).toBe('The reference is worth J = 0.310; the best possible is β log Z = 0.471 at β = 0.5. Drag the bars of π to do better, or press Play.');
    expect(said({ step: 20, promptCount: 2, whose: 'seed 3' })).toBe('After 20 updates the policy (seed 3) is worth J = 0.310 (mean over 2 prompts); the best possible is β log Z = 0.471 at β = 0.5. The gap, β·KL(π‖π*), is 0.16.');
    expect(said({ isOwn: true, step: 20 })).toBe('Your policy is worth J = 0.310; the best possible is β log Z = 0.471 at β = 0.5. The gap, β·KL(π‖π*), is 0.16.');
    expect(said({ isOwn: true, value: 0.471, gap: -1e-17 })).toBe('Your policy is π*: J = β log Z = 0.471 at β = 0.5, and no policy is worth more. Move any bar and J falls.');
  });
  it('of the climb', () => {
    expect(climbSentence({ end: 0.3509, best: 0.351, updates: 1000, few: false })).toBe('The climb arrives at π*, wherever it starts: J has one summit.');
    expect(climbSentence({ end: 0.2, best: 0.351, updates: 961, few: true })).toBe('After 961 updates the climb is at J = 0.200 of 0.351. It moves all responses; the line shows how it divides these three.');
  });
  it('of the gradients', () => {
    expect(pullSentence([{ name: '“yes”', gradient: 0.9 }, { name: '“no”', gradient: -0.4 }])).toBe('J rises most with more of “yes” (+0.900) and less of “no” (−0.400).');
    expect(pullSentence([{ name: '“yes”', gradient: 1e-12 }, { name: '“no”', gradient: -1e-16 }])).toBe('At π* every gradient is 0: no response wants more probability, none wants less.');
    expect([signed(0.5), signed(-0.5), signed(-1e-13)]).toEqual(['+0.500', '−0.500', '0']);
  });
});

describe('the page', () => {
  let page: SinglePage;
  beforeAll(async () => {
    // Rendered to a string, zustand shows what a store began with; here it is to be what it holds now.
    look.getInitialState = look.getState;
    page = await singlePage(threeAnswers);
  });
  afterEach(() => look.setState({ own: null, prompt: 0, corners: null }));
  const words = (part: React.ReactNode) => textOf(page.show(part)).replaceAll('\u00a0', ' ');
  const numberOf = (html: string, metric: string) => Number(html.match(new RegExp(`data-metric="${metric}" data-value="([^"]*)"`))?.[1]);
  const gradients = (html: string) => [...html.matchAll(/data-gradient="([^"]*)"/g)].map(([, value]) => Number(value));

  it('opens on the reference: a slider for each response, J, its parts and the gap', () => {
    const html = page.show(<DragBars />);
    expect([...html.matchAll(/role="slider"[^>]*aria-label="([^"]*)"[^>]*aria-valuetext="([^"]*)"/g)].map(([, name, value]) => `${name}: ${value}`)).toEqual(['π of yes: 20.0 %', 'π of no: 50.0 %', 'π of the empty response: 30.0 %']);
    expect(numberOf(html, 'goldReward')).toBeCloseTo(-0.1, 5);
    expect(numberOf(html, 'klCost')).toBeCloseTo(0, 5);
    expect(numberOf(html, 'objective') + numberOf(html, 'gap')).toBeCloseTo(numberOf(html, 'objective/optimal'), 10);
    expect(numberOf(html, 'objective/optimal')).toBeCloseTo(0.5 * Math.log(0.2 * Math.exp(2) + 0.5 + 0.3 * Math.exp(-2)), 5);
    expect(gradients(html)).toHaveLength(3);
    expect(Math.max(...gradients(html).map(Math.abs))).toBeGreaterThan(0.1);
    for (const term of ['pi', 'pi-ref', 'pi-star', 'r', 'J', 'kl', 'beta']) expect(html, term).toContain(`data-term="${term}"`);
    expect(textOf(html)).toContain('the run’s policy');
    expect(words(<WorthHeadline />)).toMatch(/The reference is worth J = −0\.100; the best possible is β log Z = 0\.351 at β = 0\.5\./);
  });

  it('a policy of the reader’s own is marked as such, in the bars and in the sentence; at π* every gradient is 0', () => {
    const { world, view } = { world: page.store.getState().world!, view: page.store.getState().view! };
    look.setState({ own: { logps: view.optimalLogps!.slice(), world, opened: threeAnswers.experiment } });
    const html = page.show(<DragBars />);
    expect(textOf(html)).toContain('your policy');
    expect(Math.max(...gradients(html).map(Math.abs))).toBeLessThan(1e-6); // the view's π* is normalised in float64, its reference in float32
    expect(words(<WorthHeadline />)).toMatch(/Your policy is/);
    look.setState({ own: { logps: view.optimalLogps!.slice(), world, opened: twoQuestions.experiment } });
    expect(textOf(page.show(<DragBars />)), 'one of another preset is not shown').toContain('the run’s policy');
  });

  it('strip and hill have text alternatives with numbers of the same world', () => {
    expect(page.show(<BetaStrip />)).toMatch(/aria-label="π\* at every β from 0\.01 to 10\. At β = 0\.01 the likeliest response under π\* is “yes” \((100 %|&gt; 99\.9 %)\)/);
    const html = page.show(<TernaryPanel />);
    expect(html).toMatch(/aria-label="J over the shares of yes, no, the empty response: highest 0\.351 at π\*/);
    expect(numberOf(html, 'hill/climb')).toBeCloseTo(numberOf(html, 'hill/top'), 6);
    expect(numberOf(html, 'hill/now')).toBeCloseTo(-0.1, 5);
    expect(textOf(html)).not.toContain('the other responses keep theirs');
  });

  it('has the derivation between the sentence and the bars, and after training the bars are at π*', async () => {
    await page.trainTo(300);
    const html = page.show(<Chapter2 />);
    expect(html).toContain('data-derivation-step="optimal-policy"');
    expect(html).toContain('Which policy is best?');
    expect(numberOf(page.show(<DragBars />), 'gap')).toBeLessThan(1e-3);
    expect(words(<WorthHeadline />)).toMatch(/After 300 updates the policy is worth J = 0\.351;.*is less than 0\.001\.$/);
    expect(textOf(html)).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('seeds are named where they can differ', async () => {
    expect(words(<WorthHeadline />)).not.toContain('seed');
    const mlp = await singlePage(threeAnswers, { ...threeAnswers.experiment, policy: { kind: 'mlp', hidden: [4] }, seeds: [0, 1] });
    expect(textOf(mlp.show(<WorthHeadline />))).toContain('The reference (mean of 2 seeds) is worth');
    expect(mlp.show(<DragBars />)).toContain('aria-label="Policy shown"');
    expect(page.show(<DragBars />)).not.toContain('aria-label="Policy shown"');
    mlp.run.dispose();
  });

  it('two prompts: a choice between them, sums and values over both, others in one bar', async () => {
    const two = await singlePage(twoQuestions);
    const html = two.show(<DragBars />);
    expect(html).toContain('aria-label="Prompt"');
    expect(html.match(/role="slider"/g)).toHaveLength(MOST_ROWS + 1);
    expect(textOf(html)).toContain('all others146 responses');
    expect(textOf(html)).toContain('mean over 2 prompts');
    expect(textOf(two.show(<TernaryPanel />))).toContain('the other responses keep theirs');
    two.run.dispose();
  });

  it('without a gold reward the page says what is missing', async () => {
    const { gold: _none, ...rest } = threeAnswers.experiment;
    const without: Experiment = experimentOf({ ...rest, algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.5 } });
    const bare = await singlePage(threeAnswers, without);
    for (const part of [<DragBars key={0} />, <TernaryPanel key={1} />]) expect(textOf(bare.show(part))).toContain('no gold reward');
    expect(textOf(bare.show(<WorthHeadline />))).toContain('One pair');
    bare.run.dispose();
  });
});

it('the climb reaches the top from any corner of the simplex', () => {
  const setting = randomSetting(4, ['a'], 1);
  const prompt = promptOf(setting, 0);
  for (const y of prompt) {
    const path = ascentPath(setting, withMass(setting.logps, prompt, [y], 0.95), { rate: 0.5, steps: 4000 });
    const values = path.map((logps) => worthOf(setting, logps).value);
    values.slice(1).forEach((value, i) => expect(value).toBeGreaterThanOrEqual(values[i] - 1e-12));
    expect(worthOf(setting, path[path.length - 1]).gap).toBeLessThan(1e-3);
  }
});
