/** Numbers as text, as the sentences write them: one rounding everywhere. */
export {
  formatAmong, formatChange, formatLogTick, formatLoss, formatNumber, formatProbability, formatProbabilityOfLog, formatTick,
  PROBABILITY_FLOOR, superscript,
} from '../sim/numbers.ts';
export { count, nounAlone, type Noun } from '../sim/nouns.ts';
