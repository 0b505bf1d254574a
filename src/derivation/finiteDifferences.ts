/** Derivatives by finite differences, float64. */

/** Weights of f(x + kh) − f(x − kh), k = 1 … 4: the error is of eighth order in h. */
const WEIGHTS = [4 / 5, -1 / 5, 4 / 105, -1 / 280];

/**
 * f'(at) from eight values of f around it.
 *
 *   f'(x) ≈ Σ_k w_k [f(x + kh) − f(x − kh)] / h,   error h⁸·f⁽⁹⁾/630 and rounding of about 2·10⁻¹⁶·|f|/h
 *
 * @param h  step; f must be smooth within 4h of `at`
 */
export function derivative(f: (x: number) => number, at: number, h: number): number {
  return WEIGHTS.reduce((sum, weight, i) => sum + weight * (f(at + (i + 1) * h) - f(at - (i + 1) * h)), 0) / h;
}
