/** Where things may be taken away from the page. */
import { useContext } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { LabContext, type LabStatus } from '../labStore.ts';
import { RunContext } from '../run.ts';
import type { Stores } from './savePicture.ts';

/**
 * The stores of the page, where things may be taken from it: not without a page around the panel (a test), where the page stands in another,
 * or where the link takes leaving away.
 */
export function useTaking(): Stores | null {
  const run = useContext(RunContext);
  const lab = useContext(LabContext);
  const offered = useStore(lab ?? NO_LAB, ({ embedded, hidden }) => !embedded && !hidden.includes('link'));
  return run && lab && offered ? { run, lab } : null;
}

const NO_LAB = createStore<Pick<LabStatus, 'embedded' | 'hidden'>>()(() => ({ embedded: true, hidden: [] }));
