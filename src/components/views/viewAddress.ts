/** The query string of a page beside the lab, as far as its contents need it: their links go on in its looks. */
import { createContext, useContext } from 'react';

export const ViewSearch = createContext('');

/** The present query string; changes with the theme. */
export function useViewSearch(): string {
  return useContext(ViewSearch);
}

export type Scheme = 'light' | 'dark';

/** The theme that a query string asks for; null = the system's. */
export function askedScheme(search: string): Scheme | null {
  const asked = new URLSearchParams(search).get('theme');
  return asked === 'light' || asked === 'dark' ? asked : null;
}

/** The same page in another theme. */
export function withScheme(search: string, scheme: Scheme): string {
  const now = new URLSearchParams(search);
  now.set('theme', scheme);
  return `?${now.toString()}`;
}

/** The lab, in the page's looks and language. */
export function labLink(search: string): string {
  const now = new URLSearchParams(search);
  return `?${['theme', 'lang'].flatMap((key) => { const value = now.get(key); return value === null ? [] : [`${key}=${value}`]; }).join('&')}`;
}
