/** The teacher's page: reports of students, opened, checked and replayed. */
import { useEffect, useRef, useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { createRunStore } from '../../sim/runStore.ts';
import { createRunClient } from '../../sim/worker/client.ts';
import { openWorker } from '../openWorker.ts';
import { ClassPredictions } from './ClassPredictions.tsx';
import { ClassTable } from './ClassTable.tsx';
import { OpenFiles } from './OpenFiles.tsx';
import type { ReplayParts } from './replay.ts';
import { ReplayBar } from './ReplayBar.tsx';
import { ReportPage } from './ReportPage.tsx';
import { createReportsStore, ReportsContext, useReports, type ReportsStore } from './reportsStore.ts';
import './reports.css';

/** A run of the page's own, in a worker of its own. */
function engine(): ReplayParts {
  const client = createRunClient(openWorker);
  return { run: createRunStore(client), restart: () => client.restart() };
}

export function Reports() {
  const [store] = useState(() => createReportsStore(engine));
  return <ReportsContext value={store}><ReportsView /></ReportsContext>;
}

/** The page over a store that is there. */
export function ReportsOf({ store }: { store: ReportsStore }) {
  return <ReportsContext value={store}><ReportsView /></ReportsContext>;
}

function ReportsView() {
  const shown = useReports((reports) => reports.opened.find(({ id }) => id === reports.shown) ?? null);
  const left = useRef<string | null>(null);
  const id = shown?.id ?? null;
  useEffect(() => {
    // Back in the class the keyboard goes on where it was.
    if (id === null && left.current !== null) document.getElementById(`report-${left.current}`)?.focus();
    left.current = id;
  }, [id]);
  return shown ? <ReportPage key={shown.id} opened={shown} /> : <TheClass />;
}

function TheClass() {
  const any = useReports((reports) => reports.opened.length > 0);
  return (
    <>
      <h1>{msg`Reports of a class`}</h1>
      <p className="reports-lead">{msg`Open the reports that students saved at the end of a guided path. The page reads them here and sends them nowhere; when it is closed or loaded again it has forgotten them.`}</p>
      <OpenFiles />
      {any ? (
        <>
          <ReplayBar />
          <ClassTable />
          <ClassPredictions />
        </>
      ) : <Nothing />}
    </>
  );
}

function Nothing() {
  return (
    <section className="reports-nothing" aria-label={msg`What this page does`}>
      <h2>{msg`What it shows then`}</h2>
      <ul>
        <li>{msg`the class in a table: who did what, and how well they predicted;`}</li>
        <li>{msg`what the class predicted, question by question, with what happened beside it;`}</li>
        <li>{msg`every report to read: answers, pictures, numbers;`}</li>
        <li>{msg`whether the numbers are true: each run is made again on this machine, from its link, and every number compared.`}</li>
      </ul>
      <p>{msg`Reports come from the guided path: `}<a href="?path=ood">{msg`open it`}</a>{msg`, or send its link to the class.`}</p>
    </section>
  );
}
