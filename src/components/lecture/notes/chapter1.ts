/** Chapter 1: preferences and the reward model. */
import { msg } from '../../../sim/msg.ts';
import type { TalkStep } from '../talk.ts';

export const CHAPTER_1: readonly TalkStep[] = [
  {
    id: 'reward-model', chapter: 1, title: msg`What does a reward model learn from pairs?`, minutes: 2.5,
    scene: { chapter: 1, preset: 'one-pair-reward', run: 'ready' },
    notes: {
      say: [
        msg`Preferences come in pairs: a prompt x, an answer y₊ that won, an answer y₋ that lost. Nobody writes down how good an answer is, and the answers may come from any model.`,
        msg`Bradley and Terry turn wins into rewards: y₊ wins with probability σ of the difference of the two rewards. Fitting a reward model means making the wins that were seen as likely as possible.`,
        msg`Keep the question on the slide for later: why do we need this intermediate step at all?`,
        msg`Our reward model counts words, and it is told of one pair among 156 responses. Which response will it reward most?`,
      ],
      seen: msg`Every response is a dot, its true reward to the right and its learned reward upwards; the two of the pair are filled, all others hollow.`,
      wrong: msg`“‘on the mat’: it is the one that won.” It won against one other sentence. What the model learns is what made the difference, and other strings have more of that.`,
    },
  },
  {
    id: 'reward-model-run', chapter: 1, title: msg`Which response does it reward most?`, minutes: 2.5,
    scene: { chapter: 1, preset: 'one-pair-reward', run: 'play' },
    notes: {
      say: [
        msg`The pair is ranked right and the log-likelihood climbs. By its own measure this reward model is excellent.`,
        msg`All the evidence it has is that “the” wins and “a” loses. Nothing has more “the” in it than “the the the”.`,
        msg`At the right is what a perfect optimiser would make of this reward. No policy has been trained badly here: none has been trained at all.`,
        msg`The slides say that the likelihood can be optimised exactly. Where pairs never contradict each other there is no best reward, because larger ones always make the same wins likelier; and what nobody compared may be given any reward.`,
        msg`Suppose all the same that somebody handed us a good reward. Which policy should we want? That is the next chapter.`,
      ],
      seen: msg`In every seed “the the the”, which is in no pair, gets the highest reward, and the optimum of that reward puts more than 99 % of the probability on it. The log-likelihood rises.`,
      wrong: msg`“It needs more training.” More updates only make the same rewards larger. What is missing is pairs.`,
    },
  },
];
