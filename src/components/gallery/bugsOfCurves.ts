/** TABLE, second half: reports of what the training curves do. tests/galleryCurves.test.ts measures every claim. */
import { msg } from '../../sim/msg.ts';
import type { Bug } from './bug.ts';

const REFERENCE_CODE = 'eric-mitchell/direct-preference-optimization';
const TRL = 'huggingface/trl';
const FACTORY = 'hiyouga/LlamaFactory';

export const BUGS_OF_CURVES: readonly Bug[] = [
  {
    id: 'chosen-reward-negative',
    symptom: msg`rewards/chosen goes negative while margins and accuracy rise`,
    alsoCalled: [msg`both rewards fall`, msg`both log-probabilities decrease`, msg`likelihood displacement`, 'logps/chosen decreases', 'chosen_reward'],
    threads: [
      { repository: REFERENCE_CODE, number: 8, read: 'part', what: msg`Both rewards are negative in the authors’ own demo. The answer: not in itself a sign of a broken model; what is trained is the difference.` },
      { repository: REFERENCE_CODE, number: 32, read: 'part', what: msg`Why the chosen log-probability falls: after supervised training on the chosen answers it is near its maximum, and has nowhere to go but down.` },
      { repository: REFERENCE_CODE, number: 36, read: 'part', what: msg`The loss falls, the chosen reward falls with it, and the checkpoints answer worse than the reference.` },
      { repository: TRL, number: 800, read: 'part', what: msg`Both log-probabilities keep falling. An added NLL term is suggested; one reader tried it and found the result worse.` },
      { repository: 'OpenRLHF/OpenRLHF', number: 1054, read: 'whole', what: msg`Both rewards are negative and get smaller as training goes on: a title and a picture.` },
      { repository: FACTORY, number: 6153, read: 'part', what: msg`The same; the maintainer points to the weight of a supervised term.` },
    ],
    toy: { preset: 'chosen-falls', panel: 'reward' },
    shows: msg`In every seed every pair is ranked right and the gap grows to more than 5, while the implicit reward of the chosen sentences falls below 0. The sentences still hold at least 70 %.`,
    metrics: ['rewards/chosen', 'rewards/rejected', 'rewards/margins', 'rewards/accuracies'],
    draws: ['rewards/chosen'],
    why: msg`The loss sees only the difference of the two log-ratios: it is the same if both fall by as much. Here the reference already gives the chosen sentences all it has, so whatever else moves can only take from them.`,
    chapter: 4,
    remedies: [
      { name: msg`With an NLL term`, words: msg`At a weight of 0.03 the implicit reward of the chosen sentences stays within 0.01 of 0, and they keep at least 98 %, in every seed; the margin still ends above 5.`, toy: { preset: 'chosen-falls', knobs: [['nllWeight', 0.03]], panel: 'reward' } },
      { name: msg`With DPOP, λ = 1`, words: msg`The penalty on a falling winner leaves them with a higher implicit reward, and with more, in every seed than plain DPO does.`, toy: { preset: 'chosen-falls', knobs: [['loss', 'dpop'], ['dpopLambda', 1]], panel: 'reward' } },
    ],
    limits: msg`A mild case: the curve is the one that people report, and the model is still fine. Whether yours is, only its answers can tell. DPOP’s own λ of 50 is too much for this learning rate.`,
  },
  {
    id: 'loss-falls-model-worse',
    symptom: msg`The loss falls and the model gets worse`,
    alsoCalled: [msg`worse than SFT`, msg`worse than the reference`, msg`performance drops after DPO`],
    threads: [
      { repository: FACTORY, number: 683, read: 'part', what: msg`A classifier lost much of its accuracy through DPO, with a tiny loss and all pairs ranked right.` },
      { repository: FACTORY, number: 5484, read: 'part', what: msg`On the same data, supervised training on the chosen code worked far better than DPO on the pairs, which left hardly any usable code.` },
      { repository: REFERENCE_CODE, number: 36, read: 'part', what: msg`The loss goes down as it should, and the predictions are not as good as the reference’s.` },
    ],
    toy: { preset: 'the-the-the' },
    shows: msg`In every seed the loss ends below a tenth of where it began, and the true reward below 0, where the reference had nearly 0.5.`,
    metrics: ['loss', 'goldReward'],
    draws: ['goldReward'],
    why: msg`A small loss means that the chosen sentence is far ahead of the rejected one, and nothing else. It is as small when both have next to no probability.`,
    chapter: 4,
    remedies: [
      { name: msg`With ten times the β`, words: msg`At β = 0.5 the loss falls too, and the true reward ends above 0.9 in every seed.`, toy: { preset: 'strong-tie' } },
      { name: msg`With fresh pairs, judged`, words: msg`Online DPO, with a judge who is asked every 10 updates, ends above 0.9 as well.`, toy: { preset: 'resampling-prevents' } },
    ],
    limits: msg`The toy knows the true reward of every response, a real run needs an evaluation of its own. There the drop may also come from a wrong template, truncated answers or too little data.`,
  },
  {
    id: 'accuracy-one-at-once',
    symptom: msg`The accuracy is 1 and the loss near 0 after a few steps`,
    alsoCalled: [msg`loss is 0`, 'rewards/accuracies 1.0', msg`converges too fast`, msg`overfitting`],
    threads: [
      { repository: TRL, number: 894, read: 'part', what: msg`After a few of a thousand steps the loss is 0 and the accuracy 1. One answer: the pairs are easy to tell apart.` },
      { repository: TRL, number: 1236, read: 'part', what: msg`A log in which the loss falls to 0.0 with ever larger margins.` },
      { repository: FACTORY, number: 5116, read: 'part', what: msg`The accuracy is 1 within few steps at every learning rate that was tried, and the model is not much better for it.` },
      { repository: 'zhyang2226/OPA-DPO', number: 10, read: 'whole', what: msg`Loss 0 and accuracy 1 very early, no gain in the evaluation. The author suspects pairs that the model would not have written, and advises a smaller learning rate.` },
    ],
    toy: { preset: 'near-pairs', panel: 'reward' },
    shows: msg`After 10 updates every pair is ranked right in every seed, and nothing has gone wrong yet; at the end it is still so, and in every seed more than 90 % is on strings nobody wrote.`,
    metrics: ['rewards/accuracies', 'loss', 'mass/ood'],
    draws: ['rewards/accuracies', 'mass/ood'],
    why: msg`The accuracy asks whether the chosen response gained more than the rejected one, which one step can settle. From then on it cannot change, whatever becomes of all the other responses.`,
    chapter: 4,
    remedies: [
      { name: msg`With ten times the β`, words: msg`At β = 0.5 the accuracy is 1 as early and the loss ends as low, and at most 5 % leaves in any seed: these two curves cannot tell the runs apart.`, toy: { preset: 'near-pairs', knobs: [['beta', 0.5]], panel: 'reward' } },
    ],
    limits: msg`One pair, seen at every update. With many pairs the accuracy rises more slowly, and that on held-out pairs says more.`,
  },
  {
    id: 'stuck-at-0-693',
    symptom: msg`The loss stays at 0.693 and the rewards at 0`,
    alsoCalled: ['0.6931', '0.6934', msg`log 2`, msg`rewards stuck at zero`, msg`loss does not decrease`, msg`the loss is constant`],
    threads: [
      { repository: TRL, number: 1311, read: 'part', what: msg`Rewards of exactly 0 and a loss of 0.6932 throughout, from an SFT model with LoRA.` },
      { repository: TRL, number: 1627, read: 'whole', what: msg`The same. For the reporter the cause was β = 0; another reader points to the solution in the thread before.` },
      { repository: TRL, number: 4023, read: 'part', what: msg`A loss of 0.6934 and a gradient of 0 with every dataset and every setting that was tried.` },
      { repository: 'RLHFlow/Online-RLHF', number: 17, read: 'part', what: msg`Iterative DPO whose loss hardly leaves 0.69.` },
    ],
    toy: { preset: 'the-the-the', knobs: [['beta', 1e-6]], panel: 'reward' },
    shows: msg`In every seed the loss is 0.6931 from the first update to the last, and the chosen sentence gains less than one percentage point.`,
    metrics: ['loss', 'rewards/margins', 'mass/chosen'],
    draws: ['loss'],
    why: msg`0.693 is log 2: the loss of a policy that is its reference. The first gradient is proportional to β, so with β near 0 nothing moves; a policy that is compared with itself, or weights that are not trained, look the same.`,
    chapter: 4,
    remedies: [
      { name: msg`With β = 0.5`, words: msg`The loss ends below 0.05 in every seed, and the chosen sentence above 90 %.`, toy: { preset: 'strong-tie', panel: 'reward' } },
    ],
    limits: msg`The toy has one of the causes, a β near 0. A reference that follows the policy and frozen weights cannot be made in it. Adam is no cure: it divides the size of the gradient out, so that at the same β and a learning rate of 0.01 the policy does move, but the chosen sentence ends below 1 % in every seed, and the loss still reads 0.69.`,
  },
  {
    id: 'broken-within-steps',
    symptom: msg`The output is broken after a handful of steps`,
    alsoCalled: [msg`learning rate too high`, msg`corrupted responses`, msg`collapses immediately`, msg`huge loss`],
    threads: [
      { repository: TRL, number: 1025, read: 'part', what: msg`Corrupted and multiple responses; solved for the reporter by a corrected collator together with a lower learning rate.` },
      { repository: FACTORY, number: 797, read: 'whole', what: msg`After SFT and DPO the model greets without end; the advice is a learning rate ten times smaller.` },
      { repository: 'stanleylsx/llms_tool', number: 46, read: 'part', what: msg`At a rate of 5e-4 the loss jumps from 0.69 to several hundred within a few log lines.` },
    ],
    toy: { preset: 'the-the-the', knobs: [['learningRate', 100], ['steps', 40]] },
    shows: msg`Four updates at a hundred times the learning rate, and in every seed more than 90 % is on strings nobody wrote. The loss is already below 0.05.`,
    metrics: ['mass/ood', 'mass/chosen'],
    why: msg`One step is as long as a hundred, and the gradient that carries the shared weights away from the written sentences is followed far beyond where it was measured. The loss only asks for the difference, which is large.`,
    chapter: 4,
    remedies: [
      { name: msg`With the learning rate 1`, words: msg`After the same 40 updates at most 2 % has left in any seed.`, toy: { preset: 'the-the-the', knobs: [['steps', 40]] } },
      { name: msg`With the learning rate 0.1, to the end`, words: msg`After 800 updates at most 15 % has left. A smaller rate postpones what this β allows; it does not forbid it.`, toy: { preset: 'the-the-the', knobs: [['learningRate', 0.1]] } },
    ],
    limits: msg`One pair and plain gradient descent, so the loss itself never jumps up here as it does with mini-batches. A larger β alone does not help at this rate: at β = 0.5 every seed still ends with more than 90 % on such strings.`,
  },
  {
    id: 'ipo-nan',
    symptom: msg`The loss is NaN with IPO, with DPO it is not`,
    alsoCalled: ['nan', msg`not a number`, msg`not finite`, msg`diverges`, msg`overflow`],
    threads: [
      { repository: TRL, number: 1033, read: 'part', what: msg`DPO and hinge train well, IPO gives NaN. The first advice is another β; later readers found a division by zero for answers that were cut off.` },
      { repository: 'jingyaogong/minimind', number: 365, read: 'part', what: msg`NaN in DPO at every learning rate that was tried.` },
    ],
    toy: { preset: 'the-the-the', knobs: [['loss', 'ipo']] },
    shows: msg`In every seed the numbers stop being finite within 20 updates, at the learning rate with which DPO trains to the end.`,
    metrics: ['loss'],
    why: msg`IPO’s loss is a squared distance: far from its target 1/(2β) the gradient is steep, and steeper the further one overshoots. DPO’s gradient is never larger than β, so the same learning rate is harmless there.`,
    chapter: 9,
    remedies: [
      { name: msg`With a learning rate of 0.00125`, words: msg`β²/2 of the old rate makes IPO’s first step as long as DPO’s. Every seed stays finite, ends at a margin of 0.5, which is β times its target, and keeps at most 5 % on strings nobody wrote.`, toy: { preset: 'the-the-the', knobs: [['loss', 'ipo'], ['learningRate', 0.00125]] } },
    ],
    limits: msg`The toy computes in float32 and diverges by its step alone. fp16 overflow, empty masks and damaged batches give NaN at any learning rate.`,
  },
];
