/** The objectives side by side: their totals against formulas written independently, and their parts as a table. */
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { alignFormulas, PART_ORDER, type Formula } from '../../src/derivation/formula.ts';
import { CONSTANTS } from '../../src/derivation/formulaParts.ts';
import { FORMULAS } from '../../src/derivation/formulas.ts';
import { shownPair } from '../../src/derivation/pairs.ts';
import type { Setting } from '../../src/derivation/setting.ts';
import { Tex } from '../../src/components/charts/Tex.tsx';
import { DPO_DEFAULTS } from '../../src/sim/experimentDefaults.ts';
import type { DpoKnobs, DpoLossName } from '../../src/sim/experiment.ts';
import { responseText, tokensOf } from '../../src/sim/world.ts';
import { pairLoss } from '../oracle/pairLosses.ts';
import { randomSettings } from './worlds.ts';

const settings = randomSettings();
const IDS = ['rlhf', 'reward-model', 'dpo', 'ipo', 'hinge', 'cdpo', 'dpop', 'dpo-nll', 'r-dpo', 'dpo-kl', 'simpo', 'ppo'];

function formula(id: string): Formula {
  const found = FORMULAS.find((row) => row.id === id);
  if (!found) throw new Error(`no formula ${id}`);
  return found;
}

/** A loss of the oracle for the shown pair. */
function oracle(name: DpoLossName, knobs: Partial<DpoKnobs>) {
  return (setting: Setting): number => {
    const { world, beta, logps, refLogps } = setting;
    const { chosen, rejected } = shownPair(setting);
    const words = (y: number): number => responseText(world, y).split(' ').filter((word) => word !== '').length;
    return pairLoss(name, {
      logpW: logps[chosen], logpL: logps[rejected], refW: refLogps[chosen], refL: refLogps[rejected],
      wordsW: words(chosen), wordsL: words(rejected), tokensW: tokensOf(world, chosen), tokensL: tokensOf(world, rejected),
    }, { ...DPO_DEFAULTS, ...knobs, beta }).value;
  };
}

/** All responses to the shown pair's prompt. */
function responsesOf(setting: Setting): number[] {
  const x = setting.promptOf[shownPair(setting).chosen];
  return Array.from(setting.promptOf.keys()).filter((y) => setting.promptOf[y] === x);
}

const total = (setting: Setting, term: (y: number) => number): number => responsesOf(setting).map(term).reduce((a, b) => a + b, 0);
const kl = (setting: Setting): number => total(setting, (y) => Math.exp(setting.logps[y]) * (setting.logps[y] - setting.refLogps[y]));

const TRUTH: Record<string, (setting: Setting) => number> = {
  rlhf: (setting) => total(setting, (y) => Math.exp(setting.logps[y]) * (setting.rewards[y] - setting.beta * (setting.logps[y] - setting.refLogps[y]))),
  'reward-model': (setting) => {
    const { chosen, rejected } = shownPair(setting);
    const z = setting.rewards[chosen] - setting.rewards[rejected];
    return z > 0 ? Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)) - z;
  },
  dpo: oracle('sigmoid', {}),
  ipo: oracle('ipo', {}),
  hinge: oracle('hinge', {}),
  cdpo: oracle('sigmoid', { labelSmoothing: 0.1 }),
  dpop: oracle('dpop', { dpopLambda: 50 }),
  'dpo-nll': oracle('sigmoid', { nllWeight: 1 }),
  'r-dpo': oracle('sigmoid', { lengthAlpha: 0.1 }),
  'dpo-kl': (setting) => oracle('sigmoid', {})(setting) + 0.05 * kl(setting),
  simpo: oracle('simpo', { simpoGamma: 0.5 }),
  ppo: (setting) => {
    const { logps, refLogps, rewards } = setting;
    const mean = total(setting, (y) => Math.exp(refLogps[y]) * rewards[y]);
    return total(setting, (y) => {
      const ratio = Math.exp(logps[y] - refLogps[y]), advantage = rewards[y] - mean;
      if (ratio > 1e200) return advantage > 0 ? Math.exp(refLogps[y]) * 1.2 * advantage : Math.exp(logps[y]) * advantage;
      return Math.exp(refLogps[y]) * Math.min(ratio * advantage, Math.min(1.2, Math.max(0.8, ratio)) * advantage);
    });
  },
};

describe('the objectives', () => {
  it('are these', () => {
    expect(FORMULAS.map(({ id }) => id)).toEqual(IDS);
    expect(Object.keys(TRUTH)).toEqual(IDS);
  });

  it.each(FORMULAS)('$id totals what the formula says, in 200 random worlds', ({ id, total: own }) => {
    for (const setting of settings) {
      const truth = TRUTH[id](setting);
      expect(Number.isFinite(truth)).toBe(true);
      expect(Math.abs(own(setting) - truth), `β = ${setting.beta}, ${own(setting)} ${truth}`).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(truth)));
    }
  });

  it('differ from each other', () => {
    for (const setting of settings.slice(0, 3)) expect(new Set(FORMULAS.map((row) => row.total(setting).toPrecision(9))).size).toBeGreaterThan(8);
  });

  it('take the constants the lab has as defaults', () => {
    expect(CONSTANTS.dpopLambda.value).toBe(DPO_DEFAULTS.dpopLambda);
    expect(CONSTANTS.simpoGamma.value).toBe(DPO_DEFAULTS.simpoGamma);
  });
});

describe('the parts', () => {
  const typeset = (tex: string): string => renderToStaticMarkup(createElement(Tex, { tex, display: true }));

  it.each(FORMULAS)('of $id are in order, once each, and all marked in the whole formula', ({ parts, tex, title, source }) => {
    const keys = parts.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual(PART_ORDER.filter((key) => keys.includes(key)));
    expect(new Set([...tex.matchAll(/\\term\{([^}]*)\}/g)].map(([, key]) => key))).toEqual(new Set(keys));
    expect(title.length).toBeGreaterThan(2);
    expect(source).toMatch(/\d{4}/);
  });

  it.each(FORMULAS)('of $id are typeset with MathML, as is the whole', ({ parts, tex }) => {
    for (const one of [tex, ...parts.map((part) => part.tex)]) {
      const html = typeset(one);
      expect(html, one).toContain('<math');
      expect(html, one).not.toContain('katex-error');
    }
    for (const { key } of parts) expect(typeset(tex)).toContain(`data-term="${key}"`);
  });

  it.each(FORMULAS)('of $id name every constant they use, with its source', ({ parts, constants }) => {
    for (const { tex, source, value } of constants) {
      expect(parts.some((part) => part.tex.includes(tex))).toBe(true);
      expect(source.length).toBeGreaterThan(8);
      expect(value).toBeGreaterThan(0);
    }
  });

  it('are one row where two objectives have them in common: same meaning, same number', () => {
    const seen = new Map<string, Formula['parts'][number]>();
    for (const part of FORMULAS.flatMap(({ parts }) => parts)) {
      const other = seen.get(`${part.key} ${part.tex}`) ?? part;
      seen.set(`${part.key} ${part.tex}`, other);
      expect(part.meaning).toBe(other.meaning);
      expect(part.value?.(settings[0])).toBe(other.value?.(settings[0]));
    }
  });

  it('have numbers, but for the function around them', () => {
    for (const setting of settings) {
      for (const { key, value } of FORMULAS.flatMap(({ parts }) => parts)) {
        if (key === 'outer') expect(value).toBe(undefined);
        else expect(Number.isFinite(value?.(setting)), key).toBe(true);
      }
    }
  });
});

describe('two objectives side by side', () => {
  const told = (a: string, b: string): string[] => alignFormulas(formula(a), formula(b)).map(({ key, is }) => `${key} ${is}`);

  it('mark what is common, changed, and only in one', () => {
    expect(told('dpo', 'dpop')).toEqual(['outer same', 'scale same', 'chosen same', 'rejected same', 'penalty right']);
    expect(told('reward-model', 'dpo')).toEqual(['outer same', 'scale right', 'chosen changed', 'rejected changed']);
    expect(told('dpo', 'ipo')).toEqual(['outer changed', 'scale left', 'chosen same', 'rejected same', 'target right']);
    expect(told('simpo', 'ipo')).toEqual(['outer changed', 'scale left', 'chosen changed', 'rejected changed', 'target changed']);
    expect(told('rlhf', 'ppo')).toEqual(['gain changed', 'clip right', 'price left', 'kl left']);
    expect(told('rlhf', 'dpo-kl')).toEqual(['outer right', 'gain left', 'scale right', 'chosen right', 'rejected right', 'price changed', 'kl same']);
  });

  it('have every part of either in one row, from both sides', () => {
    for (const a of FORMULAS) {
      expect(alignFormulas(a, a).every(({ is }) => is === 'same')).toBe(true);
      for (const b of FORMULAS) {
        const rows = alignFormulas(a, b);
        expect(rows.flatMap(({ left }) => (left ? [left] : []))).toEqual(a.parts);
        expect(rows.flatMap(({ right }) => (right ? [right] : []))).toEqual(b.parts);
        const turned = { same: 'same', changed: 'changed', left: 'right', right: 'left' };
        expect(alignFormulas(b, a).map(({ is }) => is)).toEqual(rows.map(({ is }) => turned[is]));
      }
    }
  });
});
