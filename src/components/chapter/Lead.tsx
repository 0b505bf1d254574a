/** What the reader is asked before Play and what to look for afterwards: of the preset as it is, never of a changed one. */
import type { Experiment } from '../../sim/experiment.ts';
import { same } from '../../sim/experimentPrint.ts';
import { msg } from '../../sim/msg.ts';
import { useExperiment, useShownExperiment } from '../controls/useKnob.ts';
import { count } from '../format.ts';
import { useLab } from '../labStore.ts';
import { useRun } from '../run.ts';

/** The preset's question, without the words that stand as the page's heading, also with other seeds; for another or a changed experiment, what it is. */
export function Lead({ without = '' }: { without?: string }) {
  const { question, experiment: asked } = useLab((lab) => lab.origin);
  const experiment = useExperiment();
  const { preferences, reference } = experiment;
  if (question !== '' && same(asked, { ...experiment, seeds: asked.seeds })) return <p className="chapter-lead">{question.replace(without, '').trim()}</p>;
  const pairs = 'pairs' in preferences ? preferences.pairs.length : preferences.sampled.count;
  const known = reference.kind === 'corpus' ? msg`knows ${count(reference.corpus.length, 'sentence')}` : msg`makes sentences word by word`;
  return <p className="chapter-lead">{msg`The reference `}{known}; {trainingWords(experiment, count(pairs, 'pair'))}.</p>;
}

/** What training learns from. @param pairs  "3 pairs" */
function trainingWords({ algorithm }: Experiment, pairs: string): string {
  switch (algorithm.kind) {
    case 'dpo': return msg`training uses ${pairs}`;
    case 'online-dpo': return msg`training begins with ${pairs}`;
    case 'reward-model': return msg`the reward model is fitted to ${pairs}`;
    case 'ppo': return algorithm.reward === 'gold' ? msg`training uses the gold reward` : msg`training uses a reward model fitted to ${pairs}`;
    case 'exact': return msg`training uses the gold reward of every response`;
  }
}

/** What the preset promises, once there is something to compare it with; not for a changed experiment. */
export function LookFor() {
  const origin = useLab((lab) => lab.origin);
  const begun = useRun((run) => run.step > 0);
  const experiment = useShownExperiment();
  if (origin.lookFor === '' || !begun || !same(origin.experiment, experiment)) return null;
  return <p className="look-for"><b>{msg`Look for:`}</b> {origin.lookFor}</p>;
}
