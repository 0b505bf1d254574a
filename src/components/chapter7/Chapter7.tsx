/** Chapter 7, "PPO, and what it hacks": the reward it is given and the true one, both optima, and one update in slow motion. */
import { msg } from '../../sim/msg.ts';
import { ppoStoryOf } from '../../sim/ppoStory.ts';
import { lengthSentence, ppoSentence } from '../../sim/sentences7.ts';
import { ChapterPage } from '../chapter/ChapterPage.tsx';
import { Headline, massSentence, type Sentence } from '../chapter/Headline.tsx';
import { Pairs } from '../chapter/Pairs.tsx';
import { useShownExperiment } from '../controls/useKnob.ts';
import { ResponsesPanel } from '../panels/ResponsesPanel.tsx';
import { GivenReward, TrueReward } from './RewardLines.tsx';
import { SlowMotion } from './iteration/SlowMotion.tsx';
import '../panels/wideHeadline.css';

export const sentence: Sentence = (run) => {
  const { algorithm: { kind }, preferences } = run.experiment;
  if (kind === 'ppo') return ppoSentence(ppoStoryOf(run));
  return 'sampled' in preferences ? lengthSentence(ppoStoryOf(run)) : massSentence(run);
};

/** PPO; or, for comparison, another method on the same comparisons. */
export function Chapter7() {
  const { algorithm } = useShownExperiment();
  const isPpo = algorithm.kind === 'ppo';
  const unread = isPpo && algorithm.reward === 'gold';
  return (
    <ChapterPage
      id={7} question={isPpo ? msg`Whose optimum does PPO find?` : msg`And without a reward model?`} headline={<Headline sentence={sentence} />}
      charts={<><GivenReward /><TrueReward /></>} side={<ResponsesPanel />} setup={<><Pairs />{unread && <p className="lab-panel-note">{msg`PPO is given the true reward here and never reads the pairs; they only name the colours.`}</p>}</>} wide={isPpo && <SlowMotion />}
    />
  );
}
