/** Finding cards by the words that a person has: of the symptom, a metric's name, a repository, a remedy. Pure. */
import { METRICS } from '../../sim/metrics.ts';
import { threadName, toyExperiment, type Bug } from './bug.ts';

/** Letters, digits and the signs within names; case, accents and typographic signs do not matter. */
const plain = (text: string) => text.normalize('NFKD').toLowerCase().replaceAll(/[’‘]/g, "'").replaceAll(/\p{M}/gu, '');

const TEXTS = new WeakMap<Bug, string>();

/** All that a card says, and the names that its metrics and its loss have elsewhere. */
function textOf(bug: Bug): string {
  let text = TEXTS.get(bug);
  if (text === undefined) {
    const { algorithm } = toyExperiment(bug.toy);
    const metrics = METRICS.filter(({ id }) => bug.metrics.includes(id)).flatMap(({ id, label }) => [id, label]);
    const loss = 'loss' in algorithm ? algorithm.loss : '';
    text = plain([
      bug.symptom, ...bug.alsoCalled, bug.shows, bug.why, bug.limits, ...metrics, loss, algorithm.kind,
      ...bug.threads.flatMap((thread) => [threadName(thread), thread.what]), ...bug.remedies.flatMap(({ name, words }) => [name, words]),
    ].join('\n'));
    TEXTS.set(bug, text);
  }
  return text;
}

/** The cards in which every word of the query stands somewhere; all of them for an empty query. */
export function found(bugs: readonly Bug[], query: string): Bug[] {
  const words = plain(query).split(/\s+/).filter((word) => word !== '');
  return bugs.filter((bug) => words.every((word) => textOf(bug).includes(word)));
}
