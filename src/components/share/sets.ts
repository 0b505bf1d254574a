/** Ready-made choices of what a class sees. */
import { msg } from '../../sim/msg.ts';
import { HIDEABLE, type HideId } from './hideable.ts';

export interface HideSet {
  id: string;
  label: string;
  hide: readonly HideId[];
}

const ALL: readonly HideId[] = HIDEABLE.map(({ id }) => id);
const allBut = (...shown: HideId[]): HideId[] => ALL.filter((id) => !shown.includes(id));

export const HIDE_SETS: readonly HideSet[] = [
  { id: 'everything', label: msg`Everything`, hide: [] },
  { id: 'dial', label: msg`Only the dial`, hide: allBut('dial', 'responses', 'sentence', 'speed', 'timeline') },
  { id: 'look', label: msg`Look, don’t touch`, hide: allBut('responses', 'sentence') },
];
