/** What files and experiments are called after. */
import { msg } from '../../sim/msg.ts';
import { seen } from '../../sim/trl/tokens.ts';
import { slugOf } from '../takeaway/slug.ts';

/** An experiment's name from that of a file: without its ending. */
export function experimentName(file: string): string {
  const name = seen(file).replace(/\.(jsonl|json|ndjson|txt)$/i, '').trim();
  return [...name].slice(0, 80).join('') || msg`a preference file`;
}

/** `<experiment>-pairs.jsonl`, in letters and digits. */
export function pairsFileName(experiment: string): string {
  return `${slugOf(experiment) || 'experiment'}-pairs.jsonl`;
}
