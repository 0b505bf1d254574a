/** Chapter 6: online DPO. */
import { msg } from '../../../sim/msg.ts';
import type { TalkStep } from '../talk.ts';

export const CHAPTER_6: readonly TalkStep[] = [
  {
    id: 'somebody-looks', chapter: 6, title: msg`What if somebody looks?`, minutes: 2,
    scene: { chapter: 6, preset: 'resampling-prevents', run: 'ready' },
    notes: {
      say: [
        msg`Offline DPO never says a word while it learns. Online DPO asks the policy for fresh pairs, has them judged, and trains on those.`,
        msg`Who judges? In Online AI Feedback, Guo et al. 2024, a language model, at every step, and no reward model. The takeaways on the slides say “reward model”: that is a different method.`,
        msg`Here it is the true reward, every 10 updates. The same pair, the same small β, the same network. Will the probability still leave?`,
      ],
      seen: msg`The first experiment again, and below it a picture of what has been drawn and judged; nothing yet.`,
      wrong: msg`“It leaves, and then the judge brings it back.” Watch whether it ever gets that far.`,
    },
  },
  {
    id: 'somebody-looks-run', chapter: 6, title: msg`What does the judge catch?`, minutes: 1.5,
    scene: { chapter: 6, preset: 'resampling-prevents', run: 'play' },
    notes: {
      say: [
        msg`It stays, at the β at which offline DPO was lost.`,
        msg`The judge has little to catch. Look at the pairs it trains on: in the end nearly all are one sentence twice, no contest, and teach nothing.`,
        msg`The slide says that resampling should be done frequently. How frequently is enough?`,
      ],
      seen: msg`In every seed what nobody wrote holds at most 1 % at any time, and “on the mat” ends with nearly everything.`,
      wrong: msg`“The judge punishes ‘the the the’ all the time.” It hardly ever meets it: the sentence at the top counts how often.`,
    },
  },
  {
    id: 'too-rarely', chapter: 6, title: msg`What if we look too rarely?`, minutes: 1.5,
    scene: { chapter: 6, preset: 'resampling-rarely', run: 'ready' },
    notes: {
      say: [
        msg`The same judge, but 200 updates pass between two draws. Soon enough?`,
        msg`The slide has three arrows: a bad output is sampled, gets a low reward, and becomes rare. Two conditions are hidden in them: it must be sampled often enough, and the judge must score it low.`,
      ],
      seen: msg`The same experiment; the dial K, updates between fresh pairs, is at 200.`,
      wrong: msg`“Yes: at the first draw the judge puts it right.” Only where the bad string meets something better in the same pair.`,
    },
  },
  {
    id: 'too-rarely-run', chapter: 6, title: msg`The moment it is caught`, minutes: 2.5,
    scene: { chapter: 6, preset: 'resampling-rarely', run: 'play' },
    notes: {
      say: [
        msg`Until the first draw nothing is different from offline DPO, and most seeds drift away.`,
        msg`Then the catch: where a string nobody wrote meets a written one, it loses, and within twenty updates most of it is gone.`,
        msg`Choose the seeds one by one. In at least one of them, both answers of every pair are the same nonsense: nothing to compare, and nothing moves until the next draw.`,
        msg`And the judge may like the wrong thing. “A judge that likes length”, in the menu, ends with answers as long as can be in nearly every seed. What if that judge is a reward model, and the pupil is PPO?`,
      ],
      seen: msg`In most seeds what nobody wrote takes more than half of the probability before update 200. Where it is drawn against a written sentence it loses and falls at once; in at least one seed it meets only itself and stays.`,
      wrong: msg`“So rare looks are still enough in the end.” For these seeds, this judge and this little world. In between the model said nonsense, and somebody may have been using it.`,
    },
  },
];
