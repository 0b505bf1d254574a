/** The derivation is one text: every line refers to known things, is typeset, and holds in 200 random worlds. */
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { evaluate, TOLERANCE, toleranceOf, type Check, type Step } from '../../src/derivation/step.ts';
import { STEPS } from '../../src/derivation/steps.ts';
import { settingOf } from '../../src/derivation/setting.ts';
import { SYMBOLS } from '../../src/derivation/symbols.ts';
import { Tex } from '../../src/components/charts/Tex.tsx';
import { randomSettings } from './worlds.ts';

const settings = randomSettings();
const KINDS = ['definition', 'identity', 'stationary', 'maximum'] as const;

/** The lecture line by line; nothing of it may get lost. A step that is added need not be here. */
const ORDER: Record<number, string[]> = {
  1: ['reward-model-likelihood'],
  2: [
    'rlhf-objective', 'lagrangian', 'lagrangian-expanded', 'lagrangian-gradient', 'stationarity', 'log-ratio', 'exponentiated', 'normalisation',
    'optimal-policy', 'optimal-value', 'gap-is-kl', 'uniqueness',
  ],
  3: ['inverted-reward', 'reward-up-to-constant', 'implicit-reward', 'implicit-normaliser', 'z-cancels', 'dpo-objective'],
  4: ['softmax-form', 'dpo-gradient', 'dpo-weight', 'ipo-target', 'support-zero', 'solution-set'],
  7: ['policy-gradient', 'ppo-surrogate', 'gae'],
};

describe('the steps as a text', () => {
  it('has every line of the lecture, in reading order', () => {
    const lecture = Object.values(ORDER).flat();
    expect(STEPS.map(({ id }) => id).filter((id) => lecture.includes(id))).toEqual(lecture);
    for (const [chapter, ids] of Object.entries(ORDER)) for (const id of ids) expect(STEPS.find((step) => step.id === id)?.chapter, id).toBe(Number(chapter));
    expect(new Set(STEPS.map(({ id }) => id)).size).toBe(STEPS.length);
    const chapters = STEPS.map(({ chapter }) => chapter);
    expect(chapters).toEqual([...chapters].sort((a, b) => a - b));
  });

  it('counts its checks by kind: every step has one, and of the lecture’s lines only two name something', () => {
    const counts = Object.fromEntries(KINDS.map((kind) => [kind, STEPS.filter(({ check }) => check.kind === kind).length]));
    console.log(`${STEPS.length} steps: ${KINDS.map((kind) => `${counts[kind]} ${kind}`).join(', ')}`);
    expect(KINDS.reduce((sum, kind) => sum + counts[kind], 0)).toBe(STEPS.length);
    const names = STEPS.filter(({ check, chapter, id }) => check.kind === 'definition' && ORDER[chapter].includes(id)).map(({ id }) => id);
    expect(names).toEqual(['lagrangian', 'implicit-reward']);
    expect(counts.stationary).toBeGreaterThanOrEqual(2);
    expect(counts.maximum).toBeGreaterThanOrEqual(2);
  });

  it('does not compile a step without a check', () => {
    // @ts-expect-error the check is missing
    const step: Step = { id: 'a', chapter: 2, title: 'a', tex: 'a', reason: 'a', uses: [], source: 'a' };
    expect('check' in step).toBe(false);
  });

  it.each(STEPS)('$id says what it is in whole sentences', ({ title, reason, source, check }) => {
    for (const words of [title, source, ...(check.kind === 'definition' ? [check.why] : [check.left, check.right])]) expect(words.trim().length).toBeGreaterThan(0);
    expect(reason).toMatch(/^[\p{Lu}\p{Script=Greek}].{20,260}\.$/u);
    expect(title).toMatch(/^\p{Lu}.{3,60}[^.]$/u);
  });

  it.each(STEPS)('$id uses only earlier steps', ({ id, uses }) => {
    const earlier = STEPS.slice(0, STEPS.findIndex((step) => step.id === id)).map((step) => step.id);
    for (const used of uses) expect(earlier).toContain(used);
    expect(new Set(uses).size).toBe(uses.length);
  });

  it.each(STEPS)('$id marks terms that have a row, and is typeset with MathML', ({ tex }) => {
    const terms = [...tex.matchAll(/\\term\{([^}]*)\}/g)].map(([, id]) => id);
    expect(terms.length).toBeGreaterThan(1);
    for (const term of terms) expect(SYMBOLS.map(({ id }) => id)).toContain(term);
    const html = renderToStaticMarkup(createElement(Tex, { tex, display: true }));
    expect(html).toContain('<math');
    expect(html).not.toContain('katex-error');
    for (const term of terms) expect(html).toContain(`data-term="${term}"`);
  });
});

describe('the symbols', () => {
  it('has one row each', () => {
    expect(new Set(SYMBOLS.map(({ id }) => id)).size).toBe(SYMBOLS.length);
    expect(new Set(SYMBOLS.map(({ text }) => text)).size).toBe(SYMBOLS.length);
  });

  it.each(SYMBOLS)('$text is typeset and explained', ({ id, tex, text, code, unit, meaning }) => {
    expect(id).toMatch(/^[a-z0-9-]{1,30}$/i);
    expect(renderToStaticMarkup(createElement(Tex, { tex: `\\term{${id}}{${tex}}` }))).toContain(`data-term="${id}"`);
    for (const words of [text, code, unit, meaning]) expect(words.length).toBeGreaterThan(0);
    expect(meaning).not.toMatch(/\.$/);
  });

  it('has values that are numbers in every world', () => {
    for (const setting of settings) for (const { id, value } of SYMBOLS) if (value) expect(value(setting), id).not.toBeNaN();
  });
});

describe('the random worlds', () => {
  it('are what the steps are to hold in', () => {
    const count = (is: (setting: (typeof settings)[number]) => boolean): number => settings.filter(is).length;
    expect(settings.length).toBe(200);
    expect(count(({ world }) => world.promptCount > 1)).toBeGreaterThan(80);
    expect(count(({ world }) => world.responseCount > 200)).toBeGreaterThan(10);
    expect(count(({ refLogps }) => Math.min(...refLogps) < -200)).toBeGreaterThan(40);
    expect(count(({ refLogps }) => Math.exp(Math.min(...refLogps)) === 0)).toBeGreaterThan(5);
    expect(count(({ rewards }) => Math.max(...rewards.map(Math.abs)) > 45)).toBeGreaterThan(20);
    expect(count(({ rewards, beta }) => Math.exp(Math.max(...rewards) / beta) === Infinity)).toBeGreaterThan(10);
    expect(Math.min(...settings.map(({ beta }) => beta))).toBe(0.01);
    expect(Math.max(...settings.map(({ beta }) => beta))).toBe(10);
    expect(count(({ beta }) => beta < 0.1)).toBeGreaterThan(40);
    expect(count(({ pairs }) => pairs.length > 1)).toBeGreaterThan(100);
    expect(randomSettings(3)[2].refLogps).toEqual(settings[2].refLogps);
  });

  it('are not so extreme that more than 1e-10 is allowed', () => {
    expect(settings.map(toleranceOf)).toEqual(settings.map(() => TOLERANCE));
  });
});

describe('every step, in 200 random worlds', () => {
  it.each(STEPS.filter(({ check }) => check.kind !== 'definition'))('$id holds to 1e-11', ({ check }) => {
    let count = 0;
    for (const setting of settings) {
      const result = evaluate(check, setting);
      expect(result.count).toBeGreaterThan(0);
      expect(result.verdict, JSON.stringify(result.worst)).toBe('pass');
      expect(result.off, JSON.stringify(result.worst)).toBeLessThanOrEqual(1e-11);
      count += result.count;
    }
    expect(count).toBeGreaterThanOrEqual(settings.length);
  });

  it.each([[1e-6, 1e-9], [1e-6, 1], [1e-6, 1000], [0.01, 1e6], [1000, 1e-3], [1000, 1e9]])('holds at the edges of what an experiment may be: β = %d, rewards up to %d', (beta, size) => {
    const failed = new Set<string>();
    for (const given of settings.slice(0, 40)) {
      const largest = Math.max(...given.rewards.map(Math.abs));
      const setting = settingOf({ ...given, beta, rewards: given.rewards.map((r) => r / largest * size) });
      for (const { check, id } of STEPS) {
        const { verdict, worst, tolerance } = evaluate(check, setting);
        expect(tolerance).toBeLessThan(1e-5);
        if (verdict === 'fail') failed.add(`${id} ${JSON.stringify(worst)}`);
      }
    }
    expect([...failed]).toEqual([]);
  });

  it('names what it is about, and finds the reader’s own response', () => {
    for (const setting of settings.slice(0, 40)) {
      for (const { check, id } of STEPS) {
        const { shown } = evaluate(check, setting);
        if (check.kind === 'definition') continue;
        expect(shown?.at, id).toBeTruthy();
        if (['log-ratio', 'stationarity', 'optimal-policy', 'inverted-reward'].includes(id)) expect(shown?.y).toBe(setting.shown);
        if (['rlhf-objective', 'optimal-value', 'uniqueness'].includes(id)) expect(shown?.x).toBe(setting.promptOf[setting.shown]);
      }
    }
  });
});

describe('evaluate', () => {
  const [setting] = settings;
  const check = (sides: { lhs: number; rhs: number; scale?: number; relative?: boolean }[], kind: 'identity' | 'maximum' = 'identity'): Check =>
    ({ kind, left: 'a', right: 'b', sides: () => sides.map((numbers) => ({ at: 'here', ...numbers })) });
  const verdict = (...given: Parameters<typeof check>): string => evaluate(check(...given), setting).verdict;

  it('passes equal sides and fails others, the worst of them told', () => {
    expect(verdict([{ lhs: 2, rhs: 2 + 1e-10 }])).toBe('pass');
    expect(verdict([{ lhs: 2, rhs: 2 + 1e-9 }])).toBe('fail');
    const result = evaluate(check([{ lhs: 1, rhs: 1 }, { lhs: 1, rhs: 3 }, { lhs: 1, rhs: 2 }]), setting);
    expect(result).toMatchObject({ verdict: 'fail', worst: { rhs: 3 }, count: 3 });
    expect(result.off).toBeCloseTo(2 / 3, 12);
  });

  it('fails what is not a number, wherever it stands, and a check of nothing', () => {
    expect(verdict([{ lhs: NaN, rhs: NaN }])).toBe('fail');
    expect(verdict([{ lhs: 1, rhs: 1 }, { lhs: NaN, rhs: 1 }, { lhs: 2, rhs: 2 }])).toBe('fail');
    expect(verdict([{ lhs: Infinity, rhs: 1 }])).toBe('fail');
    expect(verdict([{ lhs: Infinity, rhs: Infinity }])).toBe('fail');
    expect(verdict([{ lhs: -Infinity, rhs: 1 }], 'maximum')).toBe('fail');
    expect(verdict([])).toBe('fail');
  });

  it('lets a rival be worse, not better', () => {
    expect(verdict([{ lhs: 1, rhs: 2 }], 'maximum')).toBe('pass');
    expect(verdict([{ lhs: 2, rhs: 1 }], 'maximum')).toBe('fail');
  });

  it('compares probabilities relative to themselves', () => {
    expect(verdict([{ lhs: 1e-20, rhs: 2e-20 }])).toBe('pass');
    expect(verdict([{ lhs: 1e-20, rhs: 2e-20, relative: true }])).toBe('fail');
    expect(verdict([{ lhs: 0, rhs: 0, relative: true }])).toBe('pass');
    expect(verdict([{ lhs: 0, rhs: 1e-300, relative: true }])).toBe('fail');
  });

  it('allows more than 1e-10 only where the exponents themselves are rounded to more', () => {
    expect(toleranceOf({ ...setting, beta: 1e-6, rewards: setting.rewards.map(() => 100) })).toBeCloseTo(1e8 * 2 ** -50, 12);
    expect(toleranceOf({ ...setting, beta: 1e-3, rewards: setting.rewards.map(() => 50) })).toBe(TOLERANCE);
  });
});
