/** Numbers as text, as the sentences write them: one rounding everywhere. */
export {
  count, formatAmong, formatChange, formatLogTick, formatLoss, formatNumber, formatProbability, formatProbabilityOfLog, formatTick,
  PROBABILITY_FLOOR, superscript,
} from '../sim/numbers.ts';
