/** Says aloud what happens on the page, sparingly: one polite region for all of it. */
import { useEffect, useState } from 'react';
import { marksOf, type MarkedRun } from '../../sim/marks.ts';
import type { RunStatus } from '../../sim/runStore.ts';
import { chapterOf } from '../chapters.ts';
import { useLabStore, type LabStatus } from '../labStore.ts';
import { TALK } from '../lecture/talk.ts';
import { useTalkStore, type TalkStatus } from '../lecture/talkStore.ts';
import { useRunStore } from '../run.ts';
import { createAnnouncer, happened, newMark, type Happening } from './liveWords.ts';

/** How often a run is searched for events, ms. */
const LOOK_EVERY = 1000;

export function LiveRegion() {
  const run = useRunStore();
  const lab = useLabStore();
  const talk = useTalkStore();
  const [text, setText] = useState('');
  useEffect(() => {
    const announcer = createAnnouncer(setText, () => performance.now());
    const look = () => happeningOf(run.getState(), lab.getState(), talk.getState());
    let before = look();
    const compare = () => {
      const now = look();
      announcer.add(happened(before, now));
      before = now;
    };
    const marks = watchMarks(() => run.getState(), (sentence) => announcer.add([{ kind: 'mark', sentence }]));
    const stops = [run.subscribe(compare), lab.subscribe(compare), talk.subscribe(compare)];
    return () => {
      for (const stop of stops) stop();
      marks();
      announcer.stop();
    };
  }, [run, lab, talk]);
  return <p className="lab-sr" role="status" data-live-region>{text}</p>;
}

function happeningOf({ run, state, step, experiment, seeking }: RunStatus, { origin }: LabStatus, { on, at, blank, frozen }: TalkStatus): Happening {
  return {
    run, state, step, steps: experiment?.steps ?? 0, seeking: seeking !== null,
    chapter: { id: origin.chapter, title: chapterOf(origin.chapter).title },
    talk: { on, at, title: TALK[at]?.title ?? '', count: TALK.length }, blank, frozen,
  };
}

/** Looks for events while a run makes updates, and once more when it is done. Returns how to stop. */
function watchMarks(read: () => RunStatus, say: (sentence: string) => void): () => void {
  let known = new Set<string>();
  let of = -1;
  let lookedAt = 0;
  const look = () => {
    const { run, step, furthest, seeking, state } = read();
    if (run !== of || furthest < lookedAt) known = new Set();
    of = run;
    if (seeking || step === lookedAt || step < furthest || (state !== 'running' && state !== 'done')) return;
    lookedAt = step;
    const marked = markedRun(read());
    const mark = marked && newMark(marksOf(marked), step, known);
    if (!mark) return;
    known.add(mark.kind);
    say(mark.sentence);
  };
  const timer = setInterval(look, LOOK_EVERY);
  return () => clearInterval(timer);
}

function markedRun(status: RunStatus): MarkedRun | null {
  const { experiment, world, view, history } = status;
  return experiment && world && history.policyCount > 0 ? { ...status, experiment, world, groups: view?.groups ?? null } : null;
}
