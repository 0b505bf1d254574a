/**
 * The derivation line by line: every equation with the numbers of its two sides on the run that is on screen, and a tick.
 *
 * What is read is kept in reading.ts. Keys, while the focus is in it: ↓ ↑ (or N, B) go from line to line, Home and End to
 * the first and the last, ← → through the symbols of the formula that has the focus.
 */
import { useMemo, useRef, type KeyboardEvent, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import type { Setting } from '../../derivation/setting.ts';
import { msg } from '../../sim/msg.ts';
import type { ChapterId } from '../chapters.ts';
import { useLab } from '../labStore.ts';
import { DerivationLine, type Look, type Shown } from './DerivationLine.tsx';
import { SlideErrata } from './DerivationErrata.tsx';
import { DerivationToolbar } from './DerivationToolbar.tsx';
import { light, lightNext } from './lit.ts';
import { lineOf, linesOf, SHOWN_CHAPTERS, type Line } from './lines.ts';
import { showLines, useLines, useReading } from './reading.ts';
import { Terms } from './Terms.tsx';
import { TermsTable } from './TermsTable.tsx';
import { useEvaluations, type Checks, type Evaluations } from './useEvaluations.ts';
import { useSetting } from './useSetting.ts';
import './derivation.css';

/** @param chapter  whose lines are shown */
export function Derivation({ chapter }: { chapter: number }) {
  const setting = useSetting();
  if (setting === null || typeof setting === 'string') return <p className="derivation derivation-waiting">{setting ?? msg`The lines come to life with the first numbers of the run.`}</p>;
  return <Lines key={chapter} chapter={chapter} setting={setting} />;
}

const slideKey = (id: string) => msg`slide ${id}`;

/** What is checked of lines: each, and the slide's version of it where that is shown. */
function checksOf(lines: readonly Line[], asOnSlide: boolean): Checks {
  return new Map(lines.flatMap(({ step, slide }) => [[step.id, step.check] as const, ...(asOnSlide && slide ? [[slideKey(step.id), slide.version.check] as const] : [])]));
}

/** What stands in the place of a line. */
function shownOf({ step, slide }: Line, asOnSlide: boolean, evaluations: Evaluations | null): Shown {
  if (asOnSlide && slide) return { tex: slide.version.tex, check: slide.version.check, evaluated: evaluations?.of.get(slideKey(step.id)) ?? null, onSlide: true };
  return { tex: step.tex, check: step.check, evaluated: evaluations?.of.get(step.id) ?? null, onSlide: false };
}

function lookOf(index: number, { current, all }: { current: number; all: boolean }): Look {
  if (all) return 'open';
  return index === current ? 'now' : index < current ? 'past' : 'later';
}

function Lines({ chapter, setting }: { chapter: number; setting: Setting }) {
  const lines = useMemo(() => linesOf(chapter), [chapter]);
  const asOnSlide = useReading((state) => state.asOnSlide);
  const checks = useMemo(() => checksOf(lines, asOnSlide), [lines, asOnSlide]);
  const evaluations = useEvaluations(checks, setting);
  const place = useLines(chapter);
  const frame = useRef<HTMLElement>(null);
  const own = useMemo(() => [chapter], [chapter]);
  const goTo = useGoTo(chapter, frame);
  const goBy = (by: number) => goTo(lines[Math.min(lines.length - 1, Math.max(0, place.current + by))].step.id);

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return;
    if (event.target.closest('select, input, textarea, summary, .chart-table-scroll')) return;
    const formula = event.target.closest('.tex-display');
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (formula && (key === 'ArrowRight' || key === 'ArrowLeft')) lightNext(formula, key === 'ArrowRight' ? 1 : -1);
    else if (place.all) return;
    else if (key === 'ArrowDown' || key === 'n') goBy(1);
    else if (key === 'ArrowUp' || key === 'b') goBy(-1);
    else if (key === 'Home') goBy(-Infinity);
    else if (key === 'End') goBy(Infinity);
    else return;
    event.preventDefault();
  }

  return (
    <section ref={frame} className="derivation" aria-label={msg`The derivation, line by line`} tabIndex={-1} onKeyDown={onKeyDown}>
      <DerivationToolbar chapter={chapter} count={lines.length} setting={setting} hasSlide={lines.some(({ slide }) => slide !== null)} goBy={goBy} />
      <ol className="derivation-lines" data-all={place.all}>
        {lines.map((line) => (
          <DerivationLine key={line.step.id} line={line} look={lookOf(line.index, place)} shown={shownOf(line, asOnSlide, evaluations)} setting={evaluations?.setting ?? null} recent={line.index >= place.current - 2} goTo={goTo} />
        ))}
      </ol>
      <p className="lab-sr" role="status">{place.all ? '' : msg`Line ${place.current + 1} of ${lines.length}: ${lines[place.current]?.step.title ?? ''}`}</p>
      <p className="derivation-keys">{msg`Keys, once a line or a button here has the focus: ↓ ↑ from line to line, ← → through the symbols of a formula.`}</p>
      <SlideErrata chapters={own} setting={setting} />
      <TermsTable setting={setting} />
      <Terms within={frame} setting={setting} />
    </section>
  );
}

/** Goes to a line, of this chapter or of another one that is on a page of its own; the focus goes along. */
function useGoTo(chapter: number, frame: RefObject<HTMLElement | null>): (id: string) => void {
  const openChapter = useLab((lab) => lab.openChapter);
  const latest = useRef<(id: string) => void>(() => {});
  latest.current = (id) => {
    const { step, index } = lineOf(id);
    const here = step.chapter === chapter;
    if (!here && !SHOWN_CHAPTERS.includes(step.chapter)) return;
    const focused = document.activeElement;
    const inLines = focused?.closest('.derivation-lines') != null;
    light(null);
    flushSync(() => showLines(step.chapter, { current: index }));
    if (!here) { openChapter(step.chapter as ChapterId); return; }
    const line = frame.current?.querySelector(`[data-derivation-step="${id}"]`);
    line?.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    if (inLines) line?.querySelector<HTMLElement>('.tex-display')?.focus({ preventScroll: true });
  };
  return useMemo(() => (id: string) => latest.current(id), []);
}
