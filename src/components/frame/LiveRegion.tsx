/** Says aloud what happens on the page, sparingly: one polite region for all of it. */
import { useContext, useEffect, useState } from 'react';
import { marksOf, type MarkedRun } from '../../sim/marks.ts';
import type { RunStatus, RunStore } from '../../sim/runStore.ts';
import { chapterOf } from '../chapters.ts';
import { useLabStore, type LabStatus } from '../labStore.ts';
import { TALK } from '../lecture/talk.ts';
import { useTalkStore, type TalkStatus } from '../lecture/talkStore.ts';
import { useRunStore } from '../run.ts';
import { PathContext } from '../student/pathStore.ts';
import { createAnnouncer, createMarkWatch, happened, type Happening } from './liveWords.ts';

/** How often a run is searched for events, ms. */
const LOOK_EVERY = 1000;

export function LiveRegion() {
  const run = useRunStore();
  const lab = useLabStore();
  const talk = useTalkStore();
  const path = useContext(PathContext);
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
    const marks = watchMarks(run, (sentence) => announcer.add([{ kind: 'mark', sentence }]));
    const stops = [run.subscribe(compare), lab.subscribe(compare), talk.subscribe(compare)];
    if (path) stops.push(path.subscribe((now, then) => { if (now.said !== then.said) announcer.add([{ kind: 'path', sentence: now.said }]); }));
    return () => {
      for (const stop of stops) stop();
      marks();
      announcer.stop();
    };
  }, [run, lab, talk, path]);
  return <p className="lab-sr" role="status" data-live-region>{text}</p>;
}

function happeningOf({ run, state, step, experiment, seeking }: RunStatus, { origin }: LabStatus, { on, at, blank, frozen }: TalkStatus): Happening {
  return {
    run, state, step, steps: experiment?.steps ?? 0, seeking: seeking !== null,
    chapter: { id: origin.chapter, title: chapterOf(origin.chapter).title },
    talk: { on, at, chapter: TALK[at]?.chapter ?? origin.chapter, title: TALK[at]?.title ?? '', count: TALK.length }, blank, frozen,
  };
}

/** Looks for events while a run makes updates, and once more when it is done. Returns how to stop. */
function watchMarks(run: RunStore, say: (sentence: string) => void): () => void {
  const watch = createMarkWatch();
  const stop = run.subscribe(watch.note);
  const timer = setInterval(() => {
    const status = run.getState();
    const mark = watch.look(status, () => {
      const marked = markedRun(status);
      return marked ? marksOf(marked) : [];
    });
    if (mark) say(mark.sentence);
  }, LOOK_EVERY);
  return () => {
    stop();
    clearInterval(timer);
  };
}

function markedRun(status: RunStatus): MarkedRun | null {
  const { experiment, world, view, history } = status;
  return experiment && world && history.policyCount > 0 ? { ...status, experiment, world, groups: view?.groups ?? null } : null;
}
