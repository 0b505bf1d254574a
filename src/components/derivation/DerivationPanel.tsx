/** The whole derivation on the run that is on screen: every line of every chapter with its two sides and a tick. */
import { useMemo, useRef } from 'react';
import type { Setting } from '../../derivation/setting.ts';
import type { Evaluated } from '../../derivation/step.ts';
import { msg } from '../../sim/msg.ts';
import { CHAPTERS } from '../chapters.ts';
import { count, formatNumber } from '../format.ts';
import { Panel } from '../panels/Panel.tsx';
import { checkedWords, formatDifference, relationOf, spokenOf, verdictWords } from './checkWords.ts';
import { SlideErrata } from './DerivationErrata.tsx';
import { DerivationFormula } from './DerivationFormula.tsx';
import { Mark } from './DerivationSides.tsx';
import { LINE_CHAPTERS, linesOf, SHOWN_CHAPTERS, type Line } from './lines.ts';
import { Terms } from './Terms.tsx';
import { TermsTable } from './TermsTable.tsx';
import { useEvaluations } from './useEvaluations.ts';
import { useSetting } from './useSetting.ts';
import './derivation.css';

/** Remarks about chapters that have no lines of their own are listed here. */
const ELSEWHERE = CHAPTERS.map(({ id }) => id as number).filter((id) => !SHOWN_CHAPTERS.includes(id));

export function DerivationPanel() {
  const setting = useSetting();
  if (setting === null || typeof setting === 'string') return <p className="derivation-waiting">{setting ?? msg`The lines come to life with the first numbers of the run.`}</p>;
  return <AllLines setting={setting} />;
}

/** "28 lines: 25 checked on this run, all of them hold; 3 are definitions." */
export function countWords(lines: readonly Line[], of: ReadonlyMap<string, Evaluated>): string {
  const checked = lines.filter(({ step }) => step.check.kind !== 'definition');
  const failed = checked.filter(({ step }) => of.get(step.id)?.verdict === 'fail');
  const held = failed.length === 0 ? msg`all of them hold` : msg`${failed.map(({ number, step }) => `(${number}) “${step.title}”`).join(', ')} ${failed.length === 1 ? msg`does` : msg`do`} not hold`;
  const definitions = lines.length - checked.length;
  return msg`${count(lines.length, 'line')}: ${checked.length} checked on this run, ${held}; ${definitions} ${definitions === 1 ? msg`is a definition` : msg`are definitions`}.`;
}

function AllLines({ setting }: { setting: Setting }) {
  const chapters = useMemo(() => LINE_CHAPTERS.map((chapter) => ({ chapter, title: CHAPTERS.find(({ id }) => id === chapter)?.title ?? '', lines: linesOf(chapter) })), []);
  const lines = useMemo(() => chapters.flatMap((chapter) => chapter.lines), [chapters]);
  const checks = useMemo(() => new Map(lines.map(({ step }) => [step.id, step.check])), [lines]);
  const evaluations = useEvaluations(checks, setting);
  const frame = useRef<HTMLDivElement>(null);
  return (
    <Panel title={msg`The derivation, on this run`} sub={evaluations ? countWords(lines, evaluations.of) : msg`The lines are being evaluated.`}>
      <div ref={frame} className="derivation derivation-whole">
        {chapters.map(({ chapter, title, lines: own }) => (
          <section key={chapter} aria-label={title}>
            <h3 className="derivation-chapter">{chapter} {title}</h3>
            <ol className="derivation-lines">
              {own.map((line) => <Row key={line.step.id} line={line} evaluated={evaluations?.of.get(line.step.id) ?? null} setting={evaluations?.setting ?? null} />)}
            </ol>
          </section>
        ))}
        <SlideErrata chapters={ELSEWHERE} setting={setting} />
        <TermsTable setting={setting} />
        <Terms within={frame} setting={setting} />
      </div>
    </Panel>
  );
}

function Row({ line: { step, number }, evaluated, setting }: { line: Line; evaluated: Evaluated | null; setting: Setting | null }) {
  const { check } = step;
  const spoken = evaluated && check.kind !== 'definition' ? spokenOf(check, evaluated) : null;
  return (
    <li
      className="derivation-row" data-derivation-step={step.id} data-check={evaluated?.verdict}
      data-lhs={evaluated?.shown ? String(evaluated.shown.lhs) : undefined} data-rhs={evaluated?.shown ? String(evaluated.shown.rhs) : undefined}
    >
      <p className="derivation-row-title"><span className="derivation-number">({number})</span> {step.title}</p>
      <DerivationFormula tex={step.tex} stop={false} label="" />
      {check.kind === 'definition' ? <p className="derivation-row-numbers">{msg`a definition`}</p> : (
        <p className="derivation-row-numbers" title={evaluated && setting ? checkedWords(check, evaluated, setting) : undefined}>
          {evaluated && spoken && <>{formatNumber(spoken.lhs)} {evaluated.verdict === 'pass' ? relationOf(check) : '≠'} {formatNumber(spoken.rhs)} <small>{msg`difference ${formatDifference(spoken.lhs - spoken.rhs)}`}</small></>}
        </p>
      )}
      {evaluated && <Mark verdict={evaluated.verdict} words={check.kind === 'definition' ? msg`nothing to check` : verdictWords(check, evaluated)} />}
    </li>
  );
}
