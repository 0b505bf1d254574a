/** The inside of the dialog of a preference file: progress, a refusal, or what was read beside what it becomes. */
import { useDeferredValue, useMemo } from 'react';
import { msg } from '../../sim/msg.ts';
import { asFile, toyOf, type Toy } from '../../sim/trl/toy.ts';
import { adviceFor, number } from '../../sim/trl/reportWords.ts';
import { ownOrigin } from '../chapters.ts';
import { useLabStore } from '../labStore.ts';
import { FirstRows } from './FirstRows.tsx';
import { experimentName } from './names.ts';
import { Shown } from './Shown.tsx';
import { TrlChoices } from './TrlChoices.tsx';
import { TrlReport } from './TrlReport.tsx';
import { TrlWorld } from './TrlWorld.tsx';
import { useTrlFile, type TrlWork } from './useTrlFile.ts';
import './trl.css';

export interface TrlContentProps {
  name: string;
  bytes: Uint8Array;
  close(): void;
}

export function TrlContent({ name, bytes, close }: TrlContentProps) {
  const [work, change] = useTrlFile(bytes);
  if (work.phase === 'refused') {
    return (
      <div className="trl" role="alert">
        <p>{msg`“`}<Shown text={name} />{msg`” was not opened; nothing has changed.`}</p>
        {work.problems.map(({ message }) => <p key={message} className="trl-problem"><Shown text={message} /></p>)}
        <p className="trl-note">{msg`A preference file is JSON Lines: on every line one object with the columns prompt, chosen and rejected, each a text or a list of messages.`}</p>
        <p><button type="button" className="outlined" onClick={close}>{msg`Close`}</button></p>
      </div>
    );
  }
  if (work.phase !== 'ready') return <Progress work={work} close={close} />;
  return <Ready name={name} work={work} change={change} close={close} />;
}

function Progress({ work, close }: { work: Extract<TrlWork, { done: number }>; close(): void }) {
  const what = work.phase === 'reading' ? msg`Reading the rows` : msg`Looking for a small world that keeps many of them`;
  return (
    <div className="trl">
      <p role="status">{what} …</p>
      <progress className="trl-progress" value={work.done} max={1} aria-label={what} />
      <p><button type="button" className="outlined" onClick={close}>{msg`Cancel`}</button></p>
    </div>
  );
}

interface ReadyProps {
  name: string;
  work: Extract<TrlWork, { phase: 'ready' }>;
  change: ReturnType<typeof useTrlFile>[1];
  close(): void;
}

function Ready({ name, work, change, close }: ReadyProps) {
  const lab = useLabStore();
  const { file, table, choices, suggested } = work;
  // Controls move at once, the counting follows.
  const counted = useDeferredValue(choices);
  const toy = useMemo(() => toyOf(table, counted, experimentName(name)), [table, counted, name]);
  const counting = counted !== choices || table.wording.split !== choices.split || table.wording.fold !== choices.fold;
  const problems = adviceFor(toy, counted);

  function open(): void {
    if (toy.experiment === null || counting || problems.length > 0) return;
    const read = asFile(toy.experiment);
    close();
    if (!read.ok) return lab.getState().notify(read.problems.map(({ message }) => message));
    const { experiment } = read;
    lab.getState().show({ origin: { ...ownOrigin(experiment), chapter: 10 }, base: experiment, methods: [], panel: null, play: false });
  }
  return (
    <div className="trl">
      <FirstRows name={name} file={file} />
      <div className="trl-columns">
        <TrlChoices choices={choices} suggested={suggested} file={file} table={table} onChange={change} />
        <div className="trl-result" aria-busy={counting}>
          <TrlReport file={file} choices={counted} toy={toy} />
          {toy.experiment && <TrlWorld experiment={toy.experiment} />}
        </div>
      </div>
      <div className="trl-foot">
        <div className="trl-sum" role="status">
          <p>{sumWords(toy, file.total)}</p>
          {problems.map((sentence) => <p key={sentence} className="trl-problem"><Shown text={sentence} /></p>)}
        </div>
        <button type="button" className="outlined" onClick={close}>{msg`Cancel`}</button>
        <button type="button" className="trl-open" aria-disabled={problems.length > 0 || counting} onClick={open}>{msg`Open in the sandbox`}</button>
      </div>
    </div>
  );
}

/** "212 of 300 rows kept: 12 words, 3,280 responses." */
function sumWords({ report }: Toy, total: number): string {
  const kept = msg`${number(report.kept)} of ${number(total)} rows kept`;
  if (report.kept === 0) return `${kept}.`;
  return msg`${kept}: ${number(report.pairs)} different ${report.pairs === 1 ? msg`pair` : msg`pairs`} in ${number(report.words)} ${report.words === 1 ? msg`word` : msg`words`} and ${number(report.responses)} responses.`;
}
