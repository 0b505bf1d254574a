/** Chapter 2: the optimal policy, and its derivation. */
import { msg } from '../../../sim/msg.ts';
import type { TalkStep } from '../talk.ts';

export const CHAPTER_2: readonly TalkStep[] = [
  {
    id: 'best-policy', chapter: 2, title: msg`Which policy is best?`, minutes: 2,
    scene: { chapter: 2, preset: 'three-answers', run: 'ready' },
    notes: {
      say: [
        msg`Reward alone would send everything to the best answer. So there is a price: J, the objective, is the expected reward less β times the KL divergence, which says how far the policy has moved from the reference.`,
        msg`J is maximised. A label on the slide says “minimization”; the formula beside it is right.`,
        msg`Three answers, worth 1, 0 and −1, and a reference that prefers “no”. The ring on each bar marks the best policy, π*.`,
        msg`Why is the ring of “yes” not at the end of its bar? Find a reason before we climb.`,
      ],
      seen: msg`Three bars that can be dragged, each with a tick at the reference, a ring at π* and an arrow that says whether more of it raises J.`,
      wrong: msg`“‘yes’ should get everything: it is worth most.” Drag it there and read J: it is below the best, because the KL costs more than the reward brings.`,
    },
  },
  {
    id: 'best-policy-run', chapter: 2, title: msg`Where does the climb stop?`, minutes: 1.5,
    scene: { chapter: 2, preset: 'three-answers', run: 'play' },
    notes: {
      say: [
        msg`J rises at every update and stops at the rings. “yes” gets 73 %, and not everything.`,
        msg`Nothing was sampled and no network stood in the way: this is what the objective itself wants. From here on every method is measured against π*.`,
        msg`The strip “π* over β” shows it at every price. At a small β it is the best answer, at a large one it is the reference.`,
        msg`Can we write π* down without climbing? In nine lines.`,
      ],
      seen: msg`J rises at every update and ends at the best there is; the bars end at the rings.`,
      wrong: msg`“It stops because the steps get too small.” It stops because no answer has anything left to gain, all of them at once; and the hill has one top only.`,
    },
  },
  {
    id: 'derive-pi-star', chapter: 2, title: msg`What does the best policy look like?`, minutes: 4,
    scene: { chapter: 2, preset: 'three-answers', run: 'keep', at: '.derivation' },
    notes: {
      say: [
        msg`Press “Next line”. Probabilities sum to one, so each prompt gets a multiplier λ; then differentiate by the probability of one answer, y₀, and set the result to zero.`,
        msg`From the written-out Lagrangian on, the slides lose β: there, in the gradient, in λ̄, and in exp(r) where exp(r/β) is meant. It is one slip that runs through, and at β = 1 every one of these lines is right.`,
        msg`Switch on “As on the slide”, and the lines whose two sides disagree turn red. Switch it off again.`,
        msg`Two small things beside it: the condition should name the function whose gradient is zero, and the objective is an average over prompts.`,
        msg`The result: π* is the reference times exp(r/β), divided by Z, the sum that makes it a distribution. Read it backwards and a policy tells a reward: that is the next chapter.`,
      ],
      seen: msg`Every line carries the numbers of its two sides, on the run that was just made, and a tick. At this β the slides’ versions of the lines without β fail.`,
      wrong: msg`“Z is a constant, so we can forget it.” It is the same for all answers to one prompt, and it is a sum over every answer there is. For a real model nobody can compute it.`,
    },
  },
];
