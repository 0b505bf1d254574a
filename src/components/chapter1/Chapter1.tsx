/** Chapter 1, "Preferences and the reward model": what pairs tell, what they do not, and what a perfect optimiser would make of it. */
import { msg } from '../../sim/msg.ts';
import { rewardStoryOf } from '../../sim/rewardStory.ts';
import { rewardSentence } from '../../sim/sentences1.ts';
import { ChapterPage } from '../chapter/ChapterPage.tsx';
import { Headline, massSentence, type Sentence } from '../chapter/Headline.tsx';
import { Pairs } from '../chapter/Pairs.tsx';
import type { ReadyRun } from '../chapter/ready.ts';
import { ResponsesPanel } from '../panels/ResponsesPanel.tsx';
import { TargetPanel, type TargetLook } from '../panels/TargetPanel.tsx';
import { RewardScatter } from './RewardScatter.tsx';
import './chapter1.css';
import '../panels/wideHeadline.css';

export const sentence: Sentence = (run) => {
  const story = rewardStoryOf(run);
  return story ? rewardSentence(story) : massSentence(run);
};

/** The log-likelihood climbs towards 0; of pairs that were drawn, also on those that the fit has not seen. */
function likelihoodLook({ experiment }: ReadyRun): TargetLook {
  return {
    title: msg`The log-likelihood`, unit: msg`nats per pair`,
    lines: [
      { metric: 'rm/logLikelihood', label: msg`log-likelihood`, role: 'ink' },
      ...('sampled' in experiment.preferences ? [{ metric: 'rm/heldOutLogLikelihood', label: msg`unseen pairs`, role: 'ink', dash: '7 5' } as const] : []),
    ],
    targets: [], holds: 0,
  };
}

const OPTIMUM = msg`No policy is trained here: π is the exact optimum of the learned reward at this β.`;

export function Chapter1() {
  return (
    <ChapterPage
      id={1} question={msg`What does a reward model learn from pairs?`} headline={<Headline sentence={sentence} />}
      charts={<><RewardScatter /><TargetPanel lookOf={likelihoodLook} boxClass="chart-box-loss" quiet tableWord={msg`Table of the log-likelihood`} /></>}
      side={<ResponsesPanel title={msg`What a perfect optimiser would make of it`} what={OPTIMUM} />}
      setup={<Pairs />}
    />
  );
}
