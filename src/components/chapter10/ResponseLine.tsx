/** One line of a list of responses with a number each, and what is wrong with it. */
import { FieldProblem, PromptChoice, RemoveButton, ResponseField, ResponseProblem, SheetField } from './SheetField.tsx';

interface ResponseLineProps {
  /** Of the line in the sheet. */
  path: string;
  /** What the sheet calls the number. */
  field: 'reward' | 'weight';
  line: { prompt: number; response: string };
  number: string;
  placeholder?: string;
  /** Accessible names. */
  labels: { prompt: string; response: string; number: string; remove: string };
  /** @param key  what is being typed into; none where something was chosen */
  onLine: (part: { prompt: number } | { response: string }, key?: string) => void;
  onNumber: (number: string, key: string) => void;
  onRemove: () => void;
}

export function ResponseLine({ path, field, line: { prompt, response }, number, placeholder = '', labels, onLine, onNumber, onRemove }: ResponseLineProps) {
  const [responsePath, numberPath] = [`${path}.response`, `${path}.${field}`];
  return (
    <div className="sheet-row">
      <PromptChoice prompt={prompt} label={labels.prompt} onPrompt={(next) => onLine({ prompt: next })} />
      <ResponseField path={responsePath} label={labels.response} text={response} onText={(next) => onLine({ response: next }, responsePath)} />
      <SheetField path={numberPath} label={labels.number} text={number} placeholder={placeholder} number onText={(next) => onNumber(next, numberPath)} />
      <RemoveButton label={labels.remove} onRemove={onRemove} />
      <FieldProblem path={`${path}.prompt`} /><ResponseProblem path={responsePath} text={response} /><FieldProblem path={numberPath} />
    </div>
  );
}
