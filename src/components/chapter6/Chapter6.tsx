/** Chapter 6, "Online DPO": the policy's own answers are judged, and what nobody wrote is caught when it is drawn. */
import { msg } from '../../sim/msg.ts';
import { onlineSentence, ratesSentence } from '../../sim/sentences6.ts';
import { onlineStoryOf, ratePeaks } from '../../sim/onlineStory.ts';
import { shownExperiment } from '../../sim/runStore.ts';
import { ChapterPage } from '../chapter/ChapterPage.tsx';
import { Headline, massSentence, type Sentence } from '../chapter/Headline.tsx';
import { MassPanel } from '../panels/MassPanel.tsx';
import { ResponsesPanel } from '../panels/ResponsesPanel.tsx';
import { useRun } from '../run.ts';
import { CatchPanel } from './CatchPanel.tsx';
import { DrawnPairs, GivenPairs } from './DrawnPairs.tsx';
import { ResamplePanel } from './ResamplePanel.tsx';
import '../panels/wideHeadline.css';

export const sentence: Sentence = (run) => {
  const { experiment, history, frame, diverged } = run;
  if (experiment.algorithm.kind !== 'online-dpo') return massSentence(run);
  if (experiment.sweep?.resampleEvery && !diverged) return ratesSentence(ratePeaks(experiment, history), frame.step);
  return onlineSentence(onlineStoryOf(run));
};

export function Chapter6() {
  // While rates are compared, their peaks stand where the masses of one of them stand otherwise.
  const compared = useRun((run) => shownExperiment(run)?.sweep?.resampleEvery !== undefined);
  return (
    <ChapterPage
      id={6} question={msg`What if somebody looks?`} headline={<Headline sentence={sentence} />} setup={<GivenPairs />}
      charts={<>{compared ? <ResamplePanel /> : <MassPanel />}<CatchPanel /></>} side={<><ResponsesPanel /><DrawnPairs /></>}
      {...(compared ? {} : { wide: <ResamplePanel /> })}
    />
  );
}
