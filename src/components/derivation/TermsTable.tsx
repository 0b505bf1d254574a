/** All symbols in one table. */
import { useState } from 'react';
import type { Setting } from '../../derivation/setting.ts';
import { SYMBOLS, unitWords } from '../../derivation/symbols.ts';
import { msg } from '../../sim/msg.ts';
import { Tex } from '../charts/Tex.tsx';
import { quoted } from '../../sim/words.ts';
import { responseText } from '../../sim/world.ts';
import { valueOf } from './Terms.tsx';

export function TermsTable({ setting }: { setting: Setting }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="chart-table terms-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{msg`All symbols`}</summary>
      {open && (
        <div className="chart-table-scroll" tabIndex={0} role="region" aria-label={msg`Table of the symbols`}>
          <table>
            <caption>{msg`What every letter is; “now” for y₀ = ${quoted(responseText(setting.world, setting.shown))}`}</caption>
            <thead><tr><th scope="col">{msg`symbol`}</th><th scope="col">{msg`what it is`}</th><th scope="col">{msg`unit`}</th><th scope="col">{msg`in the code`}</th><th scope="col">{msg`now`}</th></tr></thead>
            <tbody>
              {SYMBOLS.map((symbol) => (
                <tr key={symbol.id}>
                  <th scope="row"><span className="lab-sr">{symbol.text}</span><span data-term={symbol.id} aria-hidden="true"><Tex tex={symbol.tex} /></span></th>
                  <td>{symbol.meaning}</td><td>{unitWords(symbol)}</td><td><code>{symbol.code}</code></td><td>{valueOf(symbol, setting) ?? '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
