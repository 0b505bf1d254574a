/** The presenter window: notes, clock, the run in small, and the same controls. */
import { MantineProvider } from '@mantine/core';
import { useCallback, useEffect, useLayoutEffect, useState } from 'react';
import { msg } from '../../../sim/msg.ts';
import { mantineTheme } from '../../frame/mantineTheme.ts';
import { Notices } from '../../frame/Notices.tsx';
import { useComputedScheme } from '../../frame/theme.ts';
import { useLab } from '../../labStore.ts';
import { useRun } from '../../run.ts';
import { openAudience } from '../sync/session.ts';
import { TALK } from '../talk.ts';
import { useTalk } from '../talkStore.ts';
import { Clock } from './Clock.tsx';
import { Live } from './Live.tsx';
import { NotesView, SIZES } from './NotesView.tsx';
import { placeOf } from './place.ts';
import { PresenterBar } from './PresenterBar.tsx';
import { StepList } from './StepList.tsx';
import { usePresenterKeys } from './usePresenterKeys.ts';
import './presenter.css';

const KEPT_SIZE = 'dpo-lab/notes-size';

export function PresenterPage() {
  const scheme = useComputedScheme();
  const [steps, setSteps] = useState(false);
  const showSteps = useCallback(() => setSteps(true), []);
  const [size, setSize] = useSize();
  const on = useTalk((talk) => talk.on);
  const at = useTalk((talk) => talk.at);
  const chapter = useLab((lab) => lab.origin.chapter);
  const runState = useRun((run) => run.state);
  const place = placeOf({ on, at }, chapter);
  usePresenterKeys(scheme, showSteps);
  useLayoutEffect(() => { document.documentElement.removeAttribute('data-projector'); }, []);
  useEffect(() => { document.title = msg`Presenter · DPO Lab`; }, []);
  return (
    <MantineProvider theme={mantineTheme} forceColorScheme={scheme}>
      <main className="presenter" data-run-state={runState}>
        <header className="presenter-head">
          <Position on={on} index={place.index} title={place.step?.title ?? ''} />
          <Clock index={place.index} />
          <Tools size={size} setSize={setSize} scheme={scheme} />
        </header>
        <Notices />
        <NotesView place={place} on={on} size={size} />
        <Live />
        <PresenterBar index={place.index} count={TALK.length} showSteps={showSteps} />
      </main>
      <StepList opened={steps} close={() => setSteps(false)} current={place.index} />
    </MantineProvider>
  );
}

/** Where the talk is; a change is said aloud. */
function Position({ on, index, title }: { on: boolean; index: number; title: string }) {
  return (
    <p className="presenter-position" aria-live="polite">
      {on ? <><b>{index + 1}</b>{msg` of ${TALK.length}`}<span className="lab-sr">: {title}</span></> : msg`The talk is off`}
    </p>
  );
}

function Tools({ size, setSize, scheme }: { size: number; setSize: (size: number) => void; scheme: 'light' | 'dark' }) {
  const set = useLab((lab) => lab.set);
  return (
    <div className="presenter-tools">
      <button type="button" className="outlined" aria-label={msg`A−, smaller notes`} aria-disabled={size === 0 || undefined} onClick={() => setSize(size - 1)}>A−</button>
      <button type="button" className="outlined" aria-label={msg`A+, larger notes`} aria-disabled={size === SIZES.length - 1 || undefined} onClick={() => setSize(size + 1)}>A+</button>
      <button type="button" className="outlined" onClick={() => set({ theme: scheme === 'dark' ? 'light' : 'dark' })} title={msg`Dark or light (D)`}>{scheme === 'dark' ? msg`Light` : msg`Dark`}</button>
      <details className="presenter-more">
        <summary className="outlined">{msg`Windows and keys`}</summary>
        <div className="presenter-more-body">
          <button type="button" className="outlined" onClick={() => openAudience()}>{msg`Open an audience window`}</button>
          <p>{msg`Windows keep in step within this browser on this device. Another device, a phone for instance, cannot join: there is no server in between.`}</p>
          <p>{msg`In the talk: → or Space next, ← previous, K play or pause, B blank, Z freeze, O all steps, L talk on or off, F full screen, D dark or light.`}</p>
        </div>
      </details>
    </div>
  );
}

/** How large the notes are; remembered. */
function useSize(): [number, (size: number) => void] {
  const [size, setSize] = useState(() => {
    const kept = Number(readKept());
    return Number.isInteger(kept) && kept >= 0 && kept < SIZES.length ? kept : 1;
  });
  const keep = (wanted: number) => {
    const next = Math.min(SIZES.length - 1, Math.max(0, wanted));
    setSize(next);
    try {
      localStorage.setItem(KEPT_SIZE, String(next));
    } catch { /* storage is blocked: the next window begins anew */ }
  };
  return [size, keep];
}

function readKept(): string {
  try {
    return localStorage.getItem(KEPT_SIZE) ?? '1';
  } catch {
    return '1'; // as above
  }
}
