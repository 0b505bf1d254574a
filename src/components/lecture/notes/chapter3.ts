/** Chapter 3: from policy to reward, and the DPO objective. */
import { msg } from '../../../sim/msg.ts';
import type { TalkStep } from '../talk.ts';

export const CHAPTER_3: readonly TalkStep[] = [
  {
    id: 'implied-reward', chapter: 3, title: msg`Which reward does a policy imply?`, minutes: 2,
    scene: { chapter: 3, preset: 'every-pair', run: 'ready' },
    notes: {
      say: [
        msg`Chapter 2 went from a reward to its best policy. Solved for the reward, the same equation goes back: every policy is the best one for some reward.`,
        msg`So a policy in training is a reward model too. Its implicit reward, r̂, is β times the log of π over π_ref.`,
        msg`Here DPO is shown every pair of the 13 responses, won and lost as often as Bradley–Terry says, and never a reward. Will the policy know what each response is worth?`,
      ],
      seen: msg`Every response is a dot, its implicit reward to the right and its true reward upwards. Before the first update all implicit rewards are zero.`,
      wrong: msg`“No: it hears which answer is better, not by how much.” It hears how often, and how often is how much. One thing it really cannot know: look for it.`,
    },
  },
  {
    id: 'implied-reward-run', chapter: 3, title: msg`What does the policy know?`, minutes: 1.5,
    scene: { chapter: 3, preset: 'every-pair', run: 'play' },
    notes: {
      say: [
        msg`All dots end on one line: the policy knows how much better each response is than each other one.`,
        msg`The line does not pass through the origin. It is raised by β log Z, one number for the whole prompt, and no comparison can tell it.`,
        msg`An experiment in the menu has a second prompt, where every answer is worth more, and the policy does not notice.`,
        msg`So log Z comes in with a plus here. On the slide it has a minus. Who is right?`,
      ],
      seen: msg`In every seed each response ends on the line r = r̂ + β log Z.`,
      wrong: msg`“So it has learned the reward.” All of it but one number for each prompt. Differences are known, levels are not.`,
    },
  },
  {
    id: 'sign-of-z', chapter: 3, title: msg`Plus or minus log Z?`, minutes: 2,
    scene: { chapter: 3, preset: 'every-pair', run: 'keep', at: '[data-derivation-step="inverted-reward"]' },
    notes: {
      say: [
        msg`Take the logarithm of π*, multiply by β, solve for r: β log Z comes over with a plus.`,
        msg`The box on the slide has a minus and no β. Its own line before has − λ̄, and λ̄ is − log Z, so the sign turns. The parametric reward on the next slide inherits it.`,
        msg`Switch on “As on the slide” and look at the two sides. The loss does not mind, as we are about to see; a reward that is read on its own does.`,
        msg`For the policy in training there is nothing to compute: its probabilities sum to one, so its own log Z is zero.`,
      ],
      seen: msg`The first line of the chapter, with both sides equal. With “As on the slide” on, the two sides differ and the line is red.`,
      wrong: msg`“The sign cannot matter, it cancels.” In a pair, yes. Ask the slide’s formula what one answer is worth, and it is off.`,
    },
  },
  {
    id: 'dpo-objective', chapter: 3, title: msg`Why is Z in no pair?`, minutes: 2.5,
    scene: { chapter: 3, preset: 'every-pair', run: 'keep' },
    notes: {
      say: [
        msg`Press “Next” in “Why Z is in no pair”: the two rewards, their difference, and β log Z, the same in both lines, is gone.`,
        msg`On the slide the labels “log ratio of pos” and “log ratio of neg” stand under log Z; they belong to the log-ratios before it.`,
        msg`Put what is left into the reward model’s likelihood: log σ of β times the difference of the two log-ratios. That is DPO. One slide writes σ of a difference of probabilities; rewards are meant.`,
        msg`The intermediate step is gone, and with it the sampling and the critic. The reward is not: the policy is one, and it can inherit what ails reward models.`,
        msg`Now we have a loss. What does it look at, and what does it not see?`,
      ],
      seen: msg`The two rewards of one pair, one below the other; at the end of the five steps no Z is left.`,
      wrong: msg`“So DPO has no reward.” It trains none beside the policy. You have just seen the one that it has.`,
    },
  },
];
