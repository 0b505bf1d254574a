/** The two sides of a line as numbers, how far they are apart, and what was checked. */
import type { ReactNode } from 'react';
import type { Setting } from '../../derivation/setting.ts';
import type { Evaluated } from '../../derivation/step.ts';
import { msg } from '../../sim/msg.ts';
import { formatNumber } from '../format.ts';
import { checkedWords, formatDifference, relationOf, spokenOf, verdictWords, type Checked } from './checkWords.ts';

/** ✓, ✗, or – where there is nothing to check: a mark and, for those who do not see it, words. */
export function Mark({ verdict, words }: { verdict: Evaluated['verdict']; words: string }) {
  return <span className="derivation-mark" data-verdict={verdict}><span aria-hidden="true">{verdict === 'pass' ? '✓' : verdict === 'fail' ? '✗' : '≔'}</span><span className="lab-sr">{words}</span></span>;
}

/** Words with their indices set as such: π_ref, π_θ, J_x. */
export function Indexed({ text }: { text: string }) {
  return <>{text.split(/_([A-Za-zθ]+)/).map((part, i) => (i % 2 === 1 ? <sub key={i}>{part}</sub> : part))}</>;
}

interface DerivationSidesProps {
  check: Checked;
  evaluated: Evaluated;
  setting: Setting;
  /** Of the line. */
  source?: string;
  /** More about the verdict, after its words. */
  children?: ReactNode;
}

export function DerivationSides({ check, evaluated, setting, source, children }: DerivationSidesProps) {
  const { verdict } = evaluated;
  const spoken = spokenOf(check, evaluated);
  return (
    <div className="derivation-sides" data-verdict={verdict}>
      {spoken && (
        <>
          <p className="derivation-at">{msg`at `}<Indexed text={spoken.at} /></p>
          <div className="derivation-balance">
            <Side value={spoken.lhs} words={check.left} />
            <span className="derivation-relation" aria-hidden="true">{verdict === 'pass' ? relationOf(check) : check.kind === 'maximum' ? '>' : '≠'}</span>
            <Side value={spoken.rhs} words={check.right} />
            <p className="derivation-side derivation-difference"><b title={String(spoken.lhs - spoken.rhs)}>{formatDifference(spoken.lhs - spoken.rhs)}</b> <span>{msg`their difference`}</span></p>
          </div>
        </>
      )}
      <p className="derivation-verdict"><span aria-hidden="true" className="derivation-mark" data-verdict={verdict}>{verdict === 'pass' ? '✓' : '✗'}</span> <b>{verdictWords(check, evaluated)}</b> {children}</p>
      <p className="derivation-checked">{msg`Checked: `}{checkedWords(check, evaluated, setting)}.{source !== undefined && msg` Source: ${source}.`}</p>
    </div>
  );
}

function Side({ value, words }: { value: number; words: string }) {
  return <p className="derivation-side"><b title={String(value)}>{formatNumber(value)}</b> <span><Indexed text={words} /></span></p>;
}
