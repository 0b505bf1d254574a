/** Which methods train side by side, what each does that plain DPO does not, and the choice of others. */
import { useState } from 'react';
import { METHODS, methodsOf } from '../../sim/methods.ts';
import { msg } from '../../sim/msg.ts';
import { useLab } from '../labStore.ts';
import { useHidden } from '../share/hideable.ts';
import './methods.css';

interface MethodPickerProps {
  /** Most methods the chapter has room for. */
  most: number;
  /** A method that stays: the others are compared with it. */
  fixed?: string;
}

export function MethodPicker({ most, fixed }: MethodPickerProps) {
  const ids = useLab((lab) => lab.methods);
  const setMethods = useLab((lab) => lab.setMethods);
  const [refused, setRefused] = useState<string | null>(null);
  const chosen = methodsOf(ids);
  const fixedMethods = useHidden('controls');

  function toggle(id: string): void {
    setRefused(setMethods(ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]));
  }

  return (
    <section className="method-picker" aria-label={msg`Methods`}>
      <details className="method-words">
        <summary>{msg`What the ${chosen.length} methods are`}</summary>
        <dl>
          {chosen.map(({ id, label, explanation }) => <div key={id}><dt>{label}</dt><dd>{explanation}</dd></div>)}
        </dl>
      </details>
      {!fixedMethods && <details className="method-choice">
        <summary>{msg`Choose other methods`}</summary>
        <fieldset>
          <legend>{msg`Two to `}{most}{msg`, trained on the same world with the same seeds. A change starts over.`}</legend>
          {METHODS.map(({ id, label, explanation }) => {
            const on = ids.includes(id);
            const locked = on ? id === fixed || ids.length <= 2 : ids.length >= most;
            return (
              <label key={id} title={explanation} data-locked={locked || undefined}>
                <input type="checkbox" checked={on} disabled={locked} onChange={() => { toggle(id); }} />
                {label}
              </label>
            );
          })}
        </fieldset>
      </details>}
      {refused !== null && <p className="method-refused" role="alert">{refused}</p>}
    </section>
  );
}
