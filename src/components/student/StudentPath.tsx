/** The guided path, over the chapter: a line that stays, and the task under it, which can be folded away. */
import { useContext, type ComponentType } from 'react';
import { msg } from '../../sim/msg.ts';
import { useLoaded } from '../chapter/useLoaded.ts';
import { useLab } from '../labStore.ts';
import { useTalk } from '../lecture/talkStore.ts';
import { PathLine } from './PathLine.tsx';
import { PathContext, usePath } from './pathStore.ts';
import { TaskCard } from './TaskCard.tsx';
import './student.css';

export function StudentPath() {
  const walked = useLab((lab) => lab.path !== null && !lab.embedded);
  const inTalk = useTalk((talk) => talk.on);
  const store = useContext(PathContext);
  return walked && !inTalk && store ? <Walked /> : null;
}

function Walked() {
  const expanded = usePath((path) => path.expanded);
  const reportOpen = usePath((path) => path.reportOpen);
  return (
    <>
      <PathLine />
      {expanded && <TaskCard />}
      {reportOpen && <FetchedReport />}
    </>
  );
}

const loadReport = async (): Promise<ComponentType> => (await import('./ReportDialog.tsx')).ReportDialog;

function FetchedReport() {
  const loaded = useLoaded(loadReport);
  if (loaded === 'failed') return <p className="path-failed" role="alert">{msg`The report could not be opened: a part of the page could not be loaded. Reload the page; what you did is kept on this machine.`}</p>;
  return loaded ? <loaded.Part /> : null;
}
