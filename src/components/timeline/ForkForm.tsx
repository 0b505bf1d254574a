/** What a fork of the present run changes, and the button that starts it. */
import { useId, useState } from 'react';
import { differenceWords } from '../../sim/differenceWords.ts';
import type { Experiment } from '../../sim/experiment.ts';
import { msg } from '../../sim/msg.ts';
import { formatParam, getParam, parseParam, type Param } from '../../sim/params.ts';
import { knobWords } from '../../sim/sentences.ts';
import { Symbol } from '../controls/Knob.tsx';
import { Refusal } from '../controls/Refusal.tsx';
import { TextField } from '../controls/TextField.tsx';
import '../controls/controls.css';
import { useLab } from '../labStore.ts';
import { useRun } from '../run.ts';
import { carriedWords, draftOf, draftProblem, forkChoices, forkKnobs, noForkNow, type Choices } from './forkDraft.ts';

export function ForkForm({ close }: { close: () => void }) {
  const experiment = useRun((run) => run.experiment);
  const step = useRun((run) => run.seeking?.target ?? run.step);
  const refused = useRun(noForkNow);
  if (refused !== null || !experiment) return <p role="status">{refused}</p>;
  return <Form experiment={experiment} step={step} close={close} />;
}

function Form({ experiment, step, close }: { experiment: Experiment; step: number; close: () => void }) {
  const forkTo = useLab((lab) => lab.forkTo);
  const [choices, setChoices] = useState<Choices>({});
  const [refused, setRefused] = useState<string | null>(null);
  const draft = draftOf(experiment, choices);
  const problem = draftProblem(experiment, draft, step);
  const id = useId();
  function start(): void {
    if (problem !== null) return;
    const no = forkTo(draft, { play: true });
    // A window that follows another one is told nothing: the other one says it.
    if (typeof no === 'string') setRefused(no);
    else close();
  }
  return (
    <section className="fork-form" aria-labelledby={`${id}-title`}>
      <h2 className="fork-title" id={`${id}-title`}>{msg`Fork at update ${step}`}</h2>
      {forkKnobs(draft).map(({ id: knob, param }) => (
        <Field key={knob} param={param} experiment={experiment} draft={draft} choose={(value) => setChoices({ ...choices, [knob]: value })} />
      ))}
      <p className="fork-words" id={`${id}-words`} role="status">
        {problem ?? msg`The fork goes on with ${differenceWords(draft, experiment)}; the run as it is stays in the charts as ${differenceWords(experiment, draft)}.`}
        {problem === null && ` ${carriedWords(experiment, draft)}`}
      </p>
      <button type="button" className="outlined fork-start" aria-disabled={problem !== null || undefined} aria-describedby={`${id}-words`} onClick={start}>{msg`Start the fork`}</button>
      <Refusal sentence={refused} />
    </section>
  );
}

interface FieldProps { param: Param; experiment: Experiment; draft: Experiment; choose: (value: string | number | readonly number[]) => void }

function Field({ param, experiment, draft, choose }: FieldProps) {
  const id = useId();
  const [refused, setRefused] = useState<string | null>(null);
  const value = getParam(draft, param.id);
  if (value === undefined) return null;
  return (
    <div className="knob">
      <div className="knob-line">
        {param.kind === 'choice' ? (
          <>
            <label className="knob-label" htmlFor={id}>{param.label}</label>
            <select id={id} value={String(value)} onChange={(event) => choose(event.target.value)}>
              {forkChoices(param, experiment).map((choice) => <option key={choice.value} value={choice.value}>{choice.label.replace(/ \(.*\)$/, '')}</option>)}
            </select>
          </>
        ) : (
          <>
            <span className="knob-label" aria-hidden="true">{param.label} <Symbol of={param} /></span>
            <TextField
              kind="number" name={msg`${param.label} of the fork`} text={typeof value === 'number' ? knobWords(value) : formatParam(param.id, value)} refusalId={`${id}-refused`} onRefused={setRefused}
              commit={(text) => {
                const parsed = parseParam(param.id, text);
                if (parsed.ok) choose(parsed.value);
                return parsed.ok ? null : parsed.message;
              }}
            />
          </>
        )}
      </div>
      <Refusal id={`${id}-refused`} sentence={refused} />
    </div>
  );
}
