/** What the hash of a report is over, and the hash. Pure. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Report } from './report.ts';

/** JSON with the keys of every object sorted by code unit and without spaces: equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]: [string, unknown]) => [key, sorted(item)]));
}

/** SHA-256 of the report's canonical JSON in UTF-8, in hexadecimal digits. */
export function hashOf(report: Report): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(report))));
}

/** The first digits of a hash, to be compared by eye. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}
