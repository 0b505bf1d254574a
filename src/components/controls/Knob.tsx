/** A control made from a row of the parameter table. */
import { useId, useState } from 'react';
import { formatParam, type ChoiceParam, type ListParam, type Param } from '../../sim/params.ts';
import { NumberKnob } from './NumberKnob.tsx';
import { Refusal } from './Refusal.tsx';
import { TextField } from './TextField.tsx';
import { useKnob } from './useKnob.ts';

/** With its explanation below it. */
export function Knob({ param }: { param: Param }) {
  return (
    <div className="knob-row" data-param={param.id}>
      <BareKnob param={param} />
      <p className="knob-explanation">{param.explanation}</p>
    </div>
  );
}

export function BareKnob({ param, brief = false }: { param: Param; brief?: boolean }) {
  if (param.kind === 'choice') return <ChoiceKnob param={param} brief={brief} />;
  if (param.kind === 'list') return <ListKnob param={param} />;
  return <NumberKnob param={param} name={param.label} heading={<>{param.label} <Symbol of={param} /></>} />;
}

/** The letter of a knob, if it has one; what follows "_" is its index. */
export function Symbol({ of: { symbol } }: { of: Param }) {
  const [letter, index] = symbol.split('_');
  return letter === '' ? null : <i className="symbol">{letter}{index && <sub>{index}</sub>}</i>;
}

/** `brief`: the choices without what they say in brackets. */
function ChoiceKnob({ param, brief }: { param: ChoiceParam; brief: boolean }) {
  const knob = useKnob(param.id);
  const id = useId();
  const [refused, setRefused] = useState<string | null>(null);
  return (
    <div className="knob">
      <div className="knob-line">
        <label className="knob-label" htmlFor={id}>{param.label}</label>
        <select id={id} value={String(knob.value)} onChange={(event) => setRefused(knob.commit(event.target.value))}>
          {param.choices.map(({ value, label }) => <option key={value} value={value}>{brief ? label.replace(/ \(.*\)$/, '') : label}</option>)}
        </select>
      </div>
      <Refusal sentence={refused} />
    </div>
  );
}

function ListKnob({ param }: { param: ListParam }) {
  const knob = useKnob(param.id);
  const id = useId();
  const [refused, setRefused] = useState<string | null>(null);
  return (
    <div className="knob">
      <div className="knob-line">
        <span className="knob-label" aria-hidden="true">{param.label}</span>
        <TextField
          kind="text" name={param.label} text={knob.value === undefined ? '' : formatParam(param.id, knob.value)} suggestions={param.suggestions}
          commit={knob.commitText} onRefused={setRefused} refusalId={`${id}-refused`}
        />
      </div>
      <Refusal id={`${id}-refused`} sentence={refused} />
    </div>
  );
}
