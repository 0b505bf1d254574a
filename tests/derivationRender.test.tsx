/** The derivation on the page, over real runs: every line with its numbers, the slides' versions, and the words of a check. */
import { renderToString } from 'react-dom/server';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Tex } from '../src/components/charts/Tex.tsx';
import { checkedWords, formatDifference, spokenOf, verdictWords, type Checked } from '../src/components/derivation/checkWords.ts';
import { Derivation } from '../src/components/derivation/Derivation.tsx';
import { countWords, DerivationPanel } from '../src/components/derivation/DerivationPanel.tsx';
import { errataOf, LINE_CHAPTERS, lineOf, linesOf, SHOWN_CHAPTERS } from '../src/components/derivation/lines.ts';
import { reading, showLines } from '../src/components/derivation/reading.ts';
import { createPasses, type Evaluations } from '../src/components/derivation/useEvaluations.ts';
import { ERRATA } from '../src/derivation/errata.ts';
import { settingOf, type Setting } from '../src/derivation/setting.ts';
import { evaluate, type Check, type Sides } from '../src/derivation/step.ts';
import { STEPS } from '../src/derivation/steps.ts';
import { SYMBOLS } from '../src/derivation/symbols.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { presetExperiment } from '../src/sim/presets/preset.ts';
import { threeAnswers } from '../src/sim/presets/three-answers.ts';
import { THE_THE_THE_FILE } from '../src/sim/presets/the-the-the.ts';
import { buildWorld, nodeOf } from '../src/sim/world.ts';
import { singlePage, textOf, type SinglePage } from './fixtures/singlePage.tsx';

// Rendered to a string, zustand shows what a store began with; here it is to be what it holds now.
Object.assign(reading, { getInitialState: reading.getState });
beforeEach(() => reading.setState({ response: null, asOnSlide: false, lines: {} }));

const cat: Experiment = presetExperiment({ ...THE_THE_THE_FILE, name: 'a table', policy: { kind: 'tabular' }, seeds: [0], steps: 40 });
const withBeta = (experiment: Experiment, beta: number): Experiment => ({ ...experiment, algorithm: { ...experiment.algorithm, beta } });

/** What the lines on a page carry for tests. */
function shownLines(html: string) {
  return [...html.matchAll(/<li [^>]*data-derivation-step="[^>]*>/g)].map(([tag]) => {
    const of = (name: string) => tag.match(new RegExp(` ${name}="([^"]*)"`))?.[1];
    const number = (name: string) => { const text = of(name); return text === undefined ? null : Number(text); };
    return { id: of('data-derivation-step'), check: of('data-check'), look: of('data-look'), lhs: number('data-lhs'), rhs: number('data-rhs') };
  });
}

/** The page's numbers, from its run. */
function settingOn({ store }: SinglePage, shown?: string): Setting {
  const { world, view, frame, experiment } = store.getState();
  if (!world || !view?.gold || !frame || !experiment || !('pairs' in experiment.preferences)) throw new Error('the page has no numbers');
  const node = (text: string) => nodeOf(world, 0, text);
  const pairs = experiment.preferences.pairs.map(({ chosen, rejected, weight }) => ({ chosen: node(chosen), rejected: node(rejected), weight }));
  return settingOf({ world, beta: experiment.algorithm.beta, refLogps: view.refLogps, rewards: view.gold, logps: frame.logps, pairs, ...(shown === undefined ? {} : { shown: node(shown) }) });
}

describe('the lines on a page', () => {
  let page: SinglePage;
  beforeAll(async () => { page = await singlePage(threeAnswers, cat); });

  it.each(SHOWN_CHAPTERS)('chapter %i has every step in order, each with the numbers of the run, and all hold', (chapter) => {
    const setting = settingOn(page);
    const lines = shownLines(page.show(<Derivation chapter={chapter} />));
    expect(lines.map(({ id }) => id)).toEqual(STEPS.filter((step) => step.chapter === chapter).map(({ id }) => id));
    for (const [i, { step }] of linesOf(chapter).entries()) {
      const { verdict, shown } = evaluate(step.check, setting);
      expect(lines[i], step.id).toMatchObject({ check: verdict, lhs: shown?.lhs ?? null, rhs: shown?.rhs ?? null });
      expect(verdict, step.id).not.toBe('fail');
    }
  });

  it('reads one line, keeps those before and names those after; or shows all', () => {
    showLines(2, { current: 3 });
    const html = page.show(<Derivation chapter={2} />);
    const count = linesOf(2).length;
    expect(shownLines(html).map(({ look }) => look)).toEqual([...new Array<string>(3).fill('past'), 'now', ...new Array<string>(count - 4).fill('later')]);
    expect(html.match(/class="tex-display"/g)).toHaveLength(4);
    expect(html.match(/class="tex-display" tabindex="0"/g)).toHaveLength(1);
    expect(html.match(/aria-current="step"/g)).toHaveLength(1);
    expect(textOf(html)).toContain(linesOf(2)[3].step.reason.replaceAll(/_(ref|θ)/g, '$1'));
    showLines(2, { all: true });
    const all = page.show(<Derivation chapter={2} />);
    expect(new Set(shownLines(all).map(({ look }) => look))).toEqual(new Set(['open']));
    expect(all.match(/class="tex-display" tabindex="0"/g)).toHaveLength(count);
  });

  it('shows the reader’s own response', () => {
    reading.setState({ response: { prompt: 0, text: 'the the the' } });
    showLines(3, { current: 0 });
    const html = page.show(<Derivation chapter={3} />);
    const setting = settingOn(page, 'the the the');
    expect(shownLines(html)[0].lhs).toBe(setting.rewards[setting.shown]);
    expect(setting.rewards[setting.shown]).toBe(-2);
    expect(textOf(html)).toContain('at y₀ = “the the the”');
    reading.setState({ response: { prompt: 7, text: 'of another world' } });
    expect(shownLines(page.show(<Derivation chapter={3} />))[0].lhs).toBe(1);
  });

  it('says which lines a line uses, by number, and that a definition is one', () => {
    showLines(3, { current: 5 });
    const html = page.show(<Derivation chapter={3} />);
    const { step } = linesOf(3)[5];
    for (const id of step.uses) expect(html).toContain(`(${lineOf(id).number})`);
    const definition = linesOf(3).find((line) => line.step.check.kind === 'definition');
    showLines(3, { current: definition?.index ?? -1 });
    expect(textOf(page.show(<Derivation chapter={3} />))).toContain('Nothing to check: ');
    expect(() => lineOf('no-such-step')).toThrow('lineOf: id must be that of a step, got "no-such-step"');
  });

  it('says why there is nothing to derive without a gold reward', async () => {
    const { gold: _, ...without } = cat;
    const other = await singlePage(threeAnswers, without);
    expect(textOf(other.show(<Derivation chapter={2} />))).toContain('This experiment has no gold reward');
  });

  it('says that rewards are too large for β, and does not blame the run', async () => {
    const large = await singlePage(threeAnswers, withBeta(presetExperiment({ ...THE_THE_THE_FILE, gold: { otherwise: -1e6 }, policy: { kind: 'tabular' }, seeds: [0] }), 1e-6));
    const text = textOf(large.show(<Derivation chapter={2} />));
    expect(text).toContain('Raise β.');
    expect(text).not.toContain('no longer finite');
  });
});

describe('the slide’s version', () => {
  const broken = ['lagrangian-expanded', 'lagrangian-gradient', 'stationarity', 'log-ratio', 'exponentiated', 'optimal-policy'];
  it.each([[0.5, 'fail'], [2, 'fail'], [1, 'pass']] as const)('of the lines without β at β = %f: %s', async (beta, verdict) => {
    const page = await singlePage(threeAnswers, withBeta(cat, beta));
    await page.trainTo(3);
    reading.setState({ asOnSlide: true });
    showLines(2, { current: 3 });
    const html = page.show(<Derivation chapter={2} />);
    const lines = shownLines(html);
    for (const id of broken) expect(lines.find((line) => line.id === id)?.check, id).toBe(verdict);
    const text = textOf(html);
    expect(text).toContain('as on the slide');
    if (verdict === 'fail') expect(text).toMatch(/✗ the sides differ by \d/);
    else expect(text).toContain('The slide’s line is exact here (β = 1).');
    // Switched off, all hold again, and the line says that the slide differs.
    reading.setState({ asOnSlide: false });
    const own = page.show(<Derivation chapter={2} />);
    expect(shownLines(own).filter(({ check }) => check === 'fail')).toEqual([]);
    expect(textOf(own)).toContain('The slide differs');
  });

  it('places every erratum at a line or at a chapter', () => {
    const placed = [...LINE_CHAPTERS.flatMap(linesOf).flatMap(({ errata }) => errata), ...errataOf([1, 2, 3, 4, 5, 6, 7, 8, 9])].map(({ number }) => number);
    expect(new Set(placed)).toEqual(new Set(ERRATA.map(({ number }) => number)));
  });
});

describe('the panel of the whole derivation', () => {
  it('has all lines of all chapters with their count', async () => {
    const page = await singlePage(threeAnswers, cat);
    await page.trainTo(20);
    const html = page.show(<DerivationPanel />);
    const setting = settingOn(page);
    const lines = shownLines(html);
    expect(lines.map(({ id }) => id)).toEqual(LINE_CHAPTERS.flatMap(linesOf).map(({ step }) => step.id));
    expect(lines).toHaveLength(STEPS.length);
    const own = lines.find(({ id }) => id === 'lagrangian-gradient');
    expect(own).toMatchObject({ check: 'pass', lhs: evaluate(lineOf('lagrangian-gradient').step.check, setting).shown?.lhs });
    const definitions = STEPS.filter(({ check }) => check.kind === 'definition').length;
    expect(textOf(html)).toContain(`${STEPS.length} lines: ${STEPS.length - definitions} checked on this run, all of them hold; ${definitions} are definitions.`);
  });
  it('names what does not hold', async () => {
    const page = await singlePage(threeAnswers, cat);
    const setting = settingOn(page);
    const [line] = linesOf(2);
    const wrong = evaluate({ kind: 'identity', left: '', right: '', sides: () => [{ at: 'x', lhs: 1, rhs: 2 }] }, setting);
    expect(countWords([line], new Map([[line.step.id, wrong]]))).toBe(`1 line: 1 checked on this run, (2.1) “${line.step.title}” does not hold; 0 are definitions.`);
  });
});

describe('the words of a check', () => {
  const world = buildWorld({ words: ['a', 'b'], maxLength: 2, prompts: ['p', 'q'] });
  const flat = new Float64Array(world.responseCount);
  const setting = settingOf({ world, beta: 1, refLogps: flat, rewards: flat, logps: flat, pairs: [{ chosen: 2, rejected: 3 }, { chosen: 3, rejected: 2 }] });
  const check = (kind: Checked['kind'], sides: Sides[]): Checked => ({ kind, left: 'l', right: 'r', sides: () => sides });
  const words = (kind: Checked['kind'], sides: Sides[]) => { const own = check(kind, sides); const found = evaluate(own, setting); return [verdictWords(own, found), checkedWords(own, found, setting)]; };
  const each = (n: number, sides: (i: number) => Partial<Sides>): Sides[] => Array.from({ length: n }, (_, i) => ({ at: `y₀ = ${i}`, lhs: 1, rhs: 1, ...sides(i) }));

  it('say how many of what', () => {
    expect(words('identity', each(14, (y) => ({ y })))).toEqual(['both sides agree', 'all 14 responses, largest relative difference 0']);
    expect(words('identity', each(2, (x) => ({ x })))).toEqual(['both sides agree', 'all 2 prompts, largest relative difference 0']);
    expect(words('identity', each(2, (y) => ({ y, at: '“a” ≻ “b”' })))).toEqual(['both sides agree', 'all 2 pairs, largest relative difference 0']);
    expect(words('identity', each(3, () => ({})))[1]).toMatch(/^3 cases/);
    expect(words('identity', each(1, () => ({})))[1]).toMatch(/^one case/);
    const large = { ...setting, world: buildWorld({ words: ['a', 'b', 'c', 'd', 'e'], maxLength: 6, prompts: ['p'] }), checked: Array.from({ length: 200 }, (_, i) => i) };
    const own = check('identity', each(200, (y) => ({ y })));
    expect(checkedWords(own, evaluate(own, setting), large)).toBe('200 of 19,531 responses, largest relative difference 0');
  });
  it('say how far the sides are apart, where the reader looks or else where it is worst', () => {
    expect(words('identity', each(14, (y) => ({ y, rhs: 1.25 })))).toEqual(['the sides differ by 0.250', 'all 14 responses, largest relative difference 0.200']);
    const elsewhere = each(14, (y) => ({ y, rhs: y === 5 ? 3 : 1 }));
    expect(words('identity', elsewhere)[0]).toBe('the sides differ by 2.00 at y₀ = 5');
    const own = check('identity', elsewhere);
    expect(spokenOf(own, evaluate(own, setting))?.y).toBe(5);
    expect(words('stationary', each(1, () => ({ lhs: NaN })))[0]).toBe('a side is not a number here');
  });
  it('speak of rivals where a maximum is claimed', () => {
    expect(words('maximum', each(3, (i) => ({ lhs: 1 - 0.1 * (i + 1) })))).toEqual(['no rival is better', '3 cases, the best rival lower by 0.100']);
    expect(words('maximum', each(2, () => ({ lhs: 1.5 })))[0]).toBe('the left side is larger by 0.500');
  });
  it.each([[0, '0'], [4.44e-16, '4.4·10⁻¹⁶'], [-1.1e-9, '−1.1·10⁻⁹'], [0.31, '0.310'], [-5, '−5.00']])('write the difference %f as %s', (x, text) => {
    expect(formatDifference(x)).toBe(text);
  });
});

describe('evaluation in pieces', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });
  const world = buildWorld({ words: ['a'], maxLength: 1, prompts: ['p'] });
  const flat = new Float64Array(world.responseCount);
  const at = (beta: number): Setting => settingOf({ world, beta, refLogps: flat, rewards: flat, logps: flat, pairs: [{ chosen: 0, rejected: 1 }] });
  let evaluated: number[] = [];
  const one: Check = { kind: 'identity', left: '', right: '', sides: ({ beta }) => { evaluated.push(beta); return [{ at: '', lhs: beta, rhs: beta }]; } };
  const checks = new Map([['first', one], ['second', one]]);

  it('takes one check per task, finishes what it began, and goes on with the newest', () => {
    evaluated = [];
    const done: Evaluations[] = [];
    const passes = createPasses((result) => { done.push(result); });
    passes.want(checks, at(1));
    vi.advanceTimersToNextTimer();
    expect(evaluated).toEqual([1]);
    passes.want(checks, at(2));
    passes.want(checks, at(3));
    vi.runAllTimers();
    expect(evaluated).toEqual([1, 1, 3, 3]);
    expect(done.map(({ setting }) => setting.beta)).toEqual([1, 3]);
    expect(done[1].of.get('second')?.shown?.lhs).toBe(3);
    passes.want(checks, at(4));
    passes.stop();
    vi.runAllTimers();
    expect(evaluated).toEqual([1, 1, 3, 3]);
  });
});

describe('a formula', () => {
  const html = renderToString(<Tex tex={'\\term{pi-star}{\\pi^*}=\\frac{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}}{\\term{Z}{Z}}'} display label="formula 1" />);
  it('carries its terms once, and is there as MathML, which is not hidden', () => {
    expect([...html.matchAll(/data-term="([^"]*)"/g)].map(([, term]) => term).sort()).toEqual(['Z', 'pi-ref', 'pi-star']);
    expect(html).toContain('<math');
    expect(html).toMatch(/class="katex-mathml"><math/);
    expect(html.match(/aria-hidden="true"/g)).toHaveLength(1);
    expect(html).toContain('class="katex-html" aria-hidden="true"');
  });
  it('keeps the space before a relation out of its term', () => {
    const inside = (tex: string) => renderToString(<Tex tex={tex} />).match(/data-term="x">(.*?)<span class="mrel">/)?.[1];
    // Two tags are closed before the space comes: the term, and its group.
    expect(inside('\\term{x}{x}=1')).toMatch(/^<span class="mord mathnormal">x<\/span><\/span><\/span><span class="mspace"/);
  });
  it('is one stop for the focus, or none', () => {
    expect(html.match(/tabindex/g)).toHaveLength(1);
    expect(renderToString(<Tex tex="x" display stop={false} />)).not.toContain('tabindex');
  });
  it('has a colour for every symbol that has a role of its own', async () => {
    const page = await singlePage(threeAnswers, cat);
    const styles = page.show(<Derivation chapter={2} />).replaceAll('&quot;', '"');
    for (const { id, role } of SYMBOLS) {
      const rule = `.katex [data-term="${id}"]{color:${role === 'ref' ? 'var(--ref)' : `var(--${role}-text)`}}`;
      expect(styles.includes(rule), id).toBe(role !== 'ink');
    }
  });
});
