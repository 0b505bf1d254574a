/** Files that are no text, or none in UTF-8, by their first bytes. */

export type FileSignature = 'utf-32le' | 'utf-32be' | 'utf-16le' | 'utf-16be' | 'parquet' | 'gzip' | 'zip' | 'pdf';

/** UTF-32 before UTF-16, whose mark it begins with. Sources: Unicode 15, table 2-4; RFC 1952; the formats' own documents. */
const SIGNATURES: readonly (readonly [FileSignature, readonly number[]])[] = [
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
  ['parquet', [0x50, 0x41, 0x52, 0x31]],
  ['gzip', [0x1f, 0x8b]],
  ['zip', [0x50, 0x4b, 3, 4]],
  ['pdf', [0x25, 0x50, 0x44, 0x46]],
];

/** Null where the file may be text. */
export function signatureOf(bytes: Uint8Array): FileSignature | null {
  return SIGNATURES.find(([, own]) => own.every((byte, i) => bytes[i] === byte))?.[0] ?? null;
}
