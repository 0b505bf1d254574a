/** Two objectives side by side: what they have in common, what differs, with the numbers of the policy as it is now. */
import { useId, useLayoutEffect, useRef, useState } from 'react';
import { alignFormulas, type Formula, type FormulaPart, type FormulaRow } from '../../derivation/formula.ts';
import { FORMULAS } from '../../derivation/formulas.ts';
import { shownPair } from '../../derivation/pairs.ts';
import { nameOf, type Setting } from '../../derivation/setting.ts';
import type { Experiment } from '../../sim/experiment.ts';
import { msg } from '../../sim/msg.ts';
import { Tex } from '../charts/Tex.tsx';
import { useShownExperiment } from '../controls/useKnob.ts';
import { formatNumber } from '../format.ts';
import { DerivationFormula } from './DerivationFormula.tsx';
import { useSetting } from './useSetting.ts';
import './diff.css';

/** The objective that an experiment trains, by its id in FORMULAS. */
export function trainedFormula({ algorithm }: Experiment): string {
  switch (algorithm.kind) {
    case 'exact': return 'rlhf';
    case 'reward-model': return 'reward-model';
    case 'ppo': return 'ppo';
    default: {
      const { loss, labelSmoothing, lengthAlpha, nllWeight, klWeight } = algorithm;
      if (FORMULAS.some(({ id }) => id === loss)) return loss;
      if (nllWeight > 0) return 'dpo-nll';
      if (klWeight > 0) return 'dpo-kl';
      if (lengthAlpha !== 0) return 'r-dpo';
      return labelSmoothing > 0 ? 'cdpo' : 'dpo';
    }
  }
}

const formulaOf = (id: string): Formula => FORMULAS.find((formula) => formula.id === id) ?? FORMULAS[0];

export function DiffPanel() {
  const trained = trainedFormula(useShownExperiment());
  const [chosen, setChosen] = useState<{ left?: string; right?: string }>({});
  const setting = useSetting();
  const left = formulaOf(chosen.left ?? trained);
  const right = formulaOf(chosen.right ?? (left.id === 'dpo' ? 'ipo' : 'dpo'));
  const rows = alignFormulas(left, right);
  const numbers = typeof setting === 'string' ? null : setting;
  return (
    <section className="diff" aria-label={msg`Two objectives compared`}>
      <div className="diff-sides">
        <Side name={msg`First objective`} formula={left} side="left" rows={rows} trained={trained} onChoose={(id) => setChosen({ ...chosen, left: id })} />
        <Side name={msg`Second objective`} formula={right} side="right" rows={rows} trained={trained} onChoose={(id) => setChosen({ ...chosen, right: id })} />
      </div>
      <p className="diff-summary" aria-live="polite">{summaryOf(left, right, rows)}</p>
      {typeof setting === 'string' && <p>{setting}</p>}
      <Rows rows={rows} left={left} right={right} setting={numbers} />
      {numbers && <Notes formulas={left === right ? [left] : [left, right]} setting={numbers} />}
    </section>
  );
}

interface SideProps {
  name: string;
  formula: Formula;
  side: 'left' | 'right';
  rows: readonly FormulaRow[];
  trained: string;
  onChoose: (id: string) => void;
}

function Side({ name, formula, side, rows, trained, onChoose }: SideProps) {
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  // The parts of the formula are marked as the rows say; KaTeX's own elements are not React's.
  useLayoutEffect(() => {
    for (const { key, is } of rows) {
      for (const part of box.current?.querySelectorAll<HTMLElement>(`[data-term="${key}"]`) ?? []) part.dataset.is = is === 'same' || is === 'changed' ? is : 'only';
    }
  }, [rows, formula]);
  return (
    <div className="diff-side" data-side={side}>
      <label className="lab-sr" htmlFor={id}>{name}</label>
      <select id={id} value={formula.id} onChange={(event) => onChoose(event.target.value)}>
        {FORMULAS.map(({ id: value, title }) => <option key={value} value={value}>{title}{value === trained ? msg` (trains now)` : ''}</option>)}
      </select>
      <p className="diff-goal">{formula.goal === 'maximise' ? msg`is made large` : msg`is made small`}</p>
      <div ref={box} className="diff-formula"><DerivationFormula tex={formula.tex} stop label={msg`${formula.title}, formula`} /></div>
      <p className="diff-source">{formula.source}</p>
    </div>
  );
}

function summaryOf(left: Formula, right: Formula, rows: readonly FormulaRow[]): string {
  if (left === right) return msg`Both are ${left.title}.`;
  const count = (is: FormulaRow['is']) => rows.filter((row) => row.is === is).length;
  const same = count('same');
  const parts = [
    ...(count('changed') > 0 ? [msg`${count('changed')} in another form`] : []),
    ...(count('left') > 0 ? [msg`${count('left')} only in ${left.title}`] : []),
    ...(count('right') > 0 ? [msg`${count('right')} only in ${right.title}`] : []),
  ];
  return msg`${same === 0 ? msg`No part` : same === 1 ? msg`One part` : msg`${same} parts`} in common${parts.length > 0 ? `; ${parts.join(', ')}` : ''}.`;
}

const WORDS: Record<FormulaRow['is'], (left: Formula, right: Formula) => string> = {
  same: () => msg`in both`, changed: () => msg`differs`, left: (left) => msg`only in ${left.title}`, right: (_, right) => msg`only in ${right.title}`,
};

function Rows({ rows, left, right, setting }: { rows: readonly FormulaRow[]; left: Formula; right: Formula; setting: Setting | null }) {
  return (
    <div className="diff-scroll" tabIndex={0} role="region" aria-label={msg`The parts of both objectives`}>
      <table className="diff-table">
        <caption className="lab-sr">{msg`The parts of `}{left.title}{msg` and `}{right.title}{msg`, with their numbers`}</caption>
        <thead><tr><th scope="col">{left.title}</th><th scope="col" className="number">{msg`number`}</th><th scope="col">{right.title}</th><th scope="col" className="number">{msg`number`}</th><th scope="col">{msg`what it does`}</th></tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} data-diff-row={row.key} data-is={row.is === 'same' || row.is === 'changed' ? row.is : 'only'}>
              <Part part={row.left} setting={setting} /><Part part={row.right} setting={setting} />
              <td className="diff-meaning"><b>{WORDS[row.is](left, right)}</b>{': '}{meaningOf(row)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr data-diff-row="total">
            <Total formula={left} setting={setting} /><Total formula={right} setting={setting} />
            <td className="diff-meaning">{msg`the whole, for this pair`}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function meaningOf({ left, right, is }: FormulaRow): string {
  if (is === 'changed') return msg`${left?.meaning ?? ''}; there ${right?.meaning ?? ''}`;
  return (left ?? right)?.meaning ?? '';
}

function Part({ part, setting }: { part: FormulaPart | null; setting: Setting | null }) {
  const value = part?.value && setting ? part.value(setting) : undefined;
  return (
    <>
      <td className="diff-part">{part ? <Tex tex={part.tex} /> : <span className="diff-none" aria-label={msg`nothing`}>·</span>}</td>
      <td className="number" data-value={value === undefined ? undefined : String(value)}>{value === undefined ? '' : formatNumber(value)}</td>
    </>
  );
}

function Total({ formula, setting }: { formula: Formula; setting: Setting | null }) {
  const value = setting?.world && formula.total(setting);
  return (
    <>
      <th scope="row">{formula.title}</th>
      <td className="number" data-value={value === undefined ? undefined : String(value)}>{value === undefined ? '' : formatNumber(value)}</td>
    </>
  );
}

/** Which pair the numbers are of, and the constants that no knob sets. */
function Notes({ formulas, setting }: { formulas: readonly Formula[]; setting: Setting }) {
  const pair = shownPair(setting);
  const constants = formulas.flatMap((formula) => formula.constants.map((constant) => ({ ...constant, title: formula.title })));
  return (
    <p className="diff-notes">
      {msg`Numbers: `}{nameOf(setting, pair.chosen)} ≻ {nameOf(setting, pair.rejected)}{msg`, the policy as it is now, β = ${formatNumber(setting.beta)}.${constants.map(({ title, name, value, source }) => ` ${title}: ${name} = ${formatNumber(value)} (${source}).`).join('')}`}
    </p>
  );
}
