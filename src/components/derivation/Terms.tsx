/** Terms of the formulas: their colours, the light on all that are the same, and the card of the one that is pointed at. */
import { useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { Setting } from '../../derivation/setting.ts';
import { SYMBOLS, unitWords, type SymbolRow } from '../../derivation/symbols.ts';
import { msg } from '../../sim/msg.ts';
import { Tex } from '../charts/Tex.tsx';
import { formatNumber, formatProbability } from '../format.ts';
import { useLighting, useLit, type Lit } from './lit.ts';
import './terms.css';

export const symbolOf = (term: string): SymbolRow | undefined => SYMBOLS.find(({ id }) => id === term);

/** A symbol's value in the present setting, as text; null where it has none. */
export function valueOf({ value, unit }: SymbolRow, setting: Setting): string | null {
  const now = value?.(setting);
  if (now === undefined) return null;
  return unit === 'probability' ? formatProbability(now) : formatNumber(now);
}

/** Of the text of a symbol: `--ref` passes contrast as it is, and ink needs no colour. */
const colour = (role: SymbolRow['role']) => (role === 'ref' ? 'var(--ref)' : `var(--${role}-text)`);
const COLOURS = SYMBOLS.filter(({ role }) => role !== 'ink').map(({ id, role }) => `.katex [data-term="${id}"]{color:${colour(role)}}`).join('\n');

/**
 * Lights terms, and shows the card of one that was pointed at inside `within`, an element that is positioned.
 *
 * @param setting  whose numbers the card says; null while there are none
 */
export function Terms({ within, setting }: { within: RefObject<HTMLElement | null>; setting: Setting | null }) {
  useLighting();
  const lit = useLit();
  const symbol = lit && symbolOf(lit.term);
  const here = lit !== null && within.current?.contains(lit.anchor) === true && lit.anchor.closest('.tex-display, .terms-table') !== null;
  return (
    <>
      <style>{COLOURS}</style>
      {lit && <style>{`[data-term="${CSS.escape(lit.term)}"]{background:var(--lit);box-shadow:0 0 0 0.14em var(--lit),0 0.2em 0 0.08em currentColor;border-radius:1px}svg [data-term="${CSS.escape(lit.term)}"]{filter:drop-shadow(0 0 0.25rem currentColor)}`}</style>}
      {here && symbol && within.current && <Card key={lit.term} lit={lit} symbol={symbol} within={within.current} value={setting && valueOf(symbol, setting)} />}
      <p className="lab-sr" role="status">{here && symbol && lit.by === 'keys' ? <Said key={lit.term} symbol={symbol} value={setting && valueOf(symbol, setting)} /> : null}</p>
    </>
  );
}

interface Place { left: number; top: number; below: boolean }

/** Under the term's formula, or above it where it would leave the window: a fraction stays in view. */
function Card({ lit, symbol, within, value }: { lit: Lit; symbol: SymbolRow; within: HTMLElement; value: string | null }) {
  const card = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place | null>(null);
  useLayoutEffect(() => {
    if (!card.current) return;
    const [term, frame] = [lit.anchor.getBoundingClientRect(), within.getBoundingClientRect()];
    const line = (lit.anchor.closest('.tex-display') ?? lit.anchor).getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = card.current;
    const bar = parseFloat(getComputedStyle(document.documentElement).scrollPaddingBottom) || 0;
    const below = line.bottom + height + 12 < window.innerHeight - bar || line.top - height < 12;
    const centre = term.left + term.width / 2 - frame.left - width / 2;
    setPlace({ left: Math.max(0, Math.min(centre, frame.width - width)), top: (below ? line.bottom : line.top - height) - frame.top, below });
  }, [lit.anchor, within]);
  return (
    <div ref={card} className="term-card" data-term-card={symbol.id} data-below={place?.below} style={place ? { left: place.left, top: place.top } : { visibility: 'hidden' }} aria-hidden="true">
      <div className="term-card-box">
        <p className="term-card-head"><span className="term-card-symbol"><Tex tex={symbol.tex} /></span> {symbol.meaning}</p>
        <dl>
          {value !== null && <div className="term-card-value"><dt>{msg`now`}</dt><dd>{value}</dd></div>}
          {symbol.unit !== 'none' && <div><dt>{msg`unit`}</dt><dd>{unitWords(symbol)}</dd></div>}
          <div><dt>{msg`in the code`}</dt><dd><code>{symbol.code}</code></dd></div>
        </dl>
      </div>
    </div>
  );
}

/** What is said of a term that the arrow keys reach: the value as it is then, so that a run does not talk. */
function Said({ symbol, value }: { symbol: SymbolRow; value: string | null }) {
  const [then] = useState(value);
  return <>{symbol.text}: {symbol.meaning}{msg`${then === null ? '' : msg`; now ${then}`}${symbol.unit === 'none' ? '' : msg`, unit: ${unitWords(symbol)}`}; in the code: `}{symbol.code}</>;
}
