/** Numbers as text: three significant digits, true minus signs, probabilities readable from 1e-6. */
import { msg } from './msg.ts';


/** Probabilities below this are written "< 10⁻⁶"; the true value belongs on hover. */
export const PROBABILITY_FLOOR = 1e-6;

const SUPERSCRIPTS: Record<string, string> = {
  '-': '⁻', 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹',
};

/** An integer as superscript digits. */
export function superscript(n: number): string {
  return [...String(n)].map((c) => SUPERSCRIPTS[c]).join('');
}

/** Three significant digits without an exponent, e.g. "0.00148", "97.2", "1230". */
function significant(x: number, digits = 3): string {
  if (x === 0) return '0';
  const exponent = Math.floor(Math.log10(Math.abs(Number(x.toPrecision(digits)))));
  return x.toFixed(Math.max(0, digits - 1 - exponent));
}

/** A number in three significant digits: "−0.693", "1.23·10⁻⁵"; words where there is none. */
export function formatNumber(x: number): string {
  if (Number.isNaN(x)) return msg`not defined`;
  if (!Number.isFinite(x)) return x > 0 ? '∞' : '−∞';
  const size = Math.abs(x);
  const sign = x < 0 ? '−' : '';
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) {
    const [mantissa, exponent] = size.toExponential(2).split('e');
    return `${sign}${mantissa}·10${superscript(Number(exponent))}`;
  }
  return sign + significant(size);
}

/** A number smaller than this share of those it stands among is what rounding in float64 leaves of a 0. */
const ROUNDING_SHARE = 1e-12;

/**
 * A number as `formatNumber` writes it, except that one which is 0 but for rounding reads "0".
 *
 * @param size  of the numbers that it was summed from or stands among
 */
export function formatAmong(x: number, size: number): string {
  return formatNumber(Math.abs(x) < ROUNDING_SHARE * size ? 0 : x);
}

/** A probability for the reader: "97.2 %", "0.00148 %", "< 10⁻⁶", "> 99.9 %"; only 0 and 1 are "0 %" and "100 %". */
export function formatProbability(p: number): string {
  if (Number.isNaN(p)) return msg`not defined`;
  if (p === 0) return '0 %';
  if (p < PROBABILITY_FLOOR) return '< 10⁻⁶';
  const text = significant(100 * p);
  return text === '100' && p < 1 ? '> 99.9 %' : `${text} %`;
}

/** A probability in full, also where it is far below the scale or below what a double holds: "2.63·10⁻²³". */
export function formatProbabilityOfLog(logp: number): string {
  if (Number.isNaN(logp)) return msg`not defined`;
  if (logp === -Infinity) return '0';
  if (logp >= Math.log(PROBABILITY_FLOOR)) return formatProbability(Math.exp(logp));
  const log10 = logp / Math.LN10;
  let exponent = Math.floor(log10);
  let mantissa = (10 ** (log10 - exponent)).toFixed(2);
  if (mantissa === '10.00') { mantissa = '1.00'; exponent += 1; }
  return `${mantissa}·10${superscript(exponent)}`;
}

/** A change of a probability in percentage points with its sign: "+71.8", "−0.00203"; below 10⁻⁶ "≈ 0". */
export function formatChange(delta: number): string {
  if (Number.isNaN(delta)) return msg`not defined`;
  if (Math.abs(delta) < PROBABILITY_FLOOR) return delta === 0 ? '0' : '≈ 0';
  return `${delta < 0 ? '−' : '+'}${significant(Math.abs(100 * delta))}`;
}

/** A loss: one that would be shown as 0 is "< 0.001" (in float32 a loss that is never 0 may be). */
export function formatLoss(x: number): string {
  return x >= 0 && x < 0.001 ? '< 0.001' : formatNumber(x);
}

/**
 * Tick of a numeric axis: as many decimals as its step needs, never fewer digits than set it apart from its neighbours;
 * "2·10³⁷" where it is huge or tiny.
 *
 * @param step  distance of neighbouring ticks
 */
export function formatTick(x: number, step: number): string {
  if (x === 0 || Math.abs(x) < 1e-9 * Math.abs(step)) return '0';
  const sign = x < 0 ? '−' : '';
  const size = Math.abs(x);
  if (size >= 1e5 || (size < 1e-3 && Math.abs(step) < 1e-3)) {
    const digits = Math.max(0, Math.min(3, Math.floor(Math.log10(size)) - Math.floor(Math.log10(Math.abs(step)) + 1e-9)));
    const [mantissa, exponent] = size.toExponential(digits).split('e');
    return `${sign}${Number(mantissa)}·10${superscript(Number(exponent))}`;
  }
  // A step such as 2.5 has a digit more than its order.
  for (let decimals = 0; decimals < 8; decimals++) {
    if (Math.abs(step - Number(step.toFixed(decimals))) < 1e-6 * Math.abs(step)) return sign + size.toFixed(decimals);
  }
  return sign + String(Number(size.toPrecision(6)));
}

/** Tick of a logarithmic probability axis: "10⁻⁶", "10⁻⁴", "1 %", "100 %". */
export function formatLogTick(p: number): string {
  return p >= 0.0099 ? `${Math.round(100 * p)} %` : `10${superscript(Math.round(Math.log10(p)))}`;
}
