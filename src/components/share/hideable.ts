/** What a teacher's link may take off the page: one row each, in the order of the builder. */
import { msg } from '../../sim/msg.ts';
import { useLab } from '../labStore.ts';

/** The builder's headings. What stands under none of them is chosen elsewhere in it. */
export const HIDE_GROUPS = [
  { id: 'see', label: msg`To look at` },
  { id: 'change', label: msg`To change` },
  { id: 'run', label: msg`To run with` },
  { id: 'leave', label: msg`To leave with` },
] as const;
export type HideGroup = (typeof HIDE_GROUPS)[number]['id'];

/** Ids are names in links: they stay. */
export const HIDEABLE = [
  { id: 'sentence', group: 'see', label: msg`the sentence that says what is seen` },
  { id: 'responses', group: 'see', label: msg`the panel beside the charts, mostly the responses by name` },
  { id: 'panels', group: 'see', label: msg`what waits below: further panels, all the numbers` },
  { id: 'slides', group: 'see', label: msg`what the slides say otherwise` },
  { id: 'dial', group: 'change', label: msg`the chapter’s dial, mostly β` },
  { id: 'controls', group: 'change', label: msg`the controls below the dial, and the methods` },
  { id: 'more', group: 'change', label: msg`“More controls”: all the others` },
  { id: 'presets', group: 'change', label: msg`the other experiments of the chapter` },
  { id: 'timeline', group: 'run', label: msg`going back, events, forks` },
  { id: 'speed', group: 'run', label: msg`the speed` },
  { id: 'chapters', group: 'leave', label: msg`the other chapters, and the lecture` },
  { id: 'link', group: 'leave', label: msg`sharing, and files` },
  { id: 'predict', group: null, label: msg`the prediction before Play` },
] as const satisfies readonly { id: string; group: HideGroup | null; label: string }[];

export type HideId = (typeof HIDEABLE)[number]['id'];

/** Whether the link that opened the page hides it. */
export function useHidden(id: HideId): boolean {
  return useLab((lab) => lab.hidden.includes(id));
}
