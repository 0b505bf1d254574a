/** Chapter 10, "Sandbox": the reader's own words, pairs and rewards, and every knob. */
import type { ReactNode } from 'react';
import type { AlgorithmSpec } from '../../sim/experiment.ts';
import { msg } from '../../sim/msg.ts';
import { rewardStoryOf } from '../../sim/rewardStory.ts';
import { CatchPanel } from '../chapter6/CatchPanel.tsx';
import { sentence as onlineSentence } from '../chapter6/Chapter6.tsx';
import { sentence as rewardSentence } from '../chapter1/Chapter1.tsx';
import { sentence as ppoSentence } from '../chapter7/Chapter7.tsx';
import { RewardScatter } from '../chapter1/RewardScatter.tsx';
import { GivenReward } from '../chapter7/RewardLines.tsx';
import { ChapterPage } from '../chapter/ChapterPage.tsx';
import { Headline, massSentence, type Sentence } from '../chapter/Headline.tsx';
import { Pairs } from '../chapter/Pairs.tsx';
import { useShownExperiment } from '../controls/useKnob.ts';
import { LossPanel } from '../panels/LossPanel.tsx';
import { MassPanel } from '../panels/MassPanel.tsx';
import { ResponsesPanel } from '../panels/ResponsesPanel.tsx';
import { useHidden } from '../share/hideable.ts';
import { Editor } from './Editor.tsx';

/** What the chapter of its algorithm says of it. */
export const sentence: Sentence = (run) => {
  switch (run.experiment.algorithm.kind) {
    case 'reward-model': return rewardStoryOf(run) ? rewardSentence(run) : massSentence(run);
    case 'online-dpo': return onlineSentence(run);
    case 'ppo': return ppoSentence(run);
    default: return massSentence(run);
  }
};

/** Under the masses: what is special about an algorithm; else its loss. */
const CHARTS: Record<AlgorithmSpec['kind'], ReactNode> = {
  dpo: <><MassPanel /><LossPanel /></>,
  exact: <><MassPanel /><LossPanel /></>,
  'online-dpo': <><MassPanel /><CatchPanel /></>,
  ppo: <><MassPanel /><GivenReward /></>,
  'reward-model': <><MassPanel /><RewardScatter /></>,
};

export function Chapter10() {
  const { kind } = useShownExperiment().algorithm;
  const fixed = useHidden('controls');
  return (
    <ChapterPage
      id={10} question={msg`What will yours do?`} headline={<Headline sentence={sentence} />}
      charts={CHARTS[kind]} side={<ResponsesPanel />} setup={fixed ? <Pairs /> : <Editor />}
    />
  );
}
