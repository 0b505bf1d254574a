/** A quiet choice between two or three words, and a quiet on/off word. */
import { msg } from '../../sim/msg.ts';


interface ChoiceProps<T extends string> {
  label: string;
  options: readonly { value: T; text: string }[];
  value: T;
  onChange(value: NoInfer<T>): void;
}

export function Choice<T extends string>({ label, options, value, onChange }: ChoiceProps<T>) {
  return (
    <span className="choice" role="group" aria-label={label}>
      {options.map((option) => (
        <button key={option.value} type="button" aria-pressed={option.value === value} onClick={() => onChange(option.value)}>
          {option.text}
        </button>
      ))}
    </span>
  );
}

export type ScaleKind = 'linear' | 'log';
export const SCALES: readonly { value: ScaleKind; text: string }[] = [{ value: 'linear', text: msg`linear` }, { value: 'log', text: msg`log` }];
