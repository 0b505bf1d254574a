/** Reward models, PPO, online DPO and published results. */
import { msg } from '../../sim/msg.ts';
import type { Erratum } from '../erratum.ts';

/** Offline rows of the published table as they can be misread, with the third number in the column of ties; percent. */
const OFFLINE_ROWS = [
  { task: 'TL;DR', win: 7.69, second: 63.74 },
  { task: msg`Helpfulness`, win: 20.2, second: 58.6 },
  { task: msg`Harmlessness`, win: 3.84, second: 60.26 },
];

export const TRAINING_ERRATA: readonly Erratum[] = [
  {
    number: 11, title: msg`“Optimize this exactly”`, place: { step: 'reward-model-likelihood' }, source: msg`slide “The non-parametric case”`,
    slide: msg`The reward model’s likelihood can be optimised exactly.`,
    correct: msg`Where the pairs never contradict each other there is no finite maximum: doubling the rewards always makes the labels more likely. Where there is one, rewards are known up to c(x) only, and those of responses in no pair not at all.`,
    note: msg`This freedom is the out-of-distribution problem in its first form: what nobody compared may be given any reward.`,
  },
  {
    number: 12, title: msg`The objective, and PPO`, place: { step: 'ppo-surrogate' }, source: msg`slide “Policy Gradient/PPO for LLM alignment”`,
    slide: msg`The slide’s title says PPO, its formula is the RLHF objective, and the value function is optional.`,
    correct: msg`PPO is a way to climb that objective: it adds the ratio to the policy that drew the samples, the clip, and advantages. These come from a learned value function as a rule; RLOO and GRPO take averages over samples instead.`,
    note: msg`At ρ = 1, right after sampling, both say the same: PPO’s gradient is then the policy gradient of the slide’s objective.`,
  },
  {
    number: 15, title: msg`The reward that is there after all`, place: { step: 'implicit-reward' }, source: msg`slide “PPO vs DPO”`,
    slide: msg`DPO needs no reward function.`,
    correct: msg`None is trained beside the policy, but the policy is one: r̂ = β log π_θ/π_ref. It inherits what ails reward models: whatever PPO can arrive at by a learned reward minimises the DPO loss too (Xu et al. 2024, theorem 4.1), and answers grow longer (Park et al. 2024).`,
    note: msg`It is simpler to run, as the slide says: no sampling, no critic, one loss.`,
  },
  {
    number: 16, title: msg`Length bias is not PPO’s alone`, place: { chapter: 7 }, source: msg`slide “PPO vs DPO”; Park et al. 2024 for the length of DPO’s answers`,
    slide: msg`PPO captures the length bias of reward functions; DPO is not mentioned.`,
    correct: msg`The bias is in the preferences, and DPO learns from the same ones: its answers grew to about twice the length of the starting model’s (Park et al. 2024).`,
    note: msg`Whether a reward model likes length, and whether it is accurate, are facts about its data. R-DPO in chapter 9 is a remedy on DPO’s side.`,
  },
  {
    number: 21, title: msg`When online DPO repairs itself`, place: { chapter: 6 }, source: msg`slide “How to deal with out-of-distribution bias in DPO?”`,
    slide: msg`An out-of-distribution output whose probability increases gets sampled, gets a low reward, and its probability decreases.`,
    correct: msg`Two conditions go with it: it must be sampled often enough, and the judge must score it low. A judge that likes it pushes it up, and when both responses of a pair are out of distribution, one of them still wins.`,
    note: msg`With both conditions met the remedy works as the slide says; chapter 6 lets you take away either.`,
  },
  {
    number: 22, title: msg`Who ranks`, place: { chapter: 6 }, source: msg`slide “Main Takeaways”; Guo et al. 2024; Xu et al. 2024`,
    slide: msg`Outputs are sampled frequently and ranked using the reward model, after slides about Online AI Feedback (OAIF).`,
    correct: msg`OAIF has no reward model: a language model says which of two outputs is better, anew at every training step. A learned reward ranks in DPO-Iter (Xu et al. 2024), once per round and with the reference reset to the last round’s policy, and in TRL’s online DPO.`,
    note: msg`All of them learn from the policy’s own samples, which is the point of the slide; they differ in who judges, and how often.`,
  },
  {
    number: 23, title: msg`An open problem, with partial answers`, place: { chapter: 9 }, source: msg`slide “How to deal with out-of-distribution bias in DPO?”`,
    slide: msg`How to deal with out-of-distribution bias in offline DPO is an open problem.`,
    correct: msg`In general it still is. Partial remedies exist by now: DPOP, an SFT term (RPO), IPO, NCA, leaving out pairs by their CHES score, Extend, WPO, and HyPO, which needs unlabelled samples of the policy.`,
    note: msg`Chapter 9 tries several of them on the lecture’s own example, and shows what each gives away.`,
  },
  {
    number: 24, title: msg`Three numbers for four columns`, place: { chapter: 8 },
    source: msg`slide “Performance Comparison: Offline vs Online DPO”; Guo et al. 2024 (arXiv 2402.04792), table 2`,
    slide: msg`The rows of offline DPO have three numbers, so that 63.74% seems to be its share of ties on TL;DR.`,
    correct: msg`The paper prints the tie once for both rows of a task. Offline DPO: win 7.69, tie 28.57, loss 63.74 on TL;DR; 20.20, 21.20, 58.60 on helpfulness; 3.84, 35.90, 60.26 on harmlessness. Quality, from 1 to 5, is a score of its own.`,
    note: msg`It may be the text we read the slides from that lost the shared cell. Win, tie and loss of one comparison add up to 100.`,
    version: {
      tex: '\\underbrace{7.69}_{\\text{win}}+\\underbrace{63.74}_{\\text{tie?}}=100',
      exactWhen: msg`never: the shared tie is missing`, isExact: () => false,
      check: {
        kind: 'identity', left: msg`win and the number in the column of ties, added up`, right: msg`100 percent`,
        sides: () => OFFLINE_ROWS.map(({ task, win, second }) => ({ at: msg`offline DPO, ${task}`, lhs: win + second, rhs: 100 })),
      },
    },
  },
  {
    number: 25, title: msg`Credits`, place: { chapter: 5 }, source: msg`slides “Direct Preference Optimization on preferences”, “PPO vs DPO” and “Performance Comparison”`,
    slide: msg`That DPO is prone to a biased policy that favours out-of-distribution responses stands without a reference.`,
    correct: msg`It is from Xu et al. 2024 (arXiv 2404.10719). The figure of DPO is from Rafailov et al. 2023 (arXiv 2305.18290), the table of results from Guo et al. 2024 (arXiv 2402.04792).`,
    note: msg`Worth reading for its table 1: three responses, two policies, the same loss.`,
  },
];
