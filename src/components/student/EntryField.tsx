/** What is to be entered in a task, with what was found of it. */
import { useId, useState, type SyntheticEvent } from 'react';
import { msg } from '../../sim/msg.ts';
import { MOST_CHARACTERS, type Entry, type Judged } from './entries.ts';
import { usePath, type Answered } from './pathStore.ts';
import { Row } from './Row.tsx';
import type { TaskId } from './taskIds.ts';

interface EntryFieldProps {
  task: TaskId;
  entry: Entry;
  answered: Answered | null;
  judged: Judged | null;
  /** It is this one's turn. */
  active: boolean;
}

export function EntryField({ task, entry, answered, judged, active }: EntryFieldProps) {
  const met = judged?.right === true;
  // Who is writing goes on writing, done or not.
  if (entry.kind === 'text' && (active || answered)) return <Row met={met}><OwnText task={task} entry={entry} said={answered?.said ?? ''} judged={judged} /></Row>;
  if (met && answered) return <Row met><span className="path-label">{entry.label}</span> <b className="path-said">{saidWords(entry, answered.said)}</b> <span className="path-found">{judged.sentence}</span></Row>;
  if (!active) return <Row met={false}><span className="path-label">{entry.label}</span></Row>;
  return <Row met={false}>{entry.kind === 'choice' ? <ChoiceField task={task} entry={entry} judged={judged} /> : <NumberField task={task} entry={entry} judged={judged} />}</Row>;
}

function saidWords(entry: Entry, said: string): string {
  if (entry.kind === 'choice') return entry.options.find(({ id }) => id === said)?.text ?? said;
  return entry.kind === 'number' && entry.unit !== '' ? `${said.replace(/\s*%$/, '')} ${entry.unit}` : said;
}

function Wrong({ judged }: { judged: Judged | null }) {
  return <p className="path-wrong" role="status">{judged && !judged.right ? judged.sentence : ''}</p>;
}

function NumberField({ task, entry, judged }: { task: TaskId; entry: Entry; judged: Judged | null }) {
  const answer = usePath((path) => path.answer);
  const [text, setText] = useState('');
  const id = useId();
  function check(event: SyntheticEvent): void {
    event.preventDefault();
    if (text.trim() !== '') answer(task, entry.id, text);
  }
  return (
    <form onSubmit={check}>
      <div className="path-number-line">
        <label htmlFor={id}>{entry.label}</label>
        <input id={id} className="field-input path-number-field" inputMode="decimal" autoComplete="off" value={text} maxLength={24} onChange={(event) => setText(event.target.value)} />
        {entry.kind === 'number' && entry.unit !== '' && <span>{entry.unit}</span>}
        <button type="submit" className="outlined" aria-disabled={text.trim() === '' || undefined}>{msg`Check`}</button>
      </div>
      <Wrong judged={judged} />
    </form>
  );
}

function ChoiceField({ task, entry, judged }: { task: TaskId; entry: Entry & { kind: 'choice' }; judged: Judged | null }) {
  const answer = usePath((path) => path.answer);
  const [chosen, setChosen] = useState<string | null>(null);
  const name = useId();
  function check(event: SyntheticEvent): void {
    event.preventDefault();
    if (chosen !== null) answer(task, entry.id, chosen);
  }
  return (
    <form onSubmit={check}>
      <fieldset className="path-choice">
        <legend>{entry.label}</legend>
        {entry.options.map(({ id, text }) => (
          <label key={id} className="predict-option">
            <input type="radio" name={name} value={id} checked={chosen === id} onChange={() => setChosen(id)} /><span>{text}</span>
          </label>
        ))}
      </fieldset>
      <div className="path-number-line">
        <button type="submit" className="outlined" aria-disabled={chosen === null || undefined}>{msg`Check`}</button>
        <Wrong judged={judged} />
      </div>
    </form>
  );
}

function OwnText({ task, entry, said, judged }: { task: TaskId; entry: Entry; said: string; judged: Judged | null }) {
  const write = usePath((path) => path.write);
  const finish = usePath((path) => path.finish);
  const [left, setLeft] = useState(said !== '');
  const id = useId();
  const leave = () => { setLeft(true); finish(task); };
  return (
    <>
      <label className="path-label" htmlFor={id}>{entry.label}</label>
      <textarea
        id={id} className="path-text" rows={3} value={said} maxLength={MOST_CHARACTERS}
        onChange={(event) => write(task, entry.id, event.target.value)} onBlur={leave}
      />
      {/* Leaving the field is enough; a button says so. */}
      <div className="path-number-line">
        <button type="button" className="outlined" onClick={leave}>{msg`Keep it`}</button>
        <p className="path-wrong" role="status">{left && judged && !judged.right ? judged.sentence : ''}</p>
      </div>
    </>
  );
}
