/** The marked events as sentences, each of which leads to its update. */
import { Popover } from '@mantine/core';
import { useState } from 'react';
import type { Mark } from '../../sim/marks.ts';
import { msg } from '../../sim/msg.ts';
import { useRun } from '../run.ts';
import { MarkShape } from './MarkShape.tsx';
import { useMarks } from './useMarks.ts';

export function Events() {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="top-end" shadow="md" width="min(28rem, calc(100vw - 2rem))" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className="outlined timeline-button" onClick={() => setOpened(!opened)} title={msg`What happened when`}>
          <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true"><path d="M3 13V1.5M3 2h8L8.8 4.8 11 7.6H3" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinejoin="round" /></svg>
          <span className="timeline-word">{msg`Events`}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className="timeline-dropdown" aria-label={msg`Events of this run`}>
        {opened && <EventList close={() => setOpened(false)} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function EventList({ close }: { close: () => void }) {
  const marks = useMarks();
  return <EventItems marks={marks} close={close} />;
}

/** Exported for tests. */
export function EventItems({ marks, close }: { marks: readonly Mark[]; close: () => void }) {
  const go = useGo(close);
  if (marks.length === 0) return <p>{msg`Nothing to mark so far. What is marked: where more than half of the probability is on responses nobody wrote, where the chosen responses begin to lose, draws and the catch of online DPO, changed knobs, forks, and numbers that break.`}</p>;
  const draws = marks.filter(({ kind }) => kind === 'draw');
  return (
    <>
      <ul className="event-list">
        {marks.filter(({ kind }) => kind !== 'draw').map(({ step, kind, sentence }) => (
          <li key={`${step} ${kind}`}><button type="button" {...go(step, kind)}><MarkShape kind={kind} /><span>{sentence}</span></button></li>
        ))}
      </ul>
      {draws.length > 0 && <Draws draws={draws} go={go} />}
    </>
  );
}

type Go = ReturnType<typeof useGo>;

/** Many, and all alike: the first one's sentence, and the updates. */
function Draws({ draws, go }: { draws: readonly Mark[]; go: Go }) {
  const [first] = draws;
  return (
    <div className="event-draws">
      <p><MarkShape kind="draw" /><span>{first.sentence}{draws.length > 1 && ` ${msg`All that are marked:`}`}</span></p>
      <p>{draws.map(({ step, kind }) => <button key={step} type="button" className="outlined" {...go(step, kind)}>{step}</button>)}</p>
    </div>
  );
}

/** What a button that leads to an update needs. */
function useGo(close: () => void) {
  const seek = useRun((run) => run.seek);
  const earliest = useRun((run) => run.earliest);
  const at = useRun((run) => run.seeking?.target ?? run.step);
  return (step: number, kind: Mark['kind']) => {
    const gone = step < earliest;
    return {
      'data-event': kind, 'data-step': step, 'aria-disabled': gone || undefined, 'aria-current': step === at || undefined,
      title: gone ? msg`Before this branch began: it starts at update ${earliest}` : msg`Go to update ${step}`,
      onClick() {
        if (gone) return;
        seek(step);
        close();
      },
    };
  };
}
