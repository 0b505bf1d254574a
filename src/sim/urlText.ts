/** Text in links: what stays readable in a query string, and what travels as base64url. */

/** The query string of some entries, `?` included; the characters of lists stay as they are. */
export function query(entries: readonly (readonly [string, string])[]): string {
  return `?${entries.map(([key, value]) => `${key}=${encodeURIComponent(value).replace(/%(?:2C|3A|3B|3D)/g, decodeURIComponent)}`).join('&')}`;
}

/** A value of a link as its sentences show it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 56)} …` : text);
}

/** base64url of the text's UTF-8. */
export function encodeText(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The text of base64url; null where it is none. */
export function decodeText(encoded: string): string | null {
  if (!/^[A-Za-z0-9_-]+$/.test(encoded)) return null;
  try {
    const binary = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
  } catch {
    return null;
  }
}
