/**
 * Every text a reader sees is written in English where it is used, as msg`Update ${step} of ${steps}`, and may be said in
 * another language by a table from that English text to its translation. `npm run strings` writes the catalogue of all
 * texts, public/strings/en.json; a translation is a copy of it with other values, public/strings/<language>.json.
 */

/** From a text with its places, "Update {0} of {1}", to the same in another language; places may change their order. */
export type Translation = Readonly<Record<string, string>>;

let translation: Translation | null = null;

/** Whether it may name a language: "hi", "pt-BR". */
export function isLanguage(name: string): boolean {
  return /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/.test(name);
}

/** From now on texts are said in this language; null = in English. Constants of modules keep the language in which they were made. */
export function setTranslation(next: Translation | null): void {
  translation = next;
}

/** The language in which texts are said; null = English. */
export function currentTranslation(): Translation | null {
  return translation;
}

/** The text with its values put in: the translation's where there is one, else the English as it is written. */
export function msg(texts: TemplateStringsArray, ...values: readonly (string | number | undefined)[]): string {
  const said = translation?.[keyOf(texts)];
  if (typeof said === 'string') return said.replace(/\{(\d+)\}/g, (place, index) => String(values[Number(index)] ?? place));
  let text = texts[0];
  for (let i = 0; i < values.length; i++) text += String(values[i]) + texts[i + 1];
  return text;
}

/** A text's name in the catalogue: its English with a number for every place. */
export function keyOf(texts: readonly string[]): string {
  return texts.reduce((key, text, i) => `${key}{${i - 1}}${text}`);
}
