/** Chapter 4, "Reading the objective": what the loss looks at, on a ruler, and beside it what it does not see. */
import { msg } from '../../sim/msg.ts';
import { objectiveSentence, type PairSource } from '../../sim/sentences4.ts';
import { focusWords } from '../../sim/words.ts';
import { ChapterPage } from '../chapter/ChapterPage.tsx';
import { Headline, massSentence, Piece } from '../chapter/Headline.tsx';
import { readyRun, type ReadyRun } from '../chapter/ready.ts';
import { Derivation } from '../derivation/Derivation.tsx';
import { useThrottledRun } from '../run.ts';
import { useBenchKeeper } from './benchStore.ts';
import { IsoLossPanel } from './IsoLossPanel.tsx';
import { PushCurves } from './PushCurves.tsx';
import { EXAMPLES, readRuler } from './ruler.ts';
import { RulerPanel } from './RulerPanel.tsx';
import { useRuler, useUsableSetting, type RulerNow } from './useRuler.ts';
import './chapter4.css';

export function Chapter4() {
  useBenchKeeper();
  return (
    <ChapterPage
      id={4} question={msg`What does the loss look at?`} headline={<ObjectiveHeadline />}
      charts={<><RulerPanel /><PushCurves /></>} side={<IsoLossPanel />} wide={<Derivation chapter={4} />}
    />
  );
}

/** The sentence of the ruler; while the run that it follows gets ready, what is being prepared. */
function ObjectiveHeadline() {
  const ruler = useRuler();
  const run = useThrottledRun(readyRun);
  const setting = useUsableSetting();
  if (!ruler || (ruler.source.kind === 'run' && (!run || run.diverged || !setting))) return <Headline sentence={massSentence} />;
  const said = objectiveSentence(ruler.reading, sourceOf(ruler, run), ruler.beta);
  return <div className="headline"><p className="headline-sentence">{said.map((fragment, i) => <Piece key={i} fragment={fragment} />)}</p></div>;
}

function sourceOf({ source, names, beta }: RulerNow, run: ReadyRun | null): PairSource {
  if (source.kind === 'own') return { kind: 'own' };
  if (source.kind === 'run') {
    const seeds = run?.experiment.seeds.length ?? 0;
    const whose = !run || seeds < 2 ? '' : run.focus.seedIndex === null ? msg`mean of ${seeds} seeds` : focusWords(run.experiment, run.focus);
    return { kind: 'run', step: run?.frame.step ?? 0, chosen: names?.chosen ?? '', rejected: names?.rejected ?? '', whose };
  }
  if (source.id === 'margin') return { kind: 'margin' };
  return { kind: 'risen', other: readRuler(EXAMPLES[source.id === 'high' ? 'low' : 'high'].marks, beta) };
}
