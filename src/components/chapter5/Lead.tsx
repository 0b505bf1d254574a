/** What the reader is asked before Play and what to look for afterwards: of the preset as it is, never of a changed one. */
import { same } from '../../sim/experimentPrint.ts';
import { useExperiment, useShownExperiment } from '../controls/useKnob.ts';
import { useLab } from '../labStore.ts';
import { useRun } from '../run.ts';

export const TITLE = 'Where will the probability go?';

/** The preset's question; for another or a changed experiment, what it is. */
export function Lead() {
  const { question, experiment: asked } = useLab((lab) => lab.origin);
  const experiment = useExperiment();
  const { preferences, reference } = experiment;
  if (question !== '' && same(asked, experiment)) return <p className="chapter-lead">{question.replace(TITLE, '').trim()}</p>;
  const pairs = 'pairs' in preferences ? preferences.pairs.length : preferences.sampled.count;
  const known = reference.kind === 'corpus' ? `knows ${counted(reference.corpus.length, 'sentence')}` : 'makes sentences word by word';
  return <p className="chapter-lead">The reference {known}; training uses {counted(pairs, 'pair')}.</p>;
}

function counted(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}

/** What the preset promises, once there is something to compare it with; not for a changed experiment. */
export function LookFor() {
  const origin = useLab((lab) => lab.origin);
  const begun = useRun((run) => run.step > 0);
  const experiment = useShownExperiment();
  if (origin.lookFor === '' || !begun || !same(origin.experiment, experiment)) return null;
  return <p className="look-for"><b>Look for:</b> {origin.lookFor}</p>;
}
