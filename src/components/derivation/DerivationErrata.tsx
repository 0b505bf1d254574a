/** What the slides say otherwise: of one line, and of a chapter as a whole. */
import { useMemo, useState, type ReactNode } from 'react';
import type { Erratum, SlideVersion } from '../../derivation/errata.ts';
import type { Setting } from '../../derivation/setting.ts';
import { evaluate } from '../../derivation/step.ts';
import { msg } from '../../sim/msg.ts';
import { DerivationFormula } from './DerivationFormula.tsx';
import { DerivationSides, Indexed } from './DerivationSides.tsx';
import { errataOf } from './lines.ts';
import { useSetting } from './useSetting.ts';
import './derivation.css';

function Remark({ erratum: { slide, correct, note, source }, children }: { erratum: Erratum; children?: ReactNode }) {
  return (
    <dl className="derivation-remark">
      <div><dt>{msg`the slide`}</dt><dd><Indexed text={slide} />{children}</dd></div>
      <div><dt>{msg`correct`}</dt><dd><Indexed text={correct} /></dd></div>
      <div><dt>{msg`why it matters`}</dt><dd><Indexed text={note} /> <span className="derivation-checked">{msg`Source: `}{source}.</span></dd></div>
    </dl>
  );
}

/** Of a line. */
export function SlideDiffers({ errata }: { errata: readonly Erratum[] }) {
  if (errata.length === 0) return null;
  return (
    <details className="derivation-differs">
      <summary>{msg`The slide differs`}{errata.length > 1 && msg` (${errata.length} remarks)`}</summary>
      {errata.map((erratum) => <Remark key={erratum.number} erratum={erratum} />)}
    </details>
  );
}

interface SlideErrataProps {
  chapters: readonly number[];
  /** Whose numbers the slides' statements are evaluated on. */
  setting: Setting;
}

/** Of chapters, below their lines. */
export function SlideErrata({ chapters, setting }: SlideErrataProps) {
  const errata = useMemo(() => errataOf(chapters), [chapters]);
  return <Disclosure errata={errata}>{() => <Remarks errata={errata} setting={setting} />}</Disclosure>;
}

/** Of a chapter without lines of its own; evaluated on the run only while it is open. */
export function ChapterErrata({ chapter }: { chapter: number }) {
  const errata = useMemo(() => errataOf([chapter]), [chapter]);
  return <div className="derivation derivation-elsewhere"><Disclosure errata={errata}>{() => <LiveRemarks errata={errata} />}</Disclosure></div>;
}

function LiveRemarks({ errata }: { errata: readonly Erratum[] }) {
  const setting = useSetting();
  return <Remarks errata={errata} setting={typeof setting === 'string' ? null : setting} />;
}

function Disclosure({ errata, children }: { errata: readonly Erratum[]; children: () => ReactNode }) {
  const [open, setOpen] = useState(false);
  if (errata.length === 0) return null;
  return (
    <details className="derivation-errata" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{msg`What the slides say otherwise (${errata.length})`}</summary>
      <ol>{open && children()}</ol>
    </details>
  );
}

function Remarks({ errata, setting }: { errata: readonly Erratum[]; setting: Setting | null }) {
  return errata.map((erratum) => (
    <li key={erratum.number} data-erratum={erratum.number}>
      <h4 className="derivation-erratum-title"><Indexed text={erratum.title} /></h4>
      <Remark erratum={erratum}>{erratum.version && setting && <Evaluated version={erratum.version} setting={setting} />}</Remark>
    </li>
  ));
}

/** A statement of a slide on the present numbers. */
function Evaluated({ version, setting }: { version: SlideVersion; setting: Setting }) {
  const evaluated = useMemo(() => evaluate(version.check, setting), [version, setting]);
  return (
    <div className="derivation-evaluated" data-check={evaluated.verdict}>
      <DerivationFormula tex={version.tex} stop={false} label="" />
      <DerivationSides check={version.check} evaluated={evaluated} setting={setting}>{msg`Exact: `}<Indexed text={version.exactWhen} />.</DerivationSides>
    </div>
  );
}
