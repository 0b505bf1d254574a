/** A slider and a number beside it; the slider of a `log` knob moves in decades. */
import { useId, useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { knobWords } from '../../sim/sentences.ts';
import type { NumberParam } from '../../sim/params.ts';
import { Refusal } from './Refusal.tsx';
import { TextField } from './TextField.tsx';
import { useKnob } from './useKnob.ts';
import './controls.css';

interface NumberKnobProps {
  param: NumberParam;
  /** Accessible name of the slider; the number beside it is called "… value". */
  name: string;
  heading: React.ReactNode;
  /** Values written under the slider. */
  ticks?: readonly number[];
  /** Shown and not to be moved, at this value. */
  fixedAt?: number;
  /** A value in words, in the place of the number; null where the number says it. */
  words?: (value: number) => string | null;
}

/** Slider positions are rounded to values a person would type. */
function rounded(value: number, param: NumberParam): number {
  if (param.kind === 'log') {
    const typed = Number(value.toPrecision(2));
    return param.allowed.integer === true ? Math.round(typed) : typed;
  }
  return Number((Math.round(value / param.step) * param.step).toPrecision(10));
}

export function NumberKnob({ param, name, heading, ticks, fixedAt, words }: NumberKnobProps) {
  const knob = useKnob(param.id);
  const id = useId();
  const [refused, setRefused] = useState<string | null>(null);
  const fixed = fixedAt !== undefined;
  const value = fixedAt ?? (typeof knob.value === 'number' ? knob.value : NaN);
  const log = param.kind === 'log';
  const position = (v: number) => (log ? Math.log10(v) : v);
  const [low, high] = [position(param.min), position(param.max)];
  const at = (v: number) => (position(v) - low) / (high - low);
  const valueAt = (text: string) => rounded(log ? 10 ** Number(text) : Number(text), param);
  const shown = Math.min(high, Math.max(low, position(value)));
  const said = words?.(value) ?? knobWords(value);
  /** What the end of the slider is called may be typed as well. */
  const commitText = (text: string) => knob.commitText(words && text.trim().toLowerCase() === words(param.allowed.max) ? String(param.allowed.max) : text);
  return (
    <div className="knob">
      <div className="knob-head">
        <span className="knob-label" id={id}>{heading}</span>
        <TextField kind="number" name={msg`${name} value`} text={said} commit={commitText} onRefused={setRefused} refusalId={`${id}-refused`} disabled={fixed} />
      </div>
      <input
        className="knob-slider" type="range" aria-label={name} disabled={fixed} aria-valuetext={said} aria-describedby={id}
        min={low} max={high} step={param.step} value={shown}
        style={{ '--filled': String(Math.min(1, Math.max(0, at(value)))) } as React.CSSProperties}
        onChange={(event) => setRefused(knob.drag(valueAt(event.target.value)))}
        onPointerUp={knob.release} onKeyUp={knob.release} onBlur={knob.release}
      />
      <Refusal id={`${id}-refused`} sentence={refused} />
      {ticks && (
        <div className="knob-ticks" aria-hidden="true">
          {ticks.map((tick) => <span key={tick} style={{ '--at': String(at(tick)) } as React.CSSProperties}>{words?.(tick) ?? tick}</span>)}
        </div>
      )}
    </div>
  );
}
