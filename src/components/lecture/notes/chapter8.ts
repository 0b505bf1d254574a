/** Chapter 8: side by side, and the published comparison. */
import { msg } from '../../../sim/msg.ts';
import type { TalkStep } from '../talk.ts';

export const CHAPTER_8: readonly TalkStep[] = [
  {
    id: 'side-by-side', chapter: 8, title: msg`Who ends where?`, minutes: 1.5,
    scene: { chapter: 8, preset: 'side-by-side', run: 'ready' },
    notes: {
      say: [
        msg`PPO or DPO is an open debate. To compare methods, everything else must be the same: here one reference, one β, the same seeds.`,
        msg`Offline DPO learns from one pair. Online DPO and PPO ask the true reward about what they say themselves. The fourth computes the gradient of J exactly.`,
        msg`Who ends near π*, and who does not?`,
      ],
      seen: msg`Four columns, one for each method, from the same start; dashes mark π*.`,
      wrong: msg`“PPO, it is the stronger optimiser.” Then watch online DPO, which differs from offline DPO only in the pairs that it learns from.`,
    },
  },
  {
    id: 'side-by-side-run', chapter: 8, title: msg`What makes the difference?`, minutes: 1.5,
    scene: { chapter: 8, preset: 'side-by-side', run: 'play' },
    notes: {
      say: [
        msg`Three end near π* and one leaves. What the three have in common is not the loss: they are told about what they say themselves.`,
        msg`It is not that PPO is safe. Give it a reward model fitted to the one pair, and it ends on “the the the” as well: “PPO on the same one pair”, in chapter 7.`,
        msg`So much for our little world. What did people find?`,
      ],
      seen: msg`In most seeds offline DPO ends with more than half of its probability on what nobody wrote. The other three keep nearly all of it on the written sentences in every seed and end near π*.`,
      wrong: msg`“So the loss of DPO is bad.” Online DPO has the same loss.`,
    },
  },
  {
    id: 'published', chapter: 8, title: msg`What did human raters say?`, minutes: 2,
    scene: { chapter: 8, preset: 'side-by-side', run: 'keep', at: '.published' },
    notes: {
      say: [
        msg`This table is published, it is not ours: human raters, large models, real tasks (Guo et al. 2024, table 2). Do not compare its figures with those beside it.`,
        msg`Against offline DPO on TL;DR summaries, online DPO won 63.74 %, tied 28.57 % and lost 7.69 % of the comparisons (Guo et al. 2024, table 2).`,
        msg`On the slide the rows of offline DPO have three numbers, and 63.74 % seems to be a share of ties; it is the share that offline DPO lost (Guo et al. 2024, table 2). The paper prints the tie once for both rows of a task.`,
        msg`The quality, from 1 to 5, is a score of its own (Guo et al. 2024, table 2).`,
        msg`Online needs somebody to ask, all the time. What can be done with the pairs alone?`,
      ],
      seen: msg`The published table with its source, beside the lab’s own three tasks, which can be run here. In each of the three published tasks online DPO wins more often than it loses.`,
      wrong: msg`“So online DPO is always better.” In these three tasks, with these raters and this annotator. It also costs an annotator who answers at every step.`,
    },
  },
];
