/** What a teacher's link may take off the page: one row each, in the order of the builder. */
import { msg } from '../../sim/msg.ts';
import { useLab } from '../labStore.ts';

export const HIDEABLE = [
  { id: 'chapters', label: msg`The other chapters` },
  { id: 'presets', label: msg`The other experiments of the chapter` },
  { id: 'dial', label: msg`The chapter’s dial` },
  { id: 'controls', label: msg`The controls below the dial` },
  { id: 'more', label: msg`“More controls”` },
  { id: 'panels', label: msg`The panels behind buttons` },
  { id: 'responses', label: msg`The bars of the responses, where a chapter has them beside its charts` },
  { id: 'sentence', label: msg`The sentence that says what is seen` },
  { id: 'timeline', label: msg`Going back and forking` },
  { id: 'speed', label: msg`The speed` },
  { id: 'link', label: msg`The link and the file menu` },
  { id: 'slides', label: msg`What the slides say otherwise` },
] as const;

export type HideId = (typeof HIDEABLE)[number]['id'];

/** Whether the link that opened the page hides it. */
export function useHidden(id: HideId): boolean {
  return useLab((lab) => lab.hidden.includes(id));
}
