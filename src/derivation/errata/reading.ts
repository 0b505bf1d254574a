/** How the objective is read, and where its blind spot lets the mass go. */
import { logSumExp } from '../../sim/exact/numerics.ts';
import { optimalPolicy } from '../../sim/exact/optimal.ts';
import { msg } from '../../sim/msg.ts';
import { vanishes, type Erratum } from '../erratum.ts';
import { logRatioGap } from '../objective.ts';
import { outsiderOf, pairName } from '../pairs.ts';
import { nameOf, sumOverResponses, type Setting, type SettingPair } from '../setting.ts';
import { eachPair, eachPrompt } from '../sides.ts';
import type { Sides } from '../step.ts';

/** The slide's example. */
const SLIDE_RATIOS = { high: { policy: 0.9, ref: 0.8 }, low: { policy: 0.11, ref: 0.1 } };

export const READING_ERRATA: readonly Erratum[] = [
  {
    number: 13, title: msg`A high ratio, or a high difference`, place: { chapter: 4 }, source: msg`slide “Interpreting the objective”`,
    slide: msg`For a positive output the ratio π_θ/π_ref should be high; 0.9/0.8 ≈ 0.11/0.1.`,
    correct: msg`The loss reads only the difference of the two log-ratios: π(y₊) may even fall, as long as π(y₋) falls by more. The two quotients are 1.125 and 1.10.`,
    note: msg`As “approximately” the slide’s line is fine, and so is its lesson: it is the ratio that counts, not how high the probability is.`,
    version: {
      tex: '\\frac{0.9}{0.8}=\\frac{0.11}{0.1}',
      exactWhen: msg`never; rounded to 1.1 the two agree`, isExact: () => false,
      check: {
        kind: 'identity', left: '0.9/0.8', right: '0.11/0.1',
        sides: () => [{ at: 'π_θ/π_ref', lhs: SLIDE_RATIOS.high.policy / SLIDE_RATIOS.high.ref, rhs: SLIDE_RATIOS.low.policy / SLIDE_RATIOS.low.ref }],
      },
    },
  },
  {
    number: 14, title: msg`What a higher β does`, place: { chapter: 4 }, source: msg`slide “Interpreting β”`,
    slide: msg`The higher β, the more the model attempts to increase the gap between the rewards of the two outputs.`,
    correct: msg`A higher β ties the policy more closely to the reference: a pair that is preferred with probability p needs a log-ratio gap h of only logit(p)/β. The gap between the implicit rewards, β·h, is logit(p) whatever β is.`,
    note: msg`True of the first update: there the gradient has the factor β/2, which counts for plain gradient descent and little for Adam. The slide’s 0.3 and −0.003 are a gap of 0.303.`,
    version: {
      tex: '\\term{h}{h}\\text{ at the optimum:}\\quad|\\term{h}{h}(2\\term{beta}{\\beta})|\\ge|\\term{h}{h}(\\term{beta}{\\beta})|',
      exactWhen: msg`only where both responses of every pair earn the same, so that there is no gap at all`,
      isExact: (setting) => setting.pairs.every(({ chosen, rejected }) => vanishes(setting, (setting.rewards[chosen] - setting.rewards[rejected]) / (2 * setting.beta))),
      check: {
        kind: 'maximum', left: msg`|h| of π* at the present β`, right: msg`|h| of π* at twice that β`,
        sides(setting) {
          const { world, refLogps, rewards, beta } = setting;
          const [once, twice] = [beta, 2 * beta].map((own) => optimalPolicy(world, refLogps, rewards, own).logps);
          return eachPair(setting, (pair) => ({ lhs: Math.abs(logRatioGap(setting, once, pair)), rhs: Math.abs(logRatioGap(setting, twice, pair)) }));
        },
      },
    },
  },
  {
    number: 17, title: msg`A probability of exactly zero`, place: { step: 'support-zero' }, source: msg`slides “Why is DPO biased?”`,
    slide: msg`π_ref(y₀|x) = 0, and at the beginning of training π_θ(y₀|x) = 0.`,
    correct: msg`A softmax gives every response a positive probability, so read “nearly 0”. At exactly 0 the log-ratio is undefined and the KL infinite as soon as π_θ(y₀) > 0, π* keeps its 0 for ever, and a softmax neither starts there nor leaves by gradient.`,
    note: msg`That is why the lab gives y₀ a small probability instead; everything the slide goes on to say can be seen with it.`,
    version: {
      tex: '\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(\\term{y0}{y_0}|x)=\\term{pi-theta}{\\pi_\\theta}(\\term{y0}{y_0}|x)=0',
      exactWhen: msg`never of a softmax; nearly, where π_ref(y₀) is tiny`, isExact: () => false,
      check: {
        kind: 'identity', left: msg`responses to the prompt that π_ref and π_θ can give, counted`, right: msg`all but y₀`,
        sides(setting) {
          const possible = sumOverResponses(setting, (y) => (setting.refLogps[y] > -Infinity && setting.logps[y] > -Infinity ? 1 : 0));
          const all = sumOverResponses(setting, () => 1);
          return eachPrompt(setting, (x) => ({ lhs: possible[x], rhs: all[x] - 1 }));
        },
      },
    },
  },
  {
    number: 18, title: msg`Either up or down`, place: { chapter: 5 }, source: msg`slides “Why is DPO biased?”`,
    slide: msg`After a few steps of training either π_θ(y₊) will increase or π_θ(y₋) will decrease.`,
    correct: msg`Both may decrease, π_θ(y₋) by more, or both increase, π_θ(y₊) by more: the loss asks for the difference alone.`,
    note: msg`That both decrease is the case most often reported of large models (likelihood displacement: Razin et al. 2024), and the one in which mass must go to responses outside the pair.`,
  },
  {
    number: 19, title: msg`“No issue” while y₊ rises`, place: { chapter: 5 }, source: msg`slides “Why is DPO biased?”`,
    slide: msg`If π_θ(y₊) increases, there is no issue.`,
    correct: msg`y₊ and an out-of-distribution y₀ can rise at the same time, both at the cost of the others: the loss falls all the while, because y₀ is not in it.`,
    note: msg`A rising chosen log-probability is good news but no all-clear: the mass outside the data has to be watched as well.`,
    version: {
      tex: '\\term{pi-theta}{\\pi_\\theta}(\\term{y-plus}{y_+}|x)\\uparrow\\quad\\Rightarrow\\quad\\log\\term{pi-theta}{\\pi_\\theta}(\\term{y0}{y_0}|x)\\text{ does not rise}',
      exactWhen: msg`only where no prompt with a pair has a third response`,
      isExact: (setting) => setting.pairs.every((pair) => outsiderOf(setting, pair) === null),
      check: {
        kind: 'maximum', left: msg`log π(y₀) after half of π(y₋) went to y₊ and y₀ in equal parts, so that the loss fell`, right: msg`log π(y₀) before`,
        sides: (setting) => setting.pairs.flatMap((pair) => bothRise(setting, pair)),
      },
    },
  },
  {
    number: 20, title: msg`Where the mass goes`, place: { chapter: 5 }, source: msg`slides “Why is DPO biased?”`,
    slide: msg`Most often the probability of y₋ goes to y₊ and others.`,
    correct: msg`It depends on what the responses share. With a free logit for each, others gain for a while only, never more than p₀/(p₀ + 2·√(p₊·p₋)) of all mass, and end with nothing. In a network the responses that resemble y₊ more than y₋ gain with it, and keep it.`,
    note: msg`So the slide is right about networks, and the reason is their shared parameters; the policies of chapter 5 show both cases.`,
  },
];

/** A quarter of y₋'s mass to y₊, a quarter to y₀: from π_θ, and from the policy with equal probabilities, where it is plain to see. */
function bothRise(setting: Setting, pair: SettingPair): Sides[] {
  const at = pairName(setting, pair);
  const y0 = outsiderOf(setting, pair);
  if (y0 === null) return [{ at: msg`${at}, no third response`, y: pair.chosen, lhs: 0, rhs: 0 }];
  const risen = (before: number, rejected: number): number => logSumExp([before, rejected + Math.log(0.25)]);
  const { logps } = setting;
  return [
    { at: msg`${at}, y₀ = ${nameOf(setting, y0)}, from π_θ`, y: pair.chosen, lhs: risen(logps[y0], logps[pair.rejected]), rhs: logps[y0] },
    { at: msg`${at}, y₀ = ${nameOf(setting, y0)}, from equal probabilities`, lhs: risen(0, 0), rhs: 0 },
  ];
}
