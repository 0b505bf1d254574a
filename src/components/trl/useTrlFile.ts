/** A preference file on its way to a toy world: read, looked at for a first choice, chosen from. */
import { useEffect, useState } from 'react';
import type { Choices } from '../../sim/trl/choices.ts';
import { readTrl, type TrlFile } from '../../sim/trl/read.ts';
import { suggest } from '../../sim/trl/suggest.ts';
import { tokenise, type TokenTable } from '../../sim/trl/tokens.ts';
import type { Problem } from '../../sim/problem.ts';
import { inSlices } from './inSlices.ts';

export type TrlWork =
  | { phase: 'reading' | 'looking'; done: number }
  | { phase: 'refused'; problems: readonly Problem[] }
  | {
    phase: 'ready'; file: TrlFile; suggested: Choices; choices: Choices;
    /** In the words of `choices`, but for the moment in which they are being split anew. */
    table: TokenTable;
  };

/** Reads bytes when they are first seen; leaving gives up what is not done. */
export function useTrlFile(bytes: Uint8Array): [TrlWork, (change: Partial<Choices>) => void] {
  const [work, setWork] = useState<TrlWork>({ phase: 'reading', done: 0 });
  useEffect(() => {
    let giveUp = inSlices(readTrl(bytes), (done) => setWork({ phase: 'reading', done }), (read) => {
      if (!read.ok) return setWork({ phase: 'refused', problems: read.problems });
      const { file } = read;
      setWork({ phase: 'looking', done: 0 });
      giveUp = inSlices(suggest(file.rows), (done) => setWork({ phase: 'looking', done }), ({ choices, table }) => {
        setWork({ phase: 'ready', file, suggested: choices, choices, table });
      });
    });
    return () => giveUp();
  }, [bytes]);

  const ready = work.phase === 'ready' ? work : null;
  const { split, fold } = ready?.choices ?? {};
  const rows = ready?.file.rows;
  const { split: tableSplit, fold: tableFold } = ready?.table.wording ?? {};
  useEffect(() => {
    if (!rows || split === undefined || fold === undefined || (split === tableSplit && fold === tableFold)) return;
    return inSlices(tokenise(rows, { split, fold }), () => {}, (table) => setWork((now) => (now.phase === 'ready' ? { ...now, table } : now)));
  }, [rows, split, fold, tableSplit, tableFold]);

  return [work, (change) => setWork((now) => (now.phase === 'ready' ? { ...now, choices: { ...now.choices, ...change } } : now))];
}
