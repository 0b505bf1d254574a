/** Chapter 10, "Sandbox": the room's own pair. */
import { msg } from '../../../sim/msg.ts';
import type { TalkStep } from '../talk.ts';

export const CHAPTER_10: readonly TalkStep[] = [
  {
    id: 'your-turn', chapter: 10, title: msg`What would you try?`, minutes: 1.5,
    scene: { chapter: 10, preset: 'own-words', run: 'ready' },
    notes: {
      say: [
        msg`The last chapter is yours. On the left stands a whole experiment: its words, its prompt, what the reference says, and one pair, “tea please” over “tea”. What will the network make of it? The answer is one key away.`,
        msg`Everything there can be written over. Give me a pair: I add its words, write it down, and the run begins anew as soon as what is written makes sense.`,
        msg`While it does not, the sentence under the field says why, and the run stays what it was.`,
        msg`And the address of the page is the experiment. Send it to whoever does not believe you.`,
      ],
      seen: msg`The experiment as fields at the left, its pictures beside it, ready to be run. Once it has run, “please please please” ends with nearly nine tenths or more in at least seven of the eight seeds.`,
      wrong: msg`“It learns to say please.” It does, and it cannot stop: nobody ever said please three times. Write the prediction down, press Play, and count the seeds.`,
    },
  },
];
