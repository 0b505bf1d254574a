/** A value that is typed: taken on Enter, on leaving, or a moment after typing. What is refused on leaving gives way to the present value. */
import { useEffect, useId, useRef, useState } from 'react';
import { msg } from '../../sim/msg.ts';

interface TextFieldProps {
  kind: 'number' | 'text';
  /** Accessible name. */
  name: string;
  /** The present value. */
  text: string;
  /** Takes the text; returns a sentence when it is refused. */
  commit: (text: string) => string | null;
  /** Says the refusal, in an element with this id that the owner shows; null withdraws it. */
  onRefused: (sentence: string | null) => void;
  refusalId: string;
  suggestions?: readonly string[];
  disabled?: boolean;
}

/** Quiet time after typing until a value is tried, ms. */
const TYPING = 700;

/** "0,5" is 0.5; "1,000" may be one or a thousand and stays as it is. */
export function withDecimalPoint(text: string): string {
  const trimmed = text.trim();
  if (!/^[-+]?\d*,\d+$/.test(trimmed) || /^[-+]?[1-9]\d{0,2},\d{3}$/.test(trimmed)) return text;
  return trimmed.replace(',', '.');
}

export function TextField({ kind, name, text, commit, onRefused, refusalId, suggestions, disabled = false }: TextFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [refused, setRefused] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const id = useId();
  useEffect(() => () => clearTimeout(timer.current), []);

  function say(sentence: string | null): void {
    setRefused(sentence !== null);
    onRefused(sentence);
  }
  function take(value: string, done: boolean): void {
    clearTimeout(timer.current);
    const problem = commit(kind === 'number' ? withDecimalPoint(value) : value);
    say(problem === null || !done ? problem : msg`${problem} It is ${text} as before.`);
    if (done) { setTyped(null); setRefused(false); }
  }
  function type(value: string): void {
    setTyped(value);
    say(null);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => take(value, false), TYPING);
  }
  return (
    <span className="field">
      <input
        className="field-input" type="text" inputMode={kind === 'number' ? 'decimal' : 'text'} aria-label={name} disabled={disabled}
        value={typed ?? text} aria-invalid={refused || undefined} aria-describedby={refusalId}
        list={suggestions ? `${id}-list` : undefined} autoComplete="off" spellCheck={false}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && typed !== null) take(typed, true);
          if (event.key === 'Escape') { clearTimeout(timer.current); setTyped(null); say(null); }
        }}
        onBlur={() => { if (typed !== null) take(typed, true); }}
      />
      {suggestions && <datalist id={`${id}-list`}>{suggestions.map((s) => <option key={s} value={s} />)}</datalist>}
    </span>
  );
}
