/** Chapter 10, "Sandbox": what can be tried already. */
import { msg } from '../../../sim/msg.ts';
import type { TalkStep } from '../talk.ts';

export const CHAPTER_10: readonly TalkStep[] = [
  {
    id: 'your-turn', chapter: 10, title: msg`What would you try?`, minutes: 1.5,
    scene: { chapter: 5, preset: 'near-pairs', run: 'ready' },
    notes: {
      say: [
        msg`The last chapter is yours. On the screen is a pair that we have not run: “the cat sat” against “the cat ran”. What will the network put in their place? The answer is one key away.`,
        msg`Every knob may be moved, and “More controls” has those that you do not see.`,
        msg`For words and pairs of your own, save the experiment under “File”, change it in an editor and open it again: it is a short text file.`,
        msg`And the address of the page is the experiment. Send it to whoever does not believe you.`,
      ],
      seen: msg`A pair of sentences that differ in their last word, ready to be run.`,
      wrong: msg`“None: it will stay with the two sentences.” Write the prediction down, press Play, and count the seeds.`,
    },
  },
];
