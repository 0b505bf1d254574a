/** A field of the sheet: what is typed is kept as it is typed; what is wrong with it stands under it. */
import { useId, useState, type ReactNode } from 'react';
import { msg } from '../../sim/msg.ts';
import { fieldId, problemId } from './places.ts';
import { sentenceOf } from './reading.ts';
import { addWords, completions, unknownWords } from './sheetEdits.ts';
import { useSheet } from './useSheet.ts';

interface SheetFieldProps {
  path: string;
  /** Accessible name. */
  label: string;
  text: string;
  onText: (text: string) => void;
  number?: boolean;
  /** What nothing means. */
  placeholder?: string;
  className?: string;
}

export function SheetField({ path, label, text, onText, number = false, placeholder, className = '' }: SheetFieldProps) {
  const problem = useSheet().byPath.get(path);
  return (
    <input
      id={fieldId(path)} className={`sheet-input ${number ? 'sheet-number ' : ''}${className}`} type="text" inputMode={number ? 'decimal' : 'text'} aria-label={label}
      value={text} placeholder={placeholder} autoComplete="off" spellCheck={false} autoCapitalize="none"
      aria-invalid={problem ? true : undefined} aria-describedby={problem ? problemId(path) : undefined}
      onChange={(event) => onText(event.target.value)}
    />
  );
}

/** A field of a response, which offers the words there are. */
export function ResponseField({ path, label, text, onText, className = '' }: Omit<SheetFieldProps, 'number' | 'placeholder'>) {
  const { sheet, byPath } = useSheet();
  const problem = byPath.get(path);
  const [focused, setFocused] = useState(false);
  const id = useId();
  return (
    <>
      <input
        id={fieldId(path)} className={`sheet-input sheet-response ${className}`} type="text" aria-label={label} placeholder={msg`the empty response`}
        value={text} autoComplete="off" spellCheck={false} autoCapitalize="none" list={focused ? id : undefined}
        aria-invalid={problem ? true : undefined} aria-describedby={problem ? problemId(path) : undefined}
        onFocus={() => setFocused(true)} onBlur={() => setFocused(false)}
        onChange={(event) => onText(event.target.value)}
      />
      {focused && <datalist id={id}>{completions(sheet, text).map((whole) => <option key={whole} value={whole} />)}</datalist>}
    </>
  );
}

/** What is wrong with a field, in a sentence. */
export function FieldProblem({ path }: { path: string }) {
  const problem = useSheet().byPath.get(path);
  return problem ? <p className="field-problem" id={problemId(path)}>{sentenceOf(problem)}</p> : null;
}

/** The same for a response; words that are not among the words may be added to them. */
export function ResponseProblem({ path, text }: { path: string; text: string }) {
  const { sheet, byPath, edit } = useSheet();
  const problem = byPath.get(path);
  if (!problem) return null;
  const unknown = unknownWords(sheet, text);
  const [only] = unknown;
  return (
    <p className="field-problem" id={problemId(path)}>
      {sentenceOf(problem)}
      {only !== undefined && (
        <> <button type="button" className="textual" onClick={() => { edit(addWords(sheet, unknown)); document.getElementById(fieldId(path))?.focus(); }}>
          {unknown.length === 1 ? msg`Add “${only}” to the words` : msg`Add these ${unknown.length} words`}
        </button></>
      )}
    </p>
  );
}

/** A part of the sheet, with the problems that belong to no single field of it. */
export function Part({ title, hint, paths, action, children }: { title: string; hint?: ReactNode; paths: readonly string[]; action?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className="sheet-part" aria-labelledby={id}>
      <div className="sheet-head"><h2 className="sheet-title" id={id}>{title}</h2>{action}</div>
      {hint !== undefined && <p className="sheet-hint">{hint}</p>}
      {children}
      {paths.map((path) => <FieldProblem key={path} path={path} />)}
    </section>
  );
}

/** A number with its name before it. */
export function NumberLine({ path, label, text, onText, placeholder }: Omit<SheetFieldProps, 'number' | 'className'>) {
  return (
    <div className="sheet-line">
      <span className="sheet-name" aria-hidden="true">{label}</span>
      <SheetField path={path} label={label} text={text} onText={onText} number {...(placeholder === undefined ? {} : { placeholder })} />
      <FieldProblem path={path} />
    </div>
  );
}

/** Takes a line away; the focus goes on to the next one, or to what `after` names. */
export function RemoveButton({ label, onRemove, disabled = false }: { label: string; onRemove: () => void; disabled?: boolean }) {
  return (
    <button
      type="button" className="sheet-remove" aria-label={label} title={label} aria-disabled={disabled || undefined}
      onClick={(event) => {
        if (disabled) return;
        const part = event.currentTarget.closest<HTMLElement>('.sheet-part');
        const at = part ? [...part.querySelectorAll('.sheet-remove')].indexOf(event.currentTarget) : -1;
        onRemove();
        requestAnimationFrame(() => {
          const left = part ? [...part.querySelectorAll<HTMLElement>('.sheet-remove')] : [];
          (left[Math.min(at, left.length - 1)] ?? part?.querySelector<HTMLElement>('.sheet-add'))?.focus();
        });
      }}
    ><span aria-hidden="true">×</span></button>
  );
}

/** Which prompt a line belongs to; nothing where there is one. */
export function PromptChoice({ prompt, label, onPrompt }: { prompt: number; label: string; onPrompt: (prompt: number) => void }) {
  const { prompts } = useSheet().sheet;
  if (prompts.length === 1 && prompt === 0) return null;
  return (
    <select className="sheet-prompt" aria-label={label} value={prompt} onChange={(event) => onPrompt(Number(event.target.value))}>
      {prompts.map((text, i) => <option key={i} value={i}>{text.trim() === '' ? msg`prompt ${i + 1}` : text}</option>)}
      {prompt >= prompts.length && <option value={prompt}>{msg`prompt ${prompt + 1}`}</option>}
    </select>
  );
}

/** The first lines of a list, and the others where they are asked for. */
export function useFirst<T>(list: readonly T[], first = 30): { shown: readonly T[]; more: ReactNode } {
  const [all, setAll] = useState(first);
  const rest = list.length - all;
  return {
    shown: list.slice(0, all),
    more: rest > 0 && <button type="button" className="textual sheet-more" onClick={() => setAll(all + 100)}>{msg`Show ${Math.min(100, rest)} more of ${list.length.toLocaleString('en')} lines`}</button>,
  };
}
