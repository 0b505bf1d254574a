/** Chapter 5: why DPO is biased, after the derivation. */
import { msg } from '../../../sim/msg.ts';
import type { TalkStep } from '../talk.ts';

export const CHAPTER_5: readonly TalkStep[] = [
  {
    id: 'table', chapter: 5, title: msg`Does it leave when nothing is shared?`, minutes: 2.5,
    scene: { chapter: 5, preset: 'tabular-control', run: 'ready' },
    notes: {
      say: [
        msg`Why is DPO biased? The slide asks where the probability of y₋ goes, and answers: most often to y₊ and others. That it goes to what nobody wrote is the finding of Xu et al. 2024, whom the slide does not name.`,
        msg`The slide calls it no issue if y₊ rises. In our first run y₊ did rise, and “the the the” with it: y₀ is not in the loss, so rising together costs nothing.`,
        msg`But the loss only permits it. What drives it there? One experiment: the same pair, the same β, the same optimiser, and a policy whose contexts share nothing, a table. Will anything leave?`,
      ],
      seen: msg`The two sentences as in the beginning. The policy is now a table, with numbers of its own for every context.`,
      wrong: msg`“Yes: the loss is the same.” The loss is. What it can move is not.`,
    },
  },
  {
    id: 'table-run', chapter: 5, title: msg`What drives it away?`, minutes: 2,
    scene: { chapter: 5, preset: 'tabular-control', run: 'play' },
    notes: {
      say: [
        msg`Nothing leaves: what nobody wrote never holds more than in the reference, and “on the mat” takes what “on a mat” loses.`,
        msg`So the loss permits the drift, and shared weights bring it about. What raises “the” after “on” raises it elsewhere too.`,
        msg`Another pair and another network in the menu say the same: “Near pairs repeat” and “A tiny transformer” both end on strings nobody wrote in most seeds.`,
        msg`Sharing we cannot give up. Is there a knob?`,
      ],
      seen: msg`In every seed the total of what nobody wrote never rises above where it began, and “on the mat” ends with nearly everything.`,
      wrong: msg`“Then use tables.” A table knows nothing about a context it has not seen. Sharing is what makes a language model.`,
    },
  },
  {
    id: 'beta-dial', chapter: 5, title: msg`Ten times the β: does it still leave?`, minutes: 1,
    scene: { chapter: 5, preset: 'strong-tie', run: 'ready' },
    notes: {
      say: [
        msg`The network again, and β ten times as high as at the beginning. Nothing else is different.`,
        msg`Two votes. Does the probability still leave? And could you tell from the loss?`,
      ],
      seen: msg`The first experiment with another β.`,
      wrong: msg`“It leaves sooner, because a higher β pushes harder.” At the first update it does. Chapter 4 has told the rest.`,
    },
  },
  {
    id: 'beta-dial-run', chapter: 5, title: msg`Could you tell from the loss?`, minutes: 2,
    scene: { chapter: 5, preset: 'strong-tie', run: 'play' },
    notes: {
      say: [
        msg`It stays: “on the mat” is on top in every seed, and what nobody wrote never gets beyond a few per cent.`,
        msg`And the loss falls here as it fell there. It cannot tell the run that worked from the run that was lost.`,
        msg`Between these two values lie others: “The same at several β”, below, trains them side by side, over all seeds.`,
        msg`A tie to the reference is one answer. Another is to let somebody read what the model says: that is online DPO.`,
      ],
      seen: msg`In every seed “on the mat” ends on top and at most 6 % of the probability leaves. The loss falls all the way.`,
      wrong: msg`“So always take a high β.” It also holds the policy closer to what it was before. It is a dial, and both ends cost something.`,
    },
  },
];
