import { describe, expect, it } from 'vitest';
import {
  count, formatAmong, formatChange, formatLogTick, formatLoss, formatNumber, formatProbability, formatProbabilityOfLog, formatTick, superscript,
} from '../src/components/format.ts';

describe('formatProbability', () => {
  it.each([
    [0.972, '97.2 %'], [0.00001483, '0.00148 %'], [0.5, '50.0 %'], [1, '100 %'], [0.9996, '> 99.9 %'], [0.9994, '99.9 %'], [0.09999, '10.0 %'],
    [0, '0 %'], [1e-6, '0.000100 %'], [9.99e-7, '< 10⁻⁶'], [2.63e-23, '< 10⁻⁶'], [NaN, 'not defined'],
  ])('%s → %s', (p, text) => expect(formatProbability(p)).toBe(text));
});

describe('formatAmong', () => {
  it.each([[3.92e-16, 4, '0'], [-6e-17, 1, '0'], [1e-9, 1, '1.00·10⁻⁹'], [3.92e-16, 1e-15, '3.92·10⁻¹⁶'], [2, 4, '2.00'], [NaN, 1, 'not defined']])('%s among %s → %s', (x, size, text) => expect(formatAmong(x, size)).toBe(text));
});

describe('formatProbabilityOfLog', () => {
  it.each([
    [Math.log(0.25), '25.0 %'], [Math.log(2.63e-23), '2.63·10⁻²³'], [-2000, '2.58·10⁻⁸⁶⁹'], [-Infinity, '0'],
    [Math.log(9.9999e-8), '1.00·10⁻⁷'],
  ])('%s → %s', (logp, text) => expect(formatProbabilityOfLog(logp)).toBe(text));
});

describe('formatNumber', () => {
  it.each([
    [0.693147, '0.693'], [-10.94, '−10.9'], [0, '0'], [123.456, '123'], [12345, '12345'], [1.2e-5, '1.20·10⁻⁵'],
    [-3.456e8, '−3.46·10⁸'], [Infinity, '∞'], [-Infinity, '−∞'], [NaN, 'not defined'], [0.9999, '1.00'], [9.999, '10.0'],
  ])('%s → %s', (x, text) => expect(formatNumber(x)).toBe(text));
});

describe('formatLoss', () => {
  it.each([[0, '< 0.001'], [3e-9, '< 0.001'], [0.001, '0.00100'], [0.6931, '0.693'], [-0.0002, '−0.000200'], [NaN, 'not defined']])('%s → %s', (x, text) => expect(formatLoss(x)).toBe(text));
});

describe('formatTick', () => {
  it.each([
    [2e37, 1e37, '2·10³⁷'], [2.5e37, 5e36, '2.5·10³⁷'], [-0.694, 0.002, '−0.694'], [-0.69, 0.002, '−0.690'], [0.5, 0.5, '0.5'], [20, 10, '20'], [0, 1, '0'],
    [1e-17, 0.5, '0'], [2e-5, 1e-5, '2·10⁻⁵'], [1e-4, 5e-5, '1·10⁻⁴'], [7.5, 2.5, '7.5'], [150000, 50000, '1.5·10⁵'], [0.0005, 0.0005, '5·10⁻⁴'],
  ])('%s by %s → %s', (x, step, text) => expect(formatTick(x, step)).toBe(text));
});

describe('small words', () => {
  it('writes changes in percentage points', () => {
    expect(formatChange(0.7183)).toBe('+71.8');
    expect(formatChange(-0.0000203)).toBe('−0.00203');
    expect(formatChange(-1e-17)).toBe('≈ 0');
    expect(formatChange(0)).toBe('0');
  });
  it('writes ticks and counts', () => {
    expect([1e-6, 1e-4, 0.01, 1].map(formatLogTick)).toEqual(['10⁻⁶', '10⁻⁴', '1 %', '100 %']);
    expect(superscript(-16)).toBe('⁻¹⁶');
    expect(count(1, 'seed')).toBe('1 seed');
    expect(count(1560, 'response')).toBe('1,560 responses');
  });
});
