/** Chapter 7: PPO, and what it hacks. */
import { msg } from '../../../sim/msg.ts';
import type { TalkStep } from '../talk.ts';

export const CHAPTER_7: readonly TalkStep[] = [
  {
    id: 'ppo', chapter: 7, title: msg`Whose optimum does PPO find?`, minutes: 2.5,
    scene: { chapter: 7, preset: 'ppo-length-bias', run: 'ready' },
    notes: {
      say: [
        msg`PPO climbs the J of chapter 2 by trying: it writes answers, has them scored, and makes the good ones likelier. The slide’s title says PPO; its formula is J itself.`,
        msg`PPO adds three things: the ratio to the policy that wrote the answers, the clip, and advantages, as a rule from a learned value function.`,
        msg`The true reward here takes a quarter off for every word. The annotator adds 0.6 for every word, and a reward model was fitted to 1,000 of that annotator’s comparisons.`,
        msg`PPO is given the reward model. Whose optimum will it find, and how long will the answers be?`,
      ],
      seen: msg`Two charts, the reward it is given and the true one; the optima are drawn in before the run begins.`,
      wrong: msg`“Near the truth: the KL holds it back.” The KL ties it to the reference. It knows nothing about the truth.`,
    },
  },
  {
    id: 'ppo-run', chapter: 7, title: msg`Did PPO do anything wrong?`, minutes: 2,
    scene: { chapter: 7, preset: 'ppo-length-bias', run: 'play' },
    notes: {
      say: [
        msg`The reward that it is given rises to where its optimum is. The true reward stays far below what was possible.`,
        msg`The answers end at nearly four words. The optimum of the truth writes about one.`,
        msg`This is reward hacking, and PPO did nothing wrong: it found the optimum of what it was given. A better optimiser would only have come closer to it.`,
      ],
      seen: msg`In every seed the reward it is given rises and PPO ends near its optimum, at nearly four words; the true reward ends well below that of the true optimum.`,
      wrong: msg`“PPO has over-trained.” It sits close to the exact optimum of the reward it was given. The fault is in that reward.`,
    },
  },
  {
    id: 'slow-motion', chapter: 7, title: msg`What happens in one update?`, minutes: 2,
    scene: { chapter: 7, preset: 'ppo-length-bias', run: 'keep', at: '.chapter-wide' },
    notes: {
      say: [
        msg`One update in six stages: sample, score, KL, advantage, epochs, refresh. All numbers are those of an update that this run has made.`,
        msg`Right after sampling the ratio ρ is 1, and PPO’s gradient is an estimate of the policy gradient, scaled by how the advantages are normalised.`,
        msg`Once ρ has left its band in the direction that the advantage asks for, that token no longer pulls: this is the clip.`,
        msg`So much for PPO. Is length its problem alone?`,
      ],
      seen: msg`The answers that the policy wrote in the last update, how often, and their numbers, stage by stage.`,
      wrong: msg`“The clip keeps it near the reference.” It keeps it near the policy that wrote these answers, for one update. The reference is the business of the KL.`,
    },
  },
  {
    id: 'length-blame', chapter: 7, title: msg`Does DPO stay short?`, minutes: 1,
    scene: { chapter: 7, preset: 'dpo-length', run: 'ready' },
    notes: {
      say: [
        msg`On the slide, length bias stands on PPO’s side only. DPO has no reward model that could be hacked.`,
        msg`So: offline DPO on the comparisons of annotators who add 0, 0.3 or 0.6 for every word. Do its answers stay short?`,
      ],
      seen: msg`No reward model this time. The same annotators, at three strengths of their liking for length.`,
      wrong: msg`“They stay short: there is nothing to hack.” There is the same data.`,
    },
  },
  {
    id: 'length-blame-run', chapter: 7, title: msg`Whose bias is it?`, minutes: 1.5,
    scene: { chapter: 7, preset: 'dpo-length', run: 'play', panel: 'lengths', at: '#second-rank-panel' },
    notes: {
      say: [
        msg`In every seed the answers are the longer, the more the annotator likes length.`,
        msg`In a real model DPO’s answers grew to about twice the length of the starting model’s, report Park et al. 2024.`,
        msg`The bias is in the comparisons, and whoever learns from them can learn it.`,
        msg`So who ends where, with the same start and the same price? Side by side.`,
      ],
      seen: msg`Mean length against the annotator’s length bias: it rises with it, in every seed.`,
      wrong: msg`“Then DPO is no better than PPO.” In this respect they are in the same boat. Compare them where everything else is equal.`,
    },
  },
];
