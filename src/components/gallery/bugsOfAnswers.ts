/** TABLE, first half: reports of what the trained model says. tests/galleryAnswers.test.ts measures every claim. */
import { msg } from '../../sim/msg.ts';
import type { Bug } from './bug.ts';

const REFERENCE_CODE = 'eric-mitchell/direct-preference-optimization';
const TRL = 'huggingface/trl';
const FACTORY = 'hiyouga/LlamaFactory';

/** What a toy leaves out, whichever it is. */
const TOY = msg`Five words, one prompt, a network of 16 units, and every response counted.`;

export const BUGS_OF_ANSWERS: readonly Bug[] = [
  {
    id: 'repeats-one-word',
    symptom: msg`The model repeats one word`,
    alsoCalled: [msg`repeated tokens`, msg`duplicate tokens`, msg`degenerate output`, msg`endless repetition`, msg`gibberish`, '复读', '重复'],
    threads: [
      { repository: REFERENCE_CODE, number: 8, read: 'part', what: msg`A reimplementation had nearly the reward curves of the original, and a model that only repeated tokens.` },
      { repository: FACTORY, number: 1347, read: 'part', what: msg`Several people got repetition and stray characters after DPO; for one of them a supervised loss beside it, or LoRA, mostly cured it.` },
      { repository: FACTORY, number: 7734, read: 'part', what: msg`Nothing looked wrong during training, and the answers repeat themselves.` },
      { repository: FACTORY, number: 6679, read: 'part', what: msg`Repetition and random English, most of all on the training prompts; the reporter asks for a supervised term in every loss.` },
      { repository: TRL, number: 2382, read: 'part', what: msg`A code model broke. A higher β, a smaller learning rate and IPO helped; a maintainer names an added NLL term as the most direct remedy.` },
      { repository: 'NJUNLP/MAPO', number: 3, read: 'whole', what: msg`The same token again and again. Advice: put such outputs among the rejected, lower the learning rate, mix in the supervised loss.` },
    ],
    toy: { preset: 'near-pairs' },
    shows: msg`“the cat sat” beats “the cat ran”, and “sat sat sat” takes 90 % or more in at least 7 of 8 seeds. The loss falls all the while.`,
    metrics: ['mass/ood', 'mass/chosen'],
    why: msg`All that tells the two sentences apart is one word, and the network learns to prefer that word wherever it stands. The loss compares the two sentences with each other and never looks at the string that gains.`,
    chapter: 5,
    remedies: [
      { name: msg`With an NLL term`, words: msg`At a weight of 0.03 the strings nobody wrote keep at most 5 % in every seed.`, toy: { preset: 'near-pairs', knobs: [['nllWeight', 0.03]] } },
      { name: msg`With ten times the β`, words: msg`At β = 0.5 they keep at most 5 % too.`, toy: { preset: 'near-pairs', knobs: [['beta', 0.5]] } },
      { name: msg`With bad strings among the rejected`, words: msg`In another toy, whose written pairs favour no word and whose pairs show bad strings as losers, at most 1 % ever leaves.`, toy: { preset: 'balanced-pairs' } },
    ],
    limits: msg`${TOY} A large model that repeats itself may have other reasons: a wrong chat template, a missing end token, a sampler.`,
  },
  {
    id: 'never-stops',
    symptom: msg`The answer never stops`,
    alsoCalled: [msg`endless generation`, msg`no EOS token`, msg`generates until max_new_tokens`, msg`does not stop`],
    threads: [
      { repository: TRL, number: 734, read: 'part', what: msg`Models after SFT and DPO ran on to the length limit, although the training answers were short. There the end token was missing from the training data.` },
      { repository: TRL, number: 1239, read: 'part', what: msg`After DPO the answers were worse than before it, and generation did not end; after SFT alone it did.` },
      { repository: TRL, number: 2382, read: 'part', what: msg`A maintainer counts a model that forgets to stop among the ways in which plain DPO ends, and advises an added NLL term.` },
    ],
    toy: { preset: 'never-stops' },
    shows: msg`“yes indeed” beats “yes”. In every seed the answers end at more than 3.9 of the 4 words there is room for; they began at about one and a half.`,
    metrics: ['meanLength'],
    why: msg`The winner begins like the loser and goes on: the first thing the pair says is “do not end here”. With shared weights that is learned for every place, and the end becomes improbable everywhere.`,
    chapter: 5,
    remedies: [
      { name: msg`With an NLL term`, words: msg`The chosen answer’s end is part of its likelihood: at a weight of 0.03 every seed ends between 1.9 and 2.1 words.`, toy: { preset: 'never-stops', knobs: [['nllWeight', 0.03]] } },
      { name: msg`With ten times the β`, words: msg`At β = 0.5 too every seed ends between 1.9 and 2.1 words.`, toy: { preset: 'never-stops', knobs: [['beta', 0.5]] } },
    ],
    limits: msg`${TOY} Here the end is always trained on; where it is cut off, masked as padding or missing from the template, no loss can teach it. A length term in the margin (R-DPO, α = 1) does not help in this toy: every seed still ends above 3.9 words.`,
  },
  {
    id: 'longer-answers',
    symptom: msg`Answers get longer and longer`,
    alsoCalled: [msg`verbose`, msg`length bias`, msg`length exploitation`, msg`response length spikes`, msg`average_log_prob`],
    threads: [
      { repository: REFERENCE_CODE, number: 35, read: 'part', what: msg`Answers grew during training and ended in repetition; the first question back was whether the chosen ones are longer on average. Others saw the same.` },
      { repository: REFERENCE_CODE, number: 40, read: 'part', what: msg`Whether log-probabilities should be averaged over tokens, since sums might favour long answers.` },
      { repository: 'OpenRLHF/OpenRLHF', number: 236, read: 'whole', what: msg`Response lengths rise in spikes under PPO; the advice is a higher KL penalty, or the length in the reward.` },
    ],
    toy: { preset: 'dpo-length', knobs: [['sweepLengthBias', []], ['lengthBias', 0.6]] },
    shows: msg`The annotator adds 0.6 for every word, the truth takes a quarter off. In every seed the answers grow from one and a half words to more than two and a half.`,
    metrics: ['meanLength'],
    why: msg`DPO has no reward model that could be hacked, but it has the comparisons: if longer answers win more often, then length is part of the reward that the policy implies. It fits what the annotators like, not what was meant.`,
    chapter: 7,
    remedies: [
      {
        name: msg`With a length term (R-DPO)`, words: msg`At α = 0.3 per word the answers are shorter in every seed, by at least half a word, and the true reward is higher.`,
        toy: { preset: 'dpo-length', knobs: [['sweepLengthBias', []], ['lengthBias', 0.6], ['lengthAlpha', 0.3]] },
      },
      { name: msg`With an annotator without the bias`, words: msg`The same run on comparisons without the length bias ends below 1.6 words in every seed, with a higher true reward.`, toy: { preset: 'dpo-length', knobs: [['sweepLengthBias', []]] } },
    ],
    limits: msg`At most four words, a table instead of a network, and an annotator whose bias is one number. The size of α that helps here says nothing about a real model. PPO on a reward model of such comparisons goes further, to more than 3.9 of the four words (chapter 7).`,
  },
  {
    id: 'other-prompts-change',
    symptom: msg`Prompts that no pair is about change too`,
    alsoCalled: [msg`catastrophic forgetting`, msg`loses other abilities`, msg`alignment tax`],
    threads: [
      { repository: FACTORY, number: 4413, read: 'part', what: msg`A translation model was trained by DPO on another task, and then answered translation prompts in that task’s format.` },
    ],
    toy: { preset: 'other-prompt' },
    shows: msg`The pair belongs to the first of two prompts. On the second one, responses nobody wrote end with at least ten times as much as before in every seed, in at least 5 of 8 with more than half.`,
    metrics: ['mass/ood', 'mass/chosen'],
    why: msg`The two prompts share the network’s weights, and the loss looks at the first one only. What a pair teaches about its words is said everywhere.`,
    chapter: 5,
    remedies: [
      { name: msg`With a KL term on all responses`, words: msg`At a weight of 0.02 responses nobody wrote keep at most 1 % of either prompt in every seed.`, toy: { preset: 'other-prompt', knobs: [['klWeight', 0.02]] } },
      { name: msg`With an NLL term`, words: msg`It speaks of the first prompt only: at a weight of 0.03 the second keeps at most 15 % on such responses, which is better and not safe.`, toy: { preset: 'other-prompt', knobs: [['nllWeight', 0.03]] } },
    ],
    limits: msg`Two prompts that differ in a few words, and a KL term that is exact. On a real model it must be estimated from samples of the prompts that matter. The picture is the mean over both prompts.`,
  },
  {
    id: 'simpo-repeats',
    symptom: msg`SimPO: accuracy rises, the output repeats`,
    alsoCalled: [msg`SimPO collapse`, msg`reference-free`, msg`heavy loops`],
    threads: [
      { repository: 'princeton-nlp/SimPO', number: 12, read: 'part', what: msg`Margin and accuracy rose, the rewards of both answers fell fast, and the model repeated a single word.` },
      { repository: 'princeton-nlp/SimPO', number: 80, read: 'part', what: msg`Heavy loops with the recommended settings on other data; an author calls the learning rate the most important thing to tune.` },
      { repository: FACTORY, number: 6545, read: 'part', what: msg`DPO trained normally on the same data, SimPO ended in repetition.` },
    ],
    toy: { preset: 'near-pairs', knobs: [['loss', 'simpo']] },
    shows: msg`In every seed the pair is ranked right, the chosen sentence ends below 1 % and “sat sat sat” above 90 %.`,
    metrics: ['mass/ood', 'mass/chosen', 'rewards/accuracies'],
    draws: ['mass/ood', 'mass/chosen'],
    why: msg`SimPO compares log-probabilities per token and has no reference to hold on to. At a small β the target margin is a very large gap, and the gap can be had by lowering both sentences.`,
    chapter: 9,
    remedies: [
      { name: msg`With β = 2.5`, words: msg`A larger β brings the target nearer: responses nobody wrote keep at most 1 % in every seed.`, toy: { preset: 'near-pairs', knobs: [['loss', 'simpo'], ['beta', 2.5]] } },
    ],
    limits: msg`${TOY} β = 2.5 is also what one of the reports used when the model broke: which β is enough depends on the data, the length of the answers and the learning rate.`,
  },
  {
    id: 'ppo-grows-alike',
    symptom: msg`PPO: the reward rises, the KL too, and the answers grow alike`,
    alsoCalled: [msg`reward hacking`, msg`KL explodes`, msg`mode collapse`, msg`over-optimisation`],
    threads: [
      { repository: TRL, number: 204, read: 'part', what: msg`The mean reward converged, the KL kept growing, and in the end every query got the same response.` },
    ],
    toy: { preset: 'ppo-one-pair' },
    shows: msg`“on the mat” beats “on a mat”, and a reward model learns from it. In every seed the reward that PPO is given rises above 2.9 and the KL above 10 nats, while the true reward falls from nearly 0.5 to below −1.9: “the the the” holds more than 90 %.`,
    metrics: ['proxyReward', 'goldReward', 'kl'],
    draws: ['proxyReward', 'goldReward'],
    why: msg`PPO finds the optimum of the reward it is given. This reward model counts words and has seen one pair, in which “the” won: three of them are worth most to it. A small β makes it cheap to go far from the reference, where the reward model was never checked.`,
    chapter: 7,
    remedies: [
      { name: msg`With ten times the price of KL`, words: msg`At β = 1 the KL ends below 0.6 nats in every seed, the true reward rises above 0.7, and strings nobody wrote keep at most 1 %.`, toy: { preset: 'ppo-one-pair', knobs: [['beta', 1]] } },
      { name: msg`With bad strings among the pairs`, words: msg`The reward model is also shown 15 strings nobody wrote, as losers: the true reward ends above 0.98 in every seed, at the same β.`, toy: { preset: 'ppo-more-coverage' } },
    ],
    limits: msg`A reward model that counts words and saw one pair; a real one has seen many, and nobody knows where it is wrong. Whether the true reward falls is known here; a real run needs an evaluation of its own. The answers have at most three words and cannot grow longer.`,
  },
];
