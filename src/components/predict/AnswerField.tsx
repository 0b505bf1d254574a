/** How an answer is given: bars that add up to 1, one of several options, a place on a scale. */
import { useId } from 'react';
import { msg } from '../../sim/msg.ts';
import { rangeWords, type Answer, type Asked, type Option, type Question, type Range } from '../../sim/question.ts';
import { MassBars } from './MassBars.tsx';
import { usePredict } from './predictStore.ts';

export function AnswerField({ question, asked }: { question: Question; asked: Asked }) {
  const answer = usePredict((predict) => predict.answer);
  const setAnswer = usePredict((predict) => predict.setAnswer);
  const options = question.options(asked);
  if (question.kind === 'masses') return <MassBars options={options} answer={answer} onChange={(masses) => setAnswer({ kind: 'masses', masses })} />;
  if (question.kind === 'choice' || !question.range) return <Options title={question.title} options={options} answer={answer} onChange={(option) => setAnswer({ kind: 'choice', option })} />;
  const { kind } = question;
  return <Scale title={question.title} range={question.range(asked)} answer={answer} onChange={(value) => setAnswer(kind === 'count' ? { kind, count: value } : { kind: 'number', value })} />;
}

/** Letters of an option that has room beside another. */
const SHORT = 16;

interface OptionsProps { title: string; options: readonly Option[]; answer: Answer | null; onChange(option: string): void }

function Options({ title, options, answer, onChange }: OptionsProps) {
  const name = useId();
  return (
    <fieldset className="predict-options" data-short={options.every(({ text }) => text.length <= SHORT)}>
      <legend className="lab-sr">{title}</legend>
      {options.map(({ id, text }) => (
        <label key={id} className="predict-option">
          <input type="radio" name={name} value={id} checked={answer?.kind === 'choice' && answer.option === id} onChange={() => onChange(id)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface ScaleProps { title: string; range: Range; answer: Answer | null; onChange(value: number): void }

function Scale({ title, range, answer, onChange }: ScaleProps) {
  const { low, high, step } = range;
  const given = answer?.kind === 'count' ? answer.count : answer?.kind === 'number' ? answer.value : null;
  const middle = low + step * Math.round((high - low) / 2 / step);
  // A tenth more or less is a matter of rounding: what stands beside the slider is what counts.
  const tidy = (value: number) => Number(value.toPrecision(6));
  return (
    <div className="predict-scale">
      <div className="predict-scale-line">
        <input
          type="range" className="knob-slider" aria-label={title} min={low} max={high} step={step} value={given ?? middle} data-given={given !== null}
          aria-valuetext={given === null ? msg`not answered yet` : rangeWords(given, range)}
          onChange={(event) => onChange(tidy(Number(event.target.value)))}
          onClick={(event) => { if (given === null) onChange(tidy(Number(event.currentTarget.value))); }}
          onKeyDown={(event) => { if (given === null && event.key === 'Enter') onChange(middle); }}
        />
        <output>{given === null ? '?' : rangeWords(given, range)}</output>
      </div>
      <div className="predict-ends" aria-hidden="true"><span>{rangeWords(low, { ...range, unit: '' })}</span><span>{rangeWords(high, { ...range, unit: '' })}</span></div>
    </div>
  );
}
