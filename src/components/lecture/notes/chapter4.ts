/** Chapter 4: reading the objective. */
import { msg } from '../../../sim/msg.ts';
import type { TalkStep } from '../talk.ts';

export const CHAPTER_4: readonly TalkStep[] = [
  {
    id: 'reading', chapter: 4, title: msg`What does the loss look at?`, minutes: 2,
    scene: { chapter: 4, preset: 'reading-the-objective', run: 'ready' },
    notes: {
      say: [
        msg`One pair and two numbers: by how much each answer has become likelier than in the reference. The ruler shows their logarithms.`,
        msg`The slides compare 0.9 over 0.8 with 0.11 over 0.1. To the loss they are nearly the same, 1.125 and 1.10, though one answer is common and the other rare. The two buttons show them.`,
        msg`The slide also says that the ratio of a good answer should be high. The loss does not ask for that: it reads only the distance between the two marks.`,
        msg`Back to this run’s pair. When we train, which way will the mark of y₊, the chosen answer, have moved in the end?`,
      ],
      seen: msg`A ruler with both marks at zero: before training the policy is the reference, and the loss is log 2.`,
      wrong: msg`“To the right, it is the preferred one.” It may. The loss is as content if both go left and y₋ goes further.`,
    },
  },
  {
    id: 'reading-run', chapter: 4, title: msg`Which way did y₊ go?`, minutes: 2,
    scene: { chapter: 4, preset: 'reading-the-objective', run: 'play' },
    notes: {
      say: [
        msg`Both marks end on the left. The chosen answer has become rarer than before training, the rejected one far rarer, and the loss has fallen.`,
        msg`The slide says that either y₊ rises or y₋ falls. Both can fall: that is likelihood displacement, and Razin et al. 2024 report it of large models.`,
        msg`“How hard the gradient pushes”, below: the weight of the gradient fades as the marks move apart and is never zero. This pair never stops pulling.`,
        msg`If both answers lose, somebody wins. Does the loss see who?`,
      ],
      seen: msg`In this run both marks end to the left of zero, y₋ further than y₊, and the loss is lower than at the start.`,
      wrong: msg`“Then the loss for y₊ must have risen.” There is no loss for y₊ alone. Only the distance counts.`,
    },
  },
  {
    id: 'blind-spot', chapter: 4, title: msg`What does the loss not see?`, minutes: 2.5,
    scene: { chapter: 4, preset: 'reading-the-objective', run: 'ready', at: '.chapter-responses' },
    notes: {
      say: [
        msg`“The same loss, another policy”: take a share s of the probability away from the pair, keep the ratio of the two, and give it to y₀, an answer in no pair.`,
        msg`Loss, KL, J: which of them will change? Vote, then move the slider.`,
        msg`The loss stays the same to its last digit. The KL rises, and J falls.`,
        msg`Xu et al. 2024 have it in a table of three answers: as far as the loss goes, (0.1, 0, 0.9) is as good as (1, 0, 0).`,
        msg`The slide gives y₀ a probability of exactly zero. A softmax has no zeros: read “nearly zero”. “Less and less support”, further down, goes there step by step.`,
      ],
      seen: msg`While s moves, the line of the loss is flat and its digits stay; KL goes up, J goes down.`,
      wrong: msg`“The loss goes up, because the good answer loses.” The bad one loses in the same proportion, and the proportion is all there is.`,
    },
  },
  {
    id: 'higher-beta', chapter: 4, title: msg`Does a higher β open a wider gap?`, minutes: 1.5,
    scene: { chapter: 4, preset: 'three-sentences-about-beta', run: 'ready', panel: 'bench', at: '#second-rank-panel' },
    notes: {
      say: [
        msg`The slide: the higher β, the more the model attempts to increase the gap between the rewards of the two outputs. Who agrees?`,
        msg`It depends on which gap, and when. So: five values of β, each without noise and with a tenth of the comparisons the other way round.`,
        msg`Three questions to vote on. Where is the log-ratio gap widest after one update, where at rest with noise, where without?`,
      ],
      seen: msg`A bench that has not been run: five values of β, with and without noise.`,
      wrong: msg`“At the highest β every time: it multiplies everything.” It multiplies the first push. After that it also decides how soon a pair is content.`,
    },
  },
  {
    id: 'higher-beta-run', chapter: 4, title: msg`Three true sentences about β`, minutes: 2.5,
    scene: { chapter: 4, preset: 'three-sentences-about-beta', run: 'play', panel: 'bench', at: '#second-rank-panel' },
    notes: {
      say: [
        msg`First update: the gap opens in proportion to β. Here the slide is right.`,
        msg`With noise there is somewhere to rest. β times the log-ratio gap ends at the same value at every β, log 9, so the gap itself is narrower the higher β is.`,
        msg`Without noise there is no resting place: by the last update the smallest β has the widest log-ratio gap, though not the widest reward gap.`,
        msg`A higher β ties the policy more closely to the reference. A small one lets it go far, and the loss does not see where to: back to our first experiment.`,
      ],
      seen: msg`The first picture rises with β. At rest with noise the log-ratio gap h falls with β and the reward gap βh is level. Without noise the smallest β ends with the widest h.`,
      wrong: msg`“Then a higher β is better.” It is closer to the reference. Whether that is better depends on the reference.`,
    },
  },
];
