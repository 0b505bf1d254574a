/** Chapter 3, "From policy to reward": the inversion, why Z cancels in a pair, and the implicit reward of the policy in training. */
import { useState } from 'react';
import { impliedStoryOf } from '../../sim/impliedStory.ts';
import { msg } from '../../sim/msg.ts';
import { impliedSentence } from '../../sim/sentences3.ts';
import { ChapterPage } from '../chapter/ChapterPage.tsx';
import { Headline, massSentence, type Sentence } from '../chapter/Headline.tsx';
import { Pairs } from '../chapter/Pairs.tsx';
import { Derivation } from '../derivation/Derivation.tsx';
import { Cancellation } from './Cancellation.tsx';
import { ImpliedScatter } from './ImpliedScatter.tsx';
import './chapter3.css';

export const sentence: Sentence = (run) => {
  const story = impliedStoryOf(run);
  return story ? impliedSentence(story) : massSentence(run);
};

export function Chapter3() {
  const [pair, setPair] = useState(0);
  return (
    <ChapterPage
      id={3} question={msg`Which reward does a policy imply?`} headline={<Headline sentence={sentence} />}
      charts={<Cancellation pair={pair} onPair={setPair} />} side={<ImpliedScatter pair={pair} />} setup={<Pairs />}
      wide={<Derivation chapter={3} />}
    />
  );
}
