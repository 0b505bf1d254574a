/** What a teacher's link may take off the page: one row each, in the order of the builder. */
import { useLab } from '../labStore.ts';

export const HIDEABLE = [
  { id: 'chapters', label: 'The other chapters' },
  { id: 'presets', label: 'The other experiments of the chapter' },
  { id: 'dial', label: 'The chapter’s dial' },
  { id: 'controls', label: 'The controls below the dial' },
  { id: 'more', label: '“More controls”' },
  { id: 'panels', label: 'The panels behind buttons' },
  { id: 'responses', label: 'The bars of the responses, where a chapter has them beside its charts' },
  { id: 'sentence', label: 'The sentence that says what is seen' },
  { id: 'timeline', label: 'Going back and forking' },
  { id: 'speed', label: 'The speed' },
  { id: 'link', label: 'The link and the file menu' },
  { id: 'slides', label: 'What the slides say otherwise' },
] as const;

export type HideId = (typeof HIDEABLE)[number]['id'];

/** Whether the link that opened the page hides it. */
export function useHidden(id: HideId): boolean {
  return useLab((lab) => lab.hidden.includes(id));
}
