/** The language of the page: `?lang=hi` where public/strings/hi.json is there, else English. */
import { isLanguage, msg, setTranslation, type Translation } from '../sim/msg.ts';
import { isOneFile } from './offline/places.ts';

/** The language that a link asks for; null = English. */
export function languageOf(search: string): string | null {
  const name = new URLSearchParams(search).get('lang');
  return name === null || name === 'en' || !isLanguage(name) ? null : name;
}

/**
 * From now on texts are said in the language that a link asks for. Before anything that says one is loaded: constants of
 * modules keep the language in which they were made.
 *
 * @returns one sentence where the language is not there, else null
 */
export async function loadLanguage(search: string): Promise<string | null> {
  const name = languageOf(search);
  if (name === null) return null;
  if (isOneFile) return msg`The lab as one file has no translations, so lang ${name} was not used; the page is in English.`;
  try {
    const response = await fetch(`./strings/${name}.json`);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    setTranslation(await response.json() as Translation);
    document.documentElement.lang = name;
    return null;
  } catch {
    return msg`lang must be a language that the lab has, got "${name}"; the page is in English.`;
  }
}
