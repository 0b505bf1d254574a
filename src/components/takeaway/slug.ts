/** A text as part of a file's name: letters and digits of any script, in lower case, with hyphens between; at most 60 of them. */
export function slugOf(text: string): string {
  return text.trim().toLowerCase().normalize('NFC').replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60).replaceAll(/^-+|-+$/g, '');
}
