/** What the run does, small, beside the notes: the chapter's sentence, the masses, how far it is. */
import { useEffect, useMemo, useState } from 'react';
import { msg } from '../../../sim/msg.ts';
import { chapterOf, type ChapterId } from '../../chapters.ts';
import { Headline, type Sentence } from '../../chapter/Headline.tsx';
import { QuickDial } from '../../controls/Controls.tsx';
import { useLab } from '../../labStore.ts';
import { MassPanel } from '../../panels/MassPanel.tsx';
import { RunContext, useRun, useRunStore } from '../../run.ts';
import { sentenceOf } from './liveSentences.ts';
import { slowed } from './slowed.ts';

/** Between two pictures, ms. */
const LEISURE = 250;

const STATES = { starting: msg`getting ready`, paused: msg`paused`, running: msg`playing`, done: msg`at its end`, failed: msg`stopped` } as const;

export function Live() {
  const run = useRunStore();
  const seenAtLeisure = useMemo(() => slowed(run, LEISURE), [run]);
  const chapter = useLab((lab) => lab.origin.chapter);
  const { title, methods } = chapterOf(chapter);
  const panel = useLab((lab) => lab.panel);
  const panelTitle = chapterOf(chapter).panels.find(({ id }) => id === panel)?.title;
  return (
    <section className="presenter-live" aria-label={msg`The run`} tabIndex={0} data-scrolls>
      <p className="presenter-where">{msg`Chapter `}{chapter}, {title}{panelTitle && <>{msg` · open below: `}{panelTitle}</>}</p>
      <RunNumbers />
      <RunContext value={seenAtLeisure}>
        <ChapterSentence chapter={chapter} />
        {/* Where a reward model is fitted, or methods train side by side, the masses are not the picture. */}
        {chapter !== 1 && !methods && <MassPanel />}
      </RunContext>
      <QuickDial />
    </section>
  );
}

function RunNumbers() {
  const state = useRun((run) => run.state);
  const step = useRun((run) => run.step);
  const steps = useRun((run) => run.experiment?.steps ?? 0);
  return <p className="presenter-update" data-step={step}>{msg`update `}{step}{msg` of `}{steps}, {STATES[state]}</p>;
}

function ChapterSentence({ chapter }: { chapter: ChapterId }) {
  const [fetched, setFetched] = useState<{ chapter: ChapterId; sentence: Sentence } | null>(null);
  useEffect(() => {
    let wanted = true;
    sentenceOf(chapter).then((sentence) => { if (wanted) setFetched({ chapter, sentence }); }, () => undefined);
    return () => { wanted = false; };
  }, [chapter]);
  return fetched?.chapter === chapter ? <Headline key={chapter} sentence={fetched.sentence} /> : <div className="headline" />;
}
