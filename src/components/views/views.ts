/** Pages beside the lab, by their name in links: `?view=bugs`. */
import type { ComponentType } from 'react';
import { msg } from '../../sim/msg.ts';

export interface View {
  id: string;
  title: string;
  /** What it is, in the menu's second line. */
  brief: string;
  load: () => Promise<ComponentType>;
}

export const VIEWS: readonly View[] = [
  {
    id: 'bugs', title: msg`Your bug as a toy`, brief: msg`public reports of DPO going wrong, and the small run that shows the same`,
    load: async () => (await import('../gallery/Gallery.tsx')).Gallery,
  },
  {
    id: 'reports', title: msg`Reports of a class`, brief: msg`open students’ reports and replay them`,
    load: async () => (await import('../reports/Reports.tsx')).Reports,
  },
];

/** The view that an address asks for; null = the lab itself. */
export function viewOf(search: string): View | null {
  const asked = new URLSearchParams(search).get('view');
  return VIEWS.find(({ id }) => id === asked) ?? null;
}

/** The query string of a view, in the page's looks and language. */
export function viewLink(id: string, search: string): string {
  const now = new URLSearchParams(search);
  const kept = ['theme', 'lang'].flatMap((key) => { const value = now.get(key); return value === null ? [] : [`&${key}=${value}`]; });
  return `?view=${id}${kept.join('')}`;
}
