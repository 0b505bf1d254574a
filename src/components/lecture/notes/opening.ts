/** The cold open: chapter 5's run, before anything is explained. */
import { msg } from '../../../sim/msg.ts';
import type { TalkStep } from '../talk.ts';

export const OPENING: readonly TalkStep[] = [
  {
    id: 'the-the-the', chapter: 5, title: msg`Where will the probability go?`, minutes: 2.5,
    scene: { chapter: 5, preset: 'the-the-the', run: 'ready' },
    notes: {
      say: [
        msg`A small language model knows two sentences, “on the mat” and “on a mat”, and gives about half of its probability to each. For the 154 other strings that it could say there is next to nothing left.`,
        msg`Now it is told one thing: the first sentence is better than the second. It learns this by direct preference optimisation, DPO for short.`,
        msg`The loss will push “on a mat” down. Where does that probability go: to “on the mat”, or somewhere else?`,
        msg`Commit before I press Play. Who says “on the mat”, who says elsewhere?`,
      ],
      seen: msg`Two long bars, one for each sentence, and short ones for strings that hold almost nothing. The loss begins at log 2.`,
      wrong: msg`“To ‘on the mat’, of course: it is the only thing that was praised.” Write it down. The model was told which of two sentences is better, not that it should say it.`,
    },
  },
  {
    id: 'the-the-the-run', chapter: 5, title: msg`Where did it go?`, minutes: 2,
    scene: { chapter: 5, preset: 'the-the-the', run: 'play' },
    notes: {
      say: [
        msg`Watch the blue line first. “on the mat” rises, and everybody who voted for it is right. Now watch it fall.`,
        msg`The loss falls all the way. On a dashboard that shows the loss alone, this run is a success.`,
        msg`“the the the” was in no data and no pair mentions it. In the end the model says hardly anything else.`,
        msg`Why can that happen, when does it not, and what can be done? To answer it we start where DPO starts: with a reward model.`,
      ],
      seen: msg`The loss falls all the way. In nearly every seed what nobody wrote ends with at least 90 % of the probability, with “the the the” on top; “on the mat” rises first and falls later.`,
      wrong: msg`“That is a bug, or the learning rate.” The loss does what it was asked to do. With another β the same program keeps to the sentences, and its loss falls just as well: we come back to it.`,
    },
  },
];
