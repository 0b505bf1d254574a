/** The order of the page. */
import { MantineProvider } from '@mantine/core';
import { useLayoutEffect, type ReactNode } from 'react';
import { ChapterScreen } from './components/chapter/ChapterScreen.tsx';
import { DropZone } from './components/files/DropZone.tsx';
import { Header } from './components/frame/Header.tsx';
import { Help } from './components/frame/Help.tsx';
import { LiveRegion } from './components/frame/LiveRegion.tsx';
import { mantineTheme } from './components/frame/mantineTheme.ts';
import { Notices } from './components/frame/Notices.tsx';
import { useComputedScheme } from './components/frame/theme.ts';
import { Transport } from './components/frame/Transport.tsx';
import { useShortcuts } from './components/frame/useShortcuts.ts';
import { useLab } from './components/labStore.ts';
import { Lecture } from './components/lecture/Lecture.tsx';
import { LectureBar } from './components/lecture/LectureBar.tsx';
import { useTalk } from './components/lecture/talkStore.ts';
import { useRun } from './components/run.ts';
import { UpdateNotice } from './components/offline/UpdateNotice.tsx';
import { StudentPath } from './components/student/StudentPath.tsx';
import { TrlDialog } from './components/trl/TrlDialog.tsx';

export function App() {
  const scheme = useComputedScheme();
  const projector = useLab((lab) => lab.projector);
  const embedded = useLab((lab) => lab.embedded);
  const inTalk = useTalk((talk) => talk.on);
  useShortcuts(scheme);
  useLayoutEffect(() => { document.documentElement.toggleAttribute('data-projector', projector); }, [projector]);
  useLayoutEffect(() => { document.documentElement.toggleAttribute('data-embedded', embedded); }, [embedded]);
  return (
    <MantineProvider theme={mantineTheme} forceColorScheme={scheme}>
      {inTalk ? <LectureBar /> : <Header />}
      <Notices />
      <UpdateNotice />
      <StudentPath />
      <Main>
        <ChapterScreen />
        <Transport />
      </Main>
      <DropZone />
      <Help />
      <TrlDialog />
      <Lecture />
      <LiveRegion />
    </MantineProvider>
  );
}

/** Says on `<main>` what the run does; its children are made by App, so that a step does not render them anew. */
function Main({ children }: { children: ReactNode }) {
  const state = useRun((run) => run.state);
  const step = useRun((run) => run.step);
  const backend = useRun((run) => run.backend?.name ?? '');
  return (
    <main data-run-state={state} data-step={step} data-backend={backend}>
      {children}
    </main>
  );
}
