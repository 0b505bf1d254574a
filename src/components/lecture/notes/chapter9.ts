/** Chapter 9: remedies that need no new data, and what to take home. */
import { msg } from '../../../sim/msg.ts';
import type { TalkStep } from '../talk.ts';

export const CHAPTER_9: readonly TalkStep[] = [
  {
    id: 'remedies', chapter: 9, title: msg`Can it be fixed without new data?`, minutes: 1.5,
    scene: { chapter: 9, preset: 'remedies-the-the-the', run: 'ready' },
    notes: {
      say: [
        msg`The slide calls it an open problem: what to do about answers out of distribution in offline DPO. In general it still is; partial answers exist.`,
        msg`Plain DPO and seven remedies on our first experiment. Some give the pair a finite target (IPO, label smoothing, the hinge), some look after the chosen answer (DPOP, the NLL term), one charges for leaving (the KL term), and R-DPO corrects for length.`,
        msg`Choose one. Does it hold in every seed, and what does it give away?`,
      ],
      seen: msg`A row for every method, a dot for every seed; all rows begin at the same place.`,
      wrong: msg`“DPOP: it forbids the chosen answer to fall.” It does. Look at how high it holds it, and where the rest goes.`,
    },
  },
  {
    id: 'remedies-run', chapter: 9, title: msg`What do they give away?`, minutes: 2.5,
    scene: { chapter: 9, preset: 'remedies-the-the-the', run: 'play' },
    notes: {
      say: [
        msg`IPO, the NLL term, the KL term and the hinge hold in every seed. Label smoothing leaves it to the seed: its target is finite, and far.`,
        msg`DPOP defends the chosen sentence where the reference had it, at half, and gives the rest away. R-DPO does nothing here: both sentences are equally long.`,
        msg`No recipe yet: with near pairs and another optimiser the hinge no longer holds in every seed. “On three worlds”, below, tries them all.`,
        msg`IPO and the KL term hold in all three worlds: a pull that ends, and a price on what the policy itself says.`,
      ],
      seen: msg`Plain DPO and R-DPO collapse in every seed. IPO, the NLL term, the KL term and the hinge keep what nobody wrote at 5 % or less in every seed. DPOP holds the chosen sentence at the reference’s level.`,
      wrong: msg`“Then the problem is solved.” On a toy, with knobs set by somebody who knew the answer. Try it on a pair that nobody has looked at.`,
    },
  },
  {
    id: 'take-home', chapter: 9, title: msg`What to take home`, minutes: 2,
    scene: { chapter: 9, preset: 'remedies-the-the-the', run: 'keep' },
    notes: {
      say: [
        msg`DPO learns a policy straight from preferences. No reward model is trained beside it, because the policy is one.`,
        msg`Its loss reads one difference of two log-ratios. What becomes of all other answers is decided by what they share with the pair.`,
        msg`A falling loss proves nothing. Read what the model says, over several seeds.`,
        msg`What helps is a tie to the reference that suits the data, a target that can be reached, a price on the policy’s own samples, or a judge who looks often and judges well.`,
        msg`Every one of these sentences you can now try to break.`,
      ],
      seen: msg`The table of remedies as the run has left it.`,
      wrong: msg`“So DPO is dangerous and PPO is not.” Both do what their objective permits. Know what yours permits.`,
    },
  },
];
