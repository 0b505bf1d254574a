/** One line of the derivation: waiting, read, or read before. */
import { memo } from 'react';
import type { Setting } from '../../derivation/setting.ts';
import type { Check, Evaluated } from '../../derivation/step.ts';
import { msg } from '../../sim/msg.ts';
import { useHidden } from '../share/hideable.ts';
import { DerivationFormula } from './DerivationFormula.tsx';
import { SlideDiffers } from './DerivationErrata.tsx';
import { DerivationSides, Indexed, Mark } from './DerivationSides.tsx';
import { verdictWords } from './checkWords.ts';
import { lineOf, SHOWN_CHAPTERS, type Line } from './lines.ts';

/** `now`: the one that is read; `open`: one of all, `past` and `later`: before and after the one that is read. */
export type Look = 'now' | 'open' | 'past' | 'later';

/** What stands in the place of a line: its own equation, or the slide's. */
export interface Shown {
  tex: string;
  check: Check;
  /** Null while it is not evaluated yet. */
  evaluated: Evaluated | null;
  onSlide: boolean;
}

interface DerivationLineProps {
  line: Line;
  look: Look;
  shown: Shown;
  /** Whose numbers these are. */
  setting: Setting | null;
  /** Read just before: its formula stays in view where there is little room. */
  recent: boolean;
  goTo(id: string): void;
}

const wordsOf = ({ check, evaluated }: Shown) => (check.kind === 'definition' ? msg`a definition` : evaluated ? verdictWords(check, evaluated) : msg`not evaluated yet`);

export function DerivationLine({ line, look, shown, setting, recent, goTo }: DerivationLineProps) {
  const { step, number } = line;
  const { evaluated, check, onSlide } = shown;
  const isOpen = look === 'now' || look === 'open';
  return (
    <li
      className="derivation-line" data-look={look} data-recent={recent || undefined} data-derivation-step={step.id} data-check={evaluated?.verdict} data-on-slide={onSlide || undefined}
      data-lhs={evaluated?.shown ? String(evaluated.shown.lhs) : undefined} data-rhs={evaluated?.shown ? String(evaluated.shown.rhs) : undefined}
      aria-current={look === 'now' ? 'step' : undefined}
    >
      <div className="derivation-head">
        {isOpen
          ? <h3 className="derivation-title"><span className="derivation-number">({number})</span> {step.title}</h3>
          : <button type="button" className="derivation-jump" onClick={() => goTo(step.id)} title={step.title}><span className="derivation-number">({number})</span> <span className="derivation-word">{step.title}</span></button>}
        {onSlide && look !== 'later' && <span className="derivation-tag">{msg`as on the slide`}</span>}
        {look === 'past' && evaluated && <Mark verdict={evaluated.verdict} words={wordsOf(shown)} />}
      </div>
      {look !== 'later' && <DerivationFormula tex={shown.tex} stop={isOpen} label={msg`formula ${number}; the left and right arrow keys go through its symbols`} />}
      {isOpen && (
        <div className="derivation-body">
          <Reason line={line} goTo={goTo} />
          {check.kind === 'definition' ? <p className="derivation-why"><span className="derivation-mark" data-verdict="definition" aria-hidden="true">≔</span>{msg` Nothing to check: `}<Indexed text={check.why} /> <span className="derivation-checked">{msg`Source: `}{step.source}.</span></p>
            : evaluated && setting && <DerivationSides check={check} evaluated={evaluated} setting={setting} source={step.source}>{onSlide && <SlideWords line={line} setting={setting} />}</DerivationSides>}
          <SlideDiffers errata={line.errata} />
        </div>
      )}
    </li>
  );
}

/** Why a line holds, and from which others it follows. */
const Reason = memo(function Reason({ line: { step }, goTo }: { line: Line; goTo(id: string): void }) {
  return (
    <p className="derivation-reason">
      <Indexed text={step.reason} />{step.uses.length > 0 && <span className="derivation-uses">{msg` From `}{step.uses.map((id, i) => <Uses key={id} id={id} chapter={step.chapter} before={i === 0 ? '' : i === step.uses.length - 1 ? msg` and ` : ', '} goTo={goTo} />)}.</span>}
    </p>
  );
});

function Uses({ id, chapter, before, goTo }: { id: string; chapter: number; before: string; goTo(id: string): void }) {
  const { number, step } = lineOf(id);
  const stays = useHidden('chapters');
  if (step.chapter !== chapter && (stays || !SHOWN_CHAPTERS.includes(step.chapter))) return <>{before}<span title={step.title}>({number})</span></>;
  return <>{before}<button type="button" className="textual derivation-use" title={step.title} aria-label={msg`line ${number}, ${step.title}`} onClick={() => goTo(id)}>({number})</button></>;
}

/** What to make of the slide's version here. */
function SlideWords({ line: { slide }, setting }: { line: Line; setting: Setting }) {
  if (!slide) return null;
  const { version: { isExact, exactWhen }, erratum: { note } } = slide;
  return isExact(setting) ? <>{msg`The slide’s line is exact here (`}<Indexed text={exactWhen} />).</> : <Indexed text={note} />;
}
