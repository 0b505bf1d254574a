/** What readers look at beside the run (a line of the derivation, marks on a ruler, a dragged policy): followed in other windows too. */
import type { StoreApi } from 'zustand/vanilla';
import { look } from '../../chapter2/look.ts';
import { benchStore } from '../../chapter4/benchStore.ts';
import { rulerStore } from '../../chapter4/rulerStore.ts';
import { reading } from '../../derivation/reading.ts';

/** Stores without actions: chapters set their fields. */
export const PAGE_STORES = { reading, ruler: rulerStore, bench: benchStore, look } as unknown as Readonly<Record<string, StoreApi<object>>>;

export const ADOPTED: readonly string[] = Object.keys(PAGE_STORES);
