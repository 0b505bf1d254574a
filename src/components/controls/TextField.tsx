/** A value that is typed: taken on Enter, on leaving, or a moment after typing; a refusal is said under it. */
import { useEffect, useId, useRef, useState } from 'react';

interface TextFieldProps {
  kind: 'number' | 'text';
  /** Accessible name. */
  name: string;
  /** The present value. */
  text: string;
  /** Takes the text; returns a sentence when it is refused. */
  commit: (text: string) => string | null;
  suggestions?: readonly string[];
}

/** Quiet time after typing until a value is tried, ms. */
const TYPING = 700;

export function TextField({ kind, name, text, commit, suggestions }: TextFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const id = useId();
  useEffect(() => () => clearTimeout(timer.current), []);

  function take(value: string, done: boolean): void {
    clearTimeout(timer.current);
    const refused = commit(value);
    setProblem(refused);
    if (refused === null && done) setTyped(null);
  }
  function type(value: string): void {
    setTyped(value);
    setProblem(null);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => take(value, false), TYPING);
  }
  return (
    <span className="field">
      <input
        className="field-input" type={kind} step="any" inputMode={kind === 'number' ? 'decimal' : 'text'} aria-label={name}
        value={typed ?? text} aria-invalid={problem !== null || undefined} aria-describedby={problem ? `${id}-problem` : undefined}
        list={suggestions ? `${id}-list` : undefined} autoComplete="off" spellCheck={false}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && typed !== null) take(typed, true);
          if (event.key === 'Escape') { clearTimeout(timer.current); setTyped(null); setProblem(null); }
        }}
        onBlur={() => { if (typed !== null) take(typed, true); }}
      />
      {suggestions && <datalist id={`${id}-list`}>{suggestions.map((s) => <option key={s} value={s} />)}</datalist>}
      {problem && <span className="field-problem" id={`${id}-problem`} role="alert">{problem}</span>}
    </span>
  );
}
